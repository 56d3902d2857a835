"""Fund returns: windows and staleness worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

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
    levels = {"2024-06-28": 1.0, "2024-06-30": 1.01, "2024-07-01": 1.5, "2024-07-31": 1.111}
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
