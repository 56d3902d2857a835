"""The CSV files of pools and taxonomies, read strictly: every row with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "taxonomies": ("taxonomy", "label_zh", "label_en"),
    "taxonomy_sub_industries": (
        *("taxonomy", "sub_industry", "label_zh", "label_en", "sort_order"),
        *("valid_from", "valid_to"),
    ),
    "taxonomy_members": (
        *("taxonomy", "sub_industry", "code", "valid_from", "valid_to", "reason"),
    ),
    "pools": (
        *("pool", "label_zh", "kind", "selector", "taxonomy"),
        *("excludes_beijing", "excludes_st", "includes_unlisted"),
    ),
    "pool_additions": ("pool", "code", "reason", "valid_from", "valid_to"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one row: where it stands, the rule, what to do."""

    file: str
    row: int
    column: str
    value: str
    rule: str
    hint: str

    @property
    def place(self) -> str:
        """File, row, column and value."""
        cell = f", {self.column} {self.value!r}" if self.column else ""
        return f"{self.file} row {self.row}{cell}"

    def line(self) -> str:
        """One line: the place, then the rule and what to do."""
        return f"{self.place}: {self.rule} → {self.hint}"


@dataclass(frozen=True)
class Entry:
    """One row of a file, by column; ``row`` is its line as an editor numbers it."""

    file: str
    row: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def fault(self, column: str, rule: str, hint: str) -> Fault:
        return Fault(self.file, self.row, column, self.cells.get(column, ""), rule, hint)

    def unknown(self, column: str, kind: str, known: set[str]) -> Fault:
        """A name that no other file defines, with the nearest one that is defined."""
        near = get_close_matches(self[column], sorted(known), n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
        return self.fault(column, f"there is no such {kind}", hint)


def read_table(folder: Path, table: str) -> tuple[list[Entry], list[Fault]]:
    """A file's rows and what cannot be read of it; unreadable rows are not among the rows."""
    path = folder / f"{table}.csv"
    wanted = COLUMNS[table]

    def fault(row: int, rule: str, hint: str) -> Fault:
        return Fault(path.name, row, "", "", rule, hint)

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return [], [fault(1, "the file is missing", "restore it from version control")]
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        return [], [fault(row, "the text is not UTF-8", "save the file as CSV UTF-8")]
    records = list(_records(text))
    if not records or tuple(records[0][1]) != wanted:
        return [], [fault(1, "the header is another one", f"write {','.join(wanted)}")]
    entries, faults = [], []
    for row, cells in records[1:]:
        if len(cells) != len(wanted):
            rule = f"{len(cells)} cells where the header has {len(wanted)}"
            faults.append(fault(row, rule, "check commas and quotation marks"))
        else:
            entries.append(Entry(path.name, row, dict(zip(wanted, cells, strict=True))))
    padded = [(e, c) for e in entries for c, v in e.cells.items() if v != v.strip()]
    faults += [e.fault(c, "blanks at the edge of a cell", "delete them") for e, c in padded]
    return entries, faults


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True))
    start = 1
    for cells in reader:
        if cells:
            yield start, cells
        start = reader.line_num + 1
