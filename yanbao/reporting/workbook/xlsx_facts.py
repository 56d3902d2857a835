"""The sheet 正文数据 of the internal workbook: each number of a sentence, and its rows.

A count is a COUNTIF over the rows that it counts, a share that count over the rows with a
value; any other number is the stored one.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from yanbao.reporting.printed.cell import Counted, Trace
from yanbao.reporting.printed.pack import PrintedSentence
from yanbao.reporting.styling.formatting import plain_text, to_decimal
from yanbao.reporting.styling.theme import MUTED
from yanbao.reporting.styling.vocabulary import MISSING
from yanbao.reporting.workbook.stored_values import COUNTED
from yanbao.reporting.workbook.xlsx_book import AS_VALUE, CONTENTS, Book, link_to

_HEADERS = ("句", "数据表", "行键或条件", "指标", "数值", "印出")
_WIDTHS = (10, 26, 48, 24, 20, 40)
_VALUE = 4


class SentenceSheet:
    """Numbers the sentences and, in a live workbook, writes their numbers downwards."""

    def __init__(self, book: Book, sheet: Any | None) -> None:
        self._book = book
        self._sheet = sheet
        self._count = 0
        self._row = 4
        if sheet is None:
            return
        sheet.write_string(0, 0, "正文中的数字与其依据", book.format(bold=True, font_size=13))
        sheet.write_string(1, 0, book.facts_line(), book.format(font_color=MUTED, font_size=9))
        sheet.write_url(2, 0, link_to(CONTENTS), book.link(), f"返回{CONTENTS}")
        for column, (title, width) in enumerate(zip(_HEADERS, _WIDTHS)):
            sheet.write_string(3, column, title, book.header())
            sheet.set_column(column, column, width)
        sheet.freeze_panes(4, 1)
        sheet.repeat_rows(3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        book.set_page_marks(sheet)

    def add(self, sheet_name: str, row: int, sentence: PrintedSentence) -> int:
        """The sentence's number in the pack."""
        self._count += 1
        if self._sheet is not None and sentence.traces:
            target = link_to(sheet_name, xl_rowcol_to_cell(row, 0))
            self._sheet.write_url(self._row, 0, target, self._book.link(), f"句{self._count}")
            self._text(1, sentence.text)
            self._row += 1
            for trace in sentence.traces:
                self._write(trace)
        return self._count

    def ways(self, sentence: PrintedSentence) -> list[str]:
        """How each number of a sentence comes about in this workbook."""
        data = self._book.data
        if data is None:
            return [AS_VALUE for _ in sentence.traces]
        return [
            COUNTED
            if self._is_counted(trace)
            else data.how((trace.mart, trace.row_key, trace.column))
            if data.value((trace.mart, trace.row_key, trace.column)) is not None
            else AS_VALUE
            for trace in sentence.traces
        ]

    def _is_counted(self, trace: Trace) -> bool:
        counted = trace.counted
        return bool(counted and counted.keys and counted.criterion)

    def _write(self, trace: Trace) -> None:
        for column, text in enumerate((trace.mart, trace.row_key, trace.label), start=1):
            self._text(column, text)
        self._text(5, trace.text, indent=1)
        if trace.counted is not None and self._is_counted(trace):
            self._write_count(trace, trace.counted)
            return
        self._write_stored(trace.mart, trace.row_key, trace.column, trace.raw)
        self._row += 1

    def _write_count(self, trace: Trace, counted: Counted) -> None:
        first = xl_rowcol_to_cell(self._row + 1, _VALUE)
        last = xl_rowcol_to_cell(self._row + len(counted.keys), _VALUE)
        criterion = counted.criterion
        words = criterion if criterion in ("TRUE", "FALSE") else f'"{criterion}"'
        formula = f"=COUNTIF({first}:{last},{words})"
        if counted.is_share:
            formula = f'{formula}/COUNTIF({first}:{last},"<>{MISSING}")'
        number = to_decimal(trace.raw)
        value = float(number) if number is not None else 0.0
        self._sheet_write().write_formula(
            self._row, _VALUE, formula, self._book.format(bold=True), value
        )
        self._row += 1
        for key in counted.keys:
            self._text(2, key, font_color=MUTED)
            raw = self._data().raw((trace.mart, key, counted.column))
            self._write_stored(trace.mart, key, counted.column, raw)
            self._row += 1

    def _write_stored(self, mart: str, key: str, column: str, raw: object) -> None:
        """A reference to the stored value; a missing one is a dash, since a reference to an
        empty cell would be a zero."""
        data, sheet = self._data(), self._sheet_write()
        address = (mart, key, column)
        value: float | bool | None = raw if isinstance(raw, bool) else data.value(address)
        if value is not None:
            sheet.write_formula(
                self._row, _VALUE, f"={data.reference(address)}", self._book.format(), value
            )
        elif (number := to_decimal(raw)) is not None:
            sheet.write_number(self._row, _VALUE, float(number), self._book.format())
        else:
            self._text(_VALUE, plain_text(raw))

    def _text(self, column: int, text: str, **properties: Any) -> None:
        self._sheet_write().write_string(
            self._row, column, text, self._book.format(**properties)
        )

    def _sheet_write(self) -> Any:
        return self._sheet

    def _data(self) -> Any:
        return self._book.data
