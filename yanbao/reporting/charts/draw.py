"""Draws a printed chart as SVG or as a picture; no browser, no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from yanbao.base.errors import YanbaoError
from yanbao.reporting.charts.chart_bars import lying, standing
from yanbao.reporting.charts.chart_dots import arrows, dots
from yanbao.reporting.charts.chart_layout import NARROW, WIDE, stands
from yanbao.reporting.charts.chart_lines import line
from yanbao.reporting.charts.svg import Drawing
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house_style import Colours, HouseStyle
from yanbao.reporting.styling.rasterise import rasterise
from yanbao.reporting.styling.theme import has_cjk_font

__all__ = ["NARROW", "WIDE", "draw", "draw_svg"]

Draw = Callable[[PrintedChart, float, Colours], Drawing]
_KINDS: dict[str, Draw] = {"line": line, "step": line, "arrows": arrows, "dot": dots}


class FontMissingError(YanbaoError):
    """Letters would print as empty boxes; nothing was drawn."""


@dataclass(frozen=True)
class Picture:
    """A PNG, and its size in CSS pixels: the file holds more of its own."""

    png: bytes
    width: float
    height: float


@lru_cache(maxsize=256)
def draw(chart: PrintedChart, width: int, colours: Colours) -> Drawing:
    """Kept, because several formats of one pack show the same drawing."""
    return _how(chart, width)(chart, width, colours)


def draw_svg(chart: PrintedChart, width: int, house: HouseStyle) -> str:
    """The drawing for a page, which gives it its size."""
    drawing = draw(chart, width, house.colours)
    return drawing.document(chart.caption, house.font_stack, is_sized=False)


def picture_of(chart: PrintedChart, house: HouseStyle) -> Picture:
    """The drawing alone, for pages that print caption and source themselves."""
    drawing = draw(chart, WIDE, house.colours)
    svg = drawing.document(chart.caption, house.font_stack)
    return Picture(rasterise(svg), drawing.width, drawing.height)


def require_cjk_font(output: str) -> None:
    """A picture without Chinese glyphs is worth nothing: refuse before drawing one."""
    if not has_cjk_font():
        raise FontMissingError(
            "no font with Chinese letters is installed, so figures cannot be drawn",
            where=output,
            hint="install one (Debian: apt install fonts-noto-cjk), then print again",
        )


def _how(chart: PrintedChart, width: int) -> Draw:
    return _KINDS.get(chart.kind) or (standing if stands(chart, width) else lying)
