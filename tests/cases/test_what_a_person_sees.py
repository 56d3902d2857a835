"""What a person sees in a file is what is read, or the file says why it is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.desk import Desk
from yanbao.base.errors import FileRefusedError


def values(rows: list[dict[str, Any]], column: str) -> list[float]:
    return [float(row[column]) for row in rows]


@pytest.mark.parametrize(
    ("file", "mapping", "wanted"),
    [
        ("xlsx_shown_in_wan.xlsx", "wan_downloads.yml", [1234567, 2345678]),
        ("xlsx_shown_in_wan_plain.xlsx", "wan_downloads.yml", [1234567, 2345678]),
        ("xlsx_suffix_wan.xlsx", "wan_downloads_plain.yml", [1234000, 2345000]),
    ],
)
def test_downloads_are_read_in_the_unit_that_the_sheet_shows(
    desk: Desk, file: str, mapping: str, wanted: list[float]
) -> None:
    assert values(desk.take(file, mapping=mapping).rows, "downloads") == wanted


@pytest.mark.parametrize(
    ("file", "dataset", "column", "wanted"),
    [
        ("xlsx_suffix_yi.xlsx", "fund_sizes", "fund_size_cny", [719000000, 1250000000]),
        ("xlsx_shown_in_thousands.xlsx", "web_traffic", "visits", [1234567, 2345678]),
        ("xlsx_true_percent.xlsx", "web_traffic", "visits_wow_reported", [0.052, -0.031]),
    ],
)
def test_a_unit_in_a_number_format_needs_no_mapping(
    desk: Desk, file: str, dataset: str, column: str, wanted: list[float]
) -> None:
    assert values(desk.take(file, dataset).rows, column) == wanted


def test_codes_that_are_written_as_formulas_of_text_are_codes(desk: Desk) -> None:
    taken = desk.take("equals_quoted_codes.csv")
    assert [row["code"] for row in taken.rows] == ["000001.SZ", "000002.SZ"]
    assert values(desk.core("daily_bars"), "close") == [10.2, 10.3]


@pytest.mark.parametrize("file", ["sep_line.csv", "semicolons.csv"])
def test_a_file_is_separated_as_it_says_or_shows(desk: Desk, file: str) -> None:
    (row,) = desk.take(file, "a_share_bars").rows
    assert (row["code"], row["trade_date"], row["close"]) == ("600001.SH", "2024-10-31", "10.2")


def test_text_in_big5_is_refused_and_never_read_as_other_words(desk: Desk) -> None:
    with pytest.raises(FileRefusedError, match="its text is in Big5"):
        desk.take("big5_rounds.csv", "funding_rounds")


def test_titles_lose_the_marks_of_a_page(desk: Desk) -> None:
    row = {"section": "快讯", "published_on": "2024-10-31", "publisher": "样例社"}
    desk.take_rows("news_items", [{**row, "headline": "A&amp;B：<em>芯片</em>涨价"}])
    assert [item["headline"] for item in desk.core("news_items")] == ["A&B：芯片涨价"]
