"""Lying bars and, for an amount with its growth, two panels of them over the same names.

Chinese names need the width that columns lack, and the longest label of a negative bar
must not touch them: the scale leaves room for the measured widths of the labels.
"""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.reporting.charts.chart_axes import (
    HEADING_ROOM,
    Bands,
    Legend,
    Scale,
    bar_colours,
    draw_names,
    heading,
    label_colour,
    name_room,
    value_of,
)
from yanbao.reporting.charts.chart_layout import TOP, label_sides, padded_domain
from yanbao.reporting.charts.svg import LABEL_SIZE, Drawing
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import text_width

ROW, ROW_OF_MANY = 24.0, 21.0
_FREE, _FREE_ADJOINING = 0.3, 0.04
_BETWEEN = 14.0
_FIRST_SHARE = 0.55
_BAR_ROOM = 60.0
_LABEL_PADDING = 12.0


def bars(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """One bar per category and series, with its label outside its end."""
    left, length = name_room(chart, width)
    legend = Legend(chart.series, colours, length)
    count = len(chart.series)
    row = ROW if count == 1 else ROW_OF_MANY * count
    free = _FREE_ADJOINING if chart.adjoining else _FREE
    bands = Bands(TOP + legend.height, row, free, count)
    drawing = Drawing(width, bands.after(len(chart.categories)) + TOP)
    legend.draw(drawing, left)
    draw_names(drawing, chart, bands.middle, left)
    axes = (bands, _scale(chart.points, left, length))
    _draw_bars(drawing, chart, chart.points, axes, colours)
    return drawing


def lying_combo(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """Two panels of bars, for names that have no room under columns.

    They lie side by side over the same names; where that leaves no room for bars, one lies
    below the other, each with its names.
    """
    left, length = name_room(chart, width)
    first = (length - _BETWEEN) * _FIRST_SHARE
    spans = [(left, first), (left + first + _BETWEEN, length - first - _BETWEEN)]
    panels = (chart.amounts, chart.line_points)
    is_beside = all(
        size - sum(label_sides(_labels(points))) >= _BAR_ROOM
        for points, (_, size) in zip(panels, spans)
    )
    legend = Legend(chart.amount_series, colours, length)
    row = ROW * len(chart.amount_series)
    top, body = TOP + legend.height + HEADING_ROOM, row * len(chart.categories)
    tops = [top, top if is_beside else top + body + HEADING_ROOM]
    parts, headings = (len(chart.amount_series), 1), (chart.heading, chart.line_heading)
    drawing = Drawing(width, tops[-1] + body + TOP)
    legend.draw(drawing, left)
    for number, points in enumerate(panels):
        begin, room = spans[number] if is_beside else (left, length)
        bands = Bands(tops[number], row, _FREE, parts[number])
        heading(drawing, begin, bands.start - HEADING_ROOM / 2, headings[number])
        if begin == left:
            draw_names(drawing, chart, bands.middle, left)
        _draw_bars(drawing, chart, points, (bands, _scale(points, begin, room)), colours)
    return drawing


def _draw_bars(
    drawing: Drawing, chart: PrintedChart, points: Sequence[Point],
    axes: tuple[Bands, Scale], colours: Colours,
) -> None:  # fmt: skip
    """The bars and, left of negative ones and right of the others, their labels."""
    bands, scale = axes
    colour_of, middle_of = bar_colours(chart, colours), bands.of(chart)
    zero, thick = scale.at(0), bands.thickness
    for point in points:
        value, middle = value_of(point), middle_of(point)
        end = scale.at(value)
        if point.number is not None:
            left, width = min(zero, end), abs(end - zero)
            drawing.rect(left, middle - thick / 2, width, thick, colour_of(point))
        anchor, x = ("end", end - 5) if value < 0 else ("start", end + 5)
        fill = label_colour(point, colours)
        drawing.text(x, middle, point.text, fill=fill, anchor=anchor)


def _scale(points: Sequence[Point], start: float, length: float) -> Scale:
    low, high = padded_domain(_labels(points), length)
    return Scale(low, high, start, start + length)


def _labels(points: Sequence[Point]) -> list[tuple[float, float]]:
    """The value of each point and the width that its label takes outside its bar."""
    return [
        (value_of(point), text_width(point.text, LABEL_SIZE) + _LABEL_PADDING)
        for point in points
    ]
