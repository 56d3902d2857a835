"""Versions and what was known of them, against a slow and obvious oracle.

The macros are rendered as dbt renders them and run on DuckDB over random histories.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_macros import as_dbt_renders

pytestmark = [pytest.mark.slow]

FACT = "item varchar, day date, value double, note varchar, available_on date"
LANDING = "first_seen_at timestamp, load_id varchar"
MODEL = """
{%- set key = ['item', 'day'] -%}
{%- set attributes = ['value', 'note'] -%}
insert into fact
with candidates as (select * from candidate_rows),
{{ new_versions(
    'candidates', key=key, attributes=attributes, period=period, partial=partial
) }}
select item, day, value, note, available_on, first_seen_at, load_id, version from versions
"""
KNOWN = "select * from {{ known_versions('fund_navs', where=where) }} as known"
START = date(2024, 10, 1)
SEEN = datetime(2024, 10, 1, 12)
SEEN_DAYS = 3


@dataclass(frozen=True)
class Row:
    """One row of a load. ``available`` is in days after the start, null for undated data."""

    item: str | None
    day: int
    value: float | None
    note: str | None
    available: int | None
    carries: tuple[str, ...] = ("value", "note")


Load = tuple[Row, ...]
Facts = list[tuple[object, ...]]
rows = st.builds(
    Row,
    item=st.sampled_from(["a", "b", None]),
    day=st.integers(0, 1),
    value=st.sampled_from([1.0, 2.0, None]),
    note=st.sampled_from(["x", None]),
    available=st.sampled_from([0, 2, 5, None]),
)
rows_of_any_source = st.builds(
    lambda row, carries: replace(row, carries=carries),
    rows,
    carries=st.sampled_from([("value", "note"), ("value",), ("note",), ()]),
)
loads_of_any_rows = st.lists(st.lists(rows, max_size=4).map(tuple), min_size=1, max_size=6)
loads_with_single_keys = st.lists(
    st.lists(rows, max_size=4, unique_by=lambda row: (row.item, row.day)).map(tuple),
    min_size=1,
    max_size=5,
)


def rendered(body: str, *, incremental: bool, **context: object) -> str:
    return as_dbt_renders(body, is_incremental=lambda: incremental, this="fact", **context)


ATTRIBUTES = ("value", "note")
INSERTS = {
    (incremental, period, partial): rendered(
        MODEL, incremental=incremental, period=period, partial=list(partial)
    )
    for incremental in (False, True)
    for period in (None, "day")
    for partial in ((), ("value",), ("note",), ATTRIBUTES)
}
WHERES = ("true", "fact.item = 'a'")
# Read as the table whose key is a text and a day, under the names of the test.


def relation(name: str) -> str:
    """The core table of these tests, and the one row of parameters."""
    return name if name == "int_run_parameters" else "fact"


KNOWN_SQL = {
    where: rendered(KNOWN, incremental=False, where=where, ref=relation)
    .replace("fund_code", "item")
    .replace("nav_date", "day")
    for where in WHERES
}


@contextmanager
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"create table fact ({FACT}, {LANDING}, version integer)")
        connection.execute(
            f"create table candidate_rows ({FACT}, {LANDING}, arrival_row bigint,"
            " not_carried varchar)"
        )
        yield connection


def seen_at(number: int) -> datetime:
    """Loads arrive a few days apart; some at the same instant, told apart by their id."""
    return SEEN + timedelta(days=SEEN_DAYS * (number // 2))


def apply(
    connection: duckdb.DuckDBPyConnection,
    numbered: Sequence[tuple[int, Load]],
    *,
    period: str | None,
    is_first: bool,
    partial: tuple[str, ...] = (),
) -> None:
    """One build over a batch of loads, as dbt would run it."""
    connection.execute("delete from candidate_rows")
    values = [
        (
            row.item,
            START + timedelta(days=row.day),
            row.value,
            row.note,
            None if row.available is None else START + timedelta(days=row.available),
            seen_at(number),
            f"load-{number:03d}",
            arrival,
            " ".join(name for name in ATTRIBUTES if name not in row.carries) or None,
        )
        for number, load in numbered
        for arrival, row in enumerate(load, start=1)
    ]
    if values:
        connection.executemany("insert into candidate_rows values (?,?,?,?,?,?,?,?,?)", values)
    connection.execute(INSERTS[not is_first, period, partial])


def facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    query = "select * from fact order by item nulls first, day, version"
    return connection.execute(query).fetchall()


def built(
    loads: Sequence[Load],
    cuts: Sequence[int],
    period: str | None,
    partial: tuple[str, ...] = (),
) -> Facts:
    """The table after building the loads in batches that end at the cuts."""
    numbered = list(enumerate(loads))
    edges = sorted({0, *(cut for cut in cuts if cut < len(loads)), len(loads)})
    with warehouse() as connection:
        for first, last in pairwise(edges):
            batch = numbered[first:last]
            apply(connection, batch, period=period, is_first=first == 0, partial=partial)
        return facts(connection)


def expected(loads: Sequence[Load], partial: tuple[str, ...] = ()) -> Facts:
    """Slowly: a row that differs from the last version of its key is the next version.

    What its source does not carry is taken from the last version, if there is one.
    """
    versions: dict[tuple[str | None, int], Facts] = {}
    for number, load in enumerate(loads):
        for row in load:
            known = versions.setdefault((row.item, row.day), [])
            earlier = known[-1][2:4] if known else (None, None)
            stated = tuple(
                before if name in partial and name not in row.carries else own
                for name, own, before in zip(ATTRIBUTES, (row.value, row.note), earlier)
            )
            if known and stated == earlier:
                continue
            available = None if row.available is None else START + timedelta(days=row.available)
            day = START + timedelta(days=row.day)
            seen, load_id = seen_at(number), f"load-{number:03d}"
            known.append((row.item, day, *stated, available, seen, load_id, len(known) + 1))
    ordered = sorted(versions, key=lambda key: (key[0] is not None, key[0] or "", key[1]))
    return [row for key in ordered for row in versions[key]]


@settings(max_examples=40)
@given(
    loads=loads_of_any_rows,
    cuts=st.lists(st.integers(1, 6), max_size=4),
    period=st.sampled_from([None, "day"]),
)
def test_versions_do_not_depend_on_how_loads_were_batched(
    loads: list[Load], cuts: list[int], period: str | None
) -> None:
    versions = expected(loads)
    assert built(loads, range(1, len(loads)), period) == versions
    assert built(loads, cuts, period) == versions
    assert built(loads, [], period) == versions


@settings(max_examples=60)
@given(
    loads=st.lists(st.lists(rows_of_any_source, max_size=4).map(tuple), min_size=1, max_size=6),
    cuts=st.lists(st.integers(1, 6), max_size=4),
    period=st.sampled_from([None, "day"]),
    partial=st.sampled_from([("value",), ATTRIBUTES]),
)
def test_what_a_source_does_not_carry_stands_and_a_null_that_it_carries_is_a_null(
    loads: list[Load], cuts: list[int], period: str | None, partial: tuple[str, ...]
) -> None:
    versions = expected(loads, partial)
    assert built(loads, range(1, len(loads)), period, partial) == versions
    assert built(loads, cuts, period, partial) == versions
    assert built(loads, [], period, partial) == versions


def test_fallback_after_the_primary_keeps_what_it_lacks_and_corrects_what_it_has() -> None:
    primary = Row("a", 0, 1.0, "from the primary", 0)
    same = replace(primary, note=None, carries=("value",))
    other = replace(same, value=2.0)
    emptied = replace(primary, note=None)
    table = built([(primary,), (same,), (other,), (emptied,)], [1, 2, 3], "day", ("note",))
    assert [(row[2], row[3], row[-1]) for row in table] == [
        (1.0, "from the primary", 1),
        (2.0, "from the primary", 2),
        (1.0, None, 3),
    ]


@settings(max_examples=25)
@given(loads=loads_with_single_keys, period=st.sampled_from([None, "day"]))
def test_last_load_applied_again_adds_nothing(loads: list[Load], period: str | None) -> None:
    numbered = list(enumerate(loads))
    with warehouse() as connection:
        for number, load in numbered:
            apply(connection, [(number, load)], period=period, is_first=number == 0)
        before = facts(connection)
        apply(connection, numbered[-1:], period=period, is_first=False)
        again = [(len(loads), loads[-1])]
        apply(connection, again, period=period, is_first=False)
        assert facts(connection) == before


def known_to_the_oracle(
    table: Facts, known_at: date | None, knowledge: str
) -> set[tuple[object, ...]]:
    """Slowly: of each key, the highest version that could be known on that day."""
    best: dict[tuple[object, object], tuple[object, ...]] = {}
    for row in table:
        available, seen = row[4], row[5]
        assert isinstance(seen, datetime)
        day = (seen + timedelta(hours=8)).date() if knowledge == "seen" else available
        is_known = known_at is None or day is None or day <= known_at  # type: ignore[operator]
        if is_known:
            best[row[0], row[1]] = row
    return {*best.values()}


@settings(max_examples=40)
@given(
    loads=loads_of_any_rows,
    known_after=st.one_of(st.none(), st.integers(-1, 12)),
    knowledge=st.sampled_from(["announced", "seen"]),
    where=st.sampled_from(WHERES),
)
def test_known_versions_are_those_of_the_oracle(
    loads: list[Load], known_after: int | None, knowledge: str, where: str
) -> None:
    known_at = None if known_after is None else START + timedelta(days=known_after)
    with warehouse() as connection:
        apply(connection, list(enumerate(loads)), period=None, is_first=True)
        connection.execute(
            "create table int_run_parameters as select ?::date as as_of_date,"
            " ?::date as known_at, ?::varchar as knowledge",
            [START, known_at, knowledge],
        )
        got = connection.execute(KNOWN_SQL[where]).fetchall()
        wanted = known_to_the_oracle(facts(connection), known_at, knowledge)
    if where != "true":
        wanted = {row for row in wanted if row[0] == "a"}
    assert len(got) == len({*got})
    assert {*got} == wanted


@pytest.mark.parametrize(
    ("seen", "is_known"),
    [("2024-10-31 15:59:59", True), ("2024-10-31 16:00:00", False)],
    ids=["last second in Beijing", "first second of the next day"],
)
def test_seen_counts_beijing_days(seen: str, is_known: bool) -> None:
    with warehouse() as connection:
        connection.execute(
            "insert into fact values ('a', date '2024-10-31', 1, 'x', date '2024-10-31',"
            f" timestamp '{seen}', 'load-001', 1)"
        )
        connection.execute(
            "create table int_run_parameters as select date '2024-10-31' as as_of_date,"
            " date '2024-10-31' as known_at, 'seen' as knowledge"
        )
        assert bool(connection.execute(KNOWN_SQL["true"]).fetchall()) is is_known
