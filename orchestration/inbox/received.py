"""What every kind of file hands over before any rule of a dataset is applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.inbox.findings import BadCell, BadRow


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
    """

    table: pa.Table
    numbers: pa.Array
    broken: tuple[BrokenRow, ...]
    warnings: tuple[str, ...] = ()

    @property
    def rows_in(self) -> int:
        return int(self.table.num_rows) + len(self.broken)


class Sheet(Protocol):
    """An opened file whose headers are known and whose rows are still to be read."""

    @property
    def headers(self) -> tuple[str, ...]: ...

    @property
    def encoding(self) -> str: ...

    def load(self) -> Received: ...


def tidy_text(cells: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Strip surrounding white space; empty text means that there is no value."""
    stripped = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(stripped, ""), None, stripped)
