"""Rankings and extremes of members and indices: order, ties, bases and differences by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.marts.mart_harness import Harness, Row, mainland_sessions

UNIVERSE: dict[str, list[Row]] = {
    "universes": [
        {
            "universe": "ours",
            "label_zh": "样例",
            "pool": "ours",
            "benchmark_index": "998902.SI",
            "ranking_n": 2,
        }
    ],
    "pools": [
        {
            "pool": "ours",
            "label_zh": "样例",
            "kind": "own_list",
            "excludes_beijing": False,
            "excludes_st": False,
            "includes_unlisted": False,
        }
    ],
}
MONTH = ("2024-09-30", "2024-10-31")


def listed(*codes: str) -> dict[str, list[Row]]:
    additions = [{"pool": "ours", "code": code, "reason": "样例"} for code in codes]
    return {**UNIVERSE, "pool_additions": additions}


def bars(code: str, closes: dict[str, float], **fields: Any) -> list[Row]:
    return [
        {
            "code": code,
            "trade_date": day,
            "market": "CN",
            "close": close,
            "adjustment": "none",
            "available_on": day,
            **fields,
        }
        for day, close in closes.items()
    ]


def moved(**changes: float) -> list[Row]:
    """One month per code (s000001 → 000001.SZ) from 10 by the given change."""
    return [
        bar
        for name, change in changes.items()
        for bar in bars(
            f"{name[1:]}.SZ", dict(zip(MONTH, (10.0, 10 * (1 + change)), strict=True))
        )
    ]


def levels(index: str, closes: dict[str, float]) -> list[Row]:
    return [
        {"index_code": index, "trade_date": day, "close": close, "available_on": day}
        for day, close in closes.items()
    ]


def test_index_base_that_is_too_old_gives_no_change_in_any_mart(mart: Harness) -> None:
    """No close in September: that of 20 August is not the base of October."""
    gap = levels("998902.SI", {"2024-08-20": 110.0, "2024-10-31": 108.0})
    (changed,) = mart("index_changes", "2024-10-31", index_bars=gap)
    assert (changed["close"], changed["change_month"]) == (108.0, None)
    ranked = mart(
        "constituent_ranking",
        "2024-10-31",
        daily_bars=moved(s000001=0.1),
        index_bars=gap,
        **listed("000001.SZ"),
    )
    got = {(r["change_month"], r["benchmark_change_month"], r["relative"]) for r in ranked}
    assert got == {(0.1, None, None)}


def test_sides_are_sorted_and_relative_is_the_difference(mart: Harness) -> None:
    rows = mart(
        "constituent_ranking",
        "2024-10-31",
        daily_bars=moved(s000001=0.1, s000002=-0.2, s000003=0.3, s000004=0.0),
        index_bars=levels("998902.SI", {"2024-09-30": 100.0, "2024-10-31": 104.0}),
        **listed("000001.SZ", "000002.SZ", "000003.SZ", "000004.SZ"),
    )
    got = [(row["side"], row["rank_order"], row["code"], row["relative"]) for row in rows]
    assert got == [
        ("top", 1, "000003.SZ", pytest.approx(0.26)),
        ("top", 2, "000001.SZ", pytest.approx(0.06)),
        ("bottom", 1, "000002.SZ", pytest.approx(-0.24)),
        ("bottom", 2, "000004.SZ", pytest.approx(-0.04)),
    ]
    assert {(row["members"], row["members_ranked"]) for row in rows} == {(4, 4)}


def test_order_is_that_of_unrounded_changes_and_ties_go_by_code(mart: Harness) -> None:
    rows = mart(
        "constituent_ranking",
        "2024-10-31",
        daily_bars=moved(s000003=0.100001, s000002=0.1, s000001=0.1),
        **listed("000001.SZ", "000002.SZ", "000003.SZ"),
    )
    top = [row["code"] for row in rows if row["side"] == "top"]
    bottom = [row["code"] for row in rows if row["side"] == "bottom"]
    assert (top, bottom) == (["000003.SZ", "000001.SZ"], ["000001.SZ", "000002.SZ"])
    assert {row["relative"] for row in rows} == {None}, "the benchmark has no bars"


def test_member_without_a_base_is_counted_and_not_ranked(mart: Harness) -> None:
    young = bars("000002.SZ", {"2024-10-15": 10.0, "2024-10-31": 30.0})
    suspended = bars("000003.SZ", {"2024-08-20": 10.0, "2024-10-31": 5.0})
    rows = mart(
        "constituent_ranking",
        "2024-10-31",
        daily_bars=[*moved(s000001=0.1), *young, *suspended],
        **listed("000001.SZ", "000002.SZ", "000003.SZ", "000004.SZ"),
    )
    assert {row["code"] for row in rows} == {"000001.SZ"}
    assert {(row["members"], row["members_ranked"]) for row in rows} == {(4, 1)}


def test_base_within_31_days_before_the_month_carries_a_suspension(mart: Harness) -> None:
    suspended = bars("000001.SZ", {"2024-08-31": 10.0, "2024-10-31": 12.0})
    rows = mart(
        "constituent_ranking", "2024-10-31", daily_bars=suspended, **listed("000001.SZ")
    )
    assert [row["change_month"] for row in rows] == pytest.approx([0.2, 0.2])


def test_dividend_is_reinvested_through_the_reference_price(mart: Harness) -> None:
    rows = mart(
        "constituent_ranking",
        "2024-10-31",
        daily_bars=[
            *bars("000001.SZ", {"2024-09-30": 10.0, "2024-10-30": 10.0}, reference_close=10.0),
            *bars("000001.SZ", {"2024-10-31": 9.5}, reference_close=9.5),
        ],
        **listed("000001.SZ"),
    )
    assert {row["change_month"] for row in rows} == {0.0}


def test_extreme_members_of_a_week_count_from_one_base_of_the_market(mart: Harness) -> None:
    quiet = bars("000003.SZ", {"2024-10-09": 10.0, "2024-10-18": 10.1})
    week = {
        code: bars(code, {"2024-10-10": 10.0, "2024-10-11": 10.0, "2024-10-18": close})
        for code, close in (("000001.SZ", 14.87), ("000002.SZ", 9.5))
    }
    rows = mart(
        "member_extremes",
        "2024-10-18",
        daily_bars=[*week["000001.SZ"], *week["000002.SZ"], *quiet],
        **listed("000001.SZ", "000002.SZ", "000003.SZ"),
    )
    got = {row["side"]: (row["code"], row["change_week"]) for row in rows}
    assert got == {
        "max_gain": ("000001.SZ", pytest.approx(0.487)),
        "max_loss": ("000002.SZ", pytest.approx(-0.05)),
    }
    assert {str(row["week_start_date"]) for row in rows} == {"2024-10-11"}
    assert {row["members_ranked"] for row in rows} == {3}


def test_daily_extremes_are_those_of_the_week_alone(mart: Harness) -> None:
    closes = {
        "2024-10-10": 50.0,
        "2024-10-11": 100.0,
        "2024-10-14": 102.0,
        "2024-10-15": 100.98,
        "2024-10-18": 104.0094,
    }
    (row,) = mart(
        "index_daily_extremes",
        "2024-10-18",
        index_bars=levels("998001.SH", closes),
        trading_days=mainland_sessions(closes),
    )
    assert row["max_daily_gain"] == pytest.approx(0.03, abs=1e-8)
    assert row["max_daily_loss"] == pytest.approx(-0.01, abs=1e-8)
    days = (row["max_daily_gain_on"], row["max_daily_loss_on"], row["first_session_on"])
    assert [str(day) for day in days] == ["2024-10-18", "2024-10-15", "2024-10-14"]
    assert row["sessions"] == 3


def test_week_with_a_missing_session_has_no_best_day(mart: Harness) -> None:
    """Another index of the market has a close on the 16th: there was a session."""
    full = dict.fromkeys(("2024-10-11", "2024-10-14", "2024-10-15", "2024-10-16"), 10.0)
    gap = {"2024-10-11": 100.0, "2024-10-14": 100.0, "2024-10-15": 101.0, "2024-10-17": 121.2}
    american = {"2024-10-14": 10.0, "2024-10-15": 12.0}
    index_bars = [
        *levels("998001.SH", gap),
        *levels("998902.SI", full),
        *levels("SPX9.GI", american),
    ]
    rows = mart("index_daily_extremes", "2024-10-18", index_bars=index_bars)
    gains = {
        row["index_code"]: (row["max_daily_gain"], row["max_daily_gain_reason"]) for row in rows
    }
    assert gains == {
        "998001.SH": (None, "缺交易日数据"),
        "998902.SI": (0.0, None),
        "SPX9.GI": (None, "缺交易日数据"),  # the session before the week
    }


COMPARISON: dict[str, list[Row]] = {
    "index_comparisons": [
        {
            "comparison": "ours",
            "label_zh": "样例",
            "index_code": "998902.SI",
            "benchmark_index": "998001.SH",
        }
    ]
}
INDUSTRY = {"2023-10-30": 80.0, "2024-07-31": 90.0, "2024-09-27": 110.0, "2024-10-31": 99.0}
BROAD = {"2023-10-30": 50.0, "2024-07-31": 60.0, "2024-09-27": 66.0, "2024-10-31": 66.0}


def test_windows_start_on_the_day_n_months_before_or_the_last_close_before_it(
    mart: Harness,
) -> None:
    rows = mart(
        "relative_performance",
        "2024-10-31",
        index_bars=[*levels("998902.SI", INDUSTRY), *levels("998001.SH", BROAD)],
        trading_days=mainland_sessions({**INDUSTRY, **BROAD}),
        **COMPARISON,
    )
    got = {r["line"]: [r["return_1m"], r["return_3m"], r["return_12m"]] for r in rows}
    assert got["industry"] == pytest.approx([-0.1, 0.1, 0.2375], abs=1e-8)
    assert got["benchmark"] == pytest.approx([0.0, 0.1, 0.32], abs=1e-8)
    assert got["difference"] == pytest.approx([-0.1, 0.0, -0.0825], abs=1e-8)
    assert [row["line"] for row in rows] == ["industry", "benchmark", "difference"]
    earlier = {r["line"]: [r["change_1m"], r["change_3m"], r["change_12m"]] for r in rows}
    assert earlier == got, "the names of earlier releases stay valid"


def test_windows_that_end_on_other_sessions_are_not_subtracted(mart: Harness) -> None:
    late = {day: level for day, level in BROAD.items() if day != "2024-10-31"}
    rows = mart(
        "relative_performance",
        "2024-10-31",
        index_bars=[
            *levels("998902.SI", INDUSTRY),
            *levels("998001.SH", {**late, "2024-10-30": 66.0}),
        ],
        **COMPARISON,
    )
    (difference,) = [row for row in rows if row["line"] == "difference"]
    assert [difference[f"return_{months}m"] for months in (1, 3, 12)] == [None] * 3
