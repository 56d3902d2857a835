"""One workbook: 目录, a sheet per table with its charts and sentences, 图表数据, 底稿.

Cells hold unrounded numbers in printed units with a number format; text is always
written as text, so nothing from a mart becomes a formula or a link.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.formats import Progress
from reports.formatting import to_date
from reports.printed import (
    Cell,
    Header,
    PrintedChart,
    PrintedItem,
    PrintedPack,
    PrintedSection,
    PrintedSentence,
    PrintedTable,
)
from reports.theme import DOWN, HEADER_FILL, MUTED, UP, text_width
from reports.xlsx_book import Book, link_to
from reports.xlsx_charts import ChartSheet, cell_value
from reports.xlsx_front import write_contents, write_working_paper

HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1
_PIXELS_PER_UNIT = 7.0  # one unit of a column's width is about seven pixels
_WIDEST = 46
_ALIGN = {"number": "right", "duration": "right", "date": "center", "text": "left"}
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def render_xlsx(pack: PrintedPack, path: Path, _: Progress | None = None) -> None:
    """Writes the workbook to ``path``; the same pack always gives the same bytes."""
    workbook = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    workbook.set_properties(
        {
            "title": f"{pack.title} {pack.manifest.as_of}",
            "comments": f"release {pack.manifest.release_id}",
            "created": _created(pack),
        }
    )
    book = Book(workbook, pack.manifest, pack.footer)
    contents = workbook.add_worksheet("目录")
    groups = [group for section in pack.sections for group in _groups(section)]
    sheets = [workbook.add_worksheet(group.name) for group in groups]
    charts = ChartSheet(book, workbook.add_worksheet("图表数据"))
    for group, sheet in zip(groups, sheets):
        _write_group(book, sheet, group, charts)
    write_working_paper(book, workbook.add_worksheet("底稿"))
    write_contents(book, contents, pack)
    workbook.close()


@dataclass(frozen=True)
class Group:
    """What one sheet holds: at most one table, and the charts and sentences beside it."""

    name: str
    title: str
    items: tuple[PrintedItem, ...]

    @property
    def table(self) -> PrintedTable | None:
        return next((item for item in self.items if isinstance(item, PrintedTable)), None)


def _groups(section: PrintedSection) -> list[Group]:
    """A new sheet at each table; what stands before the first one goes with it."""
    parts: list[list[PrintedItem]] = [[]]
    for item in section.items:
        has_table = any(isinstance(other, PrintedTable) for other in parts[-1])
        if isinstance(item, PrintedTable) and has_table:
            parts.append([])
        parts[-1].append(item)
    groups = []
    for part in parts:
        table = next((item for item in part if isinstance(item, PrintedTable)), None)
        prefix = f"表{table.number}" if table else f"节{section.number}"
        groups.append(
            Group(sheet_name(f"{prefix} {section.title}"), section.title, tuple(part))
        )
    return groups


def sheet_name(text: str) -> str:
    """A name that every spreadsheet accepts: at most 31 characters, no reserved ones."""
    return " ".join(text.translate(_FORBIDDEN_IN_NAMES).split())[:31].strip()


def _created(pack: PrintedPack) -> datetime:
    """The release's own time: the workbook must not change when it is built again."""
    try:
        return datetime.fromisoformat(pack.manifest.created_at).replace(tzinfo=None)
    except ValueError:
        return datetime.combine(pack.manifest.as_of, datetime.min.time())


def _write_group(book: Book, sheet: Any, group: Group, charts: ChartSheet) -> None:
    table = group.table
    caption = f"{table.caption}{_sample(table.sample)}" if table else group.title
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, caption, book.format(bold=True, font_size=13))
    sheet.write_string(1, 0, book.facts_line(), book.format(font_color=MUTED, font_size=9))
    sheet.write_url(2, 0, link_to("目录"), book.format(font_color=HEADER_FILL), "返回目录")
    row = HEADER_ROW
    if table is not None:
        book.places[f"表{table.number}"] = (group.name, 0, 0)
        row = _write_table(book, sheet, table)
    for item in group.items:
        if isinstance(item, PrintedSentence):
            row = _write_sentence(book, sheet, item, row)
    for item in group.items:
        if isinstance(item, PrintedChart):
            row = charts.place(item, sheet, row + 1)
    _set_up_page(sheet, row)
    sheet.set_footer(book.page_footer())


def _set_up_page(sheet: Any, rows: int) -> None:
    """A sheet of ordinary length prints on one page, so that no chart is cut in two."""
    sheet.set_paper(9)
    if rows <= 42:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if rows <= 90 else 0)


