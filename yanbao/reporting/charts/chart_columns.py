"""Standing columns and, for an amount with its growth, two panels over the same names.

Two panels and not a second axis: each has its own zero line, no label of one can touch the
other's, and nobody reads a crossing of line and columns as a fact.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from yanbao.reporting.charts.chart_layout import LABEL_SIZE, NARROW, name_lines, padded_domain
from yanbao.reporting.charts.chart_marks import (
    HEADING_ROOM,
    bare_axis,
    bare_y,
    colour_of,
    datum,
    heading,
    layer,
    name_room,
    present,
    series_colour,
    tone_colour,
)
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house import Colours
from yanbao.reporting.styling.theme import FLAT, GRID, INK, MUTED, text_width
from yanbao.reporting.styling.xml_text import xml_text

_LABEL_ROOM = 18.0
_LINE_PANEL, _COLUMN_PANEL = 96.0, 190.0
_BETWEEN = 14.0
_WIDEST = 84.0
_BAR_ROOM = 60.0
_UPPER, _LOWER = "0", "1"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Panel:
    """A band of the drawing: from a value to its pixel, downwards or to the right.

    ``room`` is what its labels leave for its bars.
    """

    start: float
    size: float
    low: float
    high: float
    room: float
    is_upright: bool

    @classmethod
    def over(
        cls, points: Sequence[Point], start: float, size: float, *, upright: bool
    ) -> Panel:
        """A band that begins at ``start`` and has room for the label of each point."""
        values = [float(point.number or 0) for point in points]
        rooms = [
            _LABEL_ROOM if upright else text_width(point.text, LABEL_SIZE) + 10
            for point in points
        ]
        labels = list(zip(values, rooms))
        low, high = padded_domain(values, labels, size)
        sides = [
            max((room for value, room in labels if (value < 0) == is_fall), default=0.0)
            for is_fall in (True, False)
        ]
        return cls(start, size, low, high, size - sum(sides), upright)

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + (1 - share if self.is_upright else share) * self.size

    def rows(self, points: Sequence[Point]) -> Rows:
        """Data of the points, with the pixel of the value and that of zero."""
        return [
            {**datum(point), "p": self.at(float(point.number or 0)), "b": self.at(0.0)}
            for point in points
        ]


def columns(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """Columns in the printed order, side by side by series, labels on their ends."""
    height = 230 if width > NARROW else 200
    panel = Panel.over(chart.points, 0, height, upright=True)
    colour = colour_of(chart, colours, width)
    layers = _columns(chart, chart.points, panel, (width, height), colour)
    return alt.layer(*layers).properties(width=width, height=height + 30)


def combo(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """Columns below, the line of the second measure above them."""
    height = _LINE_PANEL + HEADING_ROOM + _COLUMN_PANEL
    below = Panel.over(chart.amounts, _LINE_PANEL + HEADING_ROOM, _COLUMN_PANEL, upright=True)
    colour = series_colour(chart.amount_series, colours, width)
    layers = _columns(chart, chart.amounts, below, (width, height), colour)
    above = Panel.over(chart.line_points, 0, _LINE_PANEL, upright=True)
    x, y = _names(chart, width), bare_y("p", (height, 0))
    line_colour = colours.series_colour(len(chart.amount_series))
    zero = alt.Chart(alt.Data(values=[{"p": above.at(0.0)}])).mark_rule(color=GRID)
    layers.append(zero.encode(y=y))
    rows = above.rows(chart.line_points)
    found = {row["c"]: row for row in above.rows(present(chart.line_points))}
    path = [{**found.get(name, {"p": None}), "c": name} for name in chart.categories]
    layers.append(layer(path, y).mark_line(color=line_colour).encode(x=x))
    dots = layer(list(found.values()), y).mark_point(
        color=line_colour, filled=True, size=40, opacity=1
    )
    layers.append(dots.encode(x=x))
    for is_fall, dy in ((False, -10), (True, 12)):
        ends = [row for row in rows if (row["v"] < 0) == is_fall]
        if ends:
            text = layer(ends, y).mark_text(dy=dy, fontSize=LABEL_SIZE, fill=INK)
            layers.append(text.encode(x=x, text="t:N"))
    layers.append(heading(chart.line_heading, 0))
    layers.append(heading(chart.heading, 0, _LINE_PANEL + 15))
    return alt.layer(*layers).properties(width=width, height=height + 30 + HEADING_ROOM)


def lying_combo(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """The two panels as bars, for names that have no room under columns.

    They lie side by side over the same names; where that leaves no room for bars, one lies
    below the other, each with its names.
    """
    limit, length = name_room(chart, width, NARROW)
    first = (length - _BETWEEN) * 0.55
    left = Panel.over(chart.amounts, 0, first, upright=False)
    rest = length - first - _BETWEEN
    right = Panel.over(chart.line_points, first + _BETWEEN, rest, upright=False)
    is_beside = min(left.room, right.room) >= _BAR_ROOM
    names, colour = chart.amount_series, series_colour(chart.amount_series, colours, width)
    if is_beside:
        keys = [f"{_UPPER}{name}" for name in chart.categories]
        below = _UPPER
        headings = [heading(chart.heading, 0), heading(chart.line_heading, first + _BETWEEN)]
    else:
        left = Panel.over(chart.amounts, 0, length, upright=False)
        right = Panel.over(chart.line_points, 0, length, upright=False)
        keys = [
            f"{half}{name}" for half in (_UPPER, _LOWER) for name in ("", *chart.categories)
        ]
        below = _LOWER
        headings = []
    y = (
        alt.Y("c:N", sort=keys, title=None)
        .axis(
            labelLimit=limit, ticks=False, domain=False, labelPadding=6,
            labelExpr=f"substring(datum.value, {len(_UPPER)})",
        )
        .scale(domain=keys, paddingInner=0.3)
    )  # fmt: skip
    if not is_beside:
        heads = ((_UPPER, chart.heading), (_LOWER, chart.line_heading))
        rows = [{"c": half, "t": text, "p": 0.0} for half, text in heads]
        text = layer(rows, y).mark_text(align="left", fontSize=LABEL_SIZE, fill=MUTED)
        headings = [text.encode(x=bare_axis("p", (0.0, length)), text="t:N")]
    amounts = _lying(_keyed(left.rows(chart.amounts), _UPPER), chart.amounts, y, length, colour)
    if len(names) > 1:
        offset = alt.YOffset("s:N", sort=list(names))
        amounts = [one.encode(yOffset=offset) for one in amounts]
    growth = _keyed(right.rows(chart.line_points), below)
    second = _lying(growth, chart.line_points, y, length, tone_colour(colours))
    height = len(keys) * 24 * max(len(names), 1) + 30 + HEADING_ROOM
    drawn = alt.layer(*amounts, *second, *headings).resolve_scale(color="independent")
    return drawn.properties(width=width, height=height)


def _keyed(rows: Rows, half: str) -> Rows:
    """The rows under names that are their own in the upper and in the lower panel."""
    return [{**row, "c": f"{half}{row['c']}"} for row in rows]


def _columns(
    chart: PrintedChart,
    points: Sequence[Point],
    panel: Panel,
    size: tuple[float, float],
    colour: alt.Color,
) -> list[alt.Chart]:
    """The columns of a panel and their labels, above rises and below falls."""
    width, height = size
    x, y = _names(chart, width), bare_y("p", (height, 0))
    rows = panel.rows(points)
    series = tuple(dict.fromkeys(point.series for point in points))
    drawn = [row for row, point in zip(rows, points) if point.number is not None]
    layers = [layer(drawn, y).mark_bar().encode(x=x, y2="b:Q", color=colour)]
    for is_fall, dy in ((False, -8), (True, 9)):
        ends = [row for row in rows if (row["v"] < 0) == is_fall]
        if ends:
            text = layer(ends, y).mark_text(dy=dy, fontSize=LABEL_SIZE, fill=INK)
            layers.append(text.encode(x=x, text="t:N"))
    if len(series) > 1:
        offset = alt.XOffset("s:N", sort=list(series))
        layers = [one.encode(xOffset=offset) for one in layers]
    zero = alt.Chart(alt.Data(values=[{"p": panel.at(0.0)}])).mark_rule(color=FLAT)
    return [*layers, zero.encode(y=y)]


def _lying(
    rows: Rows, points: Sequence[Point], y: alt.Y, length: float, colour: alt.Color
) -> list[alt.Chart]:
    """The bars of a panel with their labels; a word in the colour of its tone."""
    domain = (0.0, length)
    start, end = bare_axis("b", domain), bare_axis("p", domain)
    drawn = [row for row, point in zip(rows, points) if point.number is not None]
    layers = [layer(drawn, y).mark_bar().encode(x=start, x2="p:Q", color=colour)]
    words = [row for row, point in zip(rows, points) if point.word]
    digits = [row for row, point in zip(rows, points) if not point.word]
    sides = (
        ([row for row in digits if row["v"] >= 0], "left", 5),
        ([row for row in digits if row["v"] < 0], "right", -5),
    )
    for found, align, dx in sides:
        if found:
            text = layer(found, y).mark_text(align=align, dx=dx, fontSize=LABEL_SIZE, fill=INK)
            layers.append(text.encode(x=end, text="t:N"))
    if words:
        text = layer(words, y).mark_text(align="left", dx=5, fontSize=LABEL_SIZE)
        layers.append(text.encode(x=end, text="t:N", color=colour))
    return layers


def _names(chart: PrintedChart, width: float) -> alt.X:
    """The names under the columns, in one line or two."""
    band = width / max(len(chart.categories), 1)
    widest = _WIDEST * max(len(chart.amount_series), 1)
    inner = 0.03 if chart.adjoining else max(0.25, 1 - widest / band)
    lines = {
        name: name_lines(name, band - 6) or [name] for name in map(xml_text, chart.categories)
    }
    # A JSON text is a literal of Vega's expressions: a name cannot leave it.
    expression = f"({json.dumps(lines, ensure_ascii=True)})[datum.value]"
    return (
        alt.X("c:N", sort=list(chart.categories), title=None)
        .axis(
            labelAngle=0, labelExpr=expression, labelLimit=0, labelPadding=6, ticks=False,
            domain=False,
        )
        .scale(paddingInner=inner, paddingOuter=inner / 2)
    )  # fmt: skip
