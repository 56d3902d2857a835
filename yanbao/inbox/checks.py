"""Cell checks, over whole columns at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from yanbao.catalog import Column, Dataset
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.hints import hint_for
from yanbao.inbox.rules import (
    FORMULA_PATTERN,
    NUMBER_PATTERN,
    Form,
    Rule,
    rules_of,
    summary_rule,
)

ROW = "_row"
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
        latest = today if _is_known_past(dataset, name) else None
        rules = list(rules_of(column, form, latest))
        named = column.kind == "text" and not column.allowed
        if named and name in dataset.key and form == "text":
            rules.append(summary_rule(kept.get(name, ())))
        found += _bad_cells_of(connection, column, rules, most + 1 - len(found))
        if len(found) > most:
            break
    return found


def _is_known_past(dataset: Dataset, name: str) -> bool:
    """Whether a day in this column lies in the past by its meaning.

    An announcement has happened even where a dataset's own periods may lie ahead.
    """
    if name == "announced_on":
        return True
    return name == dataset.date_column and not dataset.future_allowed


def _bad_cells_of(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    rules: list[Rule],
    most: int,
) -> list[BadCell]:
    if not rules:
        return []
    branches = " ".join(f"when {rule.condition} then {_text(rule.name)}" for rule in rules)
    query = f"""
        with cells as (select {ROW}, {quoted(column.name)} as cell from received),
        judged as (select {ROW}, cell, case {branches} end as rule from cells)
        select {ROW}, coalesce(cast(cell as varchar), ''), rule
        from judged where rule is not null order by {ROW} limit {most}
    """
    values = [value for rule in rules for value in rule.values]
    return [
        BadCell(row, column.name, shown(cell), rule, hint_for(column, rule, cell))
        for row, cell, rule in connection.execute(query, values).fetchall()
    ]


def formula_warnings(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, forms: dict[str, Form]
) -> list[str]:
    """Text that a spreadsheet would run as a formula: stored as text, and told."""
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
                f" the first in row {found[1]}"
            )
    return warnings


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
