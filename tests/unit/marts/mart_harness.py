"""Runs a report mart's compiled SQL over hand-made core rows.

The SQL is what dbt compiled and what a release carries, of a mart and of the shared steps
that it reads: nothing of a mart's logic is replaced by a fixture. Core tables have the columns
and types of their contracts; seeds are the project's own unless a test gives its rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from yanbao.base.settings import PROJECT_ROOT
from yanbao.warehouse.compiled_sql import STEPS, relations_behind
from yanbao.warehouse.store import Parameters, set_run_parameters

Row = dict[str, Any]
MANY = 1000  # rows of one shape, which enter at once
LANDED: Row = {"first_seen_at": "2024-01-01 00:00:00", "load_id": "load-001", "version": 1}


@dataclass(frozen=True)
class Harness:
    """``sql`` by mart or step; ``columns`` (name → type) by core table, seed and staging."""

    sql: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    def __call__(
        self, mart: str, as_of: str, known_at: str | None = None, **rows: Sequence[Row]
    ) -> list[Row]:
        """The mart's rows for one day; ``rows`` are those of core tables and seeds."""
        known = date.fromisoformat(known_at) if known_at else None
        behind = relations_behind(self.sql[mart], self.sql)
        reads = {table for schema, table in behind if schema != STEPS}
        assert {*rows} <= reads, f"{mart} does not read {sorted({*rows} - reads)}"
        with duckdb.connect() as connection:
            connection.execute("attach ':memory:' as warehouse")
            connection.execute("use warehouse")
            for schema in ("core", "staging", STEPS):
                connection.execute(f"create schema {schema}")
            set_run_parameters(connection, Parameters(date.fromisoformat(as_of), known))
            for schema, name in behind:
                if schema == STEPS:
                    connection.execute(f"create view {schema}.{name} as {self.sql[name]}")
                else:
                    self._fill(connection, schema, name, rows.get(name, seed_rows(name)))
            result = connection.execute(self.sql[mart])
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _fill(
        self,
        connection: duckdb.DuckDBPyConnection,
        schema: str,
        table: str,
        rows: Sequence[Row],
    ) -> None:
        columns = self.columns[table]
        fields = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"create table {schema}.{table} ({fields})")
        landed = {name: value for name, value in LANDED.items() if name in columns}
        if len(rows) > MANY:
            given = pa.Table.from_pylist([{**landed, **row} for row in rows])
            connection.register("given", given)
            connection.execute(f"insert into {schema}.{table} by name select * from given")
            return
        for row in rows:
            full = {**landed, **row}
            names = ", ".join(f'"{name}"' for name in full)
            marks = ", ".join("?" * len(full))
            connection.execute(
                f"insert into {schema}.{table} ({names}) values ({marks})", [*full.values()]
            )


def mainland_sessions(days: Iterable[str]) -> list[Row]:
    """A calendar on which the mainland trades on some days alone."""
    return [{"market": "CN", "trade_date": day} for day in days]


def seed_rows(table: str) -> list[Row]:
    """The project's own rows of a seed; none for a core table."""
    path = PROJECT_ROOT / "dbt_project" / "seeds" / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(file)]
