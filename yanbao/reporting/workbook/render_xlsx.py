"""One workbook: 目录, a sheet per table with its charts and sentences, 图表数据, 底稿, 来源.

Cells hold unrounded numbers in printed units with a number format; text is always written
as text, so nothing from a mart becomes a formula or a link. The workbook for internal
readers is live: its numbers refer to sheets of stored values. The one for outsiders holds
values.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from yanbao.reporting.styling.theme import MUTED
from yanbao.reporting.workbook.stored_values import StoredValues
from yanbao.reporting.workbook.xlsx_book import (
    CHART_DATA,
    CONTENTS,
    SENTENCE_DATA,
    SOURCES,
    WORKING_PAPER,
    Book,
    TraceLine,
    link_to,
)
from yanbao.reporting.workbook.xlsx_charts import ChartSheet
from yanbao.reporting.workbook.xlsx_data import write_data_sheets
from yanbao.reporting.workbook.xlsx_facts import SentenceSheet
from yanbao.reporting.workbook.xlsx_front import write_contents
from yanbao.reporting.workbook.xlsx_table import HEADER_ROW, write_table, write_words
from yanbao.reporting.workbook.xlsx_trace import (
    place_sources,
    write_sources,
    write_working_paper,
)

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
    is_live = pack.house.audience == "internal"
    book = Book(workbook, pack, StoredValues(pack) if is_live else None)
    contents = workbook.add_worksheet(CONTENTS)
    groups = [group for section in pack.sections for group in _groups(section)]
    sheets = [workbook.add_worksheet(group.name) for group in groups]
    charts = ChartSheet(book, workbook.add_worksheet(CHART_DATA))
    sentences = SentenceSheet(
        book, workbook.add_worksheet(SENTENCE_DATA) if book.data else None
    )
    for group, sheet in zip(groups, sheets):
        _write_group(book, sheet, group, charts, sentences)
    if book.data is not None:
        write_data_sheets(book, book.data)
    place_sources(book)
    write_working_paper(book, workbook.add_worksheet(WORKING_PAPER))
    write_sources(book, workbook.add_worksheet(SOURCES))
    write_contents(book, contents)
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


def _write_group(
    book: Book, sheet: Any, group: Group, charts: ChartSheet, sentences: SentenceSheet
) -> None:
    table = group.table
    caption = f"{table.caption}{_sample(table.sample)}" if table else group.title
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, caption, book.format(bold=True, font_size=13))
    sheet.write_string(1, 0, book.facts_line(), book.format(font_color=MUTED, font_size=9))
    sheet.write_url(2, 0, link_to(CONTENTS), book.link(), f"返回{CONTENTS}")
    row, first_trace = HEADER_ROW, book.next_trace
    if table is not None:
        book.places[f"表{table.number}"] = (group.name, 0, 0)
        row = write_table(book, sheet, table)
    for item in group.items:
        if isinstance(item, PrintedSentence):
            row = _write_sentence(book, sheet, item, (row, table), sentences)
    for item in group.items:
        if isinstance(item, PrintedChart):
            row = charts.place(item, sheet, row + 1)
    if book.next_trace > first_trace:
        target = link_to(WORKING_PAPER, f"A{first_trace + 1}")
        sheet.write_url(2, 1, target, book.link(), WORKING_PAPER)
    _set_up_page(sheet, row)
    book.set_page_marks(sheet)


def _set_up_page(sheet: Any, rows: int) -> None:
    """A sheet of ordinary length prints on one page, so that no chart is cut in two."""
    sheet.set_paper(9)
    if rows <= 42:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if rows <= 120 else 0)


def _write_sentence(
    book: Book,
    sheet: Any,
    sentence: PrintedSentence,
    at: tuple[int, PrintedTable | None],
    sentences: SentenceSheet,
) -> int:
    """The sentence over the width of the table; its numbers go to 底稿 as well."""
    row, table = at
    write_words(book, sheet, row, sentence.text, table)
    name = f"句{sentences.add(sheet.get_name(), row, sentence)}"
    for trace, how in zip(sentence.traces, sentences.ways(sentence)):
        book.record(
            TraceLine(sheet.get_name(), row, 0, name, trace, trace.row_key, trace.label, how)
        )
    return row + 1


def _sample(mark: str) -> str:
    return f"【{mark}】" if mark else ""
