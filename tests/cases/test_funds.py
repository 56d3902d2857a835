"""Cases of funds and of dated rules, each with its one right answer."""

from __future__ import annotations

import pytest

from tests.cases.desk import Desk, Row


def fund_row(desk: Desk, fund_code: str) -> Row:
    member = {"theme": "ai", "fund_code": fund_code, "fund_name": "样例基金", "reason": "样例"}
    (row,) = desk.rows(
        "theme_fund_returns", "2024-10-31", seeds={"fund_theme_members": [member]}
    )
    return row


def test_a_split_of_a_fund_is_no_loss(desk: Desk) -> None:
    assert desk.take("fund_navs_over_a_split.csv").status == "good"
    row = fund_row(desk, "998001.OF")
    assert row["return_1m"] == pytest.approx(0.05, abs=1e-8)
    assert row["return_1m_basis"] == "全收益：单位净值，按拆分比例还原"


def test_a_distribution_of_a_fund_is_no_loss(desk: Desk) -> None:
    assert desk.take("fund_navs_over_a_distribution.csv").status == "good"
    row = fund_row(desk, "998002.OF")
    assert row["return_1m"] == pytest.approx(0.05, abs=1e-8)
    assert row["return_1m_basis"] == "全收益：累计净值增量除以期初净值，分红不再投资"


SPLIT = {"2024-10-14": 1.24, "2024-10-15": 1.25, "2024-10-16": 0.626, "2024-10-31": 0.63}


def split_rows(**cells: list[float]) -> list[Row]:
    rows = [
        {"fund_code": "998003.OF", "nav_date": day, "nav": nav}
        for day, nav in {"2024-09-30": 1.2, **SPLIT}.items()
    ]
    for name, values in cells.items():
        rows = [{**row, name: value} for row, value in zip(rows, values, strict=True)]
    return rows


def test_a_file_whose_unit_nav_alone_halves_waits_for_a_person(desk: Desk) -> None:
    taken = desk.take_rows("fund_navs", split_rows())
    assert taken.status == "held"
    assert "998003.OF 2024-10-16: 1.25 to 0.626" in taken.reason
    assert "累计净值" in taken.reason


def test_a_split_between_two_files_waits_for_a_person_too(desk: Desk) -> None:
    rows = split_rows()
    assert desk.take_rows("fund_navs", rows[:3]).status == "good"
    assert desk.take_rows("fund_navs", rows[3:4]).status == "held"


def test_the_return_over_an_accepted_step_without_a_witness_stays_blank(desk: Desk) -> None:
    taken = desk.take_rows("fund_navs", split_rows())
    desk.zone.record_decision(taken.stored.load.load_id, "accept", "样例")
    desk.build()
    row = fund_row(desk, "998003.OF")
    assert row["return_1m"] is None
    assert "疑为拆分或折算" in row["return_1m_reason"]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("nav_cumulative", [1.2, 1.24, 1.25, 1.252, 1.26]),
        ("nav_adjusted", [1.2, 1.24, 1.25, 1.252, 1.26]),
    ],
)
def test_a_split_that_another_column_explains_is_taken(
    desk: Desk, column: str, values: list[float]
) -> None:
    assert desk.take_rows("fund_navs", split_rows(**{column: values})).status == "good"
    assert fund_row(desk, "998003.OF")["return_1m"] == pytest.approx(0.05, abs=1e-8)


def st_streak(desk: Desk, as_of: str = "2026-07-10") -> int | None:
    securities = [{"code": "600001.SH", "name": "ST样例", "listed_on": "2010-01-04"}]
    assert desk.take_rows("securities", securities).status == "good"
    streak: int | None = desk.rows("company_changes", as_of)[0]["limit_up_streak"]
    return streak


def test_an_st_share_of_the_main_board_moves_by_ten_per_cent_since_july_2026(
    desk: Desk,
) -> None:
    assert desk.take("st_share_july_2026.csv", "a_share_bars").status == "good"
    assert st_streak(desk) == 4


def test_five_per_cent_is_no_limit_of_an_st_share_any_more(desk: Desk) -> None:
    days, closes = ("06", "07", "08"), (3.0, 3.15, 3.31)
    bars = [
        {"code": "600001.SH", "trade_date": f"2026-07-{day}", "close": close}
        for day, close in zip(days, closes, strict=True)
    ]
    desk.take_rows("a_share_bars", bars)
    assert st_streak(desk, "2026-07-08") == 0


def test_a_streak_is_blank_once_price_limits_went_unreviewed_for_too_long(desk: Desk) -> None:
    desk.take("st_share_july_2026.csv", "a_share_bars")
    rule = {"rule": "price_limits", "reviewed_until": "2026-06-09", "allowance_days": 30}
    (row,) = desk.rows("company_changes", "2026-07-10", seeds={"reviewed_rules": [rule]})
    assert row["limit_up_streak"] is None
    (day_before,) = desk.rows("company_changes", "2026-07-09", seeds={"reviewed_rules": [rule]})
    assert day_before["limit_up_streak"] == 3
