"""Numbers with a decimal comma, in files that are separated by semicolons for their sake."""

from __future__ import annotations

import re

import pyarrow as pa

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import Column
from yanbao.inbox.findings import shown

_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+")
_DOTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COUNTED = ("count", "downloads", "shares", "visits", "votes")


def require_points(column: Column, cells: pa.ChunkedArray, numbers: pa.Array) -> None:
    """Refuse a file in which ``1,234`` is, or may be, one and a quarter.

    ``cells`` are a column's as received, ``numbers`` their rows. A comma is none of a decimal
    where another cell of the column shows that it groups thousands: ``1,234,567``, ``1,234.5``.
    """
    doubtful: tuple[int, str] | None = None
    for number, cell in zip(numbers.to_pylist(), cells.to_pylist(), strict=True):
        if cell is None or ("," not in cell and "." not in cell):
            continue
        if _is_certain(cell, column):
            raise _refused(number, column, cell, "has a decimal comma")
        if _THOUSANDS.fullmatch(cell):
            if "." in cell or cell.count(",") > 1:
                return
            doubtful = doubtful or (number, cell)
    if doubtful:
        raise _refused(doubtful[0], column, doubtful[1], "may have a decimal comma")


def _is_certain(cell: str, column: Column) -> bool:
    if _COMMA.fullmatch(cell):
        return not _THOUSANDS.fullmatch(cell)
    # Nothing that is counted has a fraction: these points group thousands.
    is_grouped = _DOTS.fullmatch(cell) is not None
    return is_grouped and (cell.count(".") > 1 or column.unit in _COUNTED)


def _refused(number: int, column: Column, cell: str, what: str) -> FileRefusedError:
    return FileRefusedError(
        f"line {number}: {column.name} {shown(cell)!r} {what}, between semicolons",
        "export it with decimal points (1234.5) and without marks between thousands",
    )
