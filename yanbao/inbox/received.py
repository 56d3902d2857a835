"""What every kind of file hands over before any rule of a dataset is applied."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest
from typing import NamedTuple, Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.number_formats import Shown

_BATCH = 65_536
_WITHOUT_WIDTH = r"[\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{FEFF}]"

_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-f]{2,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not even be split into the file's columns."""

    finding: BadCell
    cells: tuple[str, ...]
    is_filled = True

    @property
    def number(self) -> int:
        return self.finding.row


class Doubt(NamedTuple):
    """A cell below ``header`` that shows another number than it holds."""

    row: int
    header: str
    shown: Shown


@dataclass(frozen=True, eq=False)
class Received:
    """All rows of a file: ``table`` by received header, ``numbers`` one per row of it.

    A number is that of the row which a person sees. Text is stripped, and empty text is
    null. ``broken`` rows are not in ``table``; rows with ``doubts`` are. Where one row of the
    file became several, ``cell_headers`` gives for each of them the header of the cell that it
    was made of.
    """

    table: pa.Table
    numbers: pa.Array
    broken: tuple[BrokenRow, ...]
    warnings: tuple[str, ...] = ()
    cell_headers: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def rows_in(self) -> int:
        return int(self.table.num_rows) + len(self.broken)

    def notes(self) -> Iterator[tuple[int, str]]:
        """Rows of which one cell is filled, and with words: their numbers and texts."""
        for row in self.broken:
            filled = [cell for cell in row.cells if cell.strip()]
            if len(filled) == 1:
                yield row.number, filled[0].strip()
        columns = self.table.columns
        if len(columns) < 2 or any(column.type != pa.string() for column in columns):
            return
        counts = reduce(pc.add, (pc.cast(pc.is_valid(c), pa.int16()) for c in columns))
        alone = pc.equal(counts, 1)
        texts = pc.coalesce(*columns).filter(alone)
        numbers = self.numbers.filter(alone.combine_chunks())
        yield from zip(numbers.to_pylist(), texts.to_pylist(), strict=True)


class Sheet:
    """An opened file whose headers are known and whose rows are still to be read.

    ``title`` is the text above the header, row by row; ``name`` that of a workbook's sheet.
    """

    encoding: str
    headers: tuple[str, ...]
    title: tuple[str, ...] = ()
    name: str | None = None
    may_have_decimal_commas = False

    def load(self) -> Received:
        raise NotImplementedError

    def place_of(self, text: str) -> str:
        """Where a line of the title or a header stands, for an error."""
        title = self.title
        return f"line {(title.index(text) if text in title else len(title)) + 1}"

    def address(self, header: str, row: int) -> str:
        """The address of a cell, in a file whose cells have one."""
        return ""


class NumberedRow(Protocol):
    """A row of any file; ``is_filled`` where a person sees something in it."""

    @property
    def number(self) -> int: ...

    @property
    def is_filled(self) -> bool: ...


Row = TypeVar("Row", bound=NumberedRow)


def rows_to_header(
    rows: Iterable[Row], lines: tuple[int, int] | None
) -> tuple[list[Row], list[Row]]:
    """Take the rows above the header and those of the header from the front of all rows.

    ``lines`` are the header's first and last; without them it is the first filled row.
    """
    above: list[Row] = []
    header: list[Row] = []
    for row in rows:
        if lines and row.number < lines[0]:
            above.append(row)
        elif lines or row.is_filled:
            header.append(row)
            if lines is None or row.number >= lines[1]:
                break
    return above, header


def joined_headers(
    rows: list[list[str]], most: int, place: Callable[[int], str] | None = None
) -> list[str]:
    """One header per column from a header of several rows, joined by a space.

    Refuses too many columns and repeated names; ``place`` gives a position's address.
    """
    columns = zip_longest(*rows, fillvalue="")
    names = [" ".join(dict.fromkeys(filter(None, column))) for column in columns]
    if len(names) > most:
        raise FileRefusedError(
            f"{len(names):,} columns; at most {most:,} are read",
            "export only the columns of the dataset",
        )
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            found = [at for at, other in enumerate(names) if other == name]
            where = f" ({', '.join(map(place, found))})" if place else ""
            raise FileRefusedError(
                f"the header names column {shown(name)!r} {times} times{where}",
                "give each column a name of its own",
            )
    return names


def spread(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """The groups of a header's columns by name: one stands for the empty cells to its right
    below which there are names."""
    found: list[str] = []
    last = ""
    for group, name in zip_longest(groups, names, fillvalue=""):
        last = (group or last) if name else ""
        found.append(last if name else group)
    return found


class TextRows:
    """Rows gathered as columns of text; few cells at a time are objects of Python."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._headers = list(headers)
        self._rows: list[Sequence[str | None]] = []
        self._batches: list[list[pa.Array]] = []
        self.numbers: list[int] = []
        self.broken: list[BrokenRow] = []
        self.doubts: list[Doubt] = []

    def add(self, number: int, cells: Sequence[str | None]) -> None:
        self.numbers.append(number)
        self._rows.append(cells)
        if len(self._rows) == _BATCH:
            self._flush()

    def received(self, what: str, warnings: Iterable[str]) -> Received:
        """All rows; refuses ``what`` (the file, a sheet) where there are none."""
        if not self.numbers and not self.broken:
            raise FileRefusedError(f"{what} has a header and no data rows", "export it again")
        if self._rows:
            self._flush()
        chunks = zip(*self._batches) if self._batches else [()] * len(self._headers)
        columns = [pa.chunked_array(list(chunk), pa.string()) for chunk in chunks]
        table = pa.Table.from_arrays(columns, names=self._headers)
        numbers = pa.array(self.numbers, pa.int64())
        doubts = tuple(self.doubts)
        return Received(table, numbers, tuple(self.broken), tuple(warnings), doubts=doubts)

    def _flush(self) -> None:
        columns = [tidy_text(pa.array(cells, pa.string())) for cells in zip(*self._rows)]
        self._batches.append(columns)
        self._rows = []


def tidy_text(cells: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Strip surrounding white space; empty text means that there is no value.

    Characters without a width (joiners, marks of direction or of byte order) are no part of
    what a person sees, and two spellings of one name with them.
    """
    if pc.sum(pc.binary_length(cells)) != pc.sum(pc.utf8_length(cells)):
        cells = pc.replace_substring_regex(cells, _WITHOUT_WIDTH, "")
    if pc.any(pc.match_substring(cells, "&")).as_py():
        cells = _without_entities(cells)
    stripped = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(stripped, ""), None, stripped)


def _without_entities(cells: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Letters that a page wrote by number or name (``&#20013;``, ``&eacute;``) as themselves.

    Those of ASCII stay for core's words, where they may stand for the marks of a page.
    """
    words = (cell and _ENTITY.sub(_letter, cell) for cell in cells.to_pylist())
    return pa.array(words, pa.string())


def _letter(entity: re.Match[str]) -> str:
    letter = html.unescape(entity[0])
    return letter if letter.isprintable() and not letter.isascii() else entity[0]
