"""Figures as pictures: the drawing of a page, in pixels, drawn once for all formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import vl_convert

from yanbao.base.errors import YanbaoError
from yanbao.reporting.charts.charts_svg import WIDE, draw_svg
from yanbao.reporting.charts.drawing_font import in_small_font
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house import House
from yanbao.reporting.styling.theme import has_cjk_font
from yanbao.reporting.styling.xml_text import xml_text

SCALE = 2
_SIZE = re.compile(r'<svg\b[^>]*?\bviewBox="0 0 ([\d.]+) ([\d.]+)"')


class FontMissingError(YanbaoError):
    """Letters would print as empty boxes; nothing was drawn."""


@dataclass(frozen=True)
class Drawing:
    """An SVG that XML can hold, and its size in CSS pixels."""

    svg: str
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """A PNG, and its size in CSS pixels: the file holds ``SCALE`` times as many."""

    png: bytes
    width: float
    height: float


def drawing_of(chart: PrintedChart, house: House) -> Drawing:
    svg = in_small_font(xml_text(draw_svg(chart, WIDE, house)), house)
    size = _SIZE.search(svg)
    if size is None:
        raise AssertionError("the drawing has no viewBox")
    return Drawing(svg, float(size[1]), float(size[2]))


@lru_cache(maxsize=64)
def picture_of(chart: PrintedChart, house: House) -> Picture:
    """The drawing alone, for pages that print caption and source themselves."""
    drawing = drawing_of(chart, house)
    svg = drawing.svg.replace(
        "<svg", f'<svg width="{drawing.width}" height="{drawing.height}"', 1
    )
    return Picture(rasterise(svg), drawing.width, drawing.height)


def rasterise(svg: str) -> bytes:
    return bytes(vl_convert.svg_to_png(svg, scale=SCALE))


def require_cjk_font(output: str) -> None:
    """A picture without Chinese glyphs is worth nothing: refuse before drawing one."""
    if not has_cjk_font():
        raise FontMissingError(
            "no font with Chinese letters is installed, so figures cannot be drawn",
            where=output,
            hint="install one (Debian: apt install fonts-noto-cjk), then print again",
        )
