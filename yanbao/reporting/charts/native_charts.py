"""Native charts of workbooks and slides: numbers on a sheet, and a chart that reads them.

XlsxWriter writes both; a slide takes over what it draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range_formula

from yanbao.reporting.charts.chart_layout import MANY_POINTS, STANDING, stands
from yanbao.reporting.printed.cell import Cell, cell_value
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.formatting import NumberStyle
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import GRID, INK, MUTED
from yanbao.reporting.styling.xml_text import xml_text

TIMELINES = ("line", "step")
# Kinds whose axis shows its own range; all others start at zero.
LEVELS = ("dot", "arrows", *TIMELINES)
CROWDED = 12  # columns of a combo whose labels still fit
_FEW = 6
_MOST_DAYS = 8  # names under a timeline
_APART = 0.05  # of the axis: the height of a label
_COLUMNS_BELOW = 1.9  # what the axis of columns holds, over what they need

Options = dict[str, Any]
Write = Callable[[str, int, int, Cell], object]
_NO_TICKS: Options = {"major_tick_mark": "none", "minor_tick_mark": "none"}


@dataclass(frozen=True)
class NativeChart:
    """``width`` is the room in pixels of a page, ``size`` the height of letters in points.

    Series of more than ``most_labels`` bars print no numbers: they would touch.
    """

    chart: PrintedChart
    house: HouseStyle
    width: int
    size: int
    most_labels: int

    @property
    def kind(self) -> str:
        """Columns without room for their labels lie down, as on a page; a combo stands."""
        if self.chart.kind in LEVELS:
            return "line"
        is_upright = self.chart.kind == "combo" or stands(self.chart, self.width)
        return "column" if is_upright else "bar"

    @property
    def is_crowded(self) -> bool:
        """A combo of many columns: both axes show their numbers. The line of a smaller one
        runs above its columns, and each point carries its number."""
        return self.chart.line_style is not None and len(self.chart.categories) > CROWDED

    def write_data(self, sheet: Any, header: int, write: Write, *formats: Any) -> None:
        """Categories, one column per series, then second measures or ends of intervals.

        ``write`` receives category, row, column and number; ``formats`` are those of names
        and of headers.
        """
        chart, (plain, bold) = self.chart, formats or (None, None)
        for column, name in enumerate((*chart.series, *chart.extra_headers), start=1):
            sheet.write_string(header, column, xml_text(name), bold)
        rows = {name: row for row, name in enumerate(chart.categories, start=header + 1)}
        for category, row in rows.items():
            sheet.write_string(row, 0, xml_text(shown_name(chart, category)), plain)
        for column, series in enumerate(chart.series, start=1):
            for point in self._points(series):
                extras = enumerate(point.extras, start=len(chart.series) + 1)
                for place, cell in ((column, point.cell), *extras):
                    if cell.number is not None:
                        write(point.category, rows[point.category], place, cell)

    def draw(self, workbook: Any, sheet: str, header: int) -> Any:
        """Series and axes; a combo is two charts, its line on an axis of its own."""
        chart = self.chart
        native = workbook.add_chart({"type": self.kind})
        second = workbook.add_chart({"type": "line"}) if chart.line_style else native
        first, last = header + 1, header + len(chart.categories)
        for column, series in enumerate(chart.series, start=1):
            is_line = chart.is_line(series)
            options = {
                "name": [sheet, header, column],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "y2_axis": is_line,
                **self._interval(sheet, first, last),
                **self._look(series, self.house.colours.series_colour(column - 1)),
            }
            (second if is_line else native).add_series(options)
        if second is not native:
            native.combine(second)
            second.set_y2_axis(self._line_axis())
        if chart.kind == "arrows":
            native.set_high_low_lines({"line": {"color": MUTED, "width": 1}})
        axes = [native.set_x_axis, native.set_y_axis]
        set_names, set_values = reversed(axes) if self.kind == "bar" else axes
        set_names(self._name_axis())
        set_values(self._value_axis())
        return native

    def font(self, **more: Any) -> Options:
        return {"name": self.house.fonts.office, "size": self.size, "color": INK} | more

    def _points(self, series: str) -> list[Point]:
        return [point for point in self.chart.points if point.series == series]

    def _interval(self, sheet: str, first: int, last: int) -> Options:
        """Error bars that read their lengths from the last two columns."""
        if self.chart.kind != "dot" or len(self.chart.extra_headers) < 2:
            return {}
        bars: Options = {"type": "custom", "line": {"color": MUTED, "width": 1}}
        end = len(self.chart.series) + len(self.chart.extra_headers)
        for side, name in enumerate(("minus", "plus")):
            place = (first, end - 1 + side, last, end - 1 + side)
            bars[f"{name}_values"] = f"={xl_range_formula(sheet, *place)}"
            # What a program shows that has not read the sheet yet.
            lengths = {one.category: one.distances[side] for one in self.chart.points}
            bars[f"{name}_data"] = [float(lengths[one]) for one in self.chart.categories]
        return {"y_error_bars": bars}

    def _look(self, series: str, colour: str) -> Options:
        """Colours, markers and labels of one series."""
        chart, points = self.chart, self._points(series)
        if chart.kind in ("dot", "arrows"):
            # The ends of an arrow may lie close together: each has a side of its own.
            is_start = chart.kind == "arrows" and series == chart.series[0]
            labels = self._labels(series, "left" if is_start else "right")
            return {"line": {"none": True}, "marker": _marker(colour, 8), **labels}
        if self.kind == "line" or chart.is_line(series):
            is_long = len(points) > MANY_POINTS
            marker = {"type": "none"} if is_long else _marker(colour, 6)
            line: Options = {"line": {"color": colour, "width": 2}, "marker": marker}
            if chart.kind in TIMELINES:
                return line | self._last_label(series, points)
            # In the colour of the line: above a column stand the columns' own labels.
            return line | self._labels(series, "above", color=colour)
        look: Options = {"fill": {"color": colour}, "gap": self._gap()}
        if chart.is_change:
            look["points"] = self._tones(points)
        if len(points) <= self.most_labels:
            look |= self._labels(series, "outside_end")
        return look

    def _gap(self) -> int:
        """Percent of a bar between two; three columns need not fill the width."""
        if self.chart.adjoining:
            return 4
        is_sparse = self.chart.kind in STANDING and len(self.chart.categories) <= _FEW
        return 150 if is_sparse else 45

    def _tones(self, points: Sequence[Point]) -> list[Options | None]:
        """Each bar in the colour of its direction: programs differ in how they invert one."""
        tones = {point.category: point.tone for point in points if point.number is not None}
        colours = self.house.colours.tones
        return [
            {"fill": {"color": colours[tones[name]]}} if name in tones else None
            for name in self.chart.categories
        ]

    def _labels(self, series: str, position: str, **font: Any) -> Options:
        if self.is_crowded:
            return {}
        digits = label_format(self.chart.style_of(series))
        label = {"value": True, "num_format": digits, "font": self.font(**font)}
        return {"data_labels": label | {"position": position}}

    def _last_label(self, series: str, points: Sequence[Point]) -> Options:
        """A line says where it ends, unless another ends beside it: labels cannot make way."""
        place = {name: number for number, name in enumerate(self.chart.categories)}
        known = {place[one.category]: one for one in points if one.number is not None}
        if not known or not self._ends_alone(known[max(known)]):
            return {}
        labels = self._labels(series, "above")
        labels["data_labels"]["custom"] = [{"delete": True}] * max(known)
        return labels

    def _ends_alone(self, end: Point) -> bool:
        low, high = axis_bounds(self.chart)
        lasts = {each.series: each for each in self.chart.points if each.number is not None}
        others = [cell_value(one.cell) for name, one in lasts.items() if name != end.series]
        apart = (high - low) * _APART
        return all(abs(cell_value(end.cell) - other) >= apart for other in others)

    def _name_axis(self) -> Options:
        """Names stand at the low end, away from negative bars."""
        chart, count = self.chart, len(self.chart.categories)
        axis: Options = {
            "num_font": self.font(),
            "line": {"color": GRID},
            **_NO_TICKS,
            "label_position": "low",
            # The first bar stands at the top, as on the page.
            "reverse": self.kind == "bar",
        }
        if chart.kind in TIMELINES:
            step = math.ceil(count / _MOST_DAYS)
            axis |= {"interval_unit": step, "interval_tick": step}
        elif count > CROWDED and self.kind != "bar" and not stands(chart, self.width):
            axis["num_font"] = self.font(rotation=-60)
        return axis

    def _number_axis(self, style: NumberStyle, heading: str) -> Options:
        """An axis of numbers; ``heading`` is its title in a crowded combo."""
        axis: Options = {
            "num_format": label_format(style),
            "num_font": self.font(),
            "line": {"none": True},
            **_NO_TICKS,
        }
        if self.is_crowded:
            axis |= {"name": xml_text(heading), "name_font": self.font(bold=False)}
        return axis

    def _value_axis(self) -> Options:
        """Bars carry their numbers, and an axis would only repeat them."""
        chart, axis = self.chart, self._number_axis(self.chart.style, self.chart.heading)
        is_level = chart.kind in LEVELS
        axis["visible"] = is_level or self.is_crowded
        axis["major_gridlines"] = {"visible": is_level, "line": {"color": GRID}}
        low, high = axis_bounds(chart)
        if self.is_crowded:
            # A round end is the program's business, but columns always start at zero.
            return axis | ({"min": 0} if low >= 0 else {})
        if chart.line_style is not None:
            high = low + (high - low) * _COLUMNS_BELOW
        if chart.base is not None and chart.kind in TIMELINES:
            axis["crossing"] = float(chart.base)
        return axis | {"min": low, "max": high}

    def _line_axis(self) -> Options:
        """The axis of the line of a combo, which is seen only where points have no labels."""
        chart = self.chart
        axis = self._number_axis(chart.line_style or chart.style, chart.line_heading)
        axis["major_gridlines"] = {"visible": False}
        if self.is_crowded:
            return axis
        numbers = [cell_value(one.cell) for one in chart.line_points if one.number is not None]
        low, high = min(numbers, default=0.0), max(numbers, default=0.0)
        span = (high - low) or abs(high) or 1.0
        # A deleted axis would be as good as none: some programs then use the first one.
        hidden = {"label_position": "none", "min": low - span * 1.6, "max": high + span * 0.3}
        return axis | hidden


def _marker(colour: str, size: int) -> Options:
    paint = {"color": colour}
    return {"type": "circle", "size": size, "fill": paint, "border": paint}


def label_format(style: NumberStyle) -> str:
    """A number format that shows the digits of the page, signs included."""
    if style.kind == "duration":
        return "[m]:ss"
    digits = "0" + (f".{'0' * style.decimals}" if style.decimals else "")
    return f"+{digits};-{digits};{digits}" if style.signed else digits


def axis_bounds(chart: PrintedChart) -> tuple[float, float]:
    """Bars start at zero and leave room for labels; dots and lines show their own range.

    The line of a combo has an axis of its own and does not count here.
    """
    points = [point for point in chart.amounts if point.number is not None]
    lows = [cell_value(point.cell) - float(point.distances[0]) for point in points]
    highs = [cell_value(point.cell) + float(point.distances[1]) for point in points]
    if chart.kind in LEVELS:
        if chart.base is not None:
            lows, highs = [*lows, float(chart.base)], [*highs, float(chart.base)]
        low, high = min(lows, default=0.0), max(highs, default=1.0)
        step = 10.0 ** math.floor(math.log10((high - low) or 1.0))
        return math.floor(low / step) * step, math.ceil(high / step) * step
    low, high = min([0.0, *lows]), max([0.0, *highs])
    pad = ((high - low) or 1.0) * 0.15
    return (low - pad if low < 0 else 0.0), (high + pad if high > 0 else pad)


def shown_name(chart: PrintedChart, category: str) -> str:
    """The category, with the second measure or the word for an undefined one, if any.

    A label of two measures beside the bar would be wrapped by some programs after a few
    letters, and would no longer follow the cell.
    """
    for point in chart.points:
        if point.category == category and point.label is not None:
            return f"{category} ({point.label.text_with_unit})"
        if point.category == category and point.word:
            return f"{category} ({point.word})"
    return category
