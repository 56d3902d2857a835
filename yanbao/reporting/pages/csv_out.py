"""Each printed table as CSV: the printed digits, a byte order mark, nothing executable."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from yanbao.reporting.printed.pack import PrintedPack, PrintedTable, Progress, silent

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
REMARKS = "备注"


def write_csv(pack: PrintedPack, folder: Path, _: Progress = silent) -> None:
    """One file per table, ``table-01-<mart>.csv``, in the pack's order."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in pack.tables:
        _write_table(table, folder)


def _write_table(table: PrintedTable, folder: Path) -> None:
    """Marks of the page are words here, in a last column where a row has any."""
    path = folder / f"table-{table.number:02d}-{table.mart}.csv"
    remarked = any(row.remarks for row in table.rows)
    header = [" ".join(header.text.split()) for header in table.headers] + [REMARKS] * remarked
    # The mark lets spreadsheet programs read the file as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([inert(text) for text in header])
        for row in table.rows:
            cells = [cell.text for cell in row.cells]
            cells += ["；".join(row.remarks)] * remarked
            writer.writerow([inert(text) for text in cells])


def inert(text: str) -> str:
    """The text with a leading ' where a spreadsheet would run it; numbers stay numbers."""
    if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
