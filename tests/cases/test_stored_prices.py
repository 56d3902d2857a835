"""A file beside what is stored of its keys: another basis or price waits for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cases.desk import Desk, Taken
from yanbao.intake.landing import land_file

DAYS = ("2024-10-29", "2024-10-30", "2024-10-31")
BAR = {"code": "600001.SH", "trade_date": "2024-10-31"}


def bars(closes: tuple[float, ...], adjustment: str = "", **cells: Any) -> list[dict[str, Any]]:
    """One share's closes on the last days of October."""
    return [
        {**BAR, "trade_date": day, "close": close, "adjustment": adjustment, **cells}
        for day, close in zip(DAYS, closes)
    ]


def accept(desk: Desk, taken: Taken) -> None:
    desk.zone.record_decision(taken.stored.load.load_id, "accept", "样例")
    desk.build()


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        ("forward_ratio", "", DAYS[0]),
        ("forward_ratio", "", DAYS[1]),
        ("forward_ratio", "", DAYS[2]),
        ("", "backward_ratio", DAYS[2]),
    ],
)
def test_a_file_on_another_basis_than_the_history_is_held_whatever_its_day(
    desk: Desk, before: str, after: str, day: str
) -> None:
    desk.take_rows("a_share_bars", bars((10.0, 10.1, 10.2), before)[1:2])
    taken = desk.take_rows(
        "a_share_bars", [{**BAR, "trade_date": day, "close": 10.1, "adjustment": after}]
    )
    assert taken.status == "held"
    stored = before or "none"
    named = f"row 2 600001.SH {day} {after or 'none'}, stored {stored} on 2024-10-30"
    assert named in taken.reason
    assert [row["close"] for row in desk.core("daily_bars")] == [10.1]


@pytest.mark.parametrize(
    ("dataset", "key", "price"),
    [
        ("a_share_bars", {"code": "600001.SH", "trade_date": DAYS[0]}, "close"),
        ("etf_bars", {"code": "159819.SZ", "trade_date": DAYS[0]}, "close"),
        ("hk_stock_bars", {"code": "0700.HK", "trade_date": DAYS[0]}, "close"),
        ("us_stock_bars", {"code": "NVDA.O", "trade_date": DAYS[0]}, "close"),
        ("index_bars", {"index_code": "000300.SH", "trade_date": DAYS[0]}, "close"),
        ("fund_navs", {"fund_code": "005962.OF", "nav_date": DAYS[0]}, "nav"),
        ("fx_fixings", {"pair": "USDCNY", "fixing_date": DAYS[0]}, "rate"),
    ],
)
def test_a_file_with_another_price_of_a_stored_day_is_held_and_the_row_is_named(
    desk: Desk, dataset: str, key: dict[str, str], price: str
) -> None:
    desk.take_rows(dataset, [{**key, price: 10.25}])
    taken = desk.take_rows(dataset, [{**key, price: 10.24}])
    assert taken.status == "held"
    assert f"row 2 {' '.join(key.values())} {price} stored 10.25, new 10.24" in taken.reason


def test_a_corrected_price_is_taken_once_a_person_has_accepted_it(desk: Desk) -> None:
    desk.take_rows("a_share_bars", bars((10.0, 10.1, 10.2)))
    taken = desk.take_rows("a_share_bars", bars((10.0, 10.1, 10.3)))
    assert "row 4 600001.SH 2024-10-31 close stored 10.2, new 10.3" in taken.reason
    accept(desk, taken)
    assert [row["close"] for row in desk.core("daily_bars")] == [10.0, 10.1, 10.2, 10.3]


def test_facts_beside_the_price_are_versions_as_ever(desk: Desk) -> None:
    desk.take_rows("a_share_bars", bars((10.0, 10.1)))
    assert desk.take_rows("a_share_bars", bars((10.0, 10.1), pb=1.5)).status == "good"


def test_corrected_figures_of_other_datasets_are_versions_as_ever(desk: Desk) -> None:
    size = {"fund_code": "005962.OF", "as_of_date": "2024-09-30", "size_basis": "class"}
    desk.take_rows("fund_sizes", [{**size, "fund_size_cny": 719e6}])
    assert desk.take_rows("fund_sizes", [{**size, "fund_size_cny": 721e6}]).status == "good"


def test_a_longer_history_of_the_same_basis_is_taken(desk: Desk) -> None:
    desk.take_rows("a_share_bars", bars((10.0, 10.1), "forward_ratio"))
    assert desk.take_rows("a_share_bars", bars((10.0, 10.1, 10.2), "forward_ratio")).status == (
        "good"
    )


def test_a_forward_adjusted_history_downloaded_after_a_dividend_is_held(desk: Desk) -> None:
    """Its last days would stand on another base than the stored days before them."""
    desk.take_rows("a_share_bars", bars((10.0, 10.1, 10.2), "forward_ratio"))
    taken = desk.take_rows("a_share_bars", bars((9.8, 9.9, 10.0), "forward_ratio")[1:])
    assert "close stored 10.1, new 9.9" in taken.reason


def test_files_that_come_together_are_held_against_each_other(desk: Desk) -> None:
    """Neither is built yet when the second is judged."""
    files = [desk.write("a_share_bars", bars((10.0,), basis)) for basis in ("split", "")]
    landed = [land_file(desk.settings, file) for file in files]
    desk.gate()
    statuses = [desk.zone.load(one.stored.load.load_id).status for one in landed]
    assert statuses == ["good", "held"]


