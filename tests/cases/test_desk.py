"""The harness of the cases itself: a file goes through reader, gate, core and mart."""

from __future__ import annotations

from tests.cases.desk import Desk

DAYS = ("2024-09-30", "2024-10-25", "2024-10-31")


def test_a_good_file_reaches_core_and_mart(desk: Desk) -> None:
    bars = [
        {"code": "600001.SH", "trade_date": day, "close": close}
        for day, close in zip(DAYS, (10, 10.5, 11), strict=True)
    ]
    taken = desk.take_rows("a_share_bars", bars)
    assert (taken.status, len(taken.rows)) == ("good", 3)
    assert [row["close"] for row in desk.core("daily_bars")] == [10, 10.5, 11]
    row = desk.rows("company_changes", "2024-10-31")[0]
    assert (row["code"], row["close"], row["change_month"]) == ("600001.SH", 11, 0.1)


def test_a_file_whose_prices_are_a_hundred_times_the_stored_ones_is_held(desk: Desk) -> None:
    for day, close in zip(DAYS, (10, 10.5, 1100), strict=True):
        row = {"code": "600001.SH", "trade_date": day, "close": close}
        taken = desk.take_rows("a_share_bars", [row])
    assert taken.status == "held"
    assert "rule scale(close) failed" in taken.reason
    assert len(desk.core("daily_bars")) == 2


def test_rows_of_a_seed_stand_for_one_reading_alone(desk: Desk) -> None:
    bar = {"code": "600001.SH", "trade_date": DAYS[-1], "close": 11}
    desk.take_rows("a_share_bars", [bar])
    segment = {"segment_cn": "样例", "code": "600001.SH", "company": "样例甲"}
    day = DAYS[-1]
    named = desk.rows("company_changes", day, seeds={"watch_segments": [segment]})
    assert [row["segment_cn"] for row in named] == ["样例"]
    assert [row["segment_cn"] for row in desk.rows("company_changes", day)] == [None]
