"""The page on paper: A4 with embedded fonts, contents, page numbers, header and footer.

WeasyPrint lays out the print form of the same template as HTML. Nothing is fetched; a glyph
that no font has is refused or spelled out, never drawn as an empty box.
"""

from __future__ import annotations

import base64
import contextlib
import io
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from yanbao.base.errors import YanbaoError
from yanbao.reporting.charts.draw import WIDE
from yanbao.reporting.pages.page_fit import fit_of
from yanbao.reporting.pages.render_html import draw_charts, fill_page
from yanbao.reporting.printed.pack import PrintedPack, Progress, silent
from yanbao.reporting.styling.theme import INSTALL_FONTS

# Han, kana, hangul and their punctuation: without them a Chinese page cannot be read.
_CJK = (
    (0x2E80, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF),
    (0x20000, 0x3FFFF),
)


class PdfError(YanbaoError):
    """This machine cannot print PDF."""


def render_pdf(pack: PrintedPack, path: Path, progress: Progress = silent) -> None:
    """Writes the paged document to ``path``; the same pack always gives the same bytes.

    Raises PdfError where Pango or a Chinese font is not installed.
    """
    html = _weasyprint()
    drawn = draw_charts(pack, (WIDE,), "pdf", progress)
    charts = {number: (_image(svg),) for number, (svg,) in drawn.items()}
    fit = {table.number: fit for table in pack.tables if (fit := fit_of(table))}
    page = fill_page(pack, charts, paged=True, fit=fit)
    progress(f"pdf: laying out {len(pack.tables)} tables, {len(pack.charts)} charts")
    content, missing = _print(html, page)
    if missing:
        _require_cjk(missing)
        content, _ = _print(html, page.translate({code: f"[U+{code:04X}]" for code in missing}))
    path.write_bytes(content)


def _image(svg: str) -> Markup:
    """The drawing as a picture: a style sheet has nothing to match in its many elements."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return Markup(f'<img alt="" src="data:image/svg+xml;base64,{data}">')  # noqa: S704


def lacking_library() -> str:
    """The system library that laying out PDF lacks on this machine; empty if none."""
    try:
        # It tells of a missing library in many lines on stdout; ours is one line.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint  # noqa: F401, PLC0415 (slow import)
    except ModuleNotFoundError as error:
        return f"{error.name} (Python)"
    except OSError as error:
        return str(error).removeprefix("cannot load library ").partition(":")[0].strip("'\"")
    return ""


def _weasyprint() -> Any:
    if library := lacking_library():
        raise PdfError(
            f"the library {library} is not installed",
            hint="Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
            "libharfbuzz-subset0; macOS: brew install pango; Windows: Pango from MSYS2",
        )
    from weasyprint import HTML  # noqa: PLC0415

    return HTML


def _print(html: Any, page: str) -> tuple[bytes, frozenset[int]]:
    """The document, and the code points for which no installed font has a glyph."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    # A logo is the one thing fetched, and it stands in the page.
    fetcher = URLFetcher(allowed_protocols=("data",))
    document = html(string=page, base_url=None, url_fetcher=fetcher).render()
    content: bytes = document.write_pdf()
    return content, frozenset(code for font in document.fonts.values() for code in font.missing)


def _require_cjk(missing: Iterable[int]) -> None:
    lacking = [code for code in sorted(missing) if any(a <= code <= b for a, b in _CJK)]
    if lacking:
        shown = "".join(chr(code) for code in lacking[:8])
        raise PdfError(f"no installed font has the characters {shown}", hint=INSTALL_FONTS)
