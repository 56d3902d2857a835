"""What all sheets of a workbook share: formats, places to link to, and trace lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reports.printed import Footer, Trace
from reports.release_reader import Manifest
from reports.theme import XLSX_FONT

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class TraceLine:
    """One printed number: its cell, the table, chart or sentence, and its origin."""

    sheet: str
    row: int
    column: int
    item: str
    trace: Trace


@dataclass
class Book:
    """The workbook being written. ``places`` maps 表1 or 图2 to (sheet, row, column)."""

    workbook: Any
    manifest: Manifest
    footer: Footer
    traces: list[TraceLine] = field(default_factory=list)
    places: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    _formats: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def format(self, *, bare: bool = False, **properties: Any) -> Any:
        """A cell format, made once. ``bare`` is for conditional formats: a font name or
        size there would make spreadsheet programs repair the file."""
        key = (bare, *sorted(properties.items()))
        if key not in self._formats:
            base = {} if bare else {"font_name": XLSX_FONT, "font_size": 10}
            self._formats[key] = self.workbook.add_format(base | properties)
        return self._formats[key]

    def record(self, sheet: str, row: int, column: int, item: str, trace: Trace) -> None:
        self.traces.append(TraceLine(sheet, row, column, item, trace))

    def facts_line(self) -> str:
        return self.footer.line

    def page_footer(self) -> str:
        """The printed footer; & starts a code there and is doubled."""
        return f"&L&8{self.facts_line().replace('&', '&&')}&R&8&P / &N"


def link_to(sheet: str, cell: str = "A1") -> str:
    return f"internal:'{sheet}'!{cell}"
