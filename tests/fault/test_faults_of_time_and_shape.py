"""Faults that a changed reply alone cannot show: hangs, calendars, clocks, the library.

As ``test_upstream_faults``: a state folder with one good live night meets the fault up to the
raw gate, and the release stays as it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.contract.replies import sina_days
from tests.contract.stand_in import Manner, Response
from yanbao.base.errors import UsageError
from yanbao.raw.sessions import CalendarError
from yanbao.raw.zone import RawZone
from yanbao.releases.provenance import sources_served
from yanbao.sources.traffic import Pace
from yanbao.sources.worker import WorkerProcess
from yanbao.warehouse.raw_relations import point_at
from yanbao.warehouse.store import WorkStore

from .changes import cell, of_another, quotes, records, status
from .conftest import GOOD_DAY
from .live_nights import LiveNights, current
from .test_upstream_faults import (
    A_SHARES,
    DAY,
    NO_SINA,
    assert_one_plain_line,
    assert_rows_add_up,
)

pytestmark = [pytest.mark.slow]

HASTY = Pace(seconds=0, jitter=0, backoff_seconds=0.01, read_seconds=0.3, connect_seconds=0.3)
NEWS = ("np-weblist.eastmoney.com", "news.10jqka.com.cn")
SNAPSHOT = "stock_zh_a_spot_em"


@pytest.fixture(scope="module")
def worker(request: pytest.FixtureRequest) -> Iterator[WorkerProcess]:
    """One process for the module: starting one costs seconds."""
    process = WorkerProcess(HASTY)
    yield process
    process.close()


@pytest.fixture(autouse=True)
def release_that_stays(live_home: Path) -> Iterator[None]:
    """Whatever an upstream does, the release before it is the same, byte by byte."""
    before = current(live_home)
    yield
    assert current(live_home) == before


def staged(home: Path, dataset: str, source: str = "eastmoney") -> pd.DataFrame:
    """What staging makes of the good loads of a dataset."""
    loads = [one for one in RawZone(home / "raw").loads(dataset) if one.status == "good"]
    with WorkStore(home / "work").connect() as connection:
        point_at(connection, loads, only=(source, dataset))
        frame = connection.execute(f"select * from staging.stg_{source}__{dataset}").df()
        point_at(connection, [], only=(source, dataset))
    return frame


@pytest.mark.parametrize(
    ("manner", "says"),
    [
        ("hang", "read timed out, 3 tries"),
        ("reset", "3 tries"),
        ("drip", "no complete answer within 1 s"),
    ],
)
def test_u1_an_upstream_that_does_not_end_is_ended(
    nights: LiveNights, live_home: Path, worker: WorkerProcess, manner: Manner, says: str
) -> None:
    nights.evening_of(DAY)
    worker.route_to = worker.route_to or nights.server.url
    if worker.route_to != nights.server.url:
        worker.close()  # another test's stand-in has gone
        worker.route_to = nights.server.url
    nights.through(worker, deadline=1.0)
    nights.market.faults = dict.fromkeys(
        NEWS, lambda _, told: Response(told.body, manner=manner)
    )
    loads = nights.to_gate(live_home, {"news_items"})
    assert [one.status for one in loads] == ["unavailable", "unavailable"]
    assert any(says in one.reason for one in loads), [one.reason for one in loads]
    for one in loads:
        assert_one_plain_line(one.reason)
    stale = nights.stale(live_home, DAY)["news_items"]
    assert stale.last_good == GOOD_DAY


def test_u3_a_holiday_asks_for_nothing_and_leaves_nothing(
    nights: LiveNights, live_home: Path
) -> None:
    """The evening after the good night is a holiday: the last session is closed already."""
    nights.market.faults = {"klc_td_sh.txt": of_another(lambda _: b"")}
    nights.at(f"{date(2024, 10, 30)}T08:00:00")
    asked = len(nights.server.asked)
    loads = nights.to_gate(live_home, {"a_share_bars", "etf_bars", "fx_fixings"}, f"{GOOD_DAY}")
    assert loads == []
    assert len(nights.server.asked) == asked
    assert nights.stale(live_home, GOOD_DAY) == {}


@contextmanager
def library_answers(
    nights: LiveNights, change: Callable[[pd.DataFrame], Any]
) -> Iterator[None]:
    """Another version of the library: its function's frame is changed on the way out."""
    akshare = nights.library._akshare
    original = getattr(akshare, SNAPSHOT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(akshare, SNAPSHOT, lambda **words: change(original(**words)))
        yield


def test_u6_a_renamed_column_is_named_with_the_nearest(
    nights: LiveNights, live_home: Path
) -> None:
    nights.evening_of(DAY)
    nights.market.faults = NO_SINA
    with library_answers(nights, lambda frame: frame.rename(columns={"最新价": "最新价格"})):
        loads = nights.to_gate(live_home, {"a_share_bars"})
    (rejected,) = [one for one in loads if one.status == "rejected"]
    assert "columns are missing: 最新价 (nearest: 最新价格)" in rejected.reason
    assert rejected.frame_path.exists()
    assert_rows_add_up(loads)
    assert nights.stale(live_home, DAY)["a_share_bars"].last_good == GOOD_DAY


def test_u6_a_dropped_column_rejects_an_added_one_warns_and_order_is_nothing(
    nights: LiveNights, live_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nights.evening_of(DAY)
    nights.market.faults = NO_SINA
    with library_answers(nights, lambda frame: frame.drop(columns="市净率")):
        loads = nights.to_gate(live_home, {"a_share_bars"})
    assert [one.status for one in loads] == ["rejected", "unavailable"]
    assert "columns are missing: 市净率" in loads[0].reason
    with library_answers(nights, lambda frame: frame.assign(情绪="好").iloc[:, ::-1]):
        (good,) = nights.to_gate(live_home, {"a_share_bars"})
    assert good.status == "good"
    assert "column 情绪 is new" in caplog.text
    bars = staged(live_home, "a_share_bars")
    found = bars.loc[bars["trade_date"] == pd.Timestamp(DAY)].set_index("code")["close"]
    assert found["600000.SH"] == nights.market.price(0)
    assert "a_share_bars" not in nights.stale(live_home, DAY)


def test_u8_rows_that_say_the_same_twice_count_once(
    nights: LiveNights, live_home: Path
) -> None:
    nights.evening_of(DAY)

    def twice(found: list[dict[str, Any]]) -> None:
        found.append(dict(found[0]))

    nights.market.faults = {"RPT_DMSK_FN_INCOME": records(twice)}
    loads = nights.to_gate(live_home, {"income_statements"})
    assert [one.status for one in loads] == ["good"]
    verdict = RawZone(live_home / "raw").verdict(loads[0].load.load_id) or {}
    (counted,) = [one for one in verdict["results"] if one["check_name"] == "repeated_rows"]
    assert (counted["outcome"], counted["severity"]) == ("fail", "warn")
    assert counted["failing_rows"] == 1


def test_u10_a_calendar_that_ends_soon_is_marked_and_its_second_source_asked(
    nights: LiveNights, live_home: Path
) -> None:
    nights.evening_of(date(2024, 12, 5))
    short = sina_days(date(2024, 1, 2), date(2024, 12, 31))
    nights.market.faults = {"klc_td_sh.txt": of_another(lambda _: short)}
    with pytest.MonkeyPatch.context() as patch:
        until = ["20241230", "20241231"]  # an old library's calendar ends with its year
        cons = nights.library._akshare.futures.cons
        patch.setattr(cons, "get_calendar", lambda: until)
        loads = nights.to_gate(live_home, {"trading_days"})
    assert {one.load.source for one in loads} == {"sina", "akshare_bundle"}
    stale = nights.stale(live_home, date(2024, 12, 5))["trading_days"]
    assert "the calendar ends 2024-12-31" in stale.line()
    assert "import next year's trading_days" in stale.line()
    assert not stale.is_over
    assert_one_plain_line(stale.line())


def test_u10_the_second_source_mends_a_calendar_that_ends_soon(
    nights: LiveNights, live_home: Path
) -> None:
    """The library's own calendar reaches further than the stand-in's."""
    nights.evening_of(date(2024, 12, 5))
    nights.to_gate(live_home, {"trading_days"})
    assert "trading_days" not in nights.stale(live_home, date(2024, 12, 5))


def test_u10_a_night_beyond_the_calendar_is_refused_in_one_line(
    nights: LiveNights, live_home: Path
) -> None:
    nights.evening_of(date(2025, 1, 2))
    nights.market.faults = {"klc_td_sh.txt": status(503)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nights.library._akshare.futures.cons, "get_calendar", lambda: [])
        with pytest.raises(CalendarError, match="the trading calendar ends 2024-12-31") as told:
            nights.to_gate(live_home, {"trading_days", "a_share_bars"})
    assert_one_plain_line(told.value.line())


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2024-10-30T23:59:00", "2024-10-30"),
        ("2024-10-31T00:01:00", "2024-10-30"),
        ("2024-10-30T16:01:00+00:00", "2024-10-30"),
        ("2024-10-30T08:00:00-04:00", "2024-10-30"),
    ],
)
def test_u11_the_trading_day_is_shanghais_whatever_the_clock_says(
    nights: LiveNights, live_home: Path, moment: str, day: str
) -> None:
    from yanbao.raw.sessions import default_as_of

    nights.at(moment)
    assert f"{default_as_of('live', RawZone(live_home / 'raw'))}" == day


