"""Cell checks, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from yanbao.catalog import Dataset
from yanbao.catalog.cell_rules import (
    FORMULA_PATTERN,
    NUMBER_PATTERN,
    ROW,
    CellRule,
    Form,
    broken_cells,
    quoted,
    rules_of,
)
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.hints import hint_for
from yanbao.inbox.summary_rows import SUMMARY_CELL

# No file of the machine is reachable from a query, and nothing is fetched or spilled.
ISOLATED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "temp_directory": "",
}


@contextmanager
def checking() -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory database; the rows to judge are registered as ``received``."""
    with duckdb.connect(":memory:", config=ISOLATED) as connection:
        yield connection


def bad_cells(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    forms: dict[str, Form],
    today: date,
    most: int,
    *,
    kept: Mapping[str, Sequence[str]],
) -> list[BadCell]:
    """Cells of ``received`` that break a rule, each with the first rule that it breaks.

    A total in a name of the key is no row of the dataset, unless it is among the words
    ``kept`` of its column. Stops after ``most`` + 1 cells: the caller then refuses the file.
    """
    found: list[BadCell] = []
    for name, form in forms.items():
        column = dataset.column(name)
        rules = list(rules_of(dataset, column, form, today))
        named = column.kind == "text" and not column.allowed
        if named and name in dataset.key and form == "text":
            rules.append(_summary_rule(kept.get(name, ())))
        left = most + 1 - len(found)
        found += [
            BadCell(row, name, shown(cell), rule, hint_for(column, rule, cell))
            for row, cell, rule in broken_cells(connection, "received", name, rules, left)
        ]
        if len(found) > most:
            break
    return found


def _summary_rule(kept: Sequence[str]) -> CellRule:
    """The rule of a name in the key: 合计 and Total are none, but for the words ``kept``."""
    is_total = "length(cell) < 24 and regexp_full_match(cell, ?)"
    condition = f"{is_total} and not list_contains(cast(? as varchar[]), cell)"
    return CellRule("summary_row", condition, (SUMMARY_CELL, list(kept)))


def formula_warnings(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    forms: dict[str, Form],
    row_of: Callable[[int], int],
) -> list[str]:
    """Text that a spreadsheet would run as a formula: stored as text, with a warning."""
    warnings = []
    for name, form in forms.items():
        if form != "text" or dataset.column(name).kind != "text":
            continue
        cell = quoted(name)
        query = f"""
            select count(*), min({ROW}) from received
            where regexp_full_match({cell}, ?) and not regexp_full_match({cell}, ?)
        """
        found = connection.execute(query, [f"(?s){FORMULA_PATTERN}", NUMBER_PATTERN]).fetchone()
        if found and found[0]:
            warnings.append(
                f"{found[0]:,} cells of {name} look like formulas and are stored as text,"
                f" the first in row {row_of(found[1])}"
            )
    return warnings
