"""What all sheets of a workbook share: formats, heads, places to link to, traced numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from yanbao.reporting.printed.cell import Cell, Trace, cell_value
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.styling.theme import MUTED
from yanbao.reporting.workbook.formulas import Formula
from yanbao.reporting.workbook.stored_values import StoredValues

CONTENTS, CHART_DATA, SENTENCE_DATA = "目录", "图表数据", "正文数据"
WORKING_PAPER, SOURCES = "底稿", "来源"
AS_VALUE = "原值"
# Below the title, the line of facts and the links of a sheet.
HEADER_ROW = 3
Place = tuple[int, int]  # row and column, counted from 0


@dataclass(frozen=True)
class TraceLine:
    """One printed number: its cell, the table, chart or sentence with the row and column
    there, its origin, and how its cell comes to it."""

    sheet: str
    place: Place
    item: str
    trace: Trace
    row_name: str
    column_name: str
    how: str


@dataclass
class Book:
    """The workbook being written. ``places`` links to 表1, to 图2 and to marts in 来源.

    ``data`` are the stored values that numbers refer to. It holds none for outsiders, whose
    cells are values.
    """

    workbook: Any
    pack: PrintedPack
    data: StoredValues
    traces: list[TraceLine] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    _formats: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        return self.pack.house.audience == "internal"

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

    @property
    def muted(self) -> Any:
        return self.format(font_color=MUTED, font_size=9)

    def head(self, sheet: Any, title: str) -> None:
        """The rows above a header: title, the run, and the way back."""
        sheet.write_string(0, 0, title, self.format(bold=True, font_size=13))
        sheet.write_string(1, 0, self.pack.footer.line, self.muted)
        sheet.write_url(2, 0, link_to(CONTENTS), self.link(), f"返回{CONTENTS}")

    def set_up_list(self, sheet: Any, header: int, widths: Sequence[int]) -> None:
        """A long list prints across, its header again on each page."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.repeat_rows(header)
        sheet.set_landscape()
        self.set_up_page(sheet)

    def set_up_page(self, sheet: Any, pages: int = 0) -> None:
        """A4, one page wide, with header and footer; & starts a code there and is doubled."""
        sheet.set_paper(9)
        sheet.fit_to_pages(1, pages)
        marks = " · ".join(filter(None, (*self.pack.marks, self.pack.house.watermark)))
        title = self.pack.title.replace("&", "&&")
        sheet.set_header(f"&L&9{title[:80]}&R&9{marks.replace('&', '&&')}")
        facts = self.pack.footer.line[:200].replace("&", "&&")
        sheet.set_footer(f"&L&8{facts}&R&8&P / &N")

    def write_number(
        self,
        sheet: Any,
        place: Place,
        cell: Cell,
        cell_format: Any,
        formula: Formula | None = None,
    ) -> str:
        """Writes a number by ``formula``, by its stored value, or as it is; says which."""
        formula = formula or self.data.cell(cell)
        if formula is None:
            sheet.write_number(*place, cell_value(cell), cell_format)
            return AS_VALUE
        sheet.write_formula(*place, formula.text, cell_format, formula.value)
        return formula.how


def link_to(sheet: str, cell: str = "A1") -> str:
    return f"internal:'{sheet}'!{cell}"
