"""One printed table on its sheet: header, numbers with their formats, colours, notes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_range

from yanbao.reporting.printed.cell import Cell, Header
from yanbao.reporting.printed.pack import PrintedRow, PrintedTable
from yanbao.reporting.styling.formatting import to_date
from yanbao.reporting.styling.theme import MUTED, text_width
from yanbao.reporting.workbook.formulas import Formula
from yanbao.reporting.workbook.stored_values import FIRST_ROW, SUMMED
from yanbao.reporting.workbook.xlsx_book import HEADER_ROW, Book, TraceLine

_PIXELS_PER_UNIT = 7.0  # one unit of a column's width is about seven pixels
_WIDEST = 46
_USUAL_WIDTH = 8.43
_LEAST_COLUMNS = 8


def write_table(book: Book, sheet: Any, table: PrintedTable) -> int:
    """Returns the first free row below the table's notes."""
    sheet.set_row(HEADER_ROW, 34)
    for column, printed in enumerate(table.headers):
        align = printed.style.align
        words = book.header(
            align=align,
            indent=int(align == "left"),
            text_wrap=True,
            valign="vcenter",
            border=1,
            border_color="#FFFFFF",
        )
        sheet.write_string(HEADER_ROW, column, printed.text, words)
        sheet.set_column(column, column, _width(table, column))
    above: list[tuple[int, PrintedRow]] = []  # what no earlier total closed
    row = FIRST_ROW
    for printed_row in table.rows:
        for column, cell in enumerate(printed_row.cells):
            formula = _sum(book, cell, column, above) if printed_row.is_total else None
            is_total = printed_row.is_total
            how = _write_cell(book, sheet, (row, column), cell, formula, is_total=is_total)
            if cell.trace is not None:
                names = (printed_row.cells[0].text, table.headers[column].text)
                place = (sheet.get_name(), (row, column))
                book.traces.append(TraceLine(*place, table.caption, cell.trace, *names, how))
        longest = max((text_width(cell.text, 13) for cell in printed_row.cells), default=0)
        if longest > _WIDEST * _PIXELS_PER_UNIT:
            sheet.set_row(row, 15 * math.ceil(longest / (_WIDEST * _PIXELS_PER_UNIT - 20)))
        above = [] if printed_row.is_total else [*above, (row, printed_row)]
        row += 1
    for column, printed in enumerate(table.headers):
        _colour_changes(book, sheet, column, printed, row - 1)
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.repeat_rows(HEADER_ROW)
    if table.rows:
        data_rows = sum(not printed_row.is_total for printed_row in table.rows)
        last = HEADER_ROW + data_rows
        sheet.autofilter(HEADER_ROW, 0, last, len(table.headers) - 1)
    for note in table.under:
        write_words(book, sheet, row, note, table, font_color=MUTED, font_size=9)
        row += 1
    return row + 1


def _sum(
    book: Book, total: Cell, column: int, above: Sequence[tuple[int, PrintedRow]]
) -> Formula | None:
    """The sum of the printed cells above a total, where it is one."""
    present = [cell for _, row in above if (cell := row.cells[column]).number is not None]
    is_same = all(cell.style.power == total.style.power for cell in present)
    if not book.is_live or total.number is None or not present or not is_same:
        return None
    value = math.fsum(book.data.printed_value(cell) for cell in present)
    if not math.isclose(value, float(total.number), rel_tol=1e-9):
        return None
    return Formula(
        f"=SUM({xl_range(above[0][0], column, above[-1][0], column)})", value, SUMMED
    )


def _write_cell(
    book: Book,
    sheet: Any,
    place: tuple[int, int],
    cell: Cell,
    formula: Formula | None,
    *,
    is_total: bool,
) -> str:
    """Returns how the cell comes to its number; empty for anything else."""
    line: dict[str, Any] = {"bottom": 1, "bottom_color": "#D9DDE4", "bold": is_total,
                            "valign": "vcenter"}  # fmt: skip
    if is_total:
        line |= {"top": 1, "bg_color": "#F1F3F6"}
    day = to_date(cell.raw) if cell.style.kind == "date" else None
    if cell.number is not None:
        number_format = cell.style.excel_format(cell.raw, cell.mark)
        cell_format = book.format(num_format=number_format, **line)
        return book.write_number(sheet, place, cell, cell_format, formula)
    if day is not None:
        sheet.write_datetime(
            *place, day, book.format(num_format="yyyy-mm-dd", align="center", **line)
        )
        return ""
    align = cell.style.align
    line |= {"align": align, "indent": int(align == "left"), "text_wrap": True}
    if cell.text:
        sheet.write_string(*place, f"{cell.text}{cell.mark}", book.format(**line))
    else:
        sheet.write_blank(*place, None, book.format(**line))
    return ""


def _colour_changes(book: Book, sheet: Any, column: int, header: Header, last: int) -> None:
    """Red up, green down, by the rounded number: what prints 0.00 stays black.

    Colours are explicit, because the format colours of number sections are almost
    invisible in LibreOffice.
    """
    if not header.style.signed or last < FIRST_ROW:
        return
    half = float(Decimal("0.5").scaleb(-header.style.decimals))
    colours = book.pack.house.colours
    for criteria, bound, colour in ((">=", half, colours.up), ("<=", -half, colours.down)):
        sheet.conditional_format(
            FIRST_ROW, column, last, column,
            {
                "type": "cell",
                "criteria": criteria,
                "value": bound,
                "format": book.format(bare=True, font_color=colour),
            },
        )  # fmt: skip


def write_words(
    book: Book, sheet: Any, row: int, text: str, table: PrintedTable | None, **look: Any
) -> None:
    """A text over the width of the table, in as many lines as it takes: what runs out of
    the last column would be cut off in print."""
    columns = max(len(table.headers) if table else 0, _LEAST_COLUMNS)
    widths = [_width(table, column) for column in range(len(table.headers))] if table else []
    widths += [_USUAL_WIDTH] * (columns - len(widths))
    pixels = sum(widths) * _PIXELS_PER_UNIT - 10
    words = book.format(text_wrap=True, valign="top", **look)
    sheet.merge_range(row, 0, row, columns - 1, "", words)
    sheet.write_string(row, 0, text, words)
    # A little wider than it is drawn, so that a line more is left rather than one too few.
    size = float(look.get("font_size", 10)) * 1.36
    lines = math.ceil(text_width(text, size) / pixels)
    sheet.set_row(row, 16 * max(lines, 1))


def _width(table: PrintedTable, column: int) -> float:
    """Room for the longest cell, for the header in two lines, at most ``_WIDEST``."""
    cells = [
        text_width(row.cells[column].text + row.cells[column].mark, 13) for row in table.rows
    ]
    header = text_width(table.headers[column].text, 14) / 2 + 30
    widest = max([*cells, header, 56.0])
    return min(widest / _PIXELS_PER_UNIT + 2, _WIDEST)
