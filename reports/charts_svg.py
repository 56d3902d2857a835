"""Draws a printed chart as SVG with Altair and vl-convert; no browser, no network.

Order is always an explicit list (a layered chart drops ``sort='-x'``), dates are ordinal
(weekends must not stretch a line), and the domain of bars is padded by the measured
width of the labels, so that the longest negative one never touches a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from reports.house import Colours, House
from reports.printed import Point, PrintedChart
from reports.theme import GRID, INK, MUTED, text_width
from reports.xml_text import xml_values

WIDE, NARROW = 720, 350
_ROOT = re.compile(r'(<svg\b[^>]*?)\swidth="[^"]*"\sheight="[^"]*"')
_IDS = re.compile(r'(\bid="|url\(#|href="#)(clip|gradient)')


@lru_cache(maxsize=256)
def draw_svg(chart: PrintedChart, width: int, house: House) -> str:
    """One SVG without a fixed size; ids are made unique to the chart and the width.

    Kept, because several formats of one pack show the same drawing.
    """
    colours = house.colours
    drawing = (
        _line(chart, width, colours) if chart.kind == "line" else _bars(chart, width, colours)
    )
    spec = _dressed(drawing, chart, width, house.font_stack).to_dict()
    # The drawing library ends the process at a character that XML cannot hold.
    svg = str(vl_convert.vegalite_to_svg(xml_values(spec), show_warnings=False))
    prefix = f"f{chart.number}w{width}"
    return _IDS.sub(rf"\g<1>{prefix}\g<2>", _ROOT.sub(r"\1", svg, count=1))


def padded_domain(
    values: Iterable[float], labels: Sequence[tuple[float, float]], plot_width: float
) -> tuple[float, float]:
    """A domain with room for each label (value, pixels) outside the end of its bar."""
    low = min(0.0, *values, 0.0)
    high = max(0.0, *values, 0.0)
    left = max((pixels for value, pixels in labels if value < 0), default=0.0)
    right = max((pixels for value, pixels in labels if value >= 0), default=0.0)
    room = max(plot_width - left - right, plot_width * 0.2)
    per_pixel = ((high - low) or 1.0) / room
    return low - left * per_pixel, high + right * per_pixel


def _bars(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """Horizontal bars or dots: Chinese names need the width that columns lack."""
    limit = width * (0.4 if width > NARROW else 0.5)
    names = max((text_width(name, 12) for name in chart.categories), default=0)
    domain = _domain(chart, width - min(names, limit) - 30)
    y = (
        alt.Y("c:N", sort=list(chart.categories), title=None)
        .axis(labelLimit=limit, ticks=False, domain=False, labelPadding=6)
        .scale(paddingInner=0.3)
    )
    rows = _present(chart)
    colour = _colour(chart, colours)
    value = _x(chart, "v", domain)
    layers: list[alt.Chart] = []
    if chart.kind == "dot":
        interval = _layer(rows, y).mark_rule(strokeWidth=2, opacity=0.5)
        layers.append(interval.encode(x=_x(chart, "l", domain), x2="h:Q", color=colour))
        dots = _layer(rows, y).mark_point(filled=True, size=60, opacity=1)
        layers.append(dots.encode(x=value, color=colour))
    else:
        layers.append(_layer(rows, y).mark_bar().encode(x=value, color=colour))
    layers.extend(_labels(chart, y, domain))
    if len(chart.series) > 1:
        offset = alt.YOffset("s:N", sort=list(chart.series))
        layers = [layer.encode(yOffset=offset) for layer in layers]
    step = 17 if len(chart.series) > 1 else 24
    height = max(len(chart.categories) * len(chart.series) * step, 40) + 30
    return alt.layer(*layers).properties(width=width, height=height)


def _x(chart: PrintedChart, field: str, domain: list[float]) -> alt.X:
    """The value axis; only dots need its numbers, bars carry theirs as labels."""
    return (
        alt.X(f"{field}:Q", title=None)
        .scale(domain=domain, nice=False, zero=False)
        .axis(
            labels=chart.kind == "dot",
            ticks=False,
            domain=False,
            grid=chart.kind == "dot",
            tickCount=5,
            gridColor=GRID,
        )
    )


def _labels(chart: PrintedChart, y: alt.Y, domain: list[float]) -> list[alt.Chart]:
    """Text outside the end of each bar: left of negative ones, right of the others."""
    points = chart.points if chart.kind != "dot" else _present(chart)
    negative = [point for point in points if (point.number or 0) < 0]
    others = [point for point in points if (point.number or 0) >= 0]
    end = _x(chart, "h" if chart.kind == "dot" else "v", domain)
    return [
        _layer(side, y)
        .mark_text(align=align, dx=dx, fontSize=11, fill=INK)
        .encode(x=end, text="t:N")
        for side, align, dx in ((others, "left", 5), (negative, "right", -5))
        if side
    ]


def _line(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """One line per series over ordinal dates; the last label of each is printed."""
    x = alt.X("c:O", sort=list(chart.categories), title=None).axis(
        labelAngle=0, labelOverlap=True, ticks=False, domainColor=GRID
    )
    y = (
        alt.Y("v:Q", title=None)
        .scale(zero=False, padding=12)
        .axis(ticks=False, domain=False, gridColor=GRID, tickCount=5)
    )
    rows = _present(chart)
    last = {point.series: point for point in sorted(rows, key=lambda point: point.category)}
    lines = _layer(rows, y).mark_line(point=True).encode(x=x, color=_colour(chart, colours))
    ends = (
        _layer(list(last.values()), y)
        .mark_text(align="right", dy=-10, fontSize=11, fill=INK)
        .encode(x=x, text="t:N")
    )
    return alt.layer(lines, ends).properties(width=width, height=round(width * 0.45))


def _present(chart: PrintedChart) -> list[Point]:
    return [point for point in chart.points if point.number is not None]


def _layer(points: Iterable[Point], y: alt.Y) -> alt.Chart:
    return alt.Chart(alt.Data(values=[_datum(point) for point in points])).encode(y=y)


def _datum(point: Point) -> dict[str, Any]:
    value = point.number or Decimal(0)
    low, high = point.distances
    return {
        "c": point.category,
        "s": point.series,
        "k": point.tone,
        "t": point.text,
        "v": float(value),
        "l": float(value - low),
        "h": float(value + high),
    }


def _domain(chart: PrintedChart, plot_width: float) -> list[float]:
    drawn = chart.points if chart.kind != "dot" else _present(chart)
    rows = [_datum(point) for point in drawn]
    labels = [(row["v"], text_width(row["t"], 11) + 12) for row in rows]
    if chart.kind != "dot":
        return list(padded_domain([row["v"] for row in rows], labels, plot_width))
    # Dots have no zero line: scores of a board lie far from zero and close together.
    low = min((row["l"] for row in rows), default=0.0)
    high = max((row["h"] for row in rows), default=1.0)
    right = max((pixels for _, pixels in labels), default=0.0)
    margin = ((high - low) or 1.0) * 0.05
    per_pixel = (high - low + margin or 1.0) / (plot_width - right)
    return [low - margin, high + right * per_pixel]


def _colour(chart: PrintedChart, colours: Colours) -> alt.Color:
    if chart.is_change and chart.kind != "line":
        scale = alt.Scale(domain=list(colours.tones), range=list(colours.tones.values()))
        return alt.Color("k:N", scale=scale, legend=None)
    drawn = [colours.series_colour(number) for number in range(len(chart.series))]
    scale = alt.Scale(domain=list(chart.series), range=drawn)
    legend = alt.Legend(orient="top", title=None) if len(chart.series) > 1 else None
    return alt.Color("s:N", scale=scale, legend=legend)


def _dressed(
    drawing: alt.LayerChart, chart: PrintedChart, width: int, fonts: str
) -> alt.LayerChart:
    size = 12 if width > NARROW else 11
    return (
        drawing.properties(
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
            description=chart.caption,
            background="transparent",
            padding=4,
        )
        .configure(font=fonts)
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, labelFontSize=size, titleColor=MUTED)
        .configure_legend(labelColor=INK, labelFontSize=size, columns=2)
    )