def test_a_file_accepted_for_its_bad_rows_is_judged_and_waits_again(desk: Desk) -> None:
    """Who accepted it had not seen that its good rows stand on another basis."""
    desk.take_rows("a_share_bars", bars((10.0,), "forward_ratio"))
    taken = desk.take_rows("a_share_bars", [*bars((11.0,)), {**BAR, "code": "oops"}])
    load_id = taken.stored.load.load_id
    assert "1 of 2 rows are bad" in taken.reason
    desk.zone.record_decision(load_id, "accept", "样例")
    desk.gate()
    stored = desk.zone.load(load_id)
    assert (stored.status, "stored_basis" in stored.reason) == ("held", True)
    accept(desk, taken)
    assert [row["close"] for row in desk.core("daily_bars")] == [10.0, 11.0]


WIND_SHEET = "desk_exports/万得_AI概念股涨跌幅_20241031.xlsx"
WIND_COLUMNS = """\
dataset: a_share_bars
header_row: 2
columns:
  证券代码: code
  交易日期: trade_date
  前收盘价 [单位]元: reference_close
  收盘价 [单位]元 [复权方式]不复权: close
constants: {adjustment: none}
date_format: '%Y%m%d'
printed_numbers: true
skip_rows: ['^数据来源']
"""


@pytest.fixture
def wind_mapping(tmp_path: Path) -> str:
    path = tmp_path / "day_sheet.yml"
    path.write_text(WIND_COLUMNS, encoding="utf-8")
    return str(path)


CODES = ("000977.SZ", "002230.SZ", "688256.SH", "300033.SZ", "603019.SH")


@pytest.mark.parametrize("last", ["2024-10-30", "2024-10-31"])
def test_an_unadjusted_day_sheet_over_an_adjusted_history_is_held_with_its_rows(
    desk: Desk, wind_mapping: str, last: str
) -> None:
    history = [
        {"code": code, "trade_date": day, "close": 40, "adjustment": "forward_ratio"}
        for code in CODES
        for day in ("2024-09-30", last)
    ]
    desk.take_rows("a_share_bars", history)
    taken = desk.take(WIND_SHEET, mapping=wind_mapping)
    assert (taken.status, len(taken.rows)) == ("held", 5)
    for row, code in enumerate(CODES, start=3):
        stored = f"stored forward_ratio on {last}"
        assert f"row {row} {code} 2024-10-31 none, {stored}" in taken.reason
    assert {row["close"] for row in desk.core("daily_bars")} == {40}


def test_an_unadjusted_day_sheet_over_an_unadjusted_history_is_taken(
    desk: Desk, wind_mapping: str
) -> None:
    closes = dict(zip(CODES, (45.9, 45.1, 440.1, 205.0, 60.1)))
    desk.take_rows(
        "a_share_bars",
        [{"code": c, "trade_date": "2024-10-30", "close": v} for c, v in closes.items()],
    )
    assert desk.take(WIND_SHEET, mapping=wind_mapping).status == "good"


@pytest.mark.parametrize(
    ("stored_on", "closes", "told"),
    [
        (
            "2024-10-31",
            (46.6, 45.75, 453.6, 206.4, 60.93),
            "row 5 688256.SH 2024-10-31 close stored 453.6, new 440.1",
        ),
        (
            "2024-10-30",
            (45.9, 45.1, 440.1, 205.0, 60.1),
            "the close of each of 5 codes is that of its last stored session",
        ),
    ],
)
def test_the_previous_close_read_as_the_close_is_held(
    desk: Desk, tmp_path: Path, stored_on: str, closes: tuple[float, ...], told: str
) -> None:
    desk.take_rows(
        "a_share_bars",
        [{"code": c, "trade_date": stored_on, "close": v} for c, v in zip(CODES, closes)],
    )
    path = tmp_path / "swapped.yml"
    columns = WIND_COLUMNS.splitlines(keepends=True)
    as_close = [line.replace("reference_close", "close") for line in columns]
    path.write_text("".join(as_close[:6] + as_close[7:]), encoding="utf-8")
    taken = desk.take(WIND_SHEET, mapping=str(path))
    assert taken.status == "held"
    assert told in taken.reason


def test_a_file_without_a_column_that_the_stored_rows_have_is_held(desk: Desk) -> None:
    """Else a version of it would blank the cap, and every ratio that reads it."""
    desk.take_rows("a_share_bars", bars((10.0, 10.1), market_cap_cny=5e9, pb=1.5))
    taken = desk.take_rows("a_share_bars", bars((10.0, 10.1), pb=1.6))
    assert taken.status == "held"
    assert "no column for market_cap_cny of 2 stored rows" in taken.reason


def test_a_column_that_no_stored_row_has_is_not_missed(desk: Desk) -> None:
    desk.take_rows("a_share_bars", bars((10.0,), market_cap_cny=5e9))
    other = [{**row, "code": "600002.SH", "pb": 1} for row in bars((11.0,))]
    assert desk.take_rows("a_share_bars", other).status == "good"


def test_a_sheet_accepted_over_an_adjusted_history_blanks_its_changes_with_the_true_reason(
    desk: Desk, wind_mapping: str
) -> None:
    days = ("2024-09-30", "2024-10-25", "2024-10-30")
    history = [
        {"code": code, "trade_date": day, "close": 40, "adjustment": "forward_ratio"}
        for code in CODES
        for day in days
    ]
    desk.take_rows("a_share_bars", history)
    accept(desk, desk.take(WIND_SHEET, mapping=wind_mapping))
    rows = {row["code"]: row for row in desk.rows("company_changes", "2024-10-31")}
    assert rows["688256.SH"]["close"] == 453.6
    for row in rows.values():
        assert row["change_week"] is None
        assert row["change_week_reason"].startswith("复权口径变化")
        assert row["change_month"] is None
        assert row["change_month_reason"].startswith("复权口径变化")
