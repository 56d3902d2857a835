"""Taking a file in: what it may be, how large it may be, and its exact bytes.

Every cap is applied before a byte is parsed, so that an absurd file costs less than a
second. The bytes are read once and hashed; what is parsed is what was hashed, even when
somebody overwrites the file meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.xlsx_package import check_package

GIB = 1024**3
_BLOCK = 1024 * 1024
_SPREADSHEET_HINT = "give it the ending .xlsx"
_FOREIGN_STARTS = {
    b"PK\x03\x04": ("it is an Excel or ZIP file", _SPREADSHEET_HINT),
    b"\xd0\xcf\x11\xe0": ("it is an old Excel file", "save it as .xlsx"),
    b"PAR1": ("it is a Parquet file", "give it the ending .parquet"),
    b"\xff\xfe": ("it is UTF-16 text", "save it as CSV UTF-8"),
    b"\xfe\xff": ("it is UTF-16 text", "save it as CSV UTF-8"),
}


@dataclass(frozen=True)
class Limits:
    """Caps on one file. ``bad_cells`` bounds what one file may send to quarantine."""

    parquet_bytes: int = 2 * GIB
    parquet_unpacked_bytes: int = 8 * GIB
    parquet_rows: int = 50_000_000
    csv_bytes: int = GIB
    csv_lines: int = 5_000_000
    xlsx_bytes: int = GIB // 8
    xlsx_unpacked_bytes: int = GIB // 2
    xlsx_ratio: int = 250
    columns: int = 500
    bad_cells: int = 1_000_000


@dataclass(frozen=True, eq=False)
class Content:
    """A file's bytes, read once, with the hash of exactly these bytes."""

    path: Path
    suffix: str
    data: bytes
    sha256: str


def take_in(path: Path, limits: Limits) -> Content:
    """The file's bytes, after every cap; links, folders and empty files are refused."""
    suffix = path.suffix.lower()
    within_limits = _limit_check(path, suffix)
    with _open_plain(path) as handle:
        size = os.fstat(handle.fileno()).st_size
        if size == 0:
            raise FileRefusedError.of(path, "the file is empty", "export it again")
        within_limits(path, handle, size, limits)
        handle.seek(0)
        data = handle.read()
    if len(data) != size:
        raise FileRefusedError.of(
            path, "the file changed while it was read", "wait until copying has ended"
        )
    return Content(path, suffix, data, hashlib.sha256(data).hexdigest())


_LimitCheck = Callable[[Path, BinaryIO, int, Limits], None]


def _limit_check(path: Path, suffix: str) -> _LimitCheck:
    """The caps of the file's kind."""
    kinds: dict[str, _LimitCheck] = {
        ".csv": _check_csv,
        ".txt": _check_csv,
        ".parquet": _check_parquet,
        ".xlsx": _check_xlsx,
    }
    if suffix in kinds:
        return kinds[suffix]
    if suffix in (".xlsm", ".xlsb", ".xltm", ".xlam"):
        raise FileRefusedError.of(
            path, "workbooks with macros are not read", "save it as .xlsx without macros"
        )
    if suffix == ".xls":
        raise FileRefusedError.of(path, "it is an old Excel file", "save it as .xlsx")
    raise FileRefusedError.of(
        path,
        f"files ending in {suffix or 'nothing'} are not read",
        "use .csv, .xlsx or .parquet",
    )


def _open_plain(path: Path) -> BinaryIO:
    """Open a regular file; a link is refused even if it appears after the first look."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise FileRefusedError.of(
                path, "symbolic links are not followed", "copy the file itself"
            )
        if not stat.S_ISREG(mode):
            raise FileRefusedError.of(
                path, "it is not a file", "drop one CSV, XLSX or Parquet file"
            )
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileRefusedError.of(
            path,
            f"the file cannot be opened ({reason})",
            "check that it is there and readable",
        ) from error


def _refuse_size(path: Path, size: int, cap: int) -> None:
    if size > cap:
        raise FileRefusedError.of(
            path, f"{size:,} bytes; at most {cap:,} are read", "split the file by date"
        )


def _check_csv(path: Path, handle: BinaryIO, size: int, limits: Limits) -> None:
    _refuse_size(path, size, limits.csv_bytes)
    start = handle.read(_BLOCK)
    for magic, (what, hint) in _FOREIGN_STARTS.items():
        if start.startswith(magic):
            raise FileRefusedError.of(path, f"{what}, not CSV", hint)
    lines = carriage_returns = 0
    block = start
    # Files of the old Mac kind end lines with a carriage return alone.
    while block:
        lines += block.count(b"\n")
        carriage_returns += block.count(b"\r")
        if max(lines, carriage_returns) > limits.csv_lines:
            raise FileRefusedError.of(
                path,
                f"more than {limits.csv_lines:,} lines",
                "send it as Parquet, or split it by date",
            )
        block = handle.read(_BLOCK)


def _check_parquet(path: Path, handle: BinaryIO, size: int, limits: Limits) -> None:
    _refuse_size(path, size, limits.parquet_bytes)
    try:
        metadata = pq.ParquetFile(handle).metadata
    except (pa.ArrowException, OSError) as error:
        raise damaged_parquet(path, error) from error
    unpacked = sum(
        metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups)
    )
    for what, found, cap in (
        ("rows", metadata.num_rows, limits.parquet_rows),
        ("columns", metadata.num_columns, limits.columns),
        ("bytes when unpacked", unpacked, limits.parquet_unpacked_bytes),
    ):
        if found > cap:
            raise FileRefusedError.of(
                path,
                f"{found:,} {what}; at most {cap:,} are read",
                "split the file by date",
            )


def _check_xlsx(path: Path, handle: BinaryIO, size: int, limits: Limits) -> None:
    _refuse_size(path, size, limits.xlsx_bytes)
    check_package(
        path,
        handle,
        size,
        unpacked_bytes=limits.xlsx_unpacked_bytes,
        ratio=limits.xlsx_ratio,
    )


def damaged_parquet(path: Path, error: Exception) -> FileRefusedError:
    """The refusal of a Parquet file that cannot be read, with the reader's first words."""
    reason = str(error).strip().split("\n")[0].split(". ")[0]
    return FileRefusedError.of(
        path,
        f"the Parquet file is truncated or damaged ({reason})",
        "copy or export it again",
    )
