"""Draws a printed chart as SVG with Altair and vl-convert; no browser, no network.

Order is always an explicit list: a layered chart drops ``sort='-x'``. Where letters go is
decided in ``yanbao.reporting.charts.chart_layout`` before anything is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import altair as alt
import vl_convert

from yanbao.reporting.charts.chart_bars import arrows, bars
from yanbao.reporting.charts.chart_columns import columns, combo, lying_combo
from yanbao.reporting.charts.chart_layout import NARROW, WIDE, stands
from yanbao.reporting.charts.chart_lines import line
from yanbao.reporting.charts.drawing_font import small_font
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house import Colours, House
from yanbao.reporting.styling.theme import INK, MUTED
from yanbao.reporting.styling.xml_text import xml_values

__all__ = ["NARROW", "WIDE", "draw_svg"]

_ROOT = re.compile(r'(<svg\b[^>]*?)\swidth="[^"]*"\sheight="[^"]*"')
_IDS = re.compile(r'(\bid="|url\(#|href="#)(clip|gradient)')
Draw = Callable[[PrintedChart, int, Colours], alt.LayerChart]


@lru_cache(maxsize=256)
def draw_svg(chart: PrintedChart, width: int, house: House) -> str:
    """One SVG without a fixed size; ids are made unique to the chart and the width.

    Kept, because several formats of one pack show the same drawing.
    """
    drawing = _how(chart, width)(chart, width, house.colours)
    # Tests draw every kind; checking each drawing against the schema again only takes time.
    spec = _dressed(drawing, chart, width, house.font_stack).to_dict(validate=False)
    # The drawing library ends the process at a character that XML cannot hold.
    spec = xml_values(spec)
    if small := small_font(house, spec):
        spec["config"]["font"] = f"{small}, {house.font_stack}"
    svg = str(vl_convert.vegalite_to_svg(spec, show_warnings=False))
    svg = svg.replace(f"{small}, ", "") if small else svg
    prefix = f"f{chart.number}w{width}"
    return _IDS.sub(rf"\g<1>{prefix}\g<2>", _ROOT.sub(r"\1", svg, count=1))


def _how(chart: PrintedChart, width: int) -> Draw:
    if chart.kind in ("line", "step"):
        return line
    if chart.kind == "arrows":
        return arrows
    if stands(chart, width):
        return combo if chart.kind == "combo" else columns
    return lying_combo if chart.kind == "combo" else bars


def _dressed(
    drawing: alt.LayerChart, chart: PrintedChart, width: int, fonts: str
) -> alt.LayerChart:
    size = 12 if width > NARROW else 11
    return (
        drawing.properties(
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
            description=chart.caption,
            background="transparent",
            # Vega fits its own measure of the letters; another machine's font may be wider.
            padding={"left": 4, "top": 4, "bottom": 4, "right": 12},
        )
        .configure(font=fonts)
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, labelFontSize=size, titleColor=MUTED)
        .configure_legend(labelColor=INK, labelFontSize=size)
    )
