"""The formats of a pack and where each renderer lives; the one list of both.

Importing this imports no renderer, so that the command line can name the formats at once.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from reports.printed import PrintedPack

Progress = Callable[[str], None]
Render = Callable[["PrintedPack", Path, Progress | None], None]


@dataclass(frozen=True)
class Renderer:
    """``module`` holds ``function``; ``suffix`` ends the name of its file or folder."""

    module: str
    function: str
    suffix: str

    def load(self) -> Render:
        return cast(Render, getattr(importlib.import_module(self.module), self.function))


RENDERERS: dict[str, Renderer] = {
    "xlsx": Renderer("reports.workbook.render_xlsx", "render_xlsx", ".xlsx"),
    "html": Renderer("reports.pages.render_html", "render_html", ".html"),
    "pdf": Renderer("reports.pages.render_pdf", "render_pdf", ".pdf"),
    "csv": Renderer("reports.pages.csv_out", "write_csv", "-csv"),
    "docx": Renderer("reports.office.render_docx", "render_docx", ".docx"),
    "pptx": Renderer("reports.office.render_pptx", "render_pptx", ".pptx"),
    "png": Renderer("reports.pages.render_png", "render_png", "-png"),
}
FORMATS = tuple(RENDERERS)
