"""Fund returns: windows and staleness worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.marts import fund_months
from tests.unit.marts.mart_harness import Harness, Row

FUND = "998001.OF"
THEMES: dict[str, list[Row]] = {
    "fund_themes": [{"theme": "ai", "label_zh": "样例", "name_contains": "样例主题"}],
    "fund_theme_members": [],
    "funds": [{"fund_code": FUND, "fund_name": "样例主题混合A", "fund_type": "混合型"}],
}


def navs(levels: dict[str, float], **fields: Any) -> list[Row]:
    """NAVs that become known on the day after, as on a plain weekday."""
    return [
        {"fund_code": FUND, "nav_date": day, "nav": nav, **fields}
        for day, nav in levels.items()
    ]


def returns(
    mart: Harness, as_of: str, fund_navs: list[Row], known_at: str | None = None
) -> Row:
    (row,) = mart("theme_fund_returns", as_of, known_at, fund_navs=fund_navs, **THEMES)
    return row


def test_month_starts_at_the_nav_of_30_june_though_it_was_a_sunday(mart: Harness) -> None:
    levels = {"2024-06-28": 1.0, "2024-06-30": 1.01, "2024-07-01": 1.05, "2024-07-31": 1.111}
    row = returns(mart, "2024-07-31", navs(levels))
    assert row["return_1m"] == pytest.approx(0.1, abs=1e-8)
    assert (row["return_3m"], row["return_6m"], row["is_stale"]) == (None, None, False)


def test_window_starts_at_the_last_nav_before_a_day_without_one(mart: Harness) -> None:
    levels = {"2024-04-30": 0.8, "2024-07-30": 1.0, "2024-10-31": 1.2}
    row = returns(mart, "2024-10-31", navs(levels))
    assert row["return_3m"] == pytest.approx(0.2, abs=1e-8)
    assert row["return_6m"] == pytest.approx(0.5, abs=1e-8)


def test_nav_of_the_day_is_known_on_the_next_day_alone(mart: Harness) -> None:
    rows = [
        *navs({"2024-09-30": 1.0}, available_on="2024-10-08"),
        *navs({"2024-10-30": 1.1}, available_on="2024-10-31"),
        *navs({"2024-10-31": 1.2}, available_on="2024-11-01"),
    ]
    same_day = returns(mart, "2024-10-31", rows, "2024-10-31")
    assert (str(same_day["nav_on"]), same_day["nav"]) == ("2024-10-30", 1.1)
    assert same_day["return_1m"] == pytest.approx(0.1, abs=1e-8)
    day_after = returns(mart, "2024-10-31", rows, "2024-11-01")
    assert (str(day_after["nav_on"]), day_after["nav"]) == ("2024-10-31", 1.2)


def test_distributions_count_where_the_source_reinvests_them(mart: Harness) -> None:
    rows = [
        *navs({"2024-09-30": 2.0}, nav_adjusted=2.0),
        *navs({"2024-10-31": 1.5}, nav_adjusted=2.2),
    ]
    row = returns(mart, "2024-10-31", rows)
    assert row["nav"] == 1.5
    assert row["return_1m"] == pytest.approx(0.1, abs=1e-8)


def test_stale_fund_is_flagged_and_has_no_return(mart: Harness) -> None:
    row = returns(mart, "2024-10-31", navs({"2024-06-28": 1.0, "2024-10-20": 1.1}))
    assert (row["is_stale"], row["return_3m"], row["nav"]) == (True, None, 1.1)
    assert "十天以上" in row["stale_reason"]
    fresh = returns(mart, "2024-10-31", navs({"2024-06-28": 1.0, "2024-10-21": 1.1}))
    assert (fresh["is_stale"], fresh["stale_reason"]) == (False, None)


def test_fund_without_a_nav_is_listed_and_says_so(mart: Harness) -> None:
    row = returns(mart, "2024-10-31", [])
    assert (row["fund_code"], row["is_stale"], row["stale_reason"]) == (FUND, True, "无净值")


def test_two_hundred_funds_with_actions_and_lost_days_print_no_wrong_return(
    mart: Harness,
) -> None:
    funds = fund_months.market(200, seed=3)
    found = fund_months.judge(funds, fund_months.printed(mart, funds))
    assert found.wrong == []
    printed = sum(
        n for (_, words), n in found.counts.items() if words[:3] in ("全收益", "单位净")
    )
    assert printed > 0.6 * found.counts.total()


def test_adjusted_nav_of_one_end_alone_gives_no_return(mart: Harness) -> None:
    """2.0 to 1.5 with a payment of 0.7 that only the end's adjusted NAV knows of."""
    rows = [*navs({"2024-09-30": 2.0}), *navs({"2024-10-31": 1.9}, nav_adjusted=2.6)]
    row = returns(mart, "2024-10-31", rows)
    assert (row["return_1m"], row["return_1m_basis"]) == (None, None)
    assert row["return_1m_reason"] == "区间一端缺累计或复权净值，无法确认有无分红或拆分"


