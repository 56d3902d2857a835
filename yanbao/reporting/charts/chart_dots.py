"""Dots with intervals, and arrows from the last period to this one, a row per category."""

from __future__ import annotations

import math
from collections.abc import Sequence

from yanbao.reporting.charts.chart_axes import (
    AXIS_ROOM,
    FREE,
    HEADING_ROOM,
    ROW,
    Bands,
    Scale,
    bar_colours,
    draw_names,
    heading,
    name_room,
    present,
    rows_of,
    value_axis,
    value_of,
)
from yanbao.reporting.charts.chart_layout import TOP
from yanbao.reporting.charts.svg import LABEL_SIZE, Drawing
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import FLAT, GRID, text_width

_DOT, _RING, _HEAD = 4.2, 3.3, 9.0
_APART = 8.0


def dots(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """A dot per category and series with its interval, if one is known."""
    legend, bands, left, length = rows_of(chart, width, colours)
    bottom = bands.after(len(chart.categories))
    drawing = Drawing(width, bottom + AXIS_ROOM)
    points = present(chart.points)
    ends = {point: _interval(point) for point in points}
    right = max((_label_room(point) for point in points), default=0.0)
    values = [value for interval in ends.values() for value in interval]
    scale = _roomy(values or [0.0, 1.0], (_DOT, right), left, length)
    value_axis(drawing, scale, bands.start, bottom)
    legend.draw(drawing, left)
    draw_names(drawing, chart, bands.middle, left)
    middle_of, colour_of = bands.of(chart), bar_colours(chart, colours)
    for point in points:
        middle, colour = middle_of(point), colour_of(point)
        low, high = (scale.at(value) for value in ends[point])
        if high > low:
            drawing.path([(low, middle), (high, middle)], colour, 2, stroke_opacity=0.5)
        drawing.dot(scale.at(value_of(point)), middle, _DOT, colour)
        drawing.text(high + _APART, middle, point.text)
    return drawing


def arrows(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """A ring at the first measure and a coloured arrowhead at the second, by category."""
    left, length = name_room(chart, width)
    before, after = chart.series[0], chart.series[-1]
    bands = Bands(TOP + HEADING_ROOM, ROW, FREE)
    bottom = bands.after(len(chart.categories))
    drawing = Drawing(width, bottom + AXIS_ROOM)
    found = {(point.series, point.category): point for point in present(chart.points)}
    pairs = [(found.get((before, name)), found.get((after, name))) for name in chart.categories]
    scale = _arrow_scale(pairs, left, length)
    value_axis(drawing, scale, bands.start, bottom)
    if scale.low < 0 < scale.high:
        drawing.path([(scale.at(0), bands.start), (scale.at(0), bottom)], GRID, 2)
    heading(drawing, left, TOP + HEADING_ROOM / 2 - 2, f"○ {before} → ▶ {after}")
    draw_names(drawing, chart, bands.middle, left)
    for number, (first, last) in enumerate(pairs):
        middle = bands.middle(number)
        if last is not None:
            _draw_arrow(drawing, (first, last), middle, scale, colours)
        if first is not None:
            ring = scale.at(value_of(first))
            drawing.dot(ring, middle, _RING, "white", stroke=FLAT)
    return drawing


def _draw_arrow(
    drawing: Drawing, pair: tuple[Point | None, Point], y: float, scale: Scale, colours: Colours
) -> None:
    """A change has the tone of its own sign, a level that of its way since the first."""
    first, last = pair
    way, end = _way(first, last), scale.at(value_of(last))
    moved = ("up" if way > 0 else "down" if way < 0 else "flat") if first else ""
    colour = colours.tones[last.tone or moved]
    if first is not None:
        drawing.path([(scale.at(value_of(first)), y), (end, y)], colour, 2)
    if way:
        drawing.arrowhead(end, y, math.copysign(_HEAD, way), colour)
    else:
        drawing.dot(end, y, _DOT, colour)
    x, anchor = (end - _APART, "end") if way < 0 else (end + _APART, "start")
    drawing.text(x, y, last.text, anchor=anchor)


def _label_room(point: Point) -> float:
    return text_width(point.text, LABEL_SIZE) + _APART + 4


def _way(first: Point | None, last: Point) -> float:
    return value_of(last) - value_of(first) if first else 0.0


def _interval(point: Point) -> tuple[float, float]:
    value, (low, high) = value_of(point), point.distances
    return value - float(low), value + float(high)


def _arrow_scale(
    pairs: Sequence[tuple[Point | None, Point | None]], start: float, length: float
) -> Scale:
    room = {False: _RING, True: _RING}
    for first, last in pairs:
        if last is not None:
            side = _way(first, last) >= 0
            room[side] = max(room[side], _label_room(last))
    values = [value_of(point) for pair in pairs for point in pair if point is not None]
    return _roomy(values or [0.0], (room[False], room[True]), start, length)


def _roomy(
    values: Sequence[float], sides: tuple[float, float], start: float, length: float
) -> Scale:
    """A scale around the values with that many pixels left and right, and a margin.

    No zero line: scores of a board lie far from zero and close together.
    """
    low, high = min(values), max(values)
    margin = ((high - low) or 1.0) * 0.05
    room = max(length - sum(sides), length * 0.2)
    per_pixel = (high - low + margin) / room
    low, high = low - margin - sides[0] * per_pixel, high + sides[1] * per_pixel
    return Scale(low, high, start, start + length)
