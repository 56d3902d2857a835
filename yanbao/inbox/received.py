"""What every kind of file hands over before any rule of a dataset is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.findings import BadCell, BadRow, shown

_BATCH = 65_536


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


def check_headers(
    names: list[str],
    most: int,
    refuse: Callable[[str, str], FileRefusedError],
    place: Callable[[int], str] | None = None,
) -> None:
    """Refuse too many columns and repeated names; ``place`` gives a position's address."""
    if len(names) > most:
        raise refuse(
            f"{len(names):,} columns; at most {most:,} are read",
            "export only the columns of the dataset",
        )
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            found = [at for at, other in enumerate(names) if other == name]
            where = f" ({', '.join(map(place, found))})" if place else ""
            raise refuse(
                f"the header names column {shown(name)!r} {times} times{where}",
                "give each column a name of its own",
            )


class TextColumns:
    """Rows gathered as columns of text; few cells at a time are objects of Python."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._headers = list(headers)
        self._rows: list[Sequence[str | None]] = []
        self._batches: list[list[pa.Array]] = []

    def add(self, cells: Sequence[str | None]) -> None:
        self._rows.append(cells)
        if len(self._rows) == _BATCH:
            self._flush()

    def table(self) -> pa.Table:
        if self._rows:
            self._flush()
        chunks = zip(*self._batches) if self._batches else [()] * len(self._headers)
        columns = [pa.chunked_array(list(chunk), pa.string()) for chunk in chunks]
        return pa.Table.from_arrays(columns, names=self._headers)

    def _flush(self) -> None:
        columns = [tidy_text(pa.array(cells, pa.string())) for cells in zip(*self._rows)]
        self._batches.append(columns)
        self._rows = []


def tidy_text(cells: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Strip surrounding white space; empty text means that there is no value."""
    stripped = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(stripped, ""), None, stripped)
