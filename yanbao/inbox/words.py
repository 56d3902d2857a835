"""A file's words about its table: its names, its title, its headers and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yanbao.inbox.findings import shown
from yanbao.inbox.received import Sheet


@dataclass(frozen=True, eq=False)
class Words:
    """The words of the file at ``path``; ``notes`` are texts among its rows, by row."""

    path: Path
    sheet: Sheet
    notes: tuple[tuple[int, str], ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        return self.sheet.headers

    def place_of(self, header: str) -> str:
        return self.sheet.place_of(header)

    def lines(self) -> Iterator[tuple[str, str]]:
        """Every text that is about the whole table, and its place."""
        for text in filter(None, self.sheet.title):
            yield text, self.sheet.place_of(text)
        for row, text in self.notes:
            address = self.sheet.address(self.headers[0], row)
            yield text, f"cell {address}" if address else f"line {row}"
        yield self.path.stem, "the file's name"
        if self.sheet.name:
            yield self.sheet.name, f"the name of sheet {shown(self.sheet.name)}"
