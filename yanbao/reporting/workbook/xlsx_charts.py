"""Native charts. Their numbers stand in the sheet 图表数据, where each one is traced."""

from __future__ import annotations

from typing import Any

from yanbao.reporting.charts.chart_layout import WIDE
from yanbao.reporting.charts.native_charts import NativeChart
from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.theme import MUTED
from yanbao.reporting.workbook.xlsx_book import CHART_DATA, Book, TraceLine, link_to
from yanbao.reporting.workbook.xlsx_table import write_words

PIXELS_PER_ROW = 20
MANY_BARS = 60
# A sheet is as long as it needs to be, so that bars always have room for their labels.
_MOST_LABELS = 1_000


class ChartSheet:
    """Writes chart data downwards and places each chart on the sheet of its table."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self._row = 0
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 8, 14)
        sheet.fit_to_pages(1, 0)

    def place(self, chart: PrintedChart, sheet: Any, row: int) -> int:
        """Returns the first free row below the chart; a chart without rows is a note."""
        self._book.places[chart.name] = link_to(sheet.get_name(), f"A{row + 1}")
        if not chart.points:
            notes = " ".join(chart.notes)
            text = f"{chart.marked_caption} {notes}"
            sheet.write_string(row, 0, text, self._book.format())
            return row + 2
        drawn = NativeChart(chart, self._book.pack.house, WIDE, 9, _MOST_LABELS)
        height = _height(drawn)
        native = self._native(drawn)
        native.set_size({"width": 760, "height": height})
        sheet.insert_chart(row, 0, native, {"description": chart.caption, "x_offset": 4})
        row += height // PIXELS_PER_ROW + 1
        for note in chart.under:
            write_words(self._book, sheet, row, note, None, font_color=MUTED, font_size=9)
            row += 1
        return row + 1

    def _native(self, drawn: NativeChart) -> Any:
        """Title and data one below the other, and the chart that reads them."""
        book, header, title = self._book, self._row + 1, drawn.chart.marked_caption
        bold = book.format(bold=True)
        self._sheet.write_string(self._row, 0, title, bold)
        self._sheet.write_string(header, 0, "类别", bold)

        def write(category: str, row: int, column: int, cell: Cell) -> None:
            if cell.trace is None:
                return
            looks = book.format(num_format=cell.style.excel_format(cell.raw))
            how = book.write_number(self._sheet, (row, column), cell, looks)
            names = (category, cell.trace.label)
            place = (CHART_DATA, (row, column))
            book.traces.append(TraceLine(*place, drawn.chart.caption, cell.trace, *names, how))

        right = book.format(bold=True, align="right")
        drawn.write_data(self._sheet, header, write, book.format(), right)
        self._row = header + len(drawn.chart.categories) + 2
        native = drawn.draw(book.workbook, CHART_DATA, header)
        native.set_title(
            {"name": title, "overlay": False, "name_font": drawn.font(size=11, bold=True)}
        )
        is_single = len(drawn.chart.series) == 1
        native.set_legend({"none": is_single, "position": "top", "font": drawn.font()})
        return native


def _height(drawn: NativeChart) -> int:
    if drawn.kind != "bar":
        return 480 if drawn.is_crowded else 380  # turned names take room from the plot
    bars = len(drawn.chart.categories) * len(drawn.chart.series)
    return max(bars * (24 if bars <= MANY_BARS else 12), 60) + 80
