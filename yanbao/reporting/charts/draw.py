"""Draws a printed chart as SVG; no browser, no network."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from yanbao.reporting.charts.chart_bars import bars, lying_combo
from yanbao.reporting.charts.chart_columns import columns, combo
from yanbao.reporting.charts.chart_dots import arrows, dots
from yanbao.reporting.charts.chart_layout import NARROW, WIDE, stands
from yanbao.reporting.charts.chart_lines import line
from yanbao.reporting.charts.svg import Drawing
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house_style import Colours, HouseStyle

__all__ = ["NARROW", "WIDE", "draw", "draw_svg"]

Draw = Callable[[PrintedChart, float, Colours], Drawing]
_KINDS: dict[str, Draw] = {"line": line, "step": line, "arrows": arrows, "dot": dots}


@lru_cache(maxsize=256)
def draw(chart: PrintedChart, width: int, colours: Colours) -> Drawing:
    """Kept, because several formats of one pack show the same drawing."""
    return _how(chart, width)(chart, width, colours)


def draw_svg(chart: PrintedChart, width: int, house: HouseStyle) -> str:
    """The drawing for a page, which gives it its size."""
    drawing = draw(chart, width, house.colours)
    return drawing.document(chart.caption, house.font_stack, is_sized=False)


def _how(chart: PrintedChart, width: int) -> Draw:
    if chart.kind in _KINDS:
        return _KINDS[chart.kind]
    if stands(chart, width):
        return combo if chart.kind == "combo" else columns
    return lying_combo if chart.kind == "combo" else bars
