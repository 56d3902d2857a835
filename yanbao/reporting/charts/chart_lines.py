"""Lines over sessions and steps over days, with labels at their ends that never touch.

Sessions stand side by side, since week ends must not stretch a line. A session that a
series lacks is a gap, which a thin dotted line bridges: its market was closed, or nothing
was known. The quotes of a step hold until the next one, on a true time axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yanbao.reporting.charts.chart_axes import (
    AXIS_ROOM,
    Legend,
    Scale,
    name_size,
    present,
    value_of,
)
from yanbao.reporting.charts.chart_layout import (
    LEFT,
    LINE_HEIGHT,
    MANY_POINTS,
    NAME_SIZE,
    NARROW,
    RIGHT,
    TOP,
    positions,
    runs,
    spread,
    ticks,
)
from yanbao.reporting.charts.svg import LABEL_SIZE, Drawing, Place
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import FLAT, GRID, text_width

_DOT = 2.9
_SWATCH = 7.0
# From the end of a line to its label, with a coloured square between them.
_LABEL_GAP = 18.0


def line(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """One line per series; its last value stands at its end, or in the legend if narrow."""
    last = {point.series: point for point in _ordered(chart)}
    names = [_name(chart, point) for series in chart.series if (point := last.get(series))]
    has_end_labels = width > NARROW or len(chart.series) == 1
    legend = Legend(names if not has_end_labels else (), colours, width - LEFT - RIGHT)
    top = TOP + 4 + legend.height
    bottom = top + max(round(width * 0.45), 230) - AXIS_ROOM - TOP
    low, high = _reach(chart)
    y = Scale(low, high, bottom, top)
    x = _across(chart, y, width, names if has_end_labels else [])
    drawing = Drawing(width, bottom + AXIS_ROOM)
    legend.draw(drawing, LEFT)
    _draw_axes(drawing, chart, x, y)
    for number, series in enumerate(chart.series):
        _draw_series(drawing, chart, series, (x, y), colours.series_colour(number))
    if has_end_labels:
        _draw_ends(drawing, chart, last, (x, y), colours)
    return drawing


def _ordered(chart: PrintedChart) -> list[Point]:
    rank = {name: number for number, name in enumerate(chart.categories)}
    return sorted(present(chart.points), key=lambda point: rank[point.category])


def _name(chart: PrintedChart, point: Point) -> str:
    return point.text if len(chart.series) == 1 else f"{point.series} {point.text}"


def _reach(chart: PrintedChart) -> tuple[float, float]:
    """What the values reach, the base line included, with a margin."""
    values = [value_of(point) for point in present(chart.points)]
    if chart.base is not None:
        values.append(float(chart.base))
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = ((high - low) or abs(high) or 1.0) * 0.08
    return low - margin, high + margin


def _across(chart: PrintedChart, y: Scale, width: float, names: Sequence[str]) -> Scale:
    """The time axis, between the numbers on the left and the labels on the right."""
    date = max((text_width(name, NAME_SIZE) for name in chart.categories), default=0.0) / 2
    numbers = max((text_width(text, NAME_SIZE) for text in y.ticks().values()), default=0.0)
    labels = max((text_width(name, LABEL_SIZE) + _LABEL_GAP for name in names), default=0.0)
    places = positions(chart) or [0.0, 1.0]
    low, high = places[0], places[-1]
    if low == high:
        low, high = low - 1, high + 1
    start = LEFT + max(numbers + 8, date)
    return Scale(low, high, start, width - RIGHT - max(labels, date - RIGHT))


def _draw_axes(drawing: Drawing, chart: PrintedChart, x: Scale, y: Scale) -> None:
    """Grid lines with numbers, the base line, and few dates that cannot touch."""
    size = name_size(drawing.width)
    for value, text in y.ticks().items():
        drawing.path([(x.start, y.at(value)), (x.end, y.at(value))], GRID)
        drawing.text(x.start - 8, y.at(value), text, size=size, anchor="end")
    if chart.base is not None:
        base = y.at(float(chart.base))
        drawing.path([(x.start, base), (x.end, base)], FLAT, stroke_dasharray="4 3")
    drawing.path([(x.start, y.start), (x.end, y.start)], GRID)
    places = positions(chart)
    for index in ticks(chart.categories, places, x.end - x.start):
        at = x.at(places[index])
        drawing.path([(at, y.start), (at, y.start + 5)], GRID)
        name = chart.categories[index]
        drawing.text(at, y.start + 15, name, size=size, anchor="middle")


def _draw_series(
    drawing: Drawing, chart: PrintedChart, series: str, axes: tuple[Scale, Scale], colour: str
) -> None:
    x, y = axes
    found = {
        point.category: y.at(value_of(point))
        for point in present(chart.points)
        if point.series == series
    }
    places: list[Place | None] = [
        (x.at(place), found[name]) if name in found else None
        for name, place in zip(chart.categories, positions(chart))
    ]
    if chart.kind == "step":  # a quote holds until the next one
        known = [place for place in places if place is not None]
        drawing.path(_stairs(known), colour, 1.8) if known else None
        alone = known if len(chart.categories) <= MANY_POINTS else []
    else:
        lines = runs(places)
        for before, after in pairwise(lines):
            drawing.path([before[-1], after[0]], colour, stroke_dasharray="1 3")
        for run in lines:
            drawing.path(run, colour, 1.8)
        # Points of short lines, and those between two gaps, where no line would show them.
        is_short = len(chart.categories) <= MANY_POINTS
        alone = [place for run in lines if is_short or len(run) == 1 for place in run]
    for at_x, at_y in alone:
        drawing.dot(at_x, at_y, _DOT, colour)


def _stairs(places: Sequence[Place]) -> list[Place]:
    corners = [(later[0], before[1]) for before, later in pairwise(places)]
    return [places[0], *(place for pair in zip(corners, places[1:]) for place in pair)]


def _draw_ends(
    drawing: Drawing, chart: PrintedChart, last: dict[str, Point], axes: tuple[Scale, Scale],
    colours: Colours,
) -> None:  # fmt: skip
    """A square and the label at the right edge, moved apart where lines end close together."""
    x, y = axes
    ends = [(number, last[name]) for number, name in enumerate(chart.series) if name in last]
    wanted = [y.at(value_of(point)) for _, point in ends]
    edge = x.at((positions(chart) or [0.0])[-1])
    for (number, point), at in zip(ends, spread(wanted, LINE_HEIGHT, y.end, y.start - 6)):
        colour = colours.series_colour(number)
        drawing.rect(edge + 6, at - _SWATCH / 2, _SWATCH, _SWATCH, colour)
        drawing.text(edge + _LABEL_GAP, at, _name(chart, point))
