"""Native charts. Their numbers stand in the sheet 图表数据, where each one is traced.

Bars of a change are two series, 正 and 负, that overlap fully: inverting colours within
one series is ignored by LibreOffice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range_formula

from yanbao.reporting.charts.chart_layout import WIDE, stands
from yanbao.reporting.charts.native_charts import (
    LEVELS,
    TIMELINES,
    axis_bounds,
    label_format,
    shown_name,
)
from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.formatting import NumberStyle
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import FLAT, GRID, MUTED
from yanbao.reporting.workbook.xlsx_book import Book, TraceLine
from yanbao.reporting.workbook.xlsx_table import write_words

PIXELS_PER_ROW = 20
CROWDED = 12
MANY_BARS = 60
_RISE, _FALL = "正", "负"


@dataclass(frozen=True)
class Drawn:
    """One series in 图表数据: its column, the points, the colour and the number style."""

    column: int
    points: tuple[Point, ...]
    colour: str
    style: NumberStyle
    is_line: bool = False


@dataclass(frozen=True)
class Look:
    """Colours and font of the house style."""

    colours: Colours
    family: str

    def font(self, size: int, *, bold: bool = False, **more: Any) -> dict[str, Any]:
        return {"name": self.family, "size": size, "bold": bold, **more}


class ChartSheet:
    """Writes chart data downwards and places each chart on the sheet of its table."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self._look = Look(book.pack.house.colours, book.pack.house.office_font)
        self._row = 0
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 8, 14)
        sheet.fit_to_pages(1, 0)

    def place(self, chart: PrintedChart, sheet: Any, row: int) -> int:
        """Returns the first free row below the chart; a chart without rows is a note."""
        sample = f"【{chart.sample}】" if chart.sample else ""
        self._book.places[f"图{chart.number}"] = (sheet.get_name(), row, 0)
        if not chart.points:
            notes = " ".join(chart.notes)
            sheet.write_string(row, 0, f"{chart.caption}{sample} {notes}", self._book.format())
            return row + 2
        header_row = self._row + 1
        drawn = self._write_data(chart, sample)
        native = self._native(chart, drawn, header_row, f"{chart.caption}{sample}")
        height = _height(chart)
        native.set_size({"width": 760, "height": height})
        sheet.insert_chart(row, 0, native, {"description": chart.caption, "x_offset": 4})
        row += height // PIXELS_PER_ROW + 1
        sources = (f"来源：{chart.sources}",) if chart.sources else ()
        for note in (*chart.notes, *sources):
            write_words(self._book, sheet, row, note, None, font_color=MUTED, font_size=9)
            row += 1
        return row + 1

    def _write_data(self, chart: PrintedChart, sample: str) -> list[Drawn]:
        """Categories, one column per series, then interval ends or second measures."""
        book, sheet = self._book, self._sheet
        bold = book.format(bold=True)
        sheet.write_string(self._row, 0, f"{chart.caption}{sample}", bold)
        header = self._row + 1
        series = _series(chart, self._look.colours)
        drawn = [
            Drawn(column, points, colour, chart.style_of(name), chart.is_line(name))
            for column, (name, points, colour) in enumerate(series, start=1)
        ]
        names = ("类别", *(name for name, _, _ in series), *chart.extra_headers)
        for column, name in enumerate(names):
            align = "right" if column else "left"
            sheet.write_string(header, column, name, book.format(bold=True, align=align))
        rows = {name: row for row, name in enumerate(chart.categories, start=header + 1)}
        for category, row in rows.items():
            sheet.write_string(row, 0, shown_name(chart, category), book.format())
        for one in drawn:
            for point in one.points:
                row = rows[point.category]
                self._write_number(chart, point.category, (row, one.column), point.cell)
                for column, cell in enumerate(point.extras, start=len(drawn) + 1):
                    self._write_number(chart, point.category, (row, column), cell)
        self._row = header + len(chart.categories) + 2
        return drawn

    def _write_number(
        self, chart: PrintedChart, category: str, place: tuple[int, int], cell: Cell
    ) -> None:
        if cell.number is None or cell.trace is None:
            return
        row, column = place
        number_format = self._book.format(num_format=cell.style.excel_format(cell.raw))
        how = self._book.write_number(self._sheet, (row, column), cell, number_format)
        self._book.record(
            TraceLine(
                self._sheet.get_name(),
                row,
                column,
                chart.caption,
                cell.trace,
                category,
                cell.trace.label,
                how,
            )
        )

    def _native(
        self, chart: PrintedChart, drawn: Sequence[Drawn], header: int, title: str
    ) -> Any:
        """The chart; a combo is two, the line of the second measure on an axis of its own."""
        native = self._book.workbook.add_chart({"type": _native_kind(chart)})
        second = self._book.workbook.add_chart({"type": "line"}) if chart.line_style else None
        first, last = header + 1, header + len(chart.categories)
        name = self._sheet.get_name()
        for series in drawn:
            home = second if second is not None and series.is_line else native
            home.add_series(
                {
                    "name": [name, header, series.column],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, series.column, last, series.column],
                    **_drawn_as(chart, series, self._look),
                    **self._interval(chart, (first, last), len(drawn) + 1),
                    **({"y2_axis": True} if series.is_line else {}),
                }
            )
        if second is not None and chart.line_style is not None:
            native.combine(second)
            second.set_y2_axis(
                {
                    "name": chart.line_heading,
                    "name_font": self._look.font(9),
                    "num_format": label_format(chart.line_style),
                    "num_font": self._look.font(9),
                    "line": {"none": True},
                    "major_gridlines": {"visible": False},
                }
            )
        if chart.kind == "arrows":
            native.set_high_low_lines({"line": {"color": FLAT}})
        native.set_title(
            {"name": title, "overlay": False, "name_font": self._look.font(11, bold=True)}
        )
        # 正 and 负 are one measure in two colours; a legend would only name the signs.
        single = len(chart.series) == 1
        legend: dict[str, Any] = {"position": "top", "font": self._look.font(9)}
        native.set_legend({"none": True} if single else legend)
        _set_axes(native, chart, self._look)
        return native

    def _interval(
        self, chart: PrintedChart, rows: tuple[int, int], column: int
    ) -> dict[str, Any]:
        """Error bars that read their lengths from the columns after the series."""
        if chart.kind != "dot" or len(chart.extra_headers) < 2:
            return {}
        ends = [
            xl_range_formula(self._sheet.get_name(), rows[0], end, rows[1], end)
            for end in (
                column + len(chart.extra_headers) - 2,
                column + len(chart.extra_headers) - 1,
            )
        ]
        return {
            "y_error_bars": {
                "type": "custom",
                "minus_values": ends[0],
                "plus_values": ends[1],
                "line": {"color": FLAT},
            }
        }


