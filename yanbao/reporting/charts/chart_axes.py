"""What the drawings of charts share: scales, bands, axes, names, legends, colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from yanbao.reporting.charts.chart_layout import (
    LEFT,
    NAME_SIZE,
    NARROW,
    RIGHT,
    TOP,
    shortened,
)
from yanbao.reporting.charts.svg import LABEL_SIZE, Drawing
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import GRID, MUTED, text_width

AXIS_ROOM = 26.0
HEADING_ROOM = 28.0
ROW, ROW_OF_MANY = 24.0, 21.0
# The share of a row that lying marks leave free.
FREE = 0.3
_LEGEND_LINE = 20.0
_SWATCH = 9.0
ColourOf = Callable[[Point], str]


@dataclass(frozen=True)
class Scale:
    """From a value to its pixel: ``low`` lies at ``start``, ``high`` at ``end``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, count: float = 5) -> dict[float, str]:
        """About that many round values, at most half as many again, and their digits."""
        rough = (self.high - self.low) / count
        power = 10.0 ** math.floor(math.log10(rough))
        step = power * next(times for times in (1, 2, 5, 10) if rough <= times * power * 1.42)
        decimals = max(0, -math.floor(math.log10(step)))
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        values = [number * step for number in range(first, last + 1)]
        return {value: f"{value:,.{decimals}f}" for value in values}


@dataclass(frozen=True)
class Bands:
    """A band of ``step`` pixels for each category, shared by ``parts`` series.

    ``between`` is the share of a band that stays free.
    """

    start: float
    step: float
    between: float
    parts: int = 1

    def after(self, categories: int) -> float:
        """The end of that many bands."""
        return self.start + self.step * categories

    @property
    def thickness(self) -> float:
        return self.step * (1 - self.between) / self.parts

    def middle(self, category: int, part: float | None = None) -> float:
        """Of a category, or of one of its series."""
        part = (self.parts - 1) / 2 if part is None else part
        start = self.start + self.step * (category + self.between / 2)
        return start + self.thickness * (part + 0.5)

    def of(self, chart: PrintedChart) -> Callable[[Point], float]:
        """The middle of each point's own part."""
        rank = {name: number for number, name in enumerate(chart.categories)}
        series = {name: number for number, name in enumerate(chart.amount_series)}
        parts = self.parts
        return lambda point: self.middle(
            rank[point.category], series.get(point.series, 0) if parts > 1 else 0
        )


@dataclass(frozen=True)
class Legend:
    """A coloured square and a name for each of several series, above the plot."""

    names: Sequence[str]
    colours: Colours
    room: float

    @property
    def height(self) -> float:
        lines = math.ceil(len(self.names) / self._columns) if len(self.names) > 1 else 0
        return lines * _LEGEND_LINE

    @property
    def _column_width(self) -> float:
        return max(text_width(name, LABEL_SIZE) for name in self.names) + 30

    @property
    def _columns(self) -> int:
        return max(int(self.room // self._column_width), 1)

    def draw(self, drawing: Drawing, left: float, top: float = TOP) -> None:
        if not self.height:
            return
        for number, name in enumerate(self.names):
            line, column = divmod(number, self._columns)
            x, y = left + column * self._column_width, top + 4 + line * _LEGEND_LINE
            colour = self.colours.series_colour(number)
            drawing.rect(x, y - _SWATCH / 2, _SWATCH, _SWATCH, colour)
            drawing.text(x + _SWATCH + 5, y, name)


def present(points: Iterable[Point]) -> list[Point]:
    return [point for point in points if point.number is not None]


def value_of(point: Point) -> float:
    return float(point.number or 0)


def name_size(width: float) -> int:
    return NAME_SIZE if width > NARROW else LABEL_SIZE


def name_room(chart: PrintedChart, width: float) -> tuple[float, float]:
    """Where the bars beside the names begin, and how long they can be."""
    limit = width * (0.4 if width > NARROW else 0.5)
    names = max((text_width(name, NAME_SIZE) for name in chart.categories), default=0.0)
    left = LEFT + min(names, limit) + 8
    return left, width - RIGHT - left


def rows_of(
    chart: PrintedChart, width: float, colours: Colours, free: float = FREE
) -> tuple[Legend, Bands, float, float]:
    """Legend and bands of lying marks, where they begin, and how long they can be."""
    left, length = name_room(chart, width)
    legend = Legend(chart.amount_series, colours, length)
    count = len(chart.amount_series)
    row = ROW if count == 1 else ROW_OF_MANY * count
    return legend, Bands(TOP + legend.height, row, free, count), left, length


def draw_names(
    drawing: Drawing, chart: PrintedChart, middle: Callable[[int], float], left: float
) -> None:
    """The names of lying bars, in the printed order; one without room is cut."""
    size = name_size(drawing.width)
    for number, name in enumerate(chart.categories):
        shown = shortened(name, left - LEFT - 8, size)
        drawing.text(left - 8, middle(number), shown, size=size, anchor="end")


def value_axis(drawing: Drawing, scale: Scale, top: float, bottom: float) -> None:
    """Grid lines with their numbers below, where no label prints the value of a bar."""
    size = name_size(drawing.width)
    widest = max(text_width(f"{end:,.0f}", size) for end in (scale.low, scale.high))
    room = (scale.end - scale.start) / (1.5 * (widest + 14))
    for value, text in scale.ticks(max(1, min(6, room))).items():
        x = scale.at(value)
        drawing.path([(x, top), (x, bottom)], GRID)
        drawing.text(x, bottom + 14, text, size=size, anchor="middle")


def heading(drawing: Drawing, left: float, y: float, text: str) -> None:
    """A line above a panel."""
    drawing.text(left, y, text, fill=MUTED)


def bar_colours(chart: PrintedChart, colours: Colours) -> ColourOf:
    """Red and green for a measure of change, else a colour per series."""
    rank = {name: number for number, name in enumerate(chart.amount_series)}
    return lambda point: (
        colours.tones[point.tone]
        if chart.is_change or chart.is_line(point.series)
        else colours.series_colour(rank[point.series])
    )
