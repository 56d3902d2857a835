"""Figures as pictures: the drawing of a page, in pixels."""

from __future__ import annotations

from dataclasses import dataclass

from yanbao.base.errors import YanbaoError
from yanbao.reporting.charts.draw import WIDE, draw
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.rasterise import rasterise
from yanbao.reporting.styling.theme import has_cjk_font


class FontMissingError(YanbaoError):
    """Letters would print as empty boxes; nothing was drawn."""


@dataclass(frozen=True)
class Picture:
    """A PNG, and its size in CSS pixels: the file holds more of its own."""

    png: bytes
    width: float
    height: float


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
