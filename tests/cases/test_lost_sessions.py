"""Sessions that few followed shares all lack: lost or suspended, and who can tell."""

from __future__ import annotations

import pytest

from tests.cases.desk import Desk, bars, changes

FEW = "closes_of_few_shares_without_the_month_end.csv"
UNKNOWN = "缺交易日数据或停牌（2024-09-30，无法区分）"


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_base_that_few_shares_all_lack_is_unknown_and_none_is_taken_instead(
    desk: Desk, count: int
) -> None:
    closes = {"2024-09-26": 9.9, "2024-09-27": 10.0, "2024-10-08": 12.5, "2024-10-31": 13.0}
    codes = [f"60000{n}.SH" for n in range(1, 1 + count)]
    rows = [row for code in codes for row in bars(code, closes)]
    assert desk.take_rows("a_share_bars", rows).status == "good"
    for code in codes:
        row = changes(desk, "2024-10-31", code)
        assert (row["change_month"], row["change_month_reason"]) == (None, UNKNOWN)


def test_file_of_few_shares_without_the_month_end_prints_no_month(desk: Desk) -> None:
    assert desk.take(FEW, dataset="a_share_bars").status == "good"
    row = changes(desk, "2024-10-31", "600001.SH")
    assert (row["change_month"], row["change_month_reason"]) == (None, UNKNOWN)
    # The week has its base.
    assert row["change_week"] == pytest.approx(13.0 / 12.8 - 1)


def test_reference_price_that_meets_the_older_close_proves_the_suspension(desk: Desk) -> None:
    closes = {"2024-09-27": 10.0, "2024-10-08": 10.8, "2024-10-31": 11.0}
    (before, after, last) = bars("600001.SH", closes)
    rows = [before, {**after, "reference_close": 10.0}, last]
    assert desk.take_rows("a_share_bars", rows).status == "good"
    row = changes(desk, "2024-10-31", "600001.SH")
    assert (row["change_month"], row["change_month_reason"]) == (pytest.approx(0.1), None)


def test_reference_price_that_does_not_meet_the_older_close_proves_none(desk: Desk) -> None:
    closes = {"2024-09-27": 10.0, "2024-10-08": 10.8, "2024-10-31": 11.0}
    (before, after, last) = bars("600001.SH", closes)
    rows = [before, {**after, "reference_close": 10.4}, last]
    assert desk.take_rows("a_share_bars", rows).status == "good"
    row = changes(desk, "2024-10-31", "600001.SH")
    assert (row["change_month"], row["change_month_reason"]) == (None, UNKNOWN)


def test_others_that_traded_on_the_day_prove_the_suspension(desk: Desk) -> None:
    closes = {"2024-09-27": 10.0, "2024-09-30": 10.4, "2024-10-08": 10.8, "2024-10-31": 11.0}
    without = {day: close for day, close in closes.items() if day != "2024-09-30"}
    rows = [*bars("600001.SH", closes), *bars("600002.SH", without)]
    assert desk.take_rows("a_share_bars", rows).status == "good"
    row = changes(desk, "2024-10-31", "600002.SH")
    assert (row["change_month"], row["change_month_reason"]) == (pytest.approx(0.1), None)


def test_holidays_are_no_lost_sessions_where_no_calendar_was_imported(desk: Desk) -> None:
    closes = {"2024-09-27": 9.0, "2024-09-30": 10.0, "2024-10-08": 10.8, "2024-10-11": 11.0}
    assert desk.take_rows("a_share_bars", bars("600001.SH", closes)).status == "good"
    row = changes(desk, "2024-10-11", "600001.SH")
    assert (row["change_week"], row["change_week_reason"]) == (pytest.approx(0.1), None)
    assert row["change_month"] == pytest.approx(0.1)


def test_where_no_calendar_reaches_a_weekday_without_rows_may_be_a_holiday(
    desk: Desk,
) -> None:
    closes = {"2013-09-27": 10.0, "2013-10-08": 10.8, "2013-10-31": 11.0}
    rows = [*bars("600001.SH", closes), *bars("600002.SH", closes, reference_close="")]
    assert desk.take_rows("a_share_bars", rows).status == "good"
    row = changes(desk, "2013-10-31", "600001.SH")
    assert row["change_month"] is None
    assert row["change_month_reason"] == "缺交易日数据或休市（2013-09-30，交易日历未覆盖）"


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(("2024-09-27", "2024-10-08", "2024-10-31"), id="without the month's end"),
        pytest.param(("2013-09-27", "2013-10-08", "2013-10-31"), id="no calendar covers it"),
    ],
)
def test_index_prints_no_month_whose_base_nobody_knows(
    desk: Desk, days: tuple[str, str, str]
) -> None:
    rows = [
        {"index_code": "000300.SH", "trade_date": day, "close": close}
        for day, close in zip(days, (100.0, 125.0, 130.0))
    ]
    assert desk.take_rows("index_bars", rows).status == "good"
    (row,) = [
        row for row in desk.rows("index_changes", days[-1]) if row["index_code"] == "000300.SH"
    ]
    assert row["change_this_month"] is None


@pytest.mark.parametrize(
    ("as_of", "window", "reason"),
    [
        ("2024-10-07", "week", "区间内尚无交易日"),
        ("2024-10-08", "week", "缺交易日数据：区间内无行情"),
        ("2024-02-19", "prev_week", "区间内无交易日"),
    ],
)
def test_window_without_a_session_is_told_from_one_without_data(
    desk: Desk, as_of: str, window: str, reason: str
) -> None:
    closes = {"2024-02-08": 10.0, "2024-02-19": 10.1, "2024-09-27": 10.0, "2024-09-30": 10.4}
    assert desk.take_rows("a_share_bars", bars("600001.SH", closes)).status == "good"
    row = changes(desk, as_of, "600001.SH")
    name = f"change_{window}"
    assert (row[name], row[f"{name}_reason"]) == (None, reason)
