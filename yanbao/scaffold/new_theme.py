"""Write a new theme: its pool, its taxonomy and a first sub-industry, as rows of the seeds."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from yanbao.base.errors import UsageError
from yanbao.catalog.themes.checks import SEEDS, SELECTORS, require_sound_themes
from yanbao.catalog.themes.tables import read_table

FIRST_DAY = "2018-01-01"


def write_new_theme(
    name: str, label: str, kind: str, selector: str, folder: Path = SEEDS
) -> list[Path]:
    """Append the rows of a theme; refuses a name in use and a selector that selects nothing.

    ``kind`` and ``selector`` are those of ``pools.csv``. Returns the files that were changed
    and, last, the one in which the desk now places its companies.
    """
    require_sound_themes(folder)
    for table, column in (("pools", "pool"), ("taxonomies", "taxonomy")):
        if name in {entry[column] for entry in read_table(folder, table)[0]}:
            raise UsageError(
                f"{name} exists already in {table}.csv", hint="choose another name"
            )
    pattern, wanted = SELECTORS[kind]
    if not re.fullmatch(pattern, selector):
        raise UsageError(f"{selector!r} does not select a pool", hint=f"give {wanted}")
    rows = {
        "pools": (name, label, kind, selector, name, "true", "true", "false"),
        "taxonomies": (name, label, name),
        "taxonomy_sub_industries": (name, "其他", "其他", "Other", "99", FIRST_DAY, ""),
    }
    changed = [_append(folder / f"{table}.csv", row) for table, row in rows.items()]
    return [*changed, folder / "taxonomy_members.csv"]


def _append(path: Path, row: tuple[str, ...]) -> Path:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(row)
    text = path.read_text(encoding="utf-8")
    gap = "" if text.endswith("\n") else "\n"
    path.write_text(f"{text}{gap}{line.getvalue()}", encoding="utf-8")
    return path
