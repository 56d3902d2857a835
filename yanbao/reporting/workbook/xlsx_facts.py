"""The sheet 正文数据 of the internal workbook: each number of a sentence, and its rows.

A count is a COUNTIF over the rows that it counts, a share that count over the rows with a
value; any other number is the stored one.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from yanbao.reporting.printed.cell import Address, Counted, Trace
from yanbao.reporting.printed.pack import PrintedSentence
from yanbao.reporting.styling.formatting import plain_text, to_decimal
from yanbao.reporting.styling.theme import MUTED
from yanbao.reporting.styling.vocabulary import MISSING
from yanbao.reporting.workbook.stored_values import COUNTED, FIRST_ROW
from yanbao.reporting.workbook.xlsx_book import AS_VALUE, HEADER_ROW, Book, TraceLine, link_to

_HEADERS = ("句", "数据表", "行键或条件", "指标", "数值", "印出")
_WIDTHS = (10, 26, 48, 24, 20, 40)
_VALUE = 4


class SentenceSheet:
    """Traces the numbers of sentences and, in a live workbook, writes them downwards.

    There is no ``sheet`` for outsiders.
    """

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self._count = 0
        self._row = FIRST_ROW
        if sheet is not None:
            book.head(sheet, "正文中的数字与其依据")
            sheet.write_row(HEADER_ROW, 0, _HEADERS, book.header())
            sheet.freeze_panes(FIRST_ROW, 1)
            book.set_up_list(sheet, HEADER_ROW, _WIDTHS)

    def add(self, sheet_name: str, row: int, sentence: PrintedSentence) -> None:
        """Numbers a sentence that stands in a cell of the first column."""
        self._count += 1
        name = f"句{self._count}"
        if self._sheet is not None and sentence.traces:
            target = link_to(sheet_name, xl_rowcol_to_cell(row, 0))
            self._sheet.write_url(self._row, 0, target, self._book.link(), name)
            self._text(1, sentence.text)
            self._row += 1
        for trace in sentence.traces:
            how = AS_VALUE if self._sheet is None else self._write(trace)
            names = (trace.row_key, trace.label)
            self._book.traces.append(TraceLine(sheet_name, (row, 0), name, trace, *names, how))

    def _write(self, trace: Trace) -> str:
        """The number of a sentence; how it comes about."""
        for column, text in enumerate((trace.mart, trace.row_key, trace.label), start=1):
            self._text(column, text)
        self._text(5, trace.text, indent=1)
        if trace.counted and trace.counted.keys and trace.counted.criterion:
            self._write_count(trace, trace.counted)
            return COUNTED
        return self._write_stored(trace.address, trace.raw)

    def _write_count(self, trace: Trace, counted: Counted) -> None:
        first = xl_rowcol_to_cell(self._row + 1, _VALUE)
        last = xl_rowcol_to_cell(self._row + len(counted.keys), _VALUE)
        criterion = counted.criterion
        words = criterion if criterion in ("TRUE", "FALSE") else f'"{criterion}"'
        formula = f"=COUNTIF({first}:{last},{words})"
        if counted.is_share:
            formula = f'{formula}/COUNTIF({first}:{last},"<>{MISSING}")'
        bold, value = self._book.format(bold=True), float(to_decimal(trace.raw) or 0)
        self._sheet.write_formula(self._row, _VALUE, formula, bold, value)
        self._row += 1
        for key in counted.keys:
            self._text(2, key, font_color=MUTED)
            raw = self._book.data.raw((trace.mart, key, counted.column))
            self._write_stored((trace.mart, key, counted.column), raw)

    def _write_stored(self, address: Address, raw: object) -> str:
        """A reference to the stored value; a missing one is a dash, since a reference to an
        empty cell would be a zero."""
        data, plain, place = self._book.data, self._book.format(), (self._row, _VALUE)
        self._row += 1
        stored = data.value(address)
        value = raw if isinstance(raw, bool) else stored
        if value is not None:
            self._sheet.write_formula(*place, f"={data.reference(address)}", plain, value)
        elif (number := to_decimal(raw)) is not None:
            self._sheet.write_number(*place, float(number), plain)
        else:
            self._sheet.write_string(*place, plain_text(raw), plain)
        return AS_VALUE if stored is None else data.how(address)

    def _text(self, column: int, text: str, **properties: Any) -> None:
        self._sheet.write_string(self._row, column, text, self._book.format(**properties))
