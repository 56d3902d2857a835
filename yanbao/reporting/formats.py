"""The formats of a pack and where each renderer lives; the one list of both.

Importing this imports no renderer, so that the command line can name the formats at once.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from yanbao.reporting.printed.pack import PrintedPack, Progress

    Render = Callable[[PrintedPack, Path, Progress | None], None]


@dataclass(frozen=True)
class Renderer:
    """``module`` holds ``function``; ``suffix`` ends the name of its file or folder."""

    module: str
    function: str
    suffix: str

    def load(self) -> Render:
        return cast("Render", getattr(importlib.import_module(self.module), self.function))


RENDERERS: dict[str, Renderer] = {
    "xlsx": Renderer("yanbao.reporting.workbook.render_xlsx", "render_xlsx", ".xlsx"),
    "html": Renderer("yanbao.reporting.pages.render_html", "render_html", ".html"),
    "pdf": Renderer("yanbao.reporting.pages.render_pdf", "render_pdf", ".pdf"),
    "csv": Renderer("yanbao.reporting.pages.csv_out", "write_csv", "-csv"),
    "docx": Renderer("yanbao.reporting.office.render_docx", "render_docx", ".docx"),
    "pptx": Renderer("yanbao.reporting.office.render_pptx", "render_pptx", ".pptx"),
    "png": Renderer("yanbao.reporting.pages.render_png", "render_png", "-png"),
}
FORMATS = tuple(RENDERERS)
