"""The sheets of stored values in the internal workbook, one per mart."""

from __future__ import annotations

from typing import Any

from yanbao.reporting.printed.pack import MartRows
from yanbao.reporting.styling.formatting import plain_text, to_date
from yanbao.reporting.styling.theme import MUTED
from yanbao.reporting.workbook.stored_values import FIRST_ROW, HEADER_ROW, Address, StoredValues
from yanbao.reporting.workbook.xlsx_book import CONTENTS, Book, link_to


def write_data_sheets(book: Book, data: StoredValues) -> None:
    for mart, rows in data.marts.items():
        sheet = book.workbook.add_worksheet(data.names[mart])
        book.places[mart] = (data.names[mart], 0, 0)
        _write_sheet(book, data, sheet, rows)


def _write_sheet(book: Book, data: StoredValues, sheet: Any, rows: MartRows) -> None:
    muted = book.format(font_color=MUTED, font_size=9)
    sheet.write_string(
        0, 0, f"数据表 {rows.mart}：本报告所用各行的原始值", book.format(bold=True)
    )
    sheet.write_string(1, 0, book.facts_line(), muted)
    sheet.write_url(2, 0, link_to(CONTENTS), book.link(), f"返回{CONTENTS}")
    sheet.write_string(HEADER_ROW, 0, "行键", book.header(text_wrap=True))
    sheet.set_column(0, 0, 30)
    for column, (name, label) in enumerate(zip(rows.columns, rows.labels), start=1):
        sheet.write_string(HEADER_ROW - 1, column, name, muted)
        sheet.write_string(HEADER_ROW, column, label, book.header(text_wrap=True))
    sheet.set_column(1, len(rows.columns), 16)
    for at, key in enumerate(rows.rows, start=FIRST_ROW):
        sheet.write_string(at, 0, key, book.format())
        for column, name in enumerate(rows.columns, start=1):
            _write_value(book, data, sheet, (at, column), (rows.mart, key, name))
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.set_page_marks(sheet)


def _write_value(
    book: Book, data: StoredValues, sheet: Any, place: tuple[int, int], address: Address
) -> None:
    formula, raw = data.formula(address), data.raw(address)
    if formula is not None:
        sheet.write_formula(*place, formula.text, book.format(), formula.value)
    elif isinstance(raw, bool):
        sheet.write_boolean(*place, raw, book.format())
    elif (value := data.value(address)) is not None:
        sheet.write_number(*place, value, book.format())
    elif (day := to_date(raw)) is not None and not isinstance(raw, str):
        sheet.write_datetime(*place, day, book.format(num_format="yyyy-mm-dd"))
    elif raw not in (None, ""):
        sheet.write_string(*place, plain_text(raw), book.format())
