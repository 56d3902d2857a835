"""Bars that lie or stand and, for an amount with its growth, two panels over the same names.

Chinese names need the width that columns lack, so bars lie where columns have no room. The
longest label of a negative bar must not touch the names: the scale leaves room for the
measured widths of the labels.

Two panels and not a second axis: each has its own zero line, no label of one can touch the
other's, and no reader takes the place where a line crosses columns for a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yanbao.reporting.charts.chart_axes import (
    FREE,
    HEADING_ROOM,
    Bands,
    Legend,
    Scale,
    bar_colours,
    draw_names,
    heading,
    name_size,
    present,
    rows_of,
    value_of,
)
from yanbao.reporting.charts.chart_layout import (
    LEFT,
    LINE_HEIGHT,
    NARROW,
    RIGHT,
    TOP,
    label_sides,
    name_lines,
    padded_domain,
    runs,
)
from yanbao.reporting.charts.svg import LABEL_SIZE, Drawing
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import FLAT, GRID, INK, text_width

# Of a histogram: lying bars, and columns.
_FREE_LYING, _FREE_STANDING = 0.04, 0.03
_BETWEEN = 14.0
_FIRST_SHARE = 0.55
_BAR_ROOM = 60.0
_LABEL_PADDING, _LABEL_ROOM = 12.0, 18.0
_LINE_PANEL, _COLUMN_PANEL = 96.0, 190.0
_WIDEST = 84.0
_DOT = 3.6


def lying(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """A bar per category and series, with its label outside its end; for a combo two panels.

    They lie side by side over the same names; where that leaves no room for bars, one lies
    below the other, each with its names.
    """
    free = _FREE_LYING if chart.adjoining else FREE
    legend, bands, left, length = rows_of(chart, width, colours, free)
    panels = [chart.amounts, *([chart.line_points] if chart.line_style else [])]
    first = (length - _BETWEEN) * _FIRST_SHARE
    spans = [(left, first), (left + first + _BETWEEN, length - first - _BETWEEN)]
    is_beside = len(panels) > 1 and all(
        size - sum(label_sides(_labels(points))) >= _BAR_ROOM
        for points, (_, size) in zip(panels, spans)
    )
    head = HEADING_ROOM if len(panels) > 1 else 0.0
    body = bands.step * len(chart.categories)
    top = bands.start + head
    tops = [top, top if is_beside else top + body + head][: len(panels)]
    drawing = Drawing(width, tops[-1] + body + TOP)
    legend.draw(drawing, left)
    for number, points in enumerate(panels):
        begin, room = spans[number] if is_beside else (left, length)
        panel = replace(bands, start=tops[number], parts=1 if number else bands.parts)
        if head:
            text = chart.line_heading if number else chart.heading
            heading(drawing, begin, panel.start - head / 2, text)
        if begin == left:
            draw_names(drawing, chart, panel.middle, left)
        _draw_bars(drawing, chart, points, (panel, _rightwards(points, begin, room)), colours)
    return drawing


def standing(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """Columns in the printed order, side by side by series, labels on their ends; for a combo
    below the line of the second measure."""
    legend = Legend(chart.amount_series, colours, width - LEFT - RIGHT)
    line_top, line_bottom = TOP + HEADING_ROOM, TOP + HEADING_ROOM + _LINE_PANEL
    top, height = TOP, 200.0 if width > NARROW else 170.0
    if chart.line_style:
        top, height = line_bottom + HEADING_ROOM, _COLUMN_PANEL
    bottom = top + legend.height + height
    drawing, bands = _with_names(chart, width, bottom)
    if chart.line_style:
        heading(drawing, LEFT, TOP + HEADING_ROOM / 2 - 4, chart.line_heading)
        scale = _upwards(chart.line_points, line_top, line_bottom)
        _draw_line(drawing, chart, (bands, scale), colours)
        heading(drawing, LEFT, line_bottom + HEADING_ROOM / 2, chart.heading)
    legend.draw(drawing, LEFT, top)
    scale = _upwards(chart.amounts, top + legend.height, bottom)
    _draw_columns(drawing, chart, (bands, scale), colours)
    return drawing


def _draw_bars(
    drawing: Drawing, chart: PrintedChart, points: Sequence[Point],
    axes: tuple[Bands, Scale], colours: Colours,
) -> None:  # fmt: skip
    """Lying bars and, left of negative ones and right of the others, their labels: digits in
    ink, a word that stands for an undefined number in the colour of its tone."""
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
        fill = colours.tones[point.tone] if point.word else INK
        drawing.text(x, middle, point.text, fill=fill, anchor=anchor)


def _draw_columns(
    drawing: Drawing, chart: PrintedChart, axes: tuple[Bands, Scale], colours: Colours
) -> None:
    """The columns of a panel and their labels, above rises and below falls."""
    bands, scale = axes
    colour_of, middle_of = bar_colours(chart, colours), bands.of(chart)
    zero, wide = scale.at(0), bands.thickness
    for point in chart.amounts:
        value, middle = value_of(point), middle_of(point)
        end = scale.at(value)
        if point.number is not None:
            top, height = min(zero, end), abs(end - zero)
            drawing.rect(middle - wide / 2, top, wide, height, colour_of(point))
        y = end + 9 if value < 0 else end - 8
        drawing.text(middle, y, point.text, anchor="middle")
    drawing.path([(LEFT, zero), (drawing.width - RIGHT, zero)], FLAT)


def _draw_line(
    drawing: Drawing, chart: PrintedChart, axes: tuple[Bands, Scale], colours: Colours
) -> None:
    """The second measure of a combo: a line that breaks where a value is missing."""
    bands, scale = axes
    colour, zero = colours.series_colour(len(chart.amount_series)), scale.at(0)
    rank = {name: number for number, name in enumerate(chart.categories)}
    drawing.path([(LEFT, zero), (drawing.width - RIGHT, zero)], GRID)
    places = {
        point.category: (bands.middle(rank[point.category]), scale.at(value_of(point)))
        for point in present(chart.line_points)
    }
    for run in runs(places.get(name) for name in chart.categories):
        drawing.path(run, colour, 2)
    for x, y in places.values():
        drawing.dot(x, y, _DOT, colour)
    for point in chart.line_points:
        value, x = value_of(point), bands.middle(rank[point.category])
        y = scale.at(value) + (12 if value < 0 else -10)
        drawing.text(x, y, point.text, anchor="middle")


def _with_names(chart: PrintedChart, width: float, bottom: float) -> tuple[Drawing, Bands]:
    """A drawing with the names under its columns, in one line or two."""
    parts, size = max(len(chart.amount_series), 1), name_size(width)
    band = (width - LEFT - RIGHT) / max(len(chart.categories), 1)
    between = _FREE_STANDING if chart.adjoining else max(0.25, 1 - _WIDEST * parts / band)
    bands = Bands(LEFT, band, between, parts)
    names = [name_lines(name, band - 6) or [name] for name in chart.categories]
    lines = max(map(len, names), default=1)
    drawing = Drawing(width, bottom + 9 + LINE_HEIGHT * lines)
    for number, text in enumerate(names):
        for line, part in enumerate(text):
            y = bottom + 12 + LINE_HEIGHT * line
            drawing.text(bands.middle(number), y, part, size=size, anchor="middle")
    return drawing, bands


def _upwards(points: Sequence[Point], top: float, bottom: float) -> Scale:
    """Upwards, with room for the label of each point."""
    labels = [(value_of(point), _LABEL_ROOM) for point in points]
    return Scale(*padded_domain(labels, bottom - top), bottom, top)


def _rightwards(points: Sequence[Point], start: float, length: float) -> Scale:
    return Scale(*padded_domain(_labels(points), length), start, start + length)


def _labels(points: Sequence[Point]) -> list[tuple[float, float]]:
    """The value of each point and the width that its label takes outside its bar."""
    return [
        (value_of(point), text_width(point.text, LABEL_SIZE) + _LABEL_PADDING)
        for point in points
    ]
