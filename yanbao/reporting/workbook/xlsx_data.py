"""The sheets of stored values in the internal workbook, one per mart."""

from __future__ import annotations

from typing import Any

from yanbao.reporting.printed.cell import Address, MartRows
from yanbao.reporting.styling.formatting import plain_text, to_date
from yanbao.reporting.workbook.stored_values import FIRST_ROW
from yanbao.reporting.workbook.xlsx_book import HEADER_ROW, Book, Place


def write_data_sheets(book: Book) -> None:
    for mart, rows in book.data.marts.items():
        sheet = book.workbook.add_worksheet(book.data.names[mart])
        _write_sheet(book, sheet, rows)


def _write_sheet(book: Book, sheet: Any, rows: MartRows) -> None:
    book.head(sheet, f"数据表 {rows.mart}：本报告所用各行的原始值")
    sheet.write_row(HEADER_ROW - 1, 1, rows.columns, book.muted)
    sheet.write_row(HEADER_ROW, 0, ("行键", *rows.labels), book.header(text_wrap=True))
    for at, key in enumerate(rows.rows, start=FIRST_ROW):
        sheet.write_string(at, 0, key, book.format())
        for column, name in enumerate(rows.columns, start=1):
            _write_value(book, sheet, (at, column), (rows.mart, key, name))
    sheet.freeze_panes(FIRST_ROW, 1)
    book.set_up_list(sheet, HEADER_ROW, (30, *(16 for _ in rows.columns)))


def _write_value(book: Book, sheet: Any, place: Place, address: Address) -> None:
    formula, raw = book.data.formula(address), book.data.raw(address)
    if formula is not None:
        sheet.write_formula(*place, formula.text, book.format(), formula.value)
    elif isinstance(raw, bool):
        sheet.write_boolean(*place, raw, book.format())
    elif (value := book.data.value(address)) is not None:
        sheet.write_number(*place, value, book.format())
    elif (day := to_date(raw)) is not None and not isinstance(raw, str):
        sheet.write_datetime(*place, day, book.format(num_format="yyyy-mm-dd"))
    elif raw not in (None, ""):
        sheet.write_string(*place, plain_text(raw), book.format())