def test_u11_a_day_in_the_future_is_refused(nights: LiveNights, live_home: Path) -> None:
    nights.evening_of(DAY)
    with pytest.raises(UsageError, match="2024-10-31 is in the future") as told:
        nights.to_gate(live_home, {"a_share_bars"}, "2024-10-31")
    assert_one_plain_line(told.value.line())


def test_u11_an_old_day_never_gets_the_prices_of_today(
    nights: LiveNights, live_home: Path
) -> None:
    nights.evening_of(DAY)
    asked = len(nights.server.asked)
    loads = nights.to_gate(live_home, {"a_share_bars"}, "2024-10-21")
    assert [one.status for one in loads] == ["unavailable"]
    assert "a list without a date holds the prices of 2024-10-30" in loads[0].reason
    assert len(nights.server.asked) == asked
    assert "a_share_bars" not in nights.stale(live_home, DAY)  # the newer day is good


def test_u11_prices_of_an_open_session_are_not_yesterdays(
    nights: LiveNights, live_home: Path
) -> None:
    nights.market.day = DAY
    nights.at("2024-10-31T10:30:00")
    loads = nights.to_gate(live_home, {"a_share_bars"}, f"{DAY}")
    assert [one.status for one in loads] == ["unavailable"]
    assert "prices of the open session 2024-10-31" in loads[0].reason
    assert nights.stale(live_home, DAY)["a_share_bars"].last_good == GOOD_DAY


