"""One self-contained page: own template with autoescape on, SVG charts, no network.

The page's content security policy allows one script, by its hash: even text that broke
out of its place could not run.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from yanbao.reporting.charts.draw import NARROW, WIDE, draw_svg
from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import PrintedPack, Progress, silent
from yanbao.reporting.styling.theme import INSTALL_FONTS, TEMPLATES, has_cjk_font
from yanbao.reporting.styling.vocabulary import MISSING, SAMPLE

logger = logging.getLogger(__name__)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNIT = re.compile(r"( |\n)(\([^()<>]+\)|\[[^\[\]<>]+\] [^\s<>]+)$")


def render_html(pack: PrintedPack, path: Path, progress: Progress = silent) -> None:
    """Writes the page to ``path``; the same pack always gives the same bytes."""
    if pack.charts and not has_cjk_font():
        logger.warning(
            "no CJK font is installed, so chart labels are measured wrongly (%s)", INSTALL_FONTS
        )
    # Twice: shrinking one drawing would make its letters unreadable on a phone.
    charts = draw_charts(pack, (WIDE, NARROW), "html", progress)
    path.write_text(fill_page(pack, charts), encoding="utf-8", newline="\n")


def fill_page(
    pack: PrintedPack,
    charts: Mapping[int, Sequence[Markup]],
    *,
    paged: bool = False,
    fit: Mapping[int, str] | None = None,
) -> str:
    """The page for a screen or, ``paged``, for paper: contents with page numbers, running
    header and footer, no script. ``fit`` gives tables that are too wide a class."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"dated": dated, "header": header}
    script = (TEMPLATES / "sort.js.j2").read_text(encoding="utf-8")
    # A style sheet knows no entities; reading a house style checks what goes in there.
    sheets = environment.overlay(autoescape=False)
    names = ("page.css.j2", "paged.css.j2") if paged else ("page.css.j2",)
    style = "".join(
        sheets.get_template(name).render(house=pack.house, colours=pack.house.colours)
        for name in names
    )
    return environment.get_template("pack.html.j2").render(
        pack=pack,
        charts=charts,
        paged=paged,
        fit=fit or {},
        # Markup only for our own files; every value of a mart goes through autoescape.
        script=Markup(script),  # noqa: S704
        style=Markup(style),  # noqa: S704
        script_hash=script_hash(script),
        sample=SAMPLE,
        sort_value=sort_value,
    )


def draw_charts(
    pack: PrintedPack, widths: Sequence[int], name: str, progress: Progress = silent
) -> dict[int, tuple[Markup, ...]]:
    """Each chart that has points, by its number, once for each width."""
    drawn = {}
    for chart in pack.charts:
        if not chart.points:
            continue
        progress(f"{name}: {chart.caption}")
        # The writer of drawings escapes each text (see the injection tests).
        drawn[chart.number] = tuple(
            Markup(draw_svg(chart, width, pack.house))  # noqa: S704
            for width in widths
        )
    return drawn


def dated(text: str) -> Markup:
    """The text, escaped, with dates that no line may break: browsers break after hyphens."""
    return Markup(_DATE.sub(r"<time>\g<0></time>", str(escape(text))))  # noqa: S704


def header(text: str) -> Markup:
    """As ``dated``; a unit at the end stays in one piece: (亿元), not (亿 and 元)."""
    return Markup(_UNIT.sub(r"\g<1><small>\g<2></small>", str(dated(text))))  # noqa: S704


def script_hash(script: str) -> str:
    """The hash that a content security policy wants: of exactly what stands in the tag."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def sort_value(cell: Cell) -> str:
    """What a click on a header sorts by: unrounded numbers; empty sorts last."""
    if cell.number is not None:
        return f"{cell.number:f}"
    return "" if cell.text == MISSING or cell.style.is_numeric else cell.text
