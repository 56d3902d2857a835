"""What goes back to the person: the findings, and the bad rows marked up."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from yanbao.catalog.cell_rules import NUMBER_PATTERN
from yanbao.inbox.findings import BadCell
from yanbao.inbox.reading import ReadFile

_LONGEST_STEM = 60
# A workbook held in memory with its styles takes some fifty times its size on disk.
_LARGEST_MARKED = 8 * 1024 * 1024
_RUNS_IN_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def write_quarantine(folder: Path, load_id: str, read: ReadFile, original: Path) -> Path | None:
    """Write the findings and the marked-up rows; ``None`` where no row is bad.

    ``<load_id>.jsonl`` has one object per finding. A workbook comes back whole, as
    ``<load_id>.<stem>.marked.xlsx`` with the bad cells coloured and commented. Other files
    come back as ``<load_id>.<stem>.bad_rows.csv``: the bad rows as received below the
    file's own header, with ``_row``, ``_rule`` and ``_hint``. Either is ready to be
    corrected and dropped again. The marked-up copy is written first, so that findings are
    never there without their rows.
    """
    if not read.quarantined:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]", "_", original.stem)[:_LONGEST_STEM]
    if read.sheet and read.size_bytes <= _LARGEST_MARKED:
        from yanbao.inbox.marked_workbook import write_marked  # noqa: PLC0415

        _replace(
            folder / f"{load_id}.{stem}.marked.xlsx",
            lambda target: write_marked(original, str(read.sheet), read.quarantined, target),
        )
    else:
        _write(folder / f"{load_id}.{stem}.bad_rows.csv", _marked_up(read), "utf-8-sig")
    findings = folder / f"{load_id}.jsonl"
    _write(findings, _findings(read, original.name), "utf-8")
    return findings


def summarise(read: ReadFile) -> list[str]:
    """One line per rule and column: how often, where first, and what to do."""
    lines = []
    ordered = sorted(read.quarantined, key=lambda cell: (cell.rule, cell.column, cell.row))
    for _, group in groupby(ordered, key=lambda cell: (cell.rule, cell.column)):
        cells = list(group)
        first = cells[0]
        where = f" in {first.column}" if first.column else ""
        cell = f" ({first.cell})" if first.cell else ""
        lines.append(
            f"{len(cells):,} × {first.rule}{where}, first in row {first.row}{cell}:"
            f" {first.value!r} → {first.hint}"
        )
    return lines


def _findings(read: ReadFile, name: str) -> Iterator[str]:
    for cell in read.quarantined:
        yield json.dumps({"file": name, **asdict(cell)}, ensure_ascii=False) + "\n"


def _marked_up(read: ReadFile) -> Iterator[str]:
    width = max(map(len, read.bad_rows.values()), default=0)
    surplus = ["_surplus"] if width > len(read.headers) else []
    marks = ["_row", "_rule", "_hint"]
    # The mapping finds the header again in the row where it was.
    yield from (_csv_line([_inert(line)]) for line in read.title)
    yield _csv_line([*(_inert(name) for name in read.headers), *surplus, *marks])
    yield from ("\n" for _ in range(1, read.header_rows))
    by_row: dict[int, list[BadCell]] = {}
    for cell in read.quarantined:
        by_row.setdefault(cell.row, []).append(cell)
    for row, received in read.bad_rows.items():
        cells = list(received[: len(read.headers)])
        cells += [""] * (len(read.headers) - len(cells))
        if surplus:
            cells.append(",".join(received[len(read.headers) :]))
        found = by_row[row]
        hints = "; ".join(_distinct(_hint_of(cell) for cell in found))
        rules = "; ".join(_distinct(cell.rule for cell in found))
        yield _csv_line([*(_inert(cell) for cell in cells), str(row), rules, hints])


def _hint_of(cell: BadCell) -> str:
    return f"{cell.column}: {cell.hint}" if cell.column else cell.hint


def _distinct(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(texts)


def _inert(cell: str) -> str:
    """The cell, so that no spreadsheet runs it when the person opens the copy."""
    if cell.startswith(_RUNS_IN_SPREADSHEETS) and not re.fullmatch(NUMBER_PATTERN, cell):
        return f"'{cell}"
    return cell


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _write(path: Path, pieces: Iterable[str], encoding: str) -> None:
    def write(target: Path) -> None:
        with target.open("w", encoding=encoding, newline="") as handle:
            handle.writelines(pieces)

    _replace(path, write)


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write under a temporary name, reach the disk, then take the name."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        write(temporary)
        with temporary.open("rb") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