def _native_kind(chart: PrintedChart) -> str:
    """Columns that would not stand on paper lie in the workbook too; a combo always stands."""
    if chart.kind in LEVELS:
        return "line"
    is_upright = chart.kind == "combo" or stands(chart, WIDE)
    return "column" if is_upright else "bar"


def _is_crowded(chart: PrintedChart) -> bool:
    return _native_kind(chart) == "column" and len(chart.categories) > CROWDED


def _series(chart: PrintedChart, colours: Colours) -> list[tuple[str, tuple[Point, ...], str]]:
    if chart.is_change and chart.kind in ("bar", "column"):
        rise = tuple(point for point in chart.points if (point.number or 0) >= 0)
        fall = tuple(point for point in chart.points if (point.number or 0) < 0)
        return [(_RISE, rise, colours.up), (_FALL, fall, colours.down)]
    return [
        (
            name,
            tuple(point for point in chart.points if point.series == name),
            colours.series_colour(number),
        )
        for number, name in enumerate(chart.series)
    ]


def _drawn_as(chart: PrintedChart, series: Drawn, look: Look) -> dict[str, Any]:
    """Colour, labels and, for dots, the interval as error bars."""
    label: dict[str, Any] = {
        "value": True,
        "num_format": label_format(series.style),
        "font": look.font(9),
    }
    if chart.kind in TIMELINES:
        return {"line": {"color": series.colour, "width": 1.75}}
    if series.is_line:
        marker = {"type": "circle", "size": 6, "fill": {"color": series.colour},
                  "border": {"color": series.colour}}  # fmt: skip
        # In the colour of the line: above a column stand the columns' own labels.
        of_line = look.font(9, color=series.colour)
        labels = (
            {"data_labels": label | {"position": "above", "font": of_line}}
            if not _is_crowded(chart)
            else {}
        )
        return {"line": {"color": series.colour, "width": 1.75}, "marker": marker, **labels}
    if chart.kind in ("dot", "arrows"):
        return {
            "line": {"none": True},
            "marker": {"type": "circle", "size": 6, "fill": {"color": series.colour},
                       "border": {"color": series.colour}},
            # An arrow prints where it ends; two labels of near values would meet.
            **({} if chart.kind == "arrows" and series.column == 1
               else {"data_labels": label | {"position": "right"}}),
        }  # fmt: skip
    overlap = {"overlap": 100} if chart.is_change else {}
    # Labels of many columns would stand on each other; their numbers are in 图表数据.
    labels = {} if _is_crowded(chart) else {"data_labels": label | {"position": "outside_end"}}
    return {
        "fill": {"color": series.colour},
        "gap": 4 if chart.adjoining else 45,
        **labels,
        **overlap,
    }


def _set_axes(native: Any, chart: PrintedChart, look: Look) -> None:
    """Names stand at the low end, away from negative bars; values are padded for labels."""
    names: dict[str, Any] = {
        "num_font": look.font(9),
        "line": {"color": GRID},
        "major_tick_mark": "none",
    }
    low, high = axis_bounds(chart)
    values = {
        "min": low,
        "max": high,
        "num_format": label_format(chart.style),
        "num_font": look.font(9),
        "major_gridlines": {
            "visible": chart.kind in LEVELS,
            "line": {"color": GRID},
        },
        "line": {"none": True},
    }
    standing = names | {"label_position": "low"}
    if chart.kind in TIMELINES:
        steps = max(len(chart.categories) // 8, 1)
        standing |= {"interval_unit": steps, "interval_tick": steps}
    elif len(chart.categories) > CROWDED:
        standing["num_font"] = look.font(9, rotation=-60)
    if chart.kind in LEVELS:
        native.set_x_axis(standing)
        native.set_y_axis(values)
    elif _native_kind(chart) == "column":
        native.set_x_axis(standing)
        heading = {"name": chart.heading, "name_font": look.font(9)} if chart.line_style else {}
        native.set_y_axis(values | heading | {"visible": bool(chart.line_style)})
    else:
        native.set_y_axis(names | {"reverse": True, "label_position": "low"})
        native.set_x_axis(values | {"visible": False})


def _height(chart: PrintedChart) -> int:
    if chart.kind in LEVELS or _native_kind(chart) == "column":
        return 480 if _is_crowded(chart) else 380  # turned names take room from the plot
    bars = len(chart.categories) * (1 if chart.is_change else len(chart.series))
    return max(bars * (24 if bars <= MANY_BARS else 12), 60) + 80
