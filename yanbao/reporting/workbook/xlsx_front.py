"""The first sheet: 目录 with links, what a reader must know first, and the dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yanbao.reporting.printed.pack import PrintedPack, PrintedSentence
from yanbao.reporting.workbook.xlsx_book import (
    CHART_DATA,
    SENTENCE_DATA,
    SOURCES,
    WORKING_PAPER,
    Book,
    link_to,
)


def write_contents(book: Book, sheet: Any) -> None:
    """Title, where the numbers come from, links, and the dates behind them."""
    pack = book.pack
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    link = book.link(underline=1)
    sheet.write_string(0, 0, pack.title, book.format(bold=True, font_size=16))
    sheet.write_string(1, 0, pack.subtitle, book.format())
    sheet.write_string(2, 0, pack.footer.line, book.muted)
    row = 3
    for warning in pack.warning_lines:
        banner = book.format(bold=True, bg_color="#FFF6E0", text_wrap=True)
        sheet.merge_range(row, 0, row, 1, "", banner)
        sheet.write_string(row, 0, warning, banner)
        row += 1
    row += 1
    for section in pack.sections:
        sheet.write_string(row, 0, section.heading, book.format(bold=True))
        row += 1
        for item in section.items:
            if isinstance(item, PrintedSentence):
                continue
            name, _, title = item.marked_caption.partition(" ")
            sheet.write_url(row, 0, book.places[name], link, name)
            sheet.write_string(row, 1, title, book.format())
            row += 1
    for name, words in _other_sheets(book):
        sheet.write_url(row, 0, link_to(name), link, name)
        sheet.write_string(row, 1, words, book.format())
        row += 1
    row += 1
    for label, text in _facts(pack):
        sheet.write_row(row, 0, (label, text), book.muted)
        row += 1
    book.set_up_page(sheet, pages=1)


def _other_sheets(book: Book) -> Iterator[tuple[str, str]]:
    yield CHART_DATA, "图中的数字"
    if book.is_live:
        yield SENTENCE_DATA, "正文中的数字与其依据，计数为公式"
    for name in book.data.names.values():
        yield name, "原始值；表与图中的数字引用此处"
    yield WORKING_PAPER, "每个印出的数字：位置、原始值、数据表、行键、指标版本、来源、装载编号"
    yield SOURCES, "数据表背后的数据集、来源、装载与分发许可"


def _facts(pack: PrintedPack) -> Iterator[tuple[str, str]]:
    yield from pack.footer.entries
    yield from pack.dates
    yield "说明", f"{pack.house.colours.legend}；单元格保存未舍入的数值，按格式显示。"
