"""Layers that the drawings of charts share: data, colours, labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import altair as alt

from yanbao.reporting.charts.chart_layout import LABEL_SIZE
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house import Colours
from yanbao.reporting.styling.theme import GRID, INK, MUTED, text_width

HEADING_ROOM = 28.0


def present(points: Iterable[Point]) -> list[Point]:
    return [point for point in points if point.number is not None]


def datum(point: Point) -> dict[str, Any]:
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


def layer(rows: Iterable[dict[str, Any]], y: alt.Y) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows))).encode(y=y)


def bare_axis(field: str, domain: Sequence[float], *, is_read: bool = False) -> alt.X:
    """A value axis; it shows numbers only where no label prints them (``is_read``)."""
    return (
        alt.X(f"{field}:Q", title=None)
        .scale(domain=list(domain), nice=False, zero=False)
        .axis(
            labels=is_read, ticks=False, domain=False, grid=is_read, tickCount=5, gridColor=GRID
        )
    )


def bare_y(field: str, domain: Sequence[float]) -> alt.Y:
    return alt.Y(f"{field}:Q", title=None, axis=None).scale(
        domain=list(domain), nice=False, zero=False
    )


def name_axis(chart: PrintedChart, limit: float) -> alt.Y:
    """The names of lying bars, in the printed order."""
    return (
        alt.Y("c:N", sort=list(chart.categories), title=None)
        .axis(labelLimit=limit, ticks=False, domain=False, labelPadding=6)
        .scale(paddingInner=0.04 if chart.adjoining else 0.3)
    )


def name_room(chart: PrintedChart, width: float, narrow: float) -> tuple[float, float]:
    """The limit of a name's length, and the length left for the bars beside the names."""
    limit = width * (0.4 if width > narrow else 0.5)
    names = max((text_width(name, 12) for name in chart.categories), default=0)
    return limit, width - min(names, limit) - 30


def tone_colour(colours: Colours) -> alt.Color:
    scale = alt.Scale(domain=list(colours.tones), range=list(colours.tones.values()))
    return alt.Color("k:N", scale=scale, legend=None)


def colour_of(chart: PrintedChart, colours: Colours, width: float) -> alt.Color:
    """Red and green for one measure of change, else a colour and a legend entry per series."""
    if chart.is_change and chart.kind not in ("line", "step"):
        return tone_colour(colours)
    return series_colour(chart.series, colours, width)


def series_colour(series: Sequence[str], colours: Colours, width: float) -> alt.Color:
    drawn = [colours.series_colour(number) for number in range(len(series))]
    scale = alt.Scale(domain=list(series), range=drawn)
    if len(series) < 2:
        return alt.Color("s:N", scale=scale, legend=None)
    widest = max(text_width(name, 12) for name in series) + 30
    legend = alt.Legend(
        orient="top", title=None, labelLimit=0, columns=max(int(width // widest), 1)
    )
    return alt.Color("s:N", scale=scale, legend=legend)


def end_labels(points: Iterable[Point], y: alt.Y, end: alt.X) -> list[alt.Chart]:
    """Text outside the end of each bar: left of negative ones, right of the others."""
    found = [datum(point) for point in points]
    sides = (
        ([row for row in found if row["v"] >= 0], "left", 5),
        ([row for row in found if row["v"] < 0], "right", -5),
    )
    return [
        layer(rows, y)
        .mark_text(align=align, dx=dx, fontSize=LABEL_SIZE, fill=INK)
        .encode(x=end, text="t:N")
        for rows, align, dx in sides
        if rows
    ]


def heading(text: str, x: float, y: float = -12) -> alt.Chart:
    """A line above a panel, at fixed pixels of the plot; the drawing makes room for it."""
    return (
        alt.Chart(alt.Data(values=[{"t": text}]))
        .mark_text(align="left", fontSize=LABEL_SIZE, fill=MUTED, baseline="middle")
        .encode(x=alt.value(x), y=alt.value(y), text="t:N")
    )