def test_adjusted_navs_of_two_files_that_were_rescaled_in_between_are_not_mixed(
    mart: Harness,
) -> None:
    """The first file ends before a payment of 0.5, the second is rescaled to its own end."""
    rows = [
        *navs({"2024-09-30": 2.0, "2024-10-15": 2.02}, nav_adjusted=2.0, load_id="load-1"),
        *navs({"2024-10-16": 1.8, "2024-10-31": 1.82}, nav_adjusted=1.8, load_id="load-2"),
    ]
    for row in rows:
        row["nav_adjusted"] = row["nav"]
    row = returns(mart, "2024-10-31", rows)
    assert row["return_1m"] == pytest.approx(-0.09, abs=1e-8)
    assert row["return_1m_basis"].startswith("单位净值涨跌")


def test_a_step_of_unit_nav_that_only_a_split_explains_gives_no_return(mart: Harness) -> None:
    levels = {"2024-09-30": 1.2, "2024-10-15": 1.25, "2024-10-16": 0.626, "2024-10-31": 0.63}
    row = returns(mart, "2024-10-31", navs(levels))
    assert row["return_1m"] is None
    assert "疑为拆分或折算" in row["return_1m_reason"]


def test_two_distributions_are_reinvested_at_the_nav_of_their_day(mart: Harness) -> None:
    steps = (
        ("2024-09-30", 2.0, 2.0), ("2024-10-10", 1.9, 2.1), ("2024-10-11", 1.95, 2.15),
        ("2024-10-21", 1.7, 2.0), ("2024-10-22", 1.72, 2.02),
    )  # fmt: skip
    rows = [row for day, nav, cum in steps for row in navs({day: nav}, nav_cumulative=cum)]
    row = returns(mart, "2024-10-30", rows)
    expected = 2.1 / 2.0 * 1.95 / 1.9 * 1.8 / 1.95 * 1.72 / 1.7 - 1
    assert row["return_1m"] == pytest.approx(expected, abs=1e-8)


def test_a_money_fund_whose_nav_never_moves_has_no_return_of_zero(mart: Harness) -> None:
    days = [f"2024-10-{day:02}" for day in (8, 9, 10, 11, 14, 15, 31)]
    row = returns(mart, "2024-10-31", navs(dict.fromkeys(["2024-09-30", *days], 1.0)))
    assert row["return_1m"] is None
    assert "万份收益" in row["return_1m_reason"]


def test_a_lost_base_day_gives_no_return_of_another_window(mart: Harness) -> None:
    days = ("2024-09-24", "2024-09-25", "2024-09-26", "2024-09-27", "2024-10-30", "2024-10-31")
    calendar = [{"market": "CN", "trade_date": day} for day in (*days, "2024-09-30")]
    rows = navs({day: 1.0 + n / 100 for n, day in enumerate(days)})
    (row,) = mart(
        "theme_fund_returns",
        "2024-10-31",
        None,
        fund_navs=rows,
        trading_days=calendar,
        **THEMES,
    )
    assert (row["return_1m"], row["return_1m_reason"]) == (None, "区间起点当日净值缺失")
    qdii = {**THEMES["funds"][0], "fund_type": "QDII-混合"}
    (row,) = mart(
        "theme_fund_returns", "2024-10-31", None, fund_navs=rows, trading_days=calendar,
        **{**THEMES, "funds": [qdii]},
    )  # fmt: skip
    assert row["return_1m"] == pytest.approx(1.05 / 1.03 - 1, abs=1e-8)


@pytest.mark.parametrize(
    ("fields", "known_at", "is_listed"),
    [
        ({}, None, True),
        ({"valid_from": "2024-11-01"}, None, False),
        ({"valid_from": "2024-10-30"}, None, True),
        ({"valid_from": "2024-10-30"}, "2024-10-29", False),
        ({"valid_to": "2024-10-31"}, None, False),
        ({"valid_to": "2024-11-01"}, None, True),
    ],
)
def test_a_row_of_a_list_holds_from_its_first_day_up_to_its_last(
    mart: Harness, fields: Row, known_at: str | None, is_listed: bool
) -> None:
    member = {"theme": "ai", "fund_code": FUND, "fund_name": "样例", "reason": "样例", **fields}
    rows = mart(
        "theme_fund_returns", "2024-10-31", known_at,
        fund_themes=[], fund_theme_members=[member], funds=[],
    )  # fmt: skip
    assert bool(rows) is is_listed


def test_a_fund_that_is_established_later_is_in_no_theme_yet(mart: Harness) -> None:
    fund = {**THEMES["funds"][0], "established_on": "2024-11-01"}
    assert mart("theme_fund_returns", "2024-10-31", None, **{**THEMES, "funds": [fund]}) == []
    assert (
        len(mart("theme_fund_returns", "2024-11-01", None, **{**THEMES, "funds": [fund]})) == 1
    )
