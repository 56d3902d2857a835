"""Which source serves a mart, and what two sources say differently about one key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from yanbao.raw.load import Load, StoredLoad
from yanbao.releases.provenance import (
    difference_checks,
    fallbacks,
    mart_sources,
    source_differences,
    sources_served,
)
from yanbao.sources import sources_of_parts

DAY = date(2024, 10, 31)


def load(
    load_id: str, dataset: str, source: str, *answers: str, day: str = f"{DAY}"
) -> StoredLoad:
    record = Load(
        load_id, source, dataset, "f", "ok", day, day, partition=day, rows=5, answers=answers
    )
    return StoredLoad(record, Path(), "good")


def test_the_newest_day_of_a_part_serves_and_a_second_choice_is_named() -> None:
    loads = [
        load("1", "index_bars", "eastmoney", "000300.SH", day="2024-10-30"),
        load("2", "index_bars", "csindex", "000300.SH"),
        load("3", "index_bars", "sina", "HSI.HI"),
        load("4", "index_bars", "eastmoney", "000300.SH", day="2024-10-10"),
    ]
    served = {one["part"]: one for one in sources_served(loads)}
    assert served["000300.SH"]["source"] == "csindex"
    assert served["000300.SH"]["first_choice"] == "eastmoney"
    assert (served["000300.SH"]["is_fallback"], served["HSI.HI"]["is_fallback"]) == (
        True,
        False,
    )


def test_a_mart_carries_the_note_of_the_dataset_behind_it() -> None:
    served = sources_served([load("1", "fx_fixings", "safe", "USDCNY")])
    (row,) = mart_sources(served, [("rates_fx", "fx_fixings"), ("pool", "securities")])
    assert (row["mart"], row["sources"], row["is_fallback"]) == ("rates_fx", "safe", True)
    assert row["note"] == (
        "人民币中间价（USDCNY） 2024-10-31 取自备用来源 safe，首选 eastmoney_rates 未提供"
    )
    (told,) = fallbacks(served)
    assert (told["dataset"], told["source"]) == ("fx_fixings", "safe")


def test_a_desks_own_file_is_nobodys_fallback() -> None:
    record = Load("1", "inbox", "fx_fixings", "read_file", "ok", "2024-10-31", "2024-10-31")
    (one,) = sources_served([StoredLoad(record, Path(), "good")])
    assert (one["part"], one["is_fallback"], one["served_on"]) == ("file", False, None)


def test_first_choices_stand_first_for_every_part() -> None:
    assert sources_of_parts("trading_days", DAY) == {"CN": ("sina", "akshare_bundle")}
    assert sources_of_parts("securities", DAY)["SZSE"] == ("szse", "eastmoney")


@pytest.fixture
def core() -> duckdb.DuckDBPyConnection:
    """Two versions of one fixing and of one yield, each from another source."""
    connection = duckdb.connect()
    for schema in ("core", "meta"):
        connection.execute(f"create schema {schema}")
    connection.execute(
        "create table meta.source_tolerances as select * from (values"
        " ('fx_fixings', 'fx_fixings', 'rate', 0.0001, 'relative'),"
        " ('government_yields', 'government_yields', 'yield_pct', 0.02, 'absolute'))"
        " as t (core_table, dataset, column_name, tolerance, kind)"
    )
    connection.execute(
        "create table core.fx_fixings as select * from (values"
        " ('USDCNY', date '2024-10-30', 7.1390, 'a', 1), ('USDCNY', date '2024-10-30', 7.1393,"
        " 'b', 2), ('USDCNY', date '2024-10-31', 7.1250, 'a', 1), ('USDCNY', date '2024-10-31',"
        " 7.1260, 'b', 2)) as t (pair, fixing_date, rate, load_id, version)"
    )
    connection.execute(
        "create table core.government_yields as select * from (values"
        " ('CN', '10Y', date '2024-10-31', 2.15, 'c', 1),"
        " ('CN', '10Y', date '2024-10-31', 2.50, 'c', 2))"
        " as t (country, tenor, date, yield_pct, load_id, version)"
    )
    return connection


LOADS = [
    load("a", "fx_fixings", "eastmoney_rates", "USDCNY"),
    load("b", "fx_fixings", "safe", "USDCNY"),
    load("c", "government_yields", "sina", "CN 10Y"),
]


def test_only_what_differs_beyond_the_tolerance_is_a_difference(
    core: duckdb.DuckDBPyConnection,
) -> None:
    """A source that corrects itself does not differ from another one."""
    found = source_differences(core, LOADS, DAY)
    assert [(one["dataset"], one["key"]) for one in found] == [
        ("fx_fixings", "USDCNY 2024-10-31")
    ]
    assert (found[0]["source"], found[0]["earlier_source"]) == ("safe", "eastmoney_rates")
    (check,) = difference_checks(found)
    assert (check.severity, check.outcome, check.failing_rows) == ("warn", "fail", 1)
    assert "rate of USDCNY 2024-10-31: 7.126 (safe), 7.125 (eastmoney_rates)" in check.message


def test_sources_that_agree_pass_the_check(core: duckdb.DuckDBPyConnection) -> None:
    core.execute("delete from core.fx_fixings where fixing_date = date '2024-10-31'")
    found = source_differences(core, LOADS, DAY)
    assert found == []
    (check,) = difference_checks(found)
    assert check.outcome == "pass"
