"""Standing columns and, for an amount with its growth, two panels over the same names.

Two panels and not a second axis: each has its own zero line, no label of one can touch the
other's, and no reader takes the place where a line crosses columns for a fact.
"""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.reporting.charts.chart_axes import (
    HEADING_ROOM,
    Bands,
    Legend,
    Scale,
    bar_colours,
    heading,
    name_size,
    present,
    value_of,
)
from yanbao.reporting.charts.chart_layout import (
    LEFT,
    LINE_HEIGHT,
    NARROW,
    RIGHT,
    TOP,
    name_lines,
    padded_domain,
    runs,
)
from yanbao.reporting.charts.svg import Drawing
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import FLAT, GRID

_LABEL_ROOM = 18.0
_LINE_PANEL, _COLUMN_PANEL = 96.0, 190.0
_WIDEST = 84.0
_DOT = 3.6


def columns(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """Columns in the printed order, side by side by series, labels on their ends."""
    legend = Legend(chart.series, colours, width - LEFT - RIGHT)
    top = TOP + legend.height
    bottom = top + (200 if width > NARROW else 170)
    drawing, bands = _with_names(chart, width, bottom)
    legend.draw(drawing, LEFT)
    _draw_columns(drawing, chart, bands, _scale(chart.points, top, bottom), colours)
    return drawing


def combo(chart: PrintedChart, width: float, colours: Colours) -> Drawing:
    """Columns below, the line of the second measure above them."""
    legend = Legend(chart.amount_series, colours, width - LEFT - RIGHT)
    top = TOP + HEADING_ROOM
    middle = top + _LINE_PANEL
    below = middle + HEADING_ROOM + legend.height
    bottom = below + _COLUMN_PANEL
    drawing, bands = _with_names(chart, width, bottom)
    heading(drawing, LEFT, TOP + HEADING_ROOM / 2 - 4, chart.line_heading)
    _draw_line(drawing, chart, bands, _scale(chart.line_points, top, middle), colours)
    heading(drawing, LEFT, middle + HEADING_ROOM / 2, chart.heading)
    legend.draw(drawing, LEFT, middle + HEADING_ROOM)
    _draw_columns(drawing, chart, bands, _scale(chart.amounts, below, bottom), colours)
    return drawing


def _draw_columns(
    drawing: Drawing, chart: PrintedChart, bands: Bands, scale: Scale, colours: Colours
) -> None:
    """The columns of a panel and their labels, above rises and below falls."""
    colour_of, middle_of, zero = bar_colours(chart, colours), bands.of(chart), scale.at(0)
    for point in chart.amounts:
        value, middle = value_of(point), middle_of(point)
        end, wide = scale.at(value), bands.thickness
        if point.number is not None:
            top, height = min(zero, end), abs(end - zero)
            drawing.rect(middle - wide / 2, top, wide, height, colour_of(point))
        y = end + 9 if value < 0 else end - 8
        drawing.text(middle, y, point.text, anchor="middle")
    drawing.path([(LEFT, zero), (drawing.width - RIGHT, zero)], FLAT)


def _draw_line(
    drawing: Drawing, chart: PrintedChart, bands: Bands, scale: Scale, colours: Colours
) -> None:
    """The second measure of a combo: a line that breaks where a value is missing."""
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
    between = 0.03 if chart.adjoining else max(0.25, 1 - _WIDEST * parts / band)
    bands = Bands(LEFT, band, between, parts)
    names = [name_lines(name, band - 6) or [name] for name in chart.categories]
    lines = max(map(len, names), default=1)
    drawing = Drawing(width, bottom + 9 + LINE_HEIGHT * lines)
    for number, text in enumerate(names):
        for line, part in enumerate(text):
            y = bottom + 12 + LINE_HEIGHT * line
            drawing.text(bands.middle(number), y, part, size=size, anchor="middle")
    return drawing, bands


def _scale(points: Sequence[Point], top: float, bottom: float) -> Scale:
    """Upwards, with room for the label of each point."""
    labels = [(value_of(point), _LABEL_ROOM) for point in points]
    low, high = padded_domain(labels, bottom - top)
    return Scale(low, high, bottom, top)
