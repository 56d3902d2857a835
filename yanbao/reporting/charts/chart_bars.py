"""Lying bars, dots with intervals, and arrows from last period to this one.

Chinese names need the width that columns lack, and the longest label of a negative bar
must not touch them: the domain is padded by measured label widths.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from yanbao.reporting.charts.chart_layout import LABEL_SIZE, NARROW, padded_domain
from yanbao.reporting.charts.chart_marks import (
    HEADING_ROOM,
    bare_axis,
    colour_of,
    datum,
    end_labels,
    heading,
    layer,
    name_axis,
    name_room,
    present,
    tone_colour,
)
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house import Colours
from yanbao.reporting.styling.theme import FLAT, GRID, INK, text_width


def bars(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """Bars, or dots with their intervals, one row per category and series."""
    limit, length = name_room(chart, width, NARROW)
    domain = _dot_domain(chart, length) if chart.kind == "dot" else _bar_domain(chart, length)
    y = name_axis(chart, limit)
    rows = [datum(point) for point in present(chart.points)]
    colour = colour_of(chart, colours, width)
    is_dot = chart.kind == "dot"
    value = bare_axis("v", domain, is_read=is_dot)
    layers: list[alt.Chart] = []
    if is_dot:
        interval = layer(rows, y).mark_rule(strokeWidth=2, opacity=0.5)
        layers.append(
            interval.encode(x=bare_axis("l", domain, is_read=True), x2="h:Q", color=colour)
        )
        dots = layer(rows, y).mark_point(filled=True, size=60, opacity=1)
        layers.append(dots.encode(x=value, color=colour))
        end = bare_axis("h", domain, is_read=True)
        layers.extend(end_labels(present(chart.points), y, end))
    else:
        layers.append(layer(rows, y).mark_bar().encode(x=value, color=colour))
        layers.extend(_bar_labels(chart, y, value, colours))
    if len(chart.series) > 1:
        offset = alt.YOffset("s:N", sort=list(chart.series))
        layers = [one.encode(yOffset=offset) for one in layers]
    is_split = len(chart.series) > 1
    step = 21 if is_split else 24
    outside = 30 if is_split or is_dot else 10  # the legend, or the numbers of the axis
    height = len(chart.categories) * len(chart.series) * step + outside
    return alt.layer(*layers).properties(width=width, height=height)


def _bar_labels(
    chart: PrintedChart, y: alt.Y, value: alt.X, colours: Colours
) -> list[alt.Chart]:
    """Digits in ink; a word that stands for an undefined number in the colour of its tone."""
    layers = end_labels([point for point in chart.points if not point.word], y, value)
    words = [datum(point) for point in chart.points if point.word]
    if words:
        text = layer(words, y).mark_text(align="left", dx=5, fontSize=LABEL_SIZE)
        layers.append(text.encode(x=value, text="t:N", color=tone_colour(colours)))
    return layers


def arrows(chart: PrintedChart, width: int, colours: Colours) -> alt.LayerChart:
    """A ring at the first measure and a coloured arrowhead at the second, by category."""
    limit, length = name_room(chart, width, NARROW)
    before, after = chart.series[0], chart.series[-1]
    pairs = [
        (found.get(before), found.get(after))
        for found in (
            {point.series: point for point in present(chart.points) if point.category == name}
            for name in chart.categories
        )
    ]
    rows = [_arrow(first, last) for first, last in pairs if last is not None]
    rings = [datum(first) for first, _ in pairs if first is not None]
    domain = _arrow_domain(rows, rings, length)
    y, colour = name_axis(chart, limit), tone_colour(colours)
    value = bare_axis("v", domain, is_read=True)
    layers: list[alt.Chart] = []
    if domain[0] < 0 < domain[1]:
        zero = alt.Chart(alt.Data(values=[{"v": 0}])).mark_rule(color=GRID, strokeWidth=2)
        layers.append(zero.encode(x=value))
    shafts = [row for row in rows if row["way"]]
    layers.append(
        layer(shafts, y)
        .mark_rule(strokeWidth=2)
        .encode(x=bare_axis("b", domain, is_read=True), x2="v:Q", color=colour)
    )
    ring = layer(rings, y).mark_point(size=34, filled=True, fill="white", stroke=FLAT)
    layers.append(ring.encode(x=value))
    for tone, shape in (
        ("up", "triangle-right"),
        ("down", "triangle-left"),
        ("flat", "circle"),
    ):
        heads = [row for row in rows if (row["way"] or "flat") == tone]
        if heads:
            mark = layer(heads, y).mark_point(shape=shape, filled=True, size=70, opacity=1)
            layers.append(mark.encode(x=value, color=colour))
    for side, align, dx in ((1, "left", 8), (-1, "right", -8)):
        ends = [row for row in rows if row["side"] == side]
        if ends:
            text = layer(ends, y).mark_text(align=align, dx=dx, fontSize=LABEL_SIZE, fill=INK)
            layers.append(text.encode(x=value, text="t:N"))
    layers.append(heading(f"○ {before} → ▶ {after}", 0))
    height = max(len(chart.categories) * 24, 40) + 30 + HEADING_ROOM
    return alt.layer(*layers).properties(width=width, height=height)


def _arrow(first: Point | None, last: Point) -> dict[str, object]:
    """A change has the tone of its own sign, a level that of its way since the first."""
    row = datum(last)
    way = float((last.number or 0) - (first.number or 0)) if first else 0.0
    moved = ("up" if way > 0 else "down" if way < 0 else "flat") if first else ""
    tone = last.tone or moved
    base = float(first.number or 0) if first else row["v"]
    return {**row, "k": tone, "b": base, "way": moved, "side": -1 if way < 0 else 1}


def _bar_domain(chart: PrintedChart, length: float) -> tuple[float, float]:
    rows = [datum(point) for point in chart.points]
    labels = [(row["v"], text_width(row["t"], LABEL_SIZE) + 12) for row in rows]
    return padded_domain([row["v"] for row in rows], labels, length)


def _dot_domain(chart: PrintedChart, length: float) -> tuple[float, float]:
    """Dots have no zero line: scores of a board lie far from zero and close together."""
    rows = [datum(point) for point in present(chart.points)]
    low = min((row["l"] for row in rows), default=0.0)
    high = max((row["h"] for row in rows), default=1.0)
    right = max((text_width(row["t"], LABEL_SIZE) + 12 for row in rows), default=0.0)
    return _roomy(low, high, (0.0, right), length)


def _arrow_domain(
    rows: Sequence[dict[str, object]], rings: Sequence[dict[str, object]], length: float
) -> tuple[float, float]:
    values = [float(str(row["v"])) for row in (*rows, *rings)] or [0.0]

    def room(side: int) -> float:
        texts = [str(row["t"]) for row in rows if row["side"] == side]
        return max((text_width(text, LABEL_SIZE) + 16 for text in texts), default=6.0)

    return _roomy(min(values), max(values), (room(-1), room(1)), length)


def _roomy(
    low: float, high: float, sides: tuple[float, float], length: float
) -> tuple[float, float]:
    """A domain around [low, high] with that many pixels left and right, and a margin."""
    margin = ((high - low) or 1.0) * 0.05
    room = max(length - sum(sides), length * 0.2)
    per_pixel = (high - low + margin or 1.0) / room
    return low - margin - sides[0] * per_pixel, high + sides[1] * per_pixel
