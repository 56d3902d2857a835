"""Content hashes: over business columns, independent of order, load, run and clock.

A dated table is hashed day by day, so that a night hashes its new days only; the table's
hash is over (day, hash) pairs. An undated table is one partition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from yanbao.catalog import DATASETS, MERGED

if TYPE_CHECKING:
    import duckdb

VOLATILE = frozenset({"first_seen_at", "load_id"})
WHOLE = "all"
PERIODS = {
    dataset.name: dataset.date_column
    for dataset in (*DATASETS, *MERGED)
    if dataset.date_column in dataset.key and dataset.partitioning != "snapshot"
} | {"adjustment_factors": "ex_date"}


def business_columns(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str
) -> list[str]:
    """The columns that a hash is over, in their order."""
    names = connection.execute(f'select * from {schema}."{table}" limit 0').description
    return [name[0] for name in names if name[0] not in VOLATILE]


def tables_in(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables"
        " where table_schema = ? and table_type = 'BASE TABLE' order by 1",
        [schema],
    ).fetchall()
    return [row[0] for row in rows]


def row_text(columns: Iterable[str]) -> str:
    """SQL for one row as unambiguous text: unit-separated, nulls told from empty text."""
    fields = [f'coalesce(cast("{name}" as varchar), chr(30))' for name in columns]
    return f"concat({', chr(31), '.join(fields)})"


def hash_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """The hash of a whole table's business columns, whatever the order of its rows."""
    text = row_text(business_columns(connection, schema, table))
    row = connection.execute(
        f"select coalesce(md5(string_agg(row_hash, '' order by row_hash)), 'empty')"
        f' from (select md5({text}) as row_hash from {schema}."{table}")'
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives one row
    return str(row[0])


def refresh_partitions(
    connection: duckdb.DuckDBPyConnection, new_loads: Iterable[str] | None
) -> None:
    """Bring ``partition_hashes`` up to date; ``new_loads`` None means everything."""
    connection.execute(
        "create table if not exists partition_hashes"
        " (table_name varchar, partition varchar, row_count bigint, content_hash varchar)"
    )
    loads = None if new_loads is None else list(new_loads)
    for table in tables_in(connection, "core"):
        columns = business_columns(connection, "core", table)
        if "version" in columns and loads is not None and not loads:
            continue
        period = PERIODS.get(table)
        connection.execute("begin")
        _refresh(connection, table, columns, period, loads if "version" in columns else None)
        connection.execute("commit")


def _refresh(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[str],
    period: str | None,
    loads: list[str] | None,
) -> None:
    partition = f"cast({period} as varchar)" if period else f"'{WHOLE}'"
    touched, values = "true", []
    if loads is not None and period:
        touched = (
            f'{period} in (select distinct {period} from core."{table}"'
            " where list_contains(?::varchar[], load_id))"
        )
        values = [loads]
    connection.execute(
        "create or replace temporary table fresh as"
        " select partition, count(*) as row_count,"
        " md5(string_agg(row_hash, '' order by row_hash)) as content_hash from ("
        f" select {partition} as partition, md5({row_text(columns)}) as row_hash"
        f' from core."{table}" where {touched}) group by partition',
        values,
    )
    stale = "" if loads is not None and period else "or true"
    connection.execute(
        "delete from partition_hashes where table_name = ?"
        f" and (partition in (select partition from fresh) {stale})",
        [table],
    )
    connection.execute("insert into partition_hashes select ?, * from fresh", [table])


def core_partitions(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, dict[str, tuple[int, str]]]:
    """Per core table: partition (a month, or ``all``) → rows and hash."""
    rows = connection.execute(
        "select table_name, partition, row_count, content_hash"
        " from partition_hashes order by table_name, partition"
    ).fetchall()
    months: dict[str, dict[str, list[tuple[str, int, str]]]] = {}
    for table, partition, count, content in rows:
        month = partition[:7] if partition != WHOLE else WHOLE
        months.setdefault(table, {}).setdefault(month, []).append((partition, count, content))
    empty = {table: {WHOLE: (0, "empty")} for table in tables_in(connection, "core")}
    return empty | {
        table: {
            month: (sum(day[1] for day in days), combine((day[0], day[2]) for day in days))
            for month, days in by_month.items()
        }
        for table, by_month in months.items()
    }


def combine(parts: Iterable[tuple[str, str]]) -> str:
    """One hash over named hashes, in order of their names."""
    digest = hashlib.md5(usedforsecurity=False)
    for name, content in sorted(parts):
        digest.update(f"{name}={content};".encode())
    return digest.hexdigest()
