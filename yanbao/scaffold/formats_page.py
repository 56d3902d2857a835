"""``docs/import_formats.md``, from the declarations and from dbt's graph."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import DATASETS, Column, Dataset
from yanbao.catalog.declaration import SQL_TYPES
from yanbao.scaffold.generated import markdown_file

PAGE = PROJECT_ROOT / "docs" / "import_formats.md"
HEADER = ("column", "kind", "unit", "required", "what it holds", "example", "allowed")

INTRODUCTION = """\
# Import formats

Any dataset of the warehouse can be fed with a file. Name it to
`yanbao import`.

- **File name**: begins with the dataset's name, as in `web_traffic.csv` or
  `web_traffic_2024-10-18.csv`; or is anything, with `--dataset web_traffic`.
- **File type**: CSV, XLSX or Parquet. A CSV has a header row and commas, semicolons, tabs
  or bars, in UTF-8 (with or without a byte order mark) or GB18030. A workbook has one table on
  one visible sheet, and is read as its number formats show it.
- **Columns**: by name, in any order. Required ones must be there and filled; the others may
  be left empty or left out. An empty cell means that the value is missing, never zero.
  Columns that are not listed here are reported and ignored.
- **Dates**: ISO, `2024-10-31`.
- **Codes**: text with the exchange suffix (`600519.SH`, `0700.HK`, `NVDA.O`, `005962.OF`),
  leading zeros kept.
- **Numbers**: in the unit named, without thousands separators. Money is in yuan or in the
  `currency` of its row; fractions are fractions (0.026, not 2.6).
- **Key**: one row per key in a file. A later file with the same key and other values is a
  new version; the earlier one stays.
- **Read by**: the report marts that a row can reach, directly or through others.
- `source_note` is open to every dataset: say there where a row was taken from.

Files in a vendor's own layout come in through a mapping file instead: [inbox](inbox.md).
"""


def _cell(text: str) -> str:
    """A table cell: a pipe would start a new one."""
    return text.replace("|", "\\|")


def _bounds(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"{low:,g} to {high:,g}"
    if low is not None:
        return f"at least {low:,g}"
    return f"at most {high:,g}" if high is not None else ""


def _allowed(column: Column) -> str:
    """The values, bounds or pattern that a cell has to satisfy."""
    parts = [", ".join(f"`{value}`" for value in column.allowed), _bounds(column)]
    if column.pattern:
        parts.append(f"`{_cell(column.pattern)}`")
    return "; ".join(filter(None, parts))


def _column_row(column: Column) -> str:
    cells = (
        f"`{column.name}`",
        column.kind,
        _cell(column.unit),
        "yes" if column.required else "",
        _cell(column.description),
        f"`{_cell(column.example)}`" if column.example else "",
        _allowed(column),
    )
    return f"| {' | '.join(cells)} |"


def _read_by(marts: tuple[str, ...]) -> str:
    if not marts:
        return "Read by no report mart; `yanbao sql` shows it."
    return f"Read by: {', '.join(f'`{mart}`' for mart in marts)}."


def _section(dataset: Dataset, marts: tuple[str, ...]) -> str:
    key = ", ".join(f"`{name}`" for name in dataset.key)
    lines = [
        f"### {dataset.name}",
        "",
        f"{dataset.label}. Grain: {dataset.grain}.",
        "",
        f"Key: {key}. Cadence: {dataset.cadence}.",
        "",
        _read_by(marts),
        "",
        f"| {' | '.join(HEADER)} |",
        f"|{'---|' * len(HEADER)}",
        *map(_column_row, dataset.columns),
    ]
    if dataset.notes:
        lines += ["", dataset.notes]
    return "\n".join(lines)


def page_files(lineage: Sequence[tuple[str, str]]) -> dict[Path, str]:
    """The page: the introduction, then one section per dataset by group.

    ``lineage`` holds (mart, dataset) pairs: which datasets stand behind which report mart.
    """
    kinds = ", ".join(f"`{kind}`" for kind in SQL_TYPES)
    parts = [f"{INTRODUCTION}\nKinds of columns: {kinds}."]
    for group, datasets in groupby(DATASETS, key=lambda dataset: dataset.group):
        parts.append(f"## {group.capitalize()}")
        for dataset in datasets:
            marts = tuple(mart for mart, name in lineage if name == dataset.name)
            parts.append(_section(dataset, marts))
    return {PAGE: markdown_file("yanbao/catalog", "\n\n".join(parts) + "\n")}
