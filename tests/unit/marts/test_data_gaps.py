"""Which sessions a dataset lacks between two that it has."""

from __future__ import annotations

from datetime import date, timedelta

from tests.unit.marts.mart_harness import Harness, Row
from yanbao.quality.data_gaps import gaps_of

LOST = date(2024, 10, 16)
DAYS = [date(2024, 10, 8) + timedelta(days=n) for n in range(24)]
SESSIONS = [day for day in DAYS if day.weekday() < 5]
CALENDAR = [{"market": "CN", "trade_date": day} for day in SESSIONS]


def gaps(mart: Harness, **rows: list[Row]) -> dict[str, str]:
    found = mart("data_gaps", "2024-10-31", **{"trading_days": CALENDAR, **rows})
    return {name: one.words for name, one in gaps_of(found).items()}


def bars(code: str, days: list[date]) -> list[Row]:
    fixed = {"market": "CN", "adjustment": "none", "close": 10.0}
    return [{**fixed, "code": code, "trade_date": d, "available_on": d} for d in days]


def closes(code: str, days: list[date]) -> list[Row]:
    return [
        {"index_code": code, "trade_date": d, "close": 100.0, "available_on": d} for d in days
    ]


def navs(code: str, days: list[date]) -> list[Row]:
    return [{"fund_code": code, "nav_date": d, "nav": 1.0, "available_on": d} for d in days]


def without(*days: date) -> list[date]:
    return [day for day in SESSIONS if day not in days]


def test_a_session_that_no_share_has_is_a_gap_and_one_that_a_share_lacks_is_none(
    mart: Harness,
) -> None:
    shares = [f"60000{n}.SH" for n in range(8)]
    whole = [row for code in shares for row in bars(code, SESSIONS)]
    assert gaps(mart, daily_bars=whole) == {}
    suspended = [row for row in whole if (row["code"], row["trade_date"]) != (shares[0], LOST)]
    assert gaps(mart, daily_bars=suspended) == {}
    lost = [row for row in whole if row["trade_date"] != LOST]
    assert gaps(mart, daily_bars=lost) == {"a_share_bars": "2024-10-16"}


def test_closes_of_some_days_are_no_daily_series(mart: Harness) -> None:
    some = [SESSIONS[0], SESSIONS[8], SESSIONS[-1]]
    rows = [row for n in range(8) for row in bars(f"60000{n}.SH", some)]
    assert gaps(mart, daily_bars=rows) == {}
    assert gaps(mart, index_bars=closes("000300.SH", some)) == {}


def test_each_index_is_judged_by_itself(mart: Harness) -> None:
    lost = without(LOST, date(2024, 10, 17))
    rows = [*closes("000300.SH", SESSIONS), *closes("930713.CSI", lost)]
    assert gaps(mart, index_bars=rows) == {"index_bars": "930713.CSI: 2024-10-16, 2024-10-17"}


def test_what_ends_early_or_begins_late_has_no_gap(mart: Harness) -> None:
    rows = [*closes("000300.SH", SESSIONS[3:]), *closes("930713.CSI", SESSIONS[:-3])]
    assert gaps(mart, index_bars=rows) == {}


def test_an_evening_of_navs_that_is_lost_is_a_gap_and_weekly_navs_are_none(
    mart: Harness,
) -> None:
    daily = [row for n in range(4) for row in navs(f"99800{n}.OF", without(LOST))]
    assert gaps(mart, fund_navs=daily) == {"fund_navs": "2024-10-16"}
    weekly = navs("998009.OF", [day for day in SESSIONS if day.weekday() == 4])
    assert gaps(mart, fund_navs=weekly) == {}


def test_many_gaps_are_named_in_short(mart: Harness) -> None:
    lost = SESSIONS[2:8]
    rows = closes("000300.SH", without(*lost))
    assert gaps(mart, index_bars=rows) == {
        "index_bars": "000300.SH: 2024-10-10, 2024-10-11, 2024-10-14 and 3 more"
    }