def test_u12_suspended_new_and_delisted_shares_bring_no_invented_row(
    nights: LiveNights, live_home: Path
) -> None:
    """One share is suspended, one was delisted, one is new: the counts reconcile."""
    nights.evening_of(DAY)

    def tonight(rows: list[dict[str, Any]]) -> None:
        if rows[0]["f12"] == "600000":
            rows[0].update(dict.fromkeys(("f2", "f5", "f6", "f15", "f16", "f17"), "-"))
            rows[1].update(f12="920999", f14="N样例")

    nights.market.faults = {A_SHARES: quotes(tonight)}
    (good,) = nights.to_gate(live_home, {"a_share_bars"})
    assert (good.status, good.load.rows) == ("good", nights.market.shares)
    bars = staged(live_home, "a_share_bars")
    today = set(bars.loc[bars["trade_date"] == pd.Timestamp(DAY), "code"])
    assert "920999.BJ" in today
    assert not {"600000.SH", "600001.SH"} & today
    assert len(today) == nights.market.shares - 1


def test_u13_one_bad_cell_in_a_thousand_is_set_aside_with_its_row(
    nights: LiveNights, live_home: Path
) -> None:
    """A market of 1,200: one negative volume stays within the tolerance of a feed."""
    nights.market.shares = 1_200
    nights.evening_of(DAY)
    nights.market.faults = {f"{A_SHARES}/api/qt/clist/get?pn=2&": cell("f5", -5)}
    (good,) = nights.to_gate(live_home, {"a_share_bars"})
    assert good.status == "good"
    assert len(good.quarantined) == 1
    record = good.as_record()
    assert (record["rows"], record["rows_quarantined"]) == (1_199, 1)
    assert_rows_add_up([good])
    bars = staged(live_home, "a_share_bars")
    today = bars[bars["trade_date"] == pd.Timestamp(DAY)]
    assert len(today) == 1_199
    assert (today["volume_shares"] > 0).all()


def test_u14_a_library_that_changed_is_told_from_an_upstream_that_is_down(
    nights: LiveNights, live_home: Path
) -> None:
    """The call's record names the version; what the upstream said is kept."""

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        raise KeyError("f2")

    nights.evening_of(DAY)
    nights.market.faults = NO_SINA
    with library_answers(nights, changed):
        loads = nights.to_gate(live_home, {"a_share_bars"})
    (rejected,) = [one for one in loads if one.load.source == "eastmoney"]
    assert rejected.status == "rejected"
    assert "the reply does not fit the parser: KeyError: 'f2'" in rejected.reason
    assert_one_plain_line(rejected.reason)
    assert '"total": 130' in (rejected.folder / "reply.txt").read_text(encoding="utf-8")
    good = RawZone(live_home / "raw").loads("a_share_bars")[0]
    assert good.load.library_version == nights.library.version


def test_securities_come_from_the_market_list_when_the_exchanges_are_down(
    nights: LiveNights, live_home: Path
) -> None:
    """The one dataset whose second source is the first one of another."""
    nights.evening_of(date(2024, 11, 1))
    nights.market.faults = dict.fromkeys(("sse.com.cn", "szse.cn", "bse.cn"), status(503))
    loads = nights.to_gate(live_home, {"securities"})
    (good,) = [one for one in loads if one.status == "good"]
    assert good.load.source == "eastmoney"
    served = {one["part"]: one for one in sources_served([good])}
    assert set(served) == {"SSE main", "SSE STAR", "SZSE", "BSE"}
    assert {(one["first_choice"], one["is_fallback"]) for one in served.values()} == {
        ("sse", True),
        ("szse", True),
        ("bse", True),
    }
    stale = nights.stale(live_home, date(2024, 11, 1))["securities"]
    assert stale.line().startswith("securities: stale, no good data yet: SSE delisted, ")


def test_a_night_on_a_new_version_compares_its_loads_with_the_history_in_raw(
    nights: LiveNights, live_home: Path
) -> None:
    shutil.rmtree(live_home / "work")
    nights.evening_of(DAY)
    (landed, *_) = nights.to_gate(live_home, ["fx_fixings"])
    assert landed.status == "good"
    with WorkStore(live_home / "work").connect() as connection:
        held = connection.execute("select count(*) from core.daily_bars").fetchone()
    assert held is not None
    assert held[0] > 0
