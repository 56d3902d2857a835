"""The formats of a pack and where each renderer lives; the one list of both.

Importing this imports no renderer, so that the command line can name the formats at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from yanbao.reporting.printed.pack import PrintedPack, Progress

    Render = Callable[[PrintedPack, Path, Progress], None]


@dataclass(frozen=True)
class Renderer:
    """``path`` leads to its function; ``suffix`` ends the name of its file or folder."""

    path: str
    suffix: str

    def load(self) -> Render:
        return cast("Render", resolve_name(f"yanbao.reporting.{self.path}"))


RENDERERS: dict[str, Renderer] = {
    "xlsx": Renderer("workbook.render_xlsx:render_xlsx", ".xlsx"),
    "html": Renderer("pages.render_html:render_html", ".html"),
    "pdf": Renderer("pages.render_pdf:render_pdf", ".pdf"),
    "csv": Renderer("pages.csv_out:write_csv", "-csv"),
    "docx": Renderer("office.render_docx:render_docx", ".docx"),
    "pptx": Renderer("office.render_pptx:render_pptx", ".pptx"),
    "png": Renderer("pages.render_png:render_png", "-png"),
}
FORMATS = tuple(RENDERERS)
