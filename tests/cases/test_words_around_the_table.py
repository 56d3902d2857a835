"""Titles, units and currencies that stand around a table: used, or the file is refused."""

from __future__ import annotations

import pytest

from tests.cases.desk import Desk
from yanbao.base.errors import FileRefusedError

REVENUE = "revenue_with_its_unit.yml"


def test_currency_of_a_header_that_agrees_with_the_column_of_currencies_is_read(
    desk: Desk,
) -> None:
    taken = desk.take("revenue_in_usd_beside_a_currency_column.csv", mapping=REVENUE)
    read = [int(row["revenue"]) for row in taken.rows]
    assert read == [391_035_000_000, 91_166_000_000]


def test_currency_of_a_header_that_a_row_contradicts_refuses_the_file_with_both_places(
    desk: Desk,
) -> None:
    said = (
        r"header 'revenue \(USD mn\)' \(line 1\) says USD, but its row 3 is in CNY by its"
        r" column 'currency'"
    )
    with pytest.raises(FileRefusedError, match=said):
        desk.take("revenue_in_usd_beside_a_yuan_row.csv", mapping=REVENUE)


def test_titles_above_our_own_columns_are_passed_over(desk: Desk) -> None:
    taken = desk.take("title_above_our_own_columns.csv", dataset="a_share_bars")
    assert taken.status == "good"
    assert [row["close"] for row in desk.core("daily_bars")] == [10.0, 10.5]


def test_row_of_data_above_our_own_columns_is_no_title(desk: Desk) -> None:
    path = desk.write("a_share_bars", [{"code": "600001.SH", "trade_date": "2024-10-31"}])
    path.write_text(f"600001.SH,2024-10-30,9.5\n{path.read_text()}", encoding="utf-8")
    with pytest.raises(FileRefusedError, match="required columns"):
        desk.take(path)


def test_title_above_our_own_columns_says_their_unit(desk: Desk) -> None:
    row = {"code": "600001.SH", "trade_date": "2024-10-31", "close": 10.5, "amount_cny": 9}
    path = desk.write("a_share_bars", [row])
    path.write_text(f"单位：万元\n{path.read_text()}", encoding="utf-8")
    with pytest.raises(FileRefusedError, match=r"'单位：万元' \(line 1\) names the unit"):
        desk.take(path)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("units_below_wide_headers.csv", r"line 2 below header '2024-08-01' names the unit"),
        (
            "unit_in_a_column_beside_wide_headers.csv",
            r"'指标：下载量\(万次\)' \(line 2\)",
        ),
    ],
)
def test_units_of_wide_columns_that_nobody_converts_refuse_the_file(
    desk: Desk, file: str, said: str
) -> None:
    with pytest.raises(FileRefusedError, match=said):
        desk.take(file, mapping="wide_downloads.yml")
