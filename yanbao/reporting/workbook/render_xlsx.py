"""One workbook: 目录, a sheet per table with its charts and sentences, 图表数据, 底稿, 来源.

Cells hold unrounded numbers in printed units with a number format; text is always written
as text, so nothing from a mart becomes a formula or a link. The workbook for internal
readers is live: its numbers refer to sheets of stored values. The one for outsiders holds
values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter

from yanbao.reporting.printed.pack import (
    PrintedChart,
    PrintedItem,
    PrintedPack,
    PrintedSection,
    PrintedSentence,
    PrintedTable,
    Progress,
)
from yanbao.reporting.workbook.stored_values import StoredValues
from yanbao.reporting.workbook.xlsx_book import (
    CHART_DATA,
    CONTENTS,
    HEADER_ROW,
    SENTENCE_DATA,
    SOURCES,
    WORKING_PAPER,
    Book,
    link_to,
)
from yanbao.reporting.workbook.xlsx_charts import ChartSheet
from yanbao.reporting.workbook.xlsx_data import write_data_sheets
from yanbao.reporting.workbook.xlsx_facts import SentenceSheet
from yanbao.reporting.workbook.xlsx_front import write_contents
from yanbao.reporting.workbook.xlsx_table import write_table, write_words
from yanbao.reporting.workbook.xlsx_trace import (
    write_sources,
    write_working_paper,
)

_LOW, _ONE_PAGE = 42, 120  # rows
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
            "created": pack.manifest.created_at.replace(tzinfo=None),
        }
    )
    book = Book(workbook, pack, StoredValues(pack))
    contents = workbook.add_worksheet(CONTENTS)
    groups = [group for section in pack.sections for group in _groups(section)]
    sheets = [workbook.add_worksheet(group.name) for group in groups]
    charts = ChartSheet(book, workbook.add_worksheet(CHART_DATA))
    sentences = SentenceSheet(
        book, workbook.add_worksheet(SENTENCE_DATA) if book.is_live else None
    )
    for group, sheet in zip(groups, sheets):
        _write_group(book, sheet, group, charts, sentences)
    write_data_sheets(book)
    paper = workbook.add_worksheet(WORKING_PAPER)
    write_sources(book, workbook.add_worksheet(SOURCES))
    write_working_paper(book, paper)
    write_contents(book, contents)
    workbook.close()


@dataclass(frozen=True)
class Group:
    """What one sheet holds: at most one table, and the charts and sentences beside it."""

    section: PrintedSection
    items: tuple[PrintedItem, ...]

    @property
    def table(self) -> PrintedTable | None:
        return next((item for item in self.items if isinstance(item, PrintedTable)), None)

    @property
    def name(self) -> str:
        first = self.table.name if self.table else f"节{self.section.number}"
        return sheet_name(f"{first} {self.section.title}")


def _groups(section: PrintedSection) -> Iterator[Group]:
    """A new sheet at each table; what stands before the first one goes with it."""
    group = Group(section, ())
    for item in section.items:
        if isinstance(item, PrintedTable) and group.table:
            yield group
            group = Group(section, ())
        group = replace(group, items=(*group.items, item))
    yield group


def sheet_name(text: str) -> str:
    """A name that every spreadsheet accepts: at most 31 characters, no reserved ones."""
    return " ".join(text.translate(_FORBIDDEN_IN_NAMES).split())[:31].strip()


def _write_group(
    book: Book, sheet: Any, group: Group, charts: ChartSheet, sentences: SentenceSheet
) -> None:
    table = group.table
    sheet.hide_gridlines(2)
    book.head(sheet, table.marked_caption if table else group.section.title)
    row, traced = HEADER_ROW, len(book.traces)
    if table is not None:
        book.places[table.name] = link_to(group.name)
        row = write_table(book, sheet, table)
    for item in group.items:
        if isinstance(item, PrintedSentence):
            write_words(book, sheet, row, item.text, table)
            sentences.add(group.name, row, item)
            row += 1
    for item in group.items:
        if isinstance(item, PrintedChart):
            row = charts.place(item, sheet, row + 1)
    if len(book.traces) > traced:
        # The first line of 底稿 is its header.
        target = link_to(WORKING_PAPER, f"A{traced + 2}")
        sheet.write_url(2, 1, target, book.link(), WORKING_PAPER)
    # A sheet of ordinary length prints on one page, so that no chart is cut in two.
    if row <= _LOW:
        sheet.set_landscape()
    book.set_up_page(sheet, pages=1 if row <= _ONE_PAGE else 0)
