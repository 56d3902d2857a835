"""Through which day each part of a dataset has data, and through which it should."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.marts.mart_harness import Harness, Row
from yanbao.quality.data_through import judged
from yanbao.quality.staleness import ended

HOLIDAY = [date(2024, 10, 1) + timedelta(days=n) for n in range(7)]


def days(first: date, last: date) -> list[date]:
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if day.weekday() < 5 and day not in HOLIDAY]


CALENDAR = [
    {"market": "CN", "trade_date": day} for day in days(date(2024, 1, 2), date(2024, 12, 31))
]


def bars(code: str, last: str) -> list[Row]:
    """Ten sessions of an index up to a day."""
    end = date.fromisoformat(last)
    sessions = days(end - timedelta(days=30), end)[-10:]
    return [
        {"index_code": code, "trade_date": day, "close": 100.0, "available_on": day}
        for day in sessions
    ]


def late(
    mart: Harness, as_of: str, known_at: str | None = None, **rows: Any
) -> dict[tuple[str, str], str]:
    """The reasons of what is late, by dataset and part."""
    given = {"trading_days": CALENDAR} | rows
    found = mart("data_through", as_of, known_at, **given)
    return {(r["dataset"], r["part"]): r["stale_reason"] for r in found if r["is_stale"]}


@pytest.mark.parametrize(
    ("last", "as_of"),
    [
        ("2024-10-18", "2024-10-19"),  # a Saturday
        ("2024-10-18", "2024-10-20"),
        ("2024-09-30", "2024-10-07"),  # the last day of the long holiday
        ("2024-10-31", "2024-10-31"),
    ],
)
def test_days_off_are_no_staleness(mart: Harness, last: str, as_of: str) -> None:
    assert late(mart, as_of, index_bars=bars("000300.SH", last)) == {}


@pytest.mark.parametrize(
    ("last", "as_of"), [("2024-10-18", "2024-10-21"), ("2024-09-30", "2024-10-08")]
)
def test_the_first_session_after_the_days_off_is_due(
    mart: Harness, last: str, as_of: str
) -> None:
    found = late(mart, as_of, index_bars=bars("000300.SH", last))
    assert found == {("index_bars", "000300.SH"): f"数据截至 {last}"}


def test_one_index_that_ends_before_the_others_is_named(mart: Harness) -> None:
    rows = [*bars("000300.SH", "2024-10-31"), *bars("000905.SH", "2024-10-29")]
    found = late(mart, "2024-10-31", index_bars=rows)
    assert found == {("index_bars", "000905.SH"): "数据截至 2024-10-29"}


def test_new_york_is_due_on_the_next_day_in_beijing(mart: Harness) -> None:
    rows = bars("SPX.GI", "2024-10-30")
    assert late(mart, "2024-10-31", index_bars=rows) == {}
    assert [*late(mart, "2024-11-01", index_bars=rows)] == [("index_bars", "SPX.GI")]


def test_thanksgiving_is_no_staleness_of_new_york(mart: Harness) -> None:
    assert late(mart, "2024-11-29", index_bars=bars("SPX.GI", "2024-11-27")) == {}


def test_old_hong_kong_bars_do_not_mark_fresh_chinese_ones(mart: Harness) -> None:
    def share(code: str, market: str, last: str) -> Row:
        day = date.fromisoformat(last)
        return {"code": code, "market": market, "trade_date": day, "close": 1.0,
                "adjustment": "none", "available_on": day}  # fmt: skip

    rows = [share("600000.SH", "CN", "2024-10-31"), share("0700.HK", "HK", "2024-09-30")]
    found = late(mart, "2024-10-31", daily_bars=rows)
    assert found == {("hk_stock_bars", "HK"): "数据截至 2024-09-30"}


def test_one_exchange_without_bars_of_the_last_days_is_named(mart: Harness) -> None:
    def share(code: str, last: str) -> Row:
        day = date.fromisoformat(last)
        return {"code": code, "market": "CN", "trade_date": day, "close": 1.0,
                "adjustment": "none", "available_on": day}  # fmt: skip

    rows = [share("600000.SH", "2024-10-31"), share("000001.SZ", "2024-10-28")]
    found = late(mart, "2024-10-31", daily_bars=rows)
    assert found == {("a_share_bars", "SZ"): "数据截至 2024-10-28"}


def test_newer_data_than_the_report_day_are_no_staleness(mart: Harness) -> None:
    assert late(mart, "2024-10-24", index_bars=bars("000300.SH", "2024-10-31")) == {}


def test_what_was_not_known_yet_does_not_count(mart: Harness) -> None:
    rows = bars("000300.SH", "2024-10-31")
    found = late(mart, "2024-10-31", "2024-10-28", index_bars=rows)
    assert found == {("index_bars", "000300.SH"): "数据截至 2024-10-28"}


def test_past_the_calendar_weekdays_count_and_the_reason_says_so(mart: Harness) -> None:
    rows = bars("000300.SH", "2024-12-31")
    found = late(mart, "2027-01-04", index_bars=rows)
    assert (
        found["trading_days", "CN"] == "交易日历截至 2024-12-31，其后按周一至周五及已知休市日计"
    )
    assert "交易日历截至 2024-12-31" in found["index_bars", "000300.SH"]


def statements(period: str, companies: int) -> list[Row]:
    day = date.fromisoformat(period)
    return [
        {"code": f"60000{n}.SH", "report_period": day, "announced_on": day + timedelta(days=25),
         "available_on": day + timedelta(days=25)}
        for n in range(companies)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "reason"),
    [
        ("2024-04-29", None),
        ("2024-04-30", "2023Q3，之后财报未导入"),
        ("2025-03-31", "2023Q3，之后财报未导入"),
    ],
)
def test_results_are_late_from_the_deadline_of_the_next_season(
    mart: Harness, as_of: str, reason: str | None
) -> None:
    found = late(mart, as_of, income_statements=statements("2023-09-30", 4))
    assert found.get(("income_statements", "")) == reason


def test_an_early_bird_is_no_season(mart: Harness) -> None:
    rows = [*statements("2024-03-31", 4), *statements("2024-06-30", 1)]
    found = late(mart, "2024-08-31", income_statements=rows)
    assert found == {("income_statements", ""): "2024Q1，之后财报未导入"}
    rows = [*statements("2024-03-31", 4), *statements("2024-06-30", 2)]
    assert late(mart, "2024-08-31", income_statements=rows) == {}


def test_weekly_data_may_be_two_weeks_old(mart: Harness) -> None:
    rows = [
        {"app": "甲", "app_id": "a", "period_start": date(2024, 10, 14),
         "period_end": date(2024, 10, 20), "visits": 1.0, "available_on": date(2024, 10, 21)}
    ]  # fmt: skip
    assert late(mart, "2024-11-03", web_traffic=rows) == {}
    assert [*late(mart, "2024-11-04", web_traffic=rows)] == [("web_traffic", "")]


def test_a_dataset_that_was_never_loaded_is_not_late(mart: Harness) -> None:
    assert mart("data_through", "2024-10-31") == []


@pytest.mark.parametrize(("as_of", "is_over"), [("2024-10-12", False), ("2024-10-13", True)])
def test_the_allowance_begins_with_the_first_session_that_is_missing(
    mart: Harness, as_of: str, is_over: bool
) -> None:
    """Five days from 8 October, the first session after the holiday."""
    given = {"trading_days": CALENDAR, "index_bars": bars("000300.SH", "2024-09-30")}
    found = judged(mart("data_through", as_of, **given))
    mark = ended(found["index_bars"], date.fromisoformat(as_of))
    assert mark.is_over is is_over
    assert mark.line() == "index_bars: stale, data to 2024-09-30 serve: due through 2024-10-11"


def test_one_index_of_many_never_blocks_alone(mart: Harness) -> None:
    rows = [*bars("000300.SH", "2024-10-31"), *bars("000905.SH", "2024-08-30")]
    given = {"trading_days": CALENDAR, "index_bars": rows}
    found = judged(mart("data_through", "2024-10-31", **given))
    mark = ended(found["index_bars"], date(2024, 10, 31))
    assert (mark.is_over, mark.reason) == (False, "000905.SH: due through 2024-10-31")


def test_two_days_from_the_table_of_a_report_are_no_feed_that_stopped(mart: Harness) -> None:
    rows = [
        {"country": "CN", "tenor": "10Y", "date": day, "yield_pct": 2.0, "available_on": day}
        for day in (date(2024, 4, 12), date(2024, 4, 19))
    ]
    given = {"trading_days": CALENDAR, "government_yields": rows}
    found = judged(mart("data_through", "2024-10-18", **given))
    assert not ended(found["government_yields"], date(2024, 10, 18)).is_over
