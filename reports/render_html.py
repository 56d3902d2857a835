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

from reports.printed import Cell, PrintedChart, PrintedPack
from reports.theme import has_cjk_font
from reports.vocabulary import MISSING

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
    # A style sheet knows no entities; what a house may put there is checked on reading it.
    style = (
        environment.overlay(autoescape=False)
        .get_template("page.css.j2")
        .render(house=pack.house, colours=pack.house.colours)
    )
    page = environment.get_template("pack.html.j2").render(
        pack=pack,
        charts=draw_charts(pack, progress),
        # Markup only for our own files; every value of a mart goes through autoescape.
        script=Markup(script),  # noqa: S704
        style=Markup(style),  # noqa: S704
        script_hash=script_hash(script),
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
        return (
            Markup(draw_svg(chart, WIDE, pack.house)),  # noqa: S704
            Markup(draw_svg(chart, NARROW, pack.house)),  # noqa: S704
        )

    return {chart.number: drawn(chart) for chart in pack.charts if chart.points}


def script_hash(script: str) -> str:
    """The hash that a content security policy wants: of exactly what stands in the tag."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def sort_value(cell: Cell) -> str:
    """What a click on a header sorts by: unrounded numbers; empty sorts last."""
    if cell.number is not None:
        return f"{cell.number:f}"
    return "" if cell.text == MISSING or cell.style.is_numeric else cell.text
