"""What every kind of file hands over before any rule of a dataset is applied."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from yanbao.inbox.findings import BadCell, BadRow


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not even be split into the file's columns."""

    finding: BadCell
    cells: tuple[str, ...]

    @property
    def returned(self) -> BadRow:
        return BadRow(self.finding.row, self.cells)


@dataclass(frozen=True, eq=False)
class Received:
    """All rows of a file: ``table`` by received header, ``numbers`` one per row of it.

    Text is stripped, and empty text is null. ``broken`` rows are not in ``table``.
    ``origins`` gives the file's row, and the header of the cell that became the row, for
    the numbers 1, 2, … where one row of the file became several.
    """

    table: pa.Table
    numbers: pa.Array
    broken: tuple[BrokenRow, ...]
    warnings: tuple[str, ...] = ()
    origins: tuple[tuple[int, str], ...] | None = None

    def row_of(self, number: int) -> int:
        """The row of the file, as a person counts it."""
        return number if self.origins is None else self.origins[number - 1][0]

    @property
    def rows_in(self) -> int:
        return int(self.table.num_rows) + len(self.broken)


class Sheet(Protocol):
    """An opened file whose headers are known and whose rows are still to be read."""

    @property
    def headers(self) -> tuple[str, ...]: ...

    @property
    def title(self) -> tuple[str, ...]:
        """The text above the header, row by row."""

    @property
    def encoding(self) -> str: ...

    def load(self) -> Received: ...


def joined_headers(rows: list[list[str]]) -> list[str]:
    """One header per column from a header of several rows, joined by a space."""
    columns = zip_longest(*rows, fillvalue="")
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def tidy_text(cells: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Strip surrounding white space; empty text means that there is no value."""
    stripped = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(stripped, ""), None, stripped)
