"""What goes back to the person: the findings, and the bad rows marked up."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from yanbao.base.durable import fsync_file
from yanbao.base.file_names import readable, tame
from yanbao.catalog.cell_rules import NUMBER_PATTERN
from yanbao.inbox.findings import BadCell
from yanbao.inbox.reading import ReadFile

_LONGEST_STEM = 120
# A workbook held in memory with its styles takes some fifty times its size on disk, and half a
# minute for every 3 MB.
_LARGEST_MARKED = 1024 * 1024
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
    stem = tame(Path(readable(original)).stem, _LONGEST_STEM)
    marked = folder / f"{load_id}.{stem}.marked.xlsx"
    if not (read.sheet and _is_marked(original, read, marked)):
        with _replaced(folder / f"{load_id}.{stem}.bad_rows.csv") as target:
            target.write_text(_marked_up(read), encoding="utf-8-sig", newline="")
    findings = folder / f"{load_id}.jsonl"
    objects = ({"file": readable(original), **asdict(cell)} for cell in read.quarantined)
    with _replaced(findings) as target:
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
        target.write_text(lines, encoding="utf-8")
    return findings


def _is_marked(original: Path, read: ReadFile, marked: Path) -> bool:
    """Write a workbook's marked copy; not of a large one, nor where its styles are broken."""
    if read.size_bytes > _LARGEST_MARKED:
        return False
    from yanbao.inbox.marked_workbook import write_marked  # noqa: PLC0415

    try:
        with _replaced(marked) as target:
            write_marked(original, read.sheet or "", read.quarantined, target)
    except Exception:  # noqa: BLE001 - its writer knows no error of its own; the rows go as CSV
        return False
    return True


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


def _marked_up(read: ReadFile) -> str:
    """The bad rows as CSV, below the file's own header, each with its rules and hints."""
    text = io.StringIO()
    table = csv.writer(text)
    width = len(read.headers)
    is_surplus = any(len(cells) > width for cells in read.bad_rows.values())
    # The mapping finds the header again in the row where it was.
    table.writerows([_inert(line)] for line in read.title)
    surplus = ["_surplus"] if is_surplus else []
    table.writerow([*map(_inert, read.headers), *surplus, "_row", "_rule", "_hint"])
    text.write("\n" * (read.mapping.header_rows - 1))
    by_row: dict[int, list[BadCell]] = {}
    for cell in read.quarantined:
        by_row.setdefault(cell.row, []).append(cell)
    for row, received in read.bad_rows.items():
        cells = [*received[:width], *[""] * (width - len(received))]
        if is_surplus:
            cells.append(",".join(received[width:]))
        hints = "; ".join(dict.fromkeys(map(_hint_of, by_row[row])))
        rules = "; ".join(dict.fromkeys(cell.rule for cell in by_row[row]))
        table.writerow([*map(_inert, cells), row, rules, hints])
    return text.getvalue()


def _hint_of(cell: BadCell) -> str:
    return f"{cell.column}: {cell.hint}" if cell.column else cell.hint


def _inert(cell: str) -> str:
    """The cell, so that no spreadsheet runs it when the person opens the copy."""
    if cell.startswith(_RUNS_IN_SPREADSHEETS) and not re.fullmatch(NUMBER_PATTERN, cell):
        return f"'{cell}"
    return cell


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A name to write under: what was written reaches the disk, then takes its place."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        yield temporary
        fsync_file(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