def _write_table(book: Book, sheet: Any, table: PrintedTable) -> int:
    """Returns the first free row below the table's notes."""
    header: dict[str, Any] = {
        "bold": True, "font_color": "#FFFFFF", "bg_color": HEADER_FILL,
        "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#FFFFFF",
    }  # fmt: skip
    sheet.set_row(HEADER_ROW, 34)
    for column, printed in enumerate(table.headers):
        align = _ALIGN[printed.style.kind]
        words = book.format(align=align, indent=int(align == "left"), **header)
        sheet.write_string(HEADER_ROW, column, printed.text, words)
        sheet.set_column(column, column, _width(table, column))
    row = FIRST_ROW
    for printed_row in table.rows:
        for column, cell in enumerate(printed_row.cells):
            _write_cell(book, sheet, (row, column), cell, is_total=printed_row.is_total)
            if cell.trace is not None:
                book.record(sheet.get_name(), row, column, table.caption, cell.trace)
        longest = max((text_width(cell.text, 13) for cell in printed_row.cells), default=0)
        if longest > _WIDEST * _PIXELS_PER_UNIT:
            sheet.set_row(row, 15 * math.ceil(longest / (_WIDEST * _PIXELS_PER_UNIT - 20)))
        row += 1
    for column, printed in enumerate(table.headers):
        _colour_changes(book, sheet, column, printed, row - 1)
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.repeat_rows(HEADER_ROW)
    if table.rows:
        data_rows = sum(not printed_row.is_total for printed_row in table.rows)
        last = HEADER_ROW + data_rows
        sheet.autofilter(HEADER_ROW, 0, last, len(table.headers) - 1)
    sources = (f"来源：{table.sources}",) if table.sources else ()
    return _write_notes(book, sheet, (*table.notes, *sources), row)


def _write_cell(
    book: Book, sheet: Any, place: tuple[int, int], cell: Cell, *, is_total: bool
) -> None:
    row, column = place
    line: dict[str, Any] = {"bottom": 1, "bottom_color": "#D9DDE4", "bold": is_total,
                            "valign": "vcenter"}  # fmt: skip
    if is_total:
        line |= {"top": 1, "bg_color": "#F1F3F6"}
    day = to_date(cell.raw) if cell.style.kind == "date" else None
    if cell.number is not None:
        number_format = cell.style.excel_format(cell.raw, cell.mark)
        sheet.write_number(
            row, column, cell_value(cell), book.format(num_format=number_format, **line)
        )
    elif day is not None:
        sheet.write_datetime(
            row, column, day, book.format(num_format="yyyy-mm-dd", align="center", **line)
        )
    else:
        align = _ALIGN[cell.style.kind]
        line |= {"align": align, "indent": int(align == "left"), "text_wrap": True}
        if cell.text:
            sheet.write_string(row, column, f"{cell.text}{cell.mark}", book.format(**line))
        else:
            sheet.write_blank(row, column, None, book.format(**line))


def _colour_changes(book: Book, sheet: Any, column: int, header: Header, last: int) -> None:
    """Red up, green down, by the rounded number: what prints 0.00 stays black.

    Colours are explicit, because the format colours of number sections are almost
    invisible in LibreOffice.
    """
    if not header.style.signed or last < FIRST_ROW:
        return
    half = float(Decimal("0.5").scaleb(-header.style.decimals))
    for criteria, bound, colour in ((">=", half, UP), ("<=", -half, DOWN)):
        sheet.conditional_format(
            FIRST_ROW, column, last, column,
            {
                "type": "cell",
                "criteria": criteria,
                "value": bound,
                "format": book.format(bare=True, font_color=colour),
            },
        )  # fmt: skip


def _write_notes(book: Book, sheet: Any, notes: Sequence[str], row: int) -> int:
    for note in notes:
        sheet.write_string(row, 0, note, book.format(font_color=MUTED, font_size=9))
        row += 1
    return row + 1


def _write_sentence(book: Book, sheet: Any, sentence: PrintedSentence, row: int) -> int:
    """The sentence over eight columns, wrapped; its numbers go to 底稿 as well."""
    columns = 8
    sheet.merge_range(row, 0, row, columns - 1, "", book.format(text_wrap=True, valign="top"))
    sheet.write_string(row, 0, sentence.text, book.format(text_wrap=True, valign="top"))
    sheet.set_row(row, 16 * (1 + text_width(sentence.text, 14) // 640))
    for trace in sentence.traces:
        book.record(sheet.get_name(), row, 0, "正文", trace)
    return row + 1


def _width(table: PrintedTable, column: int) -> float:
    """Room for the longest cell, for the header in two lines, at most ``_WIDEST``."""
    cells = [
        text_width(row.cells[column].text + row.cells[column].mark, 13) for row in table.rows
    ]
    header = text_width(table.headers[column].text, 14) / 2 + 30
    widest = max([*cells, header, 56.0])
    return min(widest / _PIXELS_PER_UNIT + 2, _WIDEST)


def _sample(mark: str) -> str:
    return f"【{mark}】" if mark else ""
