"""One self-contained page: own template with autoescape on, SVG charts, no network.

The page's content security policy allows one script, by its hash: even text that broke
out of its place could not run.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import jinja2
from markupsafe import Markup

from reports.formatting import MISSING
from reports.printed import Cell, PrintedChart, PrintedPack
from reports.theme import FONT_STACK, has_cjk_font
from reports.vocabulary import EVERYTHING_KNOWN, SAMPLE, SOURCE_MODES

logger = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"


def render_html(
    pack: PrintedPack, path: Path, progress: Callable[[str], None] | None = None
) -> None:
    """Writes the page to ``path``; the same pack always gives the same bytes."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (TEMPLATES / "sort.js.j2").read_text(encoding="utf-8")
    style = (TEMPLATES / "page.css.j2").read_text(encoding="utf-8")
    page = environment.get_template("pack.html.j2").render(
        pack=pack,
        charts=draw_charts(pack, progress),
        # Markup only for our own files; every value of a mart goes through autoescape.
        script=Markup(script),  # noqa: S704
        style=Markup(style.replace("FONT_STACK", FONT_STACK)),  # noqa: S704
        script_hash=script_hash(script),
        source_mode=SOURCE_MODES.get(pack.manifest.source_mode, pack.manifest.source_mode),
        everything_known=EVERYTHING_KNOWN,
        sample=SAMPLE,
        sort_value=sort_value,
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def draw_charts(
    pack: PrintedPack, progress: Callable[[str], None] | None = None
) -> dict[int, tuple[Markup, Markup]]:
    """Each chart twice, wide and narrow: shrinking one SVG makes its letters unreadable."""
    from reports.charts_svg import NARROW, WIDE, draw_svg  # noqa: PLC0415 (slow import)

    if pack.charts and not has_cjk_font():
        logger.warning(
            "no CJK font is installed, so chart labels are measured wrongly "
            "(Debian: apt install fonts-noto-cjk)"
        )

    def drawn(chart: PrintedChart) -> tuple[Markup, Markup]:
        if progress is not None:
            progress(f"html: {chart.caption}")
        # vl-convert escapes text and attributes itself (see the injection tests).
        return Markup(draw_svg(chart, WIDE)), Markup(draw_svg(chart, NARROW))  # noqa: S704

    return {chart.number: drawn(chart) for chart in pack.charts if chart.points}


def script_hash(script: str) -> str:
    """The hash that a content security policy wants: of exactly what stands in the tag."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def sort_value(cell: Cell) -> str:
    """What a click on a header sorts by: unrounded numbers; empty sorts last."""
    if cell.number is not None:
        return f"{cell.number:f}"
    return "" if cell.text == MISSING else cell.text
