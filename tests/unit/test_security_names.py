"""Names over time: dated ones where a source gives them, our own lists from then on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import pytest

from tests.dbt_macros import as_dbt_renders
from yanbao.base.settings import PROJECT_ROOT

STAGED = (
    "code varchar, name varchar, listed_on date, delisted_on date, status varchar,"
    " board varchar, currency varchar, name_from date, source_note varchar, load_id varchar,"
    " landed_at timestamp, arrival_row bigint"
)
CODES = (
    "code varchar, code_of_the_day varchar, ended_on date, means_from date, means_until date"
)
SOURCES = ("inbox", "bse", "eastmoney", "sse", "szse")
LISTED = date(2010, 1, 4)
FIRST_LIST, SECOND_LIST = datetime(2024, 9, 6, 11), datetime(2024, 10, 18, 11)
CODE = "600001.SH"


def rendered(path: str, *, incremental: bool = False) -> str:
    return as_dbt_renders(
        (PROJECT_ROOT / "models" / path).read_text(encoding="utf-8"),
        ref=lambda name: name,
        is_incremental=lambda: incremental,
        this="securities",
    )


UNION = rendered("intermediate/int_securities_unioned.sql")
CORE = {built: rendered("marts/core/securities.sql", incremental=built) for built in (0, 1)}
NAMES = rendered("intermediate/int_security_names.sql")


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for source in SOURCES:
            connection.execute(f"create table stg_{source}__securities ({STAGED})")
        connection.execute(f"create view int_securities_unioned as {UNION}")
        connection.execute(f"create table int_codes_of_the_day ({CODES})")
        yield connection


def take_in(
    store: duckdb.DuckDBPyConnection,
    source: str,
    name: str,
    seen: datetime,
    *,
    name_from: date | None = None,
    listed_on: date | None = LISTED,
) -> None:
    """One load of one row, and the build after it."""
    for other in SOURCES:
        store.execute(f"delete from stg_{other}__securities")
    values = [CODE, name, listed_on, name_from, f"load {seen}", seen]
    store.execute(
        f"insert into stg_{source}__securities (code, name, listed_on, name_from, load_id,"
        " landed_at, arrival_row, status, currency) values (?, ?, ?, ?, ?, ?, 1, 'L', 'CNY')",
        values,
    )
    built = bool(
        store.execute(
            "select count(*) from information_schema.tables where table_name = 'securities'"
        ).fetchall()[0][0]
    )
    store.execute(
        ("insert into securities " if built else "create table securities as ") + CORE[built]
    )


def name_on(
    store: duckdb.DuckDBPyConnection, as_of: str, known_at: str | None = None
) -> tuple[str, bool]:
    store.execute(
        "create or replace table int_run_parameters as select ?::date as as_of_date,"
        " ?::date as known_at, 'announced' as knowledge",
        [as_of, known_at],
    )
    ((name, is_dated),) = store.execute(f"select name, is_name_dated from ({NAMES})").fetchall()
    return name, is_dated


def test_name_change_in_our_own_lists_dates_st_from_the_list_that_shows_it(
    store: duckdb.DuckDBPyConnection,
) -> None:
    take_in(store, "sse", "样例科技", FIRST_LIST)
    take_in(store, "sse", "*ST样例", SECOND_LIST)
    assert name_on(store, "2020-06-30") == ("样例科技", False)
    assert name_on(store, "2024-10-17") == ("样例科技", False)
    assert name_on(store, "2024-10-18") == ("*ST样例", True)
    assert name_on(store, "2024-10-31") == ("*ST样例", True)


def test_reader_before_the_list_does_not_know_the_new_name(
    store: duckdb.DuckDBPyConnection,
) -> None:
    take_in(store, "sse", "样例科技", FIRST_LIST)
    take_in(store, "sse", "*ST样例", SECOND_LIST)
    assert name_on(store, "2024-10-31", known_at="2024-10-17")[0] == "样例科技"


def test_lists_that_say_the_same_add_nothing(store: duckdb.DuckDBPyConnection) -> None:
    take_in(store, "sse", "样例科技", FIRST_LIST)
    take_in(store, "sse", "样例科技", SECOND_LIST)
    take_in(store, "eastmoney", "样例科技", datetime(2024, 11, 1, 11), listed_on=None)
    assert store.execute("select count(*) from securities").fetchall() == [(1,)]
    assert name_on(store, "2024-10-31") == ("样例科技", False)


def test_dated_names_of_shenzhen_win_until_a_later_list_shows_another(
    store: duckdb.DuckDBPyConnection,
) -> None:
    take_in(store, "szse", "样例科技", FIRST_LIST)
    for name, day in (("样例生化", date(1990, 12, 1)), ("样例科技", date(2020, 5, 6))):
        seen = datetime(2024, 9, 6, 12, day.day)
        take_in(store, "szse", name, seen, name_from=day, listed_on=None)
    assert name_on(store, "2019-12-31") == ("样例生化", True)
    assert name_on(store, "2024-10-17") == ("样例科技", True)
    take_in(store, "szse", "ST样例", SECOND_LIST)
    assert name_on(store, "2024-10-17") == ("样例科技", True)
    assert name_on(store, "2024-10-18") == ("ST样例", True)


def test_corrected_file_replaces_an_undated_name_for_good(
    store: duckdb.DuckDBPyConnection,
) -> None:
    """A desk's file tells how it was, not what changed on the day of the import."""
    take_in(store, "inbox", "样例料技", FIRST_LIST)
    take_in(store, "inbox", "样例科技", SECOND_LIST)
    assert name_on(store, "2020-06-30") == ("样例科技", False)
