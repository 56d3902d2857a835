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

from yanbao.base.errors import FileRefusedError
from yanbao.base.file_names import readable
from yanbao.inbox.parquet_sheet import parquet_file
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
_WITH_MACROS = ("workbooks with macros are not read", "save it as .xlsx without macros")
_PACKED = ("it is packed", "unpack it and take the files in it")
_OTHER_TABLE = ("it is the file of another program", "save it as .xlsx or CSV UTF-8")
_WEB_PAGE = (b"<!doctype", b"<?xml", b"<html", b"<meta", b"<table")
_NOT_READ = {
    **dict.fromkeys((".xlsm", ".xlsb", ".xltm", ".xlam"), _WITH_MACROS),
    **dict.fromkeys((".zip", ".gz", ".7z", ".rar", ".tar"), _PACKED),
    **dict.fromkeys((".ods", ".et", ".ett", ".numbers", ".dbf", ".htm", ".html"), _OTHER_TABLE),
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

    @property
    def named(self) -> Path:
        """The file's name as a person reads it."""
        return Path(readable(self.path))


def take_in(path: Path, limits: Limits) -> Content:
    """The file's bytes, after every cap; links, folders and empty files are refused."""
    suffix = path.suffix.lower()
    if suffix not in _CHECKS:
        other = f"files ending in {suffix or 'nothing'} are not read"
        why, hint = _NOT_READ.get(suffix, (other, "use .csv, .xlsx or .parquet"))
        raise FileRefusedError(why, hint)
    with _open_plain(path) as handle:
        size = os.fstat(handle.fileno()).st_size
        if size == 0:
            raise FileRefusedError("the file is empty", "export it again")
        _CHECKS[suffix](handle, size, limits)
        handle.seek(0)
        data = handle.read()
    if len(data) != size:
        raise FileRefusedError(
            "the file changed while it was read", "wait until copying has ended"
        )
    return Content(path, suffix, data, hashlib.sha256(data).hexdigest())


def _open_plain(path: Path) -> BinaryIO:
    """Open a regular file; a link is refused even if it appears after the first look."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise FileRefusedError("symbolic links are not followed", "copy the file itself")
        if not stat.S_ISREG(mode):
            raise FileRefusedError("it is not a file", "drop one CSV, XLSX or Parquet file")
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileRefusedError(
            f"the file cannot be opened ({reason})", "check that it is there and readable"
        ) from error


def _refuse_size(size: int, cap: int) -> None:
    if size > cap:
        raise FileRefusedError(
            f"{size:,} bytes; at most {cap:,} are read", "split the file by date"
        )


def _check_csv(handle: BinaryIO, size: int, limits: Limits) -> None:
    _refuse_size(size, limits.csv_bytes)
    start = handle.read(_BLOCK)
    for magic, (what, hint) in _FOREIGN_STARTS.items():
        if start.startswith(magic):
            raise FileRefusedError(f"{what}, not CSV", hint)
    _refuse_web_page(start)
    lines = carriage_returns = 0
    block = start
    # Files of the old Mac kind end lines with a carriage return alone.
    while block:
        lines += block.count(b"\n")
        carriage_returns += block.count(b"\r")
        if max(lines, carriage_returns) > limits.csv_lines:
            raise FileRefusedError(
                f"more than {limits.csv_lines:,} lines",
                "send it as Parquet, or split it by date",
            )
        block = handle.read(_BLOCK)


def _check_xls(handle: BinaryIO, size: int, limits: Limits) -> None:
    """Refuse it, and say what it is: many programs give the ending to what is none."""
    del size, limits
    start = handle.read(_BLOCK)
    _refuse_web_page(start)
    if start.startswith((b"\xd0\xcf\x11\xe0", b"\x09\x08")):
        raise FileRefusedError("it is an old Excel file", "save it as .xlsx")
    if start.startswith(b"PK"):
        raise FileRefusedError(
            "it is a newer Excel file than its ending says", _SPREADSHEET_HINT
        )
    raise FileRefusedError(
        "it is text under the ending of an old Excel file",
        "open it in a spreadsheet and save it as .xlsx, or give it the ending .csv",
    )


def _refuse_web_page(start: bytes) -> None:
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower().startswith(_WEB_PAGE):
        hint = "open it in a spreadsheet and save it as .xlsx"
        raise FileRefusedError("it is a web page (HTML), not a table file", hint)


def _check_parquet(handle: BinaryIO, size: int, limits: Limits) -> None:
    _refuse_size(size, limits.parquet_bytes)
    metadata = parquet_file(handle).metadata
    unpacked = sum(
        metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups)
    )
    for what, found, cap in (
        ("rows", metadata.num_rows, limits.parquet_rows),
        ("columns", metadata.num_columns, limits.columns),
        ("bytes when unpacked", unpacked, limits.parquet_unpacked_bytes),
    ):
        if found > cap:
            raise FileRefusedError(
                f"{found:,} {what}; at most {cap:,} are read", "split the file by date"
            )


def _check_xlsx(handle: BinaryIO, size: int, limits: Limits) -> None:
    _refuse_size(size, limits.xlsx_bytes)
    check_package(handle, size, limits.xlsx_unpacked_bytes, limits.xlsx_ratio)


_CHECKS: dict[str, Callable[[BinaryIO, int, Limits], None]] = {
    ".csv": _check_csv,
    ".tsv": _check_csv,
    ".txt": _check_csv,
    ".parquet": _check_parquet,
    ".xls": _check_xls,
    ".xlsx": _check_xlsx,
}
# Files of other endings hold no table: texts, pictures, programs.
KNOWN_ENDINGS = frozenset({*_CHECKS, *_NOT_READ, ".json", ""})
