"""Hashes by day: what they tell apart, and that a night brings up to date only its own."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from yanbao.catalog import BY_NAME
from yanbao.warehouse.content_hashes import (
    PERIODS,
    WHOLE,
    combine,
    core_partitions,
    hash_table,
    refresh_partitions,
)

NAVS = """
create schema core;
create table core.fund_navs (
    fund_code varchar, nav_date date, nav double, source_note varchar,
    first_seen_at timestamp, load_id varchar, version integer
);
create table core.funds (
    fund_code varchar, fund_name varchar, load_id varchar, version integer
);
insert into core.funds values ('1.OF', '样例', 'load-1', 1);
insert into core.fund_navs values
    ('1.OF', '2024-09-30', 1.0, null, now()::timestamp, 'load-1', 1),
    ('1.OF', '2024-10-30', 1.1, null, now()::timestamp, 'load-1', 1),
    ('1.OF', '2024-10-31', 1.2, null, now()::timestamp, 'load-1', 1);
"""


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(NAVS)
        refresh_partitions(connection, None)
        yield connection


def days(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    rows = connection.execute(
        "select table_name, partition, content_hash from partition_hashes"
    )
    return {(table, partition): content for table, partition, content in rows.fetchall()}


def test_dated_tables_are_hashed_by_day_and_others_whole(
    store: duckdb.DuckDBPyConnection,
) -> None:
    assert {*days(store)} == {
        ("fund_navs", "2024-09-30"),
        ("fund_navs", "2024-10-30"),
        ("fund_navs", "2024-10-31"),
        ("funds", WHOLE),
    }
    months = core_partitions(store)
    assert {month: rows for month, (rows, _) in months["fund_navs"].items()} == {
        "2024-09": 1,
        "2024-10": 2,
    }


def test_night_refreshes_the_days_of_its_loads_and_equals_a_full_refresh(
    store: duckdb.DuckDBPyConnection,
) -> None:
    before = days(store)
    store.execute(
        "insert into core.fund_navs values"
        " ('1.OF', '2024-10-31', 1.25, null, now()::timestamp, 'load-2', 2),"
        " ('1.OF', '2024-11-01', 1.3, null, now()::timestamp, 'load-2', 1)"
    )
    refresh_partitions(store, ["load-2"])
    after = days(store)
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {("fund_navs", "2024-10-31"), ("fund_navs", "2024-11-01")}
    refresh_partitions(store, None)
    assert days(store) == after


def test_load_and_time_of_arrival_are_not_hashed(store: duckdb.DuckDBPyConnection) -> None:
    before = days(store)
    store.execute("update core.fund_navs set load_id = 'x', first_seen_at = '2020-01-01'")
    refresh_partitions(store, None)
    assert days(store) == before


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("('a', 'bc')", "('ab', 'c')"),
        ("('a', null)", "('a', '')"),
        ("(null, 'a')", "('a', null)"),
        ("('a', 'b'), ('c', 'd')", "('a', 'd'), ('c', 'b')"),
        ("('a', 'b')", "('a', 'b'), ('a', 'b')"),
    ],
    ids=["boundary", "null and empty", "which is null", "pairs", "count"],
)
def test_hash_tells_rows_apart(left: str, right: str) -> None:
    with duckdb.connect() as connection:
        hashes = []
        for values in (left, right):
            connection.execute("create or replace table t (x varchar, y varchar)")
            connection.execute(f"insert into t values {values}")
            hashes.append(hash_table(connection, "main", "t"))
    assert hashes[0] != hashes[1]


def test_combined_hash_depends_on_names_and_not_on_order() -> None:
    assert combine([("a", "1"), ("b", "2")]) == combine([("b", "2"), ("a", "1")])
    assert combine([("a", "1"), ("b", "2")]) != combine([("a", "2"), ("b", "1")])


def test_periods_are_columns_of_the_key() -> None:
    declared = {name: column for name, column in PERIODS.items() if name in BY_NAME}
    assert [name for name, column in declared.items() if column not in BY_NAME[name].key] == []
