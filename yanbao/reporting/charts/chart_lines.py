"""Lines over sessions and steps over days, with labels at their ends that never touch.

Sessions stand side by side, since week ends must not stretch a line. A session that a
series lacks is a gap, which a thin dotted line bridges: its market was closed, or nothing
was known. The quotes of a step hold until the next one, on a true time axis.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import altair as alt

from yanbao.reporting.charts.chart_layout import (
    LABEL_SIZE,
    LINE_HEIGHT,
    MANY_POINTS,
    NARROW,
    positions,
    spread,
    ticks,
)
from yanbao.reporting.charts.chart_marks import datum, present, series_colour
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house import Colours
from yanbao.reporting.styling.theme import FLAT, GRID, INK, text_width
from yanbao.reporting.styling.xml_text import xml_text

_AXIS_ROOM = 50.0
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Range:
    low: float
    high: float

    @classmethod
    def of(cls, chart: PrintedChart) -> Range:
        """What the values reach, the base line included, with a margin."""
        values = [float(point.number or 0) for point in present(chart.points)]
        if chart.base is not None:
            values.append(float(chart.base))
        low, high = min(values, default=0.0), max(values, default=1.0)
        margin = ((high - low) or abs(high) or 1.0) * 0.08
        return cls(low - margin, high + margin)


def line(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """One line per series; its last value stands at its end, or in the legend if narrow."""
    is_wide = width > NARROW
    height = max(round(width * 0.45), 230)
    last = {point.series: point for point in _ordered(chart)}
    names = {series: _name(chart, last[series]) for series in chart.series if series in last}
    labels = [f"  {name}" for name in names.values()]
    beside = is_wide or len(names) == 1
    right = max((text_width(text, LABEL_SIZE) for text in labels), default=0.0) if beside else 0
    places = dict(zip(chart.categories, positions(chart)))
    # A legend takes its lines from the plot.
    height += 0 if beside else LINE_HEIGHT * len(names)
    reach = Range.of(chart)
    x = _time(chart, width - right - _AXIS_ROOM)
    y = (
        alt.Y("v:Q", title=None)
        .scale(domain=[reach.low, reach.high], nice=False, zero=False)
        .axis(ticks=False, domain=False, gridColor=GRID, tickCount=5, labelPadding=8)
    )
    legend = {} if beside else names
    drawn = [legend.get(series, series) for series in chart.series]
    colour = series_colour(drawn, colours, width)
    if beside:
        colour = colour.legend(None)
    layers: list[alt.Chart] = []
    if chart.base is not None:
        base = alt.Chart(alt.Data(values=[{"v": float(chart.base)}]))
        layers.append(base.mark_rule(color=FLAT, strokeDash=[4, 3]).encode(y=y))
    rows = _rows(chart, places, legend)
    how = "step-after" if chart.kind == "step" else "linear"
    if any(row["v"] is None for row in rows):
        known = alt.Chart(alt.Data(values=[row for row in rows if row["v"] is not None]))
        bridges = known.mark_line(strokeWidth=1, strokeDash=[1, 3])
        layers.append(bridges.encode(x=x, y=y, color=colour, detail="s:N", order="x:Q"))
    paths = alt.Chart(alt.Data(values=rows)).mark_line(interpolate=how, strokeWidth=1.8)
    layers.append(paths.encode(x=x, y=y, color=colour, detail="s:N", order="x:Q"))
    marks = _marked(rows, len(chart.categories))
    if marks:
        dots = alt.Chart(alt.Data(values=marks)).mark_point(filled=True, size=26, opacity=1)
        layers.append(dots.encode(x=x, y=y, color=colour))
    if beside:
        layers.extend(_ends(chart, last, names, reach, (height, x, y, colour)))
    return alt.layer(*layers).properties(width=width, height=height)


def _ordered(chart: PrintedChart) -> list[Point]:
    rank = {name: number for number, name in enumerate(chart.categories)}
    return sorted(present(chart.points), key=lambda point: rank[point.category])


def _name(chart: PrintedChart, point: Point) -> str:
    return point.text if len(chart.series) == 1 else f"{point.series} {point.text}"


def _rows(chart: PrintedChart, places: dict[str, float], legend: dict[str, str]) -> Rows:
    """Every session of every line; one that a series lacks is null and breaks its path."""
    found = {(point.series, point.category): point for point in present(chart.points)}
    rows: Rows = []
    for series in chart.series:
        for name, place in places.items():
            point = found.get((series, name))
            if point is None and chart.kind == "step":
                continue  # a quote holds until the next one
            value = datum(point) if point else {"c": name, "v": None, "t": ""}
            rows.append({**value, "x": place, "s": legend.get(series, series)})
    return rows


def _marked(rows: Rows, count: int) -> Rows:
    """Points of short lines, and those between two gaps, where no line would show them."""
    if count <= MANY_POINTS:
        return [row for row in rows if row["v"] is not None]
    alone: Rows = []
    for index, row in enumerate(rows):
        beside = [
            rows[near]
            for near in (index - 1, index + 1)
            if 0 <= near < len(rows) and rows[near]["s"] == row["s"]
        ]
        if row["v"] is not None and all(other["v"] is None for other in beside):
            alone.append(row)
    return alone


def _time(chart: PrintedChart, length: float) -> alt.X:
    """Few dates under the axis, chosen so that they cannot touch."""
    places = positions(chart)
    shown = ticks(chart.categories, places, length)
    names = {f"{places[index]:g}": xml_text(chart.categories[index]) for index in shown}
    # A JSON text is a literal of Vega's expressions: a name cannot leave it.
    expression = f"({json.dumps(names, ensure_ascii=True)})[format(datum.value, 'd')]"
    ends = [places[0], places[-1]] if places else [0.0, 1.0]
    if ends[0] == ends[1]:
        ends = [ends[0] - 1, ends[1] + 1]
    return (
        alt.X("x:Q", title=None)
        .scale(domain=ends, nice=False, zero=False)
        .axis(
            values=[places[index] for index in shown], labelExpr=expression, labelAngle=0,
            labelBound=False, labelFlush=False, labelOverlap=False, grid=False, ticks=True,
            tickColor=GRID, domainColor=GRID,
        )
    )  # fmt: skip


def _ends(
    chart: PrintedChart,
    last: dict[str, Point],
    names: dict[str, str],
    reach: Range,
    axes: tuple[int, alt.X, alt.Y, alt.Color],
) -> list[alt.Chart]:
    """A swatch and the label at the right edge, moved apart where lines end close together."""
    height, x, y, colour = axes
    plot = height - 30  # the dates stand below the plot
    per_pixel = (reach.high - reach.low) / plot
    wanted = [(reach.high - float(last[series].number or 0)) / per_pixel for series in names]
    placed = spread(wanted, LINE_HEIGHT, 6, plot - 6)
    edge = positions(chart)[-1]
    rows = [
        {"x": edge, "v": reach.high - at * per_pixel, "s": series, "t": names[series]}
        for series, at in zip(names, placed)
    ]
    data = alt.Chart(alt.Data(values=rows))
    swatch = data.mark_point(shape="square", filled=True, size=40, xOffset=9, opacity=1)
    text = data.mark_text(align="left", dx=16, fontSize=LABEL_SIZE, fill=INK)
    return [
        swatch.encode(x=x, y=y, color=colour),
        text.encode(x=x, y=y, text="t:N"),
    ]
