"""The first and the last sheet: 目录 with links, and 底稿 with every number's origin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from reports.formatting import plain_text, to_decimal
from reports.printed import PrintedPack, PrintedSentence
from reports.theme import HEADER_FILL, MUTED
from reports.vocabulary import EVERYTHING_KNOWN
from reports.xlsx_book import Book, TraceLine, link_to

WORKING_PAPER_HEADERS = (
    "单元格", "所在", "数据表", "行键", "列", "指标", "原始值", "印出", "数据截至",
    "知悉截至", "指标版本",
)  # fmt: skip
# A worksheet holds 65,530 links; the rest of a longer paper is plain text.
_LINKS = 60_000


def write_contents(book: Book, sheet: Any, pack: PrintedPack) -> None:
    """Title, where the numbers come from, links, and the dates behind them."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 70)
    muted = book.format(font_color=MUTED, font_size=9)
    link = book.format(font_color=HEADER_FILL, underline=1)
    sheet.write_string(0, 0, pack.title, book.format(bold=True, font_size=16))
    sheet.write_string(1, 0, pack.subtitle, book.format())
    sheet.write_string(2, 0, book.facts_line(), muted)
    row = 3
    for warning in _warnings(pack):
        banner = book.format(bold=True, bg_color="#FFF6E0", text_wrap=True)
        sheet.merge_range(row, 0, row, 1, "", banner)
        sheet.write_string(row, 0, warning, banner)
        row += 1
    row += 1
    for section in pack.sections:
        title = f"{section.number} {section.title}"
        sheet.write_string(row, 0, title, book.format(bold=True))
        row += 1
        for item in section.items:
            if isinstance(item, PrintedSentence):
                continue
            name, _, title = item.caption.partition(" ")
            place, at_row, at_column = book.places[name]
            cell = xl_rowcol_to_cell(at_row, at_column)
            sheet.write_url(row, 0, link_to(place, cell), link, name)
            mark = f"【{item.sample}】" if item.sample else ""
            sheet.write_string(row, 1, f"{title}{mark}", book.format())
            row += 1
    sheet.write_url(row, 0, link_to("底稿"), link, "底稿")
    sheet.write_string(
        row, 1, "每个印出的数字：单元格、数据表、行键、列、原始值", book.format()
    )
    row += 2
    for label, text in _facts(pack):
        sheet.write_string(row, 0, label, muted)
        sheet.write_string(row, 1, text, muted)
        row += 1
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_footer(book.page_footer())


def _warnings(pack: PrintedPack) -> Iterator[str]:
    for head, lines in pack.warnings:
        yield from (f"{head}：{line}" for line in lines)


def _facts(pack: PrintedPack) -> Iterator[tuple[str, str]]:
    yield from pack.footer.entries
    yield from pack.dates
    yield "说明", "红色为涨，绿色为跌；单元格保存未舍入的数值，按格式显示。"


def write_working_paper(book: Book, sheet: Any) -> None:
    """One row per printed number, in the order of the sheets."""
    header = book.format(bold=True, font_color="#FFFFFF", bg_color=HEADER_FILL)
    widths = (18, 34, 24, 34, 24, 20, 18, 16, 12, 16, 10)
    for column, (title, width) in enumerate(zip(WORKING_PAPER_HEADERS, widths)):
        sheet.write_string(0, column, title, header)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.autofilter(0, 0, max(len(book.traces), 1), len(WORKING_PAPER_HEADERS) - 1)
    for row, line in enumerate(book.traces, start=1):
        _write_line(book, sheet, row, line)


def _write_line(book: Book, sheet: Any, row: int, line: TraceLine) -> None:
    plain = book.format()
    cell = xl_rowcol_to_cell(line.row, line.column)
    address = f"{line.sheet}!{cell}"
    if row <= _LINKS:
        link = book.format(font_color=HEADER_FILL)
        sheet.write_url(row, 0, link_to(line.sheet, cell), link, address)
    else:
        sheet.write_string(row, 0, address, plain)
    trace = line.trace
    texts = (line.item, trace.mart, trace.row_key, trace.column, trace.label)
    for column, text in enumerate(texts, start=1):
        sheet.write_string(row, column, text, plain)
    number = to_decimal(trace.raw)
    if number is None:
        sheet.write_string(row, 6, plain_text(trace.raw), plain)
    else:
        sheet.write_number(row, 6, float(number), plain)
    known_at = book.manifest.known_at or EVERYTHING_KNOWN
    ends = (trace.text, book.manifest.as_of.isoformat(), known_at, trace.metric_version)
    for column, text in enumerate(ends, start=7):
        sheet.write_string(row, column, text, plain)
