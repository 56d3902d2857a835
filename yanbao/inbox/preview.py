"""The first rows of a file, before anything is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

import pyarrow as pa

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.csv_records import Record, records_of
from yanbao.inbox.encoding import detect
from yanbao.inbox.intake import Limits, take_in
from yanbao.inbox.parquet_sheet import PARQUET_ERRORS, damaged_parquet, parquet_file
from yanbao.inbox.plausible_text import require_plausible
from yanbao.inbox.received import joined_headers, spread
from yanbao.inbox.units import looks_like_number, seconds
from yanbao.inbox.xlsx_cells import rows_of
from yanbao.inbox.xlsx_package import Package
from yanbao.inbox.xlsx_workbook import Workbook

PREVIEWED_ROWS = 60
_HEADER_WITHIN = 20
_FULL_ENOUGH = 0.6
_MOST = 500


@dataclass(frozen=True)
class Preview:
    """A file's header, the row or rows it stands in, and a few rows below; ``sheet`` of a
    workbook that has several. ``title`` is the text of each row above the header."""

    headers: tuple[str, ...]
    header_row: str
    rows: tuple[tuple[str, ...], ...]
    sheet: str | None = None
    title: tuple[str, ...] = ()

    def samples(self, header: str) -> list[str]:
        """The filled cells of a column."""
        at = self.headers.index(header)
        return [row[at] for row in self.rows if at < len(row) and row[at]]


def preview(path: Path) -> Preview:
    """Look at a file's first rows; refuses what ``read_file`` would refuse unread."""
    with FileRefusedError.named(path):
        content = take_in(path, Limits())
        if content.suffix == ".parquet":
            return _with_header(_parquet_rows(content.data))
        if content.suffix == ".xlsx":
            sheet, rows = _workbook_rows(Package(content.data))
            return _with_header(rows, sheet)
        found = detect(content.data)
        require_plausible(content.data, found)
        records = records_of(content.data, found)
        return _with_header(
            [
                (record.number, [cell.strip() for cell in record.cells])
                for record in islice(records, PREVIEWED_ROWS)
                if isinstance(record, Record)
            ]
        )


def _with_header(rows: list[tuple[int, list[str]]], sheet: str | None = None) -> Preview:
    """The header is the first row that is nearly as full as the fullest, and is all words."""
    fullest = max((sum(map(bool, cells)) for _, cells in rows), default=0)
    for position, (number, cells) in enumerate(rows[:_HEADER_WITHIN]):
        names = [cell for cell in cells if cell]
        words = [name for name in names if not looks_like_number(name)]
        if len(names) >= max(1, fullest * _FULL_ENOUGH) and len(words) * 2 > len(names):
            first, last = _header_lines(rows, position)
            lines, headers = str(number), cells
            if first < last:
                lines = f"{rows[first][0]}-{rows[last][0]}"
                below = rows[last][1]
                headers = joined_headers([spread(rows[first][1], below), below], _MOST)
            under = tuple(tuple(other) for _, other in rows[last + 1 :])
            above = tuple(" ".join(filter(None, other)) for _, other in rows[:first])
            return Preview(tuple(headers), lines, under, sheet, above)
    raise FileRefusedError("no row looks like a header", "put the column names above the rows")


def _header_lines(rows: list[tuple[int, list[str]]], at: int) -> tuple[int, int]:
    """The positions of a header's rows: measures repeat below the groups that they are of."""
    for first in (at - 1, at):
        if not 0 <= first < len(rows) - 1:
            continue
        (above, groups), (below, measures) = rows[first], rows[first + 1]
        words = [cell for cell in measures if cell]
        is_open = any(cell and not group for group, cell in zip_longest(groups, measures))
        is_repeated = len(set(words)) < len(words)
        if below == above + 1 and is_open and is_repeated and not any(map(_is_value, words)):
            return first, first + 1
    return at, at


def _is_value(cell: str) -> bool:
    return looks_like_number(cell) or seconds(cell) != cell or cell in ("-", "--", "—")


def _workbook_rows(package: Package) -> tuple[str | None, list[tuple[int, list[str]]]]:
    """The first visible sheet with content, and its name where there are more."""
    workbook = Workbook(package)
    found: list[tuple[str, list[tuple[int, list[str]]]]] = []
    for sheet in workbook.sheets:
        if sheet.hidden or not sheet.part:
            continue
        rows = [
            (row.number, [row.cells.get(at, "") for at in range(1, max(row.cells) + 1)])
            for row in islice(rows_of(package, workbook, sheet), PREVIEWED_ROWS)
            if row.cells
        ]
        if rows:
            found.append((sheet.name, rows))
    if not found:
        return None, []
    return (found[0][0] if len(found) > 1 else None), found[0][1]


def _parquet_rows(data: bytes) -> list[tuple[int, list[str]]]:
    file = parquet_file(pa.BufferReader(data))
    try:
        first = next(file.iter_batches(PREVIEWED_ROWS), None)
    except PARQUET_ERRORS as error:
        raise damaged_parquet(error) from error
    columns = [] if first is None else [column.to_pylist() for column in first.columns]
    rows = [["" if cell is None else str(cell) for cell in cells] for cells in zip(*columns)]
    return list(enumerate([file.schema_arrow.names, *rows], start=1))
