"""What all sheets of a workbook share: formats, places to link to, numbers and trace lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yanbao.reporting.printed.cell import Cell, Trace, cell_value
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.styling.vocabulary import INTERNAL, SAMPLE
from yanbao.reporting.workbook.formulas import Formula
from yanbao.reporting.workbook.stored_values import StoredValues

CONTENTS, CHART_DATA, SENTENCE_DATA = "目录", "图表数据", "正文数据"
WORKING_PAPER, SOURCES = "底稿", "来源"
AS_VALUE = "原值"


@dataclass(frozen=True)
class TraceLine:
    """One printed number: its cell, the table, chart or sentence with the row and column
    there, its origin, and how its cell comes to it."""

    sheet: str
    row: int
    column: int
    item: str
    trace: Trace
    row_name: str = ""
    column_name: str = ""
    how: str = AS_VALUE


@dataclass
class Book:
    """The workbook being written. ``places`` maps 表1 or 图2 to (sheet, row, column).

    ``data`` are the sheets of stored values that numbers refer to; without them every cell
    is a value, which is what outsiders get.
    """

    workbook: Any
    pack: PrintedPack
    data: StoredValues | None = None
    traces: list[TraceLine] = field(default_factory=list)
    places: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    _formats: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def format(self, *, bare: bool = False, **properties: Any) -> Any:
        """A cell format, made once. ``bare`` is for conditional formats: a font name or
        size there would make spreadsheet programs repair the file."""
        key = (bare, *sorted(properties.items()))
        if key not in self._formats:
            font = self.pack.house.fonts.office
            base = {} if bare else {"font_name": font, "font_size": 10}
            self._formats[key] = self.workbook.add_format(base | properties)
        return self._formats[key]

    def header(self, **properties: Any) -> Any:
        """The format of a header cell, in the colour of the house style."""
        fill = self.pack.house.colours.header
        return self.format(bold=True, font_color="#FFFFFF", bg_color=fill, **properties)

    def link(self, **properties: Any) -> Any:
        return self.format(font_color=self.pack.house.colours.header, **properties)

    def write_number(
        self,
        sheet: Any,
        place: tuple[int, int],
        cell: Cell,
        cell_format: Any,
        formula: Formula | None = None,
    ) -> str:
        """Writes a number by ``formula``, by its stored value, or as it is; says which."""
        if formula is None and self.data is not None:
            formula = self.data.cell(cell)
        if formula is None:
            sheet.write_number(*place, cell_value(cell), cell_format)
            return AS_VALUE
        sheet.write_formula(*place, formula.text, cell_format, formula.value)
        return formula.how

    def record(self, line: TraceLine) -> None:
        self.traces.append(line)

    @property
    def next_trace(self) -> int:
        """The row that the next trace line will have in 底稿, counted from 0."""
        return len(self.traces) + 1

    def facts_line(self) -> str:
        return self.pack.footer.line

    def set_page_marks(self, sheet: Any) -> None:
        """Header and footer of every printed page; & starts a code there and is doubled."""
        marks = [SAMPLE] if self.pack.is_sample else []
        marks += [INTERNAL] if self.pack.house.audience == "internal" else []
        marks += [self.pack.house.watermark] if self.pack.house.watermark else []
        title = self.pack.title.replace("&", "&&")
        sheet.set_header(f"&L&9{title[:80]}&R&9{' · '.join(marks).replace('&', '&&')}")
        sheet.set_footer(f"&L&8{self.facts_line()[:200].replace('&', '&&')}&R&8&P / &N")


def link_to(sheet: str, cell: str = "A1") -> str:
    return f"internal:'{sheet}'!{cell}"
