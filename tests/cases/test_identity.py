"""One company, one code, one name: whatever file it comes in, and on whatever day."""

from __future__ import annotations

import pytest

from tests.cases.desk import Desk


def bars(code: str, **closes: float) -> list[dict[str, object]]:
    """Bars of a code by day, written as ``d1031=10.5`` for 2024-10-31."""
    return [
        {"code": code, "trade_date": f"2024-{day[1:3]}-{day[3:]}", "close": close}
        for day, close in closes.items()
    ]


def test_hong_kong_share_of_five_digits_is_the_one_of_four(desk: Desk) -> None:
    assert desk.take("hk_five_digit_codes.csv", "hk_stock_bars").status == "good"
    assert {row["code"] for row in desk.core("daily_bars")} == {"0700.HK"}
    (row,) = [r for r in desk.rows("company_changes", "2024-10-31") if r["company"]]
    assert (row["code"], row["company"], row["close"]) == ("0700.HK", "腾讯控股", 405.0)


@pytest.mark.parametrize(
    ("dataset", "row"),
    [
        ("market_caps", {"trade_date": "2024-10-31", "market_cap": 1, "company": "样例"}),
        ("ratings", {"broker": "样例", "rated_on": "2024-10-31", "rating": "买入"}),
        ("index_constituents", {"index_code": "HSI.HI", "as_of_date": "2024-10-31"}),
        ("securities", {"name": "样例"}),
    ],
)
def test_every_dataset_that_takes_hong_kong_writes_four_digits(
    desk: Desk, dataset: str, row: dict[str, object]
) -> None:
    row = {**row, "currency": "HKD", "cap_basis": "all_classes"}
    taken = desk.take_rows(dataset, [{**row, "code": "00700.HK"}])
    assert [r["code"] for r in taken.rows] == ["0700.HK"]


def test_two_spellings_of_one_key_in_a_file_are_found(desk: Desk) -> None:
    rows = [*bars("0700.HK", d1031=405.0), *bars("00700.HK", d1031=41.0)]
    taken = desk.take_rows("hk_stock_bars", rows)
    assert "0700.HK" in taken.lines
    assert taken.status != "good"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("sh.600519", "write it as 600519.SH"),
        ("600519.XSHG", "write it as 600519.SH"),
        ("600519.SS", "write it as 600519.SH"),
        ("SZ000001", "write it as 000001.SZ"),
        ("600519.0", "it was read as a number"),
        ("1.SZ", "lost their leading zeros"),
        ("000001.SH", "000001.SH is an index"),
        ("000300.SH", "000300.SH is an index"),
        ("399006.SZ", "399006.SZ is an index"),
        ("899050.BJ", "899050.BJ is an index"),
        ("510300.SH", "510300.SH is a listed fund"),
        ("159819.SZ", "159819.SZ is a listed fund"),
        ("900901.SH", "900901.SH is a B share"),
        ("200012.SZ", "200012.SZ is a B share"),
        ("113050.SH", "write the code as the dataset does"),
        ("880001.SH", "write the code as the dataset does"),
        ("999999.SH", "write the code as the dataset does"),
        ("600519.SZ", "write the code as the dataset does"),
    ],
)
def test_what_is_no_a_share_is_kept_out_of_its_bars_and_said(
    desk: Desk, code: str, hint: str
) -> None:
    good = [row for n in range(9) for row in bars(f"60000{n}.SH", d1031=10)]
    taken = desk.take_rows("a_share_bars", [*good, *bars(code, d1031=10)])
    assert taken.status == "good"
    assert len(taken.rows) == len(good)
    assert hint in taken.lines


def test_file_of_other_vendors_spellings_loads_nothing(desk: Desk) -> None:
    taken = desk.take("other_vendors_codes.csv", "a_share_bars")
    assert taken.status == "held"
    assert taken.rows == []


@pytest.mark.parametrize(
    ("dataset", "code", "hint"),
    [
        ("index_bars", "600519.SH", "600519.SH is an A share"),
        ("index_bars", "000001.SZ", "000001.SZ is an A share"),
        ("index_bars", "510300.SH", "510300.SH is a listed fund"),
        ("etf_bars", "600519.SH", "600519.SH is an A share"),
        ("etf_bars", "000300.SH", "000300.SH is an index"),
        ("us_stock_bars", "BRK_B.N", "write it as BRK-B.N"),
        ("us_stock_bars", "BRK.B.N", "write it as BRK-B.N"),
        ("us_stock_bars", "brk-b.n", "write it as BRK-B.N"),
        ("us_stock_bars", "BRK.B", "e.g. NVDA.O"),
        ("us_stock_bars", "0700.HK", "e.g. NVDA.O"),
        ("hk_stock_bars", "700.HK", "e.g. 0700.HK"),
        ("hk_stock_bars", "0700.hk", "write it as 0700.HK"),
    ],
)
def test_each_dataset_takes_codes_of_its_kind_alone(
    desk: Desk, dataset: str, code: str, hint: str
) -> None:
    column = "index_code" if dataset == "index_bars" else "code"
    row = {column: code, "trade_date": "2024-10-31", "close": 10}
    taken = desk.take_rows(dataset, [row])
    assert taken.rows == []
    assert hint in taken.lines
