"""Staleness is judged part by part: no good answer hides another part's failure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from yanbao.catalog import BY_NAME
from yanbao.quality.staleness import last_good_day, stale_datasets, stale_parts
from yanbao.raw.load import Load, Outcome, StoredLoad
from yanbao.raw.zone import RawZone

DAY = date(2024, 10, 31)
NIGHT = "2024-10-31"


class Zone:
    """A raw zone that is filled with loads of given outcomes, in order."""

    def __init__(self, root: Path) -> None:
        self.zone = RawZone(root)

    def add(
        self,
        dataset: str,
        answers: tuple[str, ...],
        outcome: Outcome = "ok",
        *,
        partition: str | None = NIGHT,
        source: str = "eastmoney",
        function: str = "stock_zh_index_daily_em",
        verdict: str = "pass",
    ) -> StoredLoad:
        load_id = self.zone.new_load_id(dataset)
        load = Load(
            load_id=load_id,
            source=source,
            dataset=dataset,
            function=function,
            arguments={"of": load_id},
            partition=partition,
            outcome=outcome,
            started_at="2024-10-31T12:00:00+00:00",
            finished_at="2024-10-31T12:00:00+00:00",
            error=f"{source}: status 503" if outcome == "unavailable" else None,
            answers=answers,
        )
        frame = pa.table({"a": [load_id]}) if outcome == "ok" else None
        stored = self.zone.append(load, frame)
        if outcome == "ok":
            self.zone.record_verdict(load_id, {"outcome": verdict, "messages": ["a rule"]})
        return stored

    def parts(self, dataset: str) -> list[str]:
        return [one.part for one in stale_parts(self.zone.loads(dataset))]


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return Zone(tmp_path / "raw")


@pytest.fixture
def core() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema core")
    connection.execute("create table core.index_bars as select date '2024-10-31' as trade_date")
    connection.execute(
        "create table core.trading_days as select date '2024-12-31' as trade_date"
    )
    connection.execute("create table core.securities as select date '2024-10-30' as listed_on")
    connection.execute("create table built_loads (load_id varchar, dataset varchar)")
    connection.execute("create table core.daily_bars (load_id varchar, trade_date date)")
    return connection


def test_a_part_that_failed_is_not_hidden_by_one_that_came_after_it(zone: Zone) -> None:
    zone.add("index_bars", ("000300.SH",), "unavailable")
    zone.add("index_bars", ("HSI.HI",))
    assert zone.parts("index_bars") == ["000300.SH"]


def test_a_part_is_fresh_again_when_its_fallback_answers(zone: Zone) -> None:
    zone.add("index_bars", ("000300.SH",), "unavailable")
    zone.add("index_bars", ("000300.SH",), source="csindex")
    assert zone.parts("index_bars") == []


def test_a_share_that_is_filled_in_does_not_stand_for_the_market(zone: Zone) -> None:
    zone.add("a_share_bars", ("*",), "unavailable", function="stock_zh_a_spot_em")
    zone.add("a_share_bars", ("600000.SH",), function="stock_zh_a_hist")
    assert zone.parts("a_share_bars") == ["*"]


def test_a_back_fill_that_failed_is_no_staleness(zone: Zone) -> None:
    zone.add("a_share_bars", ("600000.SH",), "unavailable", function="stock_zh_a_hist")
    assert zone.parts("a_share_bars") == []


def test_a_good_file_stands_for_every_part(zone: Zone) -> None:
    zone.add("index_bars", ("000300.SH",), "unavailable")
    zone.add("index_bars", (), source="inbox", function="read_file", partition=None)
    assert zone.parts("index_bars") == []


def test_one_index_of_many_is_marked_and_never_blocks_alone(
    zone: Zone, core: duckdb.DuckDBPyConnection
) -> None:
    zone.add("index_bars", ("000300.SH",), partition="2024-10-01")
    zone.add("index_bars", ("000300.SH",), "unavailable")
    zone.add("index_bars", ("HSI.HI",))
    (stale,) = stale_datasets(zone.zone, core, DAY)
    assert (stale.last_good, stale.is_over) == (date(2024, 10, 1), False)
    assert stale.line().startswith(
        "index_bars: stale, data to 2024-10-01 serve: 000300.SH: eastmoney: status 503"
    )


def test_one_exchange_blocks_when_its_own_allowance_is_used_up(
    zone: Zone, core: duckdb.DuckDBPyConnection
) -> None:
    more = {"source": "sse", "function": "stock_info_sh_name_code"}
    zone.add("securities", ("SSE main",), partition="2024-08-30", **more)  # type: ignore[arg-type]
    zone.add("securities", ("SSE main",), "unavailable", **more)  # type: ignore[arg-type]
    zone.add("securities", ("SZSE",), source="szse", function="stock_info_sz_name_code")
    (stale,) = stale_datasets(zone.zone, core, DAY)
    assert (stale.last_good, stale.is_over) == (date(2024, 8, 30), True)


def test_an_answer_that_was_refused_is_no_repeat_when_it_comes_again(tmp_path: Path) -> None:
    zone = RawZone(tmp_path / "raw")
    statuses = []
    for _ in range(2):
        load_id = zone.new_load_id("fund_navs")
        load = Load(
            load_id, "eastmoney_funds", "fund_navs", "f", "ok", NIGHT, NIGHT, partition=NIGHT
        )
        zone.append(load, pa.table({"a": [1]}))
        zone.record_verdict(load_id, {"outcome": "fail", "messages": ["a rule"]})
        statuses.append(zone.load(load_id).status)
    assert statuses == ["rejected", "rejected"]


@pytest.mark.parametrize(
    ("day", "is_short"), [(date(2024, 12, 1), False), (date(2024, 12, 2), True)]
)
def test_a_live_calendar_is_stale_thirty_days_before_it_ends(
    zone: Zone, core: duckdb.DuckDBPyConnection, day: date, is_short: bool
) -> None:
    load_id = zone.zone.new_load_id("trading_days")
    load = Load(load_id, "sina", "trading_days", "f", "ok", NIGHT, NIGHT, partition=NIGHT)
    frame = pa.table({"trade_date": [date(2024, 10, 31), date(2024, 12, 31)]})
    zone.zone.append(load, frame)
    zone.zone.record_verdict(load_id, {"outcome": "pass", "messages": []})
    found = stale_datasets(zone.zone, core, day)
    assert bool(found) is is_short
    assert all("the calendar ends 2024-12-31" in one.line() for one in found)


def test_bars_of_another_dataset_in_the_same_table_do_not_serve(
    core: duckdb.DuckDBPyConnection,
) -> None:
    """ETFs and A-shares are both of the Chinese market."""
    core.execute("insert into built_loads values ('1', 'a_share_bars'), ('2', 'etf_bars')")
    core.execute("insert into core.daily_bars values ('1', '2024-10-24'), ('2', '2024-10-31')")
    last = last_good_day(core, BY_NAME["a_share_bars"], DAY)
    assert last == date(2024, 10, 24)
