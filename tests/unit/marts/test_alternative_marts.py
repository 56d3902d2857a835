"""Leaderboards, web traffic and funding: ranks, what is computed, what is counted once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.marts.mart_harness import Harness, Row


def score(model: str, value: float, plus: float, minus: float, **fields: Any) -> Row:
    return {
        "board": "arena",
        "category": "overall",
        "as_of_date": "2024-10-30",
        "model": model,
        "model_id": model,
        "score": value,
        "ci_plus": plus,
        "ci_minus": minus,
        **fields,
    }


def board(mart: Harness, scores: list[Row]) -> dict[tuple[str, str], Row]:
    rows = mart("llm_leaderboard", "2024-10-31", llm_scores=scores)
    return {(row["category"], row["model"]): row for row in rows}


def test_models_whose_bounds_overlap_share_a_rank(mart: Harness) -> None:
    scores = [
        score("a", 1340, 4, 3),
        score("b", 1335, 5, 4),
        score("c", 1320, 5, 5),
        score("d", 1330, 8, 8),
    ]
    ranks = {model: row["rank_ub"] for (_, model), row in board(mart, scores).items()}
    # Lower bounds: a 1337, b 1331, d 1322, c 1315. Upper: a 1344, b 1340, d 1338, c 1325.
    assert ranks == {"a": 1, "b": 1, "d": 1, "c": 3}


def test_bounds_that_touch_are_no_proof_of_being_better(mart: Harness) -> None:
    ranks = board(mart, [score("a", 1340, 5, 5), score("b", 1330, 5, 5)])
    assert [row["rank_ub"] for row in ranks.values()] == [1, 1]
    ranks = board(mart, [score("a", 1340, 5, 4.9), score("b", 1330, 5, 5)])
    assert [row["rank_ub"] for row in ranks.values()] == [1, 2]


def test_delta_compares_the_place_with_the_place_overall(mart: Harness) -> None:
    scores = [
        score("a", 1340, 1, 1),
        score("b", 1300, 1, 1),
        score("a", 1200, 1, 1, category="math"),
        score("b", 1250, 1, 1, category="math"),
        score("c", 1260, 1, 1, category="math"),
    ]
    got = board(mart, scores)
    deltas = {key: row["delta_vs_overall"] for key, row in got.items() if key[0] == "math"}
    assert deltas == {("math", "a"): -2, ("math", "b"): 0, ("math", "c"): None}


def test_only_the_latest_board_on_or_before_the_day_is_ranked(mart: Harness) -> None:
    scores = [
        score("old", 1400, 1, 1, as_of_date="2024-10-01"),
        score("a", 1340, 1, 1),
        score("future", 1500, 1, 1, as_of_date="2024-11-01"),
    ]
    assert [model for _, model in board(mart, scores)] == ["a"]


def week(app: str, monday: str, sunday: str, visits: float, **fields: Any) -> Row:
    return {
        "app": app,
        "app_id": app,
        "period_start": monday,
        "period_end": sunday,
        "visits": visits,
        "avg_visit_duration_seconds": 100.0,
        "available_on": sunday,
        **fields,
    }


def traffic(mart: Harness, rows: list[Row], as_of: str = "2024-10-31") -> dict[str, Row]:
    return {row["app"]: row for row in mart("web_traffic_week", as_of, web_traffic=rows)}


def test_computed_change_is_printed_over_the_reported_one(mart: Harness) -> None:
    rows = [
        week("x", "2024-10-14", "2024-10-20", 100.0),
        week("x", "2024-10-21", "2024-10-27", 110.0, visits_wow_reported=0.99),
        week("y", "2024-10-21", "2024-10-27", 50.0, visits_wow_reported=-0.03),
        week("z", "2024-10-21", "2024-10-27", 20.0),
    ]
    got = traffic(mart, rows)
    basis = {app: (row["visits_wow"], row["visits_wow_basis"]) for app, row in got.items()}
    assert basis == {
        "x": (pytest.approx(0.1), "computed"),
        "y": (-0.03, "reported"),
        "z": (None, None),
    }
    assert {app: row["rank_visits_wow"] for app, row in got.items()} == {
        "x": 1,
        "y": 2,
        "z": None,
    }


def test_change_needs_the_very_week_before(mart: Harness) -> None:
    rows = [
        week("x", "2024-10-07", "2024-10-13", 100.0),
        week("x", "2024-10-21", "2024-10-27", 110.0),
    ]
    assert traffic(mart, rows)["x"]["visits_wow"] is None


def test_older_week_than_the_report_is_stale(mart: Harness) -> None:
    rows = [week("x", "2024-10-21", "2024-10-27", 110.0)]
    assert traffic(mart, rows)["x"]["is_stale"] is True
    assert traffic(mart, rows, "2024-10-27")["x"]["is_stale"] is False


def test_series_holds_every_week_under_the_last_name_with_the_week_s_own_change(
    mart: Harness,
) -> None:
    rows = [
        week("文心一言", "2023-10-16", "2023-10-22", 70.0),
        week("文心一言", "2024-10-07", "2024-10-13", 80.0, app_id="ernie"),
        week("文小言", "2024-10-14", "2024-10-20", 100.0, app_id="ernie"),
        week("文小言", "2024-10-21", "2024-10-27", 110.0, app_id="ernie"),
        week("文小言", "2024-10-28", "2024-11-03", 500.0, app_id="ernie"),
    ]
    series = mart("web_traffic_series", "2024-10-31", web_traffic=rows)
    got = [(str(r["period_end"]), r["app"], r["visits_wow"], r["is_latest"]) for r in series]
    assert got == [
        ("2024-10-13", "文小言", None, False),
        ("2024-10-20", "文小言", pytest.approx(0.25), False),
        ("2024-10-27", "文小言", pytest.approx(0.1), True),
    ]
    assert traffic(mart, rows)["文小言"]["visits_wow"] == pytest.approx(0.1)


def funded(company: str, day: str, reporter: str, amount: float | None, **fields: Any) -> Row:
    return {
        "company": company,
        "company_id": company,
        "announced_on": day,
        "round": "A轮",
        "reported_by": reporter,
        "amount_number": amount,
        "amount_scale": "亿",
        "amount_text": f"{amount}亿" if amount else "未披露",
        "currency": "CNY",
        "available_on": day,
        "load_id": f"load-{reporter}",
        **fields,
    }


def month(mart: Harness, rounds: list[Row], fixings: list[Row] | None = None) -> list[Row]:
    rows = mart(
        "funding_rounds_period",
        "2024-10-31",
        funding_rounds=rounds,
        fx_fixings=fixings or [],
    )
    return [row for row in rows if row["period"] == "month"]


def test_round_in_two_sources_is_counted_once_with_both_reporters(mart: Harness) -> None:
    (row,) = month(
        mart,
        [
            funded("样例", "2024-10-08", "甲", None),
            funded("样例", "2024-10-10", "乙", 2.0, round="A 轮"),
        ],
    )
    assert row["reported_by"] == "乙、甲"
    assert str(row["announced_on"]) == "2024-10-08"
    assert (row["amount"], row["amount_as_printed"]) == (200_000_000, "2.0亿")


def test_round_that_one_source_reports_twice_is_counted_once(mart: Harness) -> None:
    (row,) = month(
        mart,
        [
            funded("样例", "2024-10-08", "甲", None),
            funded("样例", "2024-10-10", "甲", 2.0),
        ],
    )
    assert (row["amount"], row["reported_by"]) == (200_000_000, "甲")


def test_other_rounds_companies_and_quarters_are_counted_apart(mart: Harness) -> None:
    rows = month(
        mart,
        [
            funded("样例", "2024-10-08", "甲", 1.0),
            funded("样例", "2024-10-09", "甲", 1.0, round="B轮"),
            funded("样例二", "2024-10-08", "甲", 1.0),
            funded("样例", "2024-07-01", "乙", 3.0),
        ],
    )
    assert len(rows) == 3


def test_amounts_are_ranked_in_one_currency_and_the_unknown_apart(mart: Harness) -> None:
    fixing = {"pair": "USDCNY", "fixing_date": "2024-10-08", "rate": 7.0}
    rows = month(
        mart,
        [
            funded("一", "2024-10-08", "甲", 1.0, currency="USD"),
            funded("二", "2024-10-08", "甲", 5.0),
            funded("三", "2024-10-08", "甲", None),
            funded("四", "2024-10-08", "甲", 9.0, currency="EUR"),
        ],
        [fixing],
    )
    got = {row["company"]: (row["amount_cny"], row["rank_amount"]) for row in rows}
    assert got == {
        "一": (700_000_000, 1),
        "二": (500_000_000, 2),
        "三": (None, None),
        "四": (None, None),
    }
    assert {row["company"] for row in rows if not row["is_rankable"]} == {"三", "四"}


def test_round_outside_the_window_is_not_printed(mart: Harness) -> None:
    rounds = [funded("一", "2024-09-30", "甲", 1.0), funded("二", "2024-10-01", "甲", 1.0)]
    assert [row["company"] for row in month(mart, rounds)] == ["二"]


def test_reports_a_month_apart_from_each_other_are_one_round(mart: Harness) -> None:
    days = ("2024-09-20", "2024-10-15", "2024-10-30")
    rows = mart(
        "funding_rounds_period",
        "2024-09-30",
        funding_rounds=[funded("样例", day, day, 1.0) for day in days[:1]],
        fx_fixings=[],
    )
    assert [row["reports"] for row in rows if row["period"] == "month"] == [1]
    assert month(mart, [funded("样例", day, day, 1.0) for day in days]) == []


def test_reports_that_name_other_amounts_are_kept_and_marked(mart: Harness) -> None:
    (row,) = month(
        mart,
        [
            funded("样例", "2024-10-08", "甲", 3.0, amount_qualifier="近", amount_text="近3亿"),
            funded("样例", "2024-10-10", "乙", 3.0, round="A 轮", amount_text="3 亿元"),
        ],
    )
    assert (row["amount_as_printed"], row["amount"]) == ("近3亿", 300_000_000)
    assert row["amounts_as_printed"] == "甲：近3亿；乙：3 亿元"
    assert (row["reports"], row["is_amount_disputed"]) == (2, True)


OCTOBER = {"printed_from": "2024-10-01", "printed_to": "2024-10-31"}
SEPTEMBER = {"printed_from": "2024-09-01", "printed_to": "2024-09-30"}


@pytest.mark.parametrize(
    ("day", "claim", "check"),
    [
        ("2024-10-01", OCTOBER, "within"),
        ("2024-10-31", OCTOBER, "within"),
        ("2024-10-01", SEPTEMBER, "outside_printed_period"),
        ("2024-10-08", {"printed_from": "2024-10-14"}, "outside_printed_period"),
        ("2024-10-08", {}, None),
    ],
)
def test_date_of_a_deal_is_held_against_the_days_that_the_print_claims(
    mart: Harness, day: str, claim: dict[str, str], check: str | None
) -> None:
    (row,) = month(mart, [funded("样例", day, "甲", 1.0, **claim)])
    assert row["print_check"] == check
    assert (row["print_note"] is not None) == (check == "outside_printed_period")


def test_one_misplaced_report_marks_the_round_and_is_named(mart: Harness) -> None:
    (row,) = month(
        mart,
        [
            funded("样例", "2024-10-08", "甲", 1.0, **OCTOBER),
            funded("样例", "2024-10-10", "乙", 1.0, **SEPTEMBER),
            funded("样例", "2024-10-11", "丙", 1.0),
        ],
    )
    assert (row["reports"], row["print_check"]) == (3, "outside_printed_period")
    assert row["print_note"] == "乙：表列期间 2024-09-01 至 2024-09-30，日期 2024-10-10"


def test_unrankable_round_says_why(mart: Harness) -> None:
    rows = month(
        mart,
        [
            funded("一", "2024-10-08", "甲", None),
            funded("二", "2024-10-08", "甲", 1.0, currency=None),
            funded("三", "2024-10-08", "甲", 1.0, currency="EUR"),
            funded("四", "2024-10-08", "甲", 1.0),
        ],
    )
    assert {row["company"]: row["unrankable_reason"] for row in rows} == {
        "一": "no_number",
        "二": "no_currency",
        "三": "no_fixing",
        "四": None,
    }


def test_visits_of_five_days_are_no_base_for_visits_of_seven(mart: Harness) -> None:
    rows = [
        week("x", "2024-10-14", "2024-10-18", 100.0),
        week("x", "2024-10-21", "2024-10-27", 140.0, visits_wow_reported=0.03),
    ]
    row = traffic(mart, rows)["x"]
    assert (row["visits_wow"], row["visits_wow_basis"]) == (0.03, "reported")
    assert (row["duration_wow"], row["duration_wow_basis"]) == (0, "computed")
