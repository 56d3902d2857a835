"""Benchmarks, claims and app downloads: what is compared with what, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.marts.mart_harness import Harness, Row, seed_rows

DAY = "2024-10-31"
TABLE = "样例 图1"


def score(model: str, value: float, **fields: Any) -> Row:
    return {
        "board": "MMLU",
        "category": "5-shot",
        "as_of_date": "2024-10-30",
        "model": model,
        "model_id": model,
        "score": value,
        "source_note": TABLE,
        "available_on": "2024-10-30",
        **fields,
    }


def claim(model: str, rival: str) -> Row:
    return {
        "published_in": TABLE,
        "claimed_on": "2024-10-30",
        "model_id": model,
        "rival_id": rival,
    }


def benchmark(mart: Harness, scores: list[Row], claims: list[Row] | None = None) -> list[Row]:
    return mart("llm_benchmark", DAY, llm_scores=scores, benchmark_claims=claims or [])


def test_models_of_one_table_are_ranked_and_equal_scores_share_a_rank(
    mart: Harness,
) -> None:
    scores = [score("a", 82.0), score("b", 79.0), score("c", 79.0), score("d", 50.0)]
    other = score("e", 99.0, source_note="样例 图2；带*")
    got = {row["model"]: row["rank_benchmark"] for row in benchmark(mart, [*scores, other])}
    assert got == {"a": 1, "b": 2, "c": 2, "d": 4, "e": 1}


def test_percentages_become_fractions_and_other_units_do_not(mart: Harness) -> None:
    scores = [score("a", 68.4), score("b", 32.0, board="窗口", score_unit="k_tokens")]
    got = {row["model"]: (row["score"], row["score_unit"]) for row in benchmark(mart, scores)}
    assert got == {"a": (pytest.approx(0.684), "pct"), "b": (None, "k_tokens")}


def test_claim_holds_only_over_every_named_rival(mart: Harness) -> None:
    claims = [claim("a", "b"), claim("a", "c")]
    won = benchmark(mart, [score("a", 50.0), score("b", 49.0), score("c", 40.0)], claims)
    assert [row["claim_holds"] for row in won] == [True, None, None]
    lost = benchmark(mart, [score("a", 50.0), score("b", 51.0), score("c", 40.0)], claims)
    refused = {row["model"]: (row["claim_holds"], row["claim_refused_by"]) for row in lost}
    assert refused["a"] == (False, "b")


def test_equal_score_refuses_a_claim(mart: Harness) -> None:
    rows = benchmark(mart, [score("a", 50.0), score("b", 50.0)], [claim("a", "b")])
    assert {row["model"]: row["claim_holds"] for row in rows}["a"] is False


def test_claim_over_a_rival_without_a_score_is_neither_kept_nor_refused(
    mart: Harness,
) -> None:
    claims = [claim("a", "b"), claim("a", "c")]
    rows = benchmark(mart, [score("a", 50.0), score("b", 40.0)], claims)
    assert {row["model"]: row["claim_holds"] for row in rows}["a"] is None


def test_claim_is_judged_in_its_own_table_only(mart: Harness) -> None:
    scores = [score("a", 50.0), score("b", 40.0, source_note="样例 图2")]
    assert [row["claim_holds"] for row in benchmark(mart, scores, [claim("a", "b")])] == [
        None,
        None,
    ]


def test_leaderboard_with_intervals_is_no_benchmark(mart: Harness) -> None:
    assert benchmark(mart, [score("a", 1300.0, ci_plus=5, ci_minus=5)]) == []


def arena(model: str, value: float, plus: float, minus: float, **fields: Any) -> Row:
    overall = {"board": "arena", "category": "overall", "ci_plus": plus, "ci_minus": minus}
    return score(model, value, **{**overall, **fields})


def board(mart: Harness, scores: list[Row]) -> dict[str, Row]:
    return {row["model"]: row for row in mart("llm_leaderboard", DAY, llm_scores=scores)}


def test_printed_rank_is_placed_and_checked_against_the_bounds(mart: Harness) -> None:
    got = board(
        mart,
        [
            arena("a", 1340, 4, 4, rank=1),
            arena("b", 1332, 4, 4, rank=2),
            arena("c", 1300, 4, 4, rank=9),
        ],
    )
    # The bounds of a and b touch at 1336: whole points cannot tell 1 from 2.
    assert {name: row["rank_ub"] for name, row in got.items()} == {"a": 1, "b": 1, "c": 3}
    assert {name: row["rank_check"] for name, row in got.items()} == {
        "a": "same",
        "b": "rounding",
        "c": "differs",
    }
    assert [row["place"] for row in got.values()] == [1, 2, 9]


def test_models_of_one_place_are_tied(mart: Harness) -> None:
    got = board(mart, [arena("a", 1340, 4, 4), arena("b", 1339, 4, 4), arena("c", 1300, 4, 4)])
    assert {name: row["is_tied"] for name, row in got.items()} == {
        "a": True,
        "b": True,
        "c": False,
    }


def test_organization_stands_with_its_best_model(mart: Harness) -> None:
    scores = [
        arena("a1", 1340, 4, 4, organization_id="A"),
        arena("a2", 1330, 4, 4, organization_id="A"),
        arena("b", 1320, 4, 4, organization_id="B"),
        arena("c", 1317, 4, 4, organization_id="C"),
    ]
    got = {name: row["rank_organization"] for name, row in board(mart, scores).items()}
    assert got == {"a1": 1, "a2": 1, "b": 2, "c": 2}


def test_delta_joins_models_by_id_where_two_boards_spell_them_differently(
    mart: Harness,
) -> None:
    scores = [
        arena("M-0027", 1340, 4, 4, rank=4, model_id="m"),
        arena("M-0827", 1340, 4, 4, rank=2, model_id="m", category="chinese"),
    ]
    rows = mart("llm_leaderboard", DAY, llm_scores=scores)
    assert {row["model"]: row["delta_vs_overall"] for row in rows} == {"M-0027": 0, "M-0827": 2}


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.integers(min_value=1200, max_value=1240),
            st.integers(min_value=0, max_value=9),
            st.integers(min_value=0, max_value=9),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_rank_by_bounds_counts_the_models_that_are_better_beyond_doubt(
    mart: Harness, scores: list[tuple[int, int, int]]
) -> None:
    got = board(mart, [arena(f"m{n}", *one) for n, one in enumerate(scores)])
    for n, (value, plus, _) in enumerate(scores):
        better = sum(other - minus > value + plus for other, _, minus in scores)
        assert got[f"m{n}"]["rank_ub"] == 1 + better
        assert got[f"m{n}"]["place"] == 1 + better


def month(app: str, day: str, downloads: float, store: str = "甲", **fields: Any) -> Row:
    return {
        "app": app,
        "app_id": app,
        "store": store,
        "month": day,
        "downloads": downloads,
        "available_on": day,
        **fields,
    }


def downloads(mart: Harness, rows: list[Row], as_of: str = DAY) -> dict[str, Row]:
    found = mart("app_download_month", as_of, app_downloads=rows)
    return {f"{row['month']:%Y-%m}": row for row in found}


def test_stores_add_up_and_months_are_compared(mart: Harness) -> None:
    rows = [
        month("x", day, visits, store)
        for day, visits, store in [
            ("2024-08-01", 60.0, "甲"),
            ("2024-08-01", 40.0, "乙"),
            ("2024-09-01", 70.0, "甲"),
            ("2024-09-01", 50.0, "乙"),
        ]
    ]
    got = downloads(mart, rows)
    assert [row["downloads"] for row in got.values()] == [100, 120]
    assert got["2024-09"]["downloads_mom"] == pytest.approx(0.2)


def test_figure_of_every_store_is_not_added_to_single_stores(mart: Harness) -> None:
    rows = [month("x", "2024-09-01", 100.0, "合计"), month("x", "2024-09-01", 60.0, "甲")]
    assert downloads(mart, rows)["2024-09"]["downloads"] == 100


def test_partial_month_is_flagged_and_never_compared(mart: Harness) -> None:
    rows = [month("x", "2024-09-01", 100.0), month("x", "2024-10-01", 30.0, is_partial="true")]
    october = downloads(mart, rows, "2024-10-09")["2024-10"]
    assert (october["is_partial"], october["downloads_mom"]) == (True, None)
    assert october["downloads_mom_basis"] == "partial"


def test_month_that_is_not_over_and_not_called_partial_is_not_yet_known(
    mart: Harness,
) -> None:
    rows = [month("x", "2024-10-01", 100.0)]
    assert downloads(mart, rows, "2024-10-30") == {}
    assert [*downloads(mart, rows, "2024-10-31")] == ["2024-10"]


def test_whole_month_takes_the_place_of_its_partial_figure(mart: Harness) -> None:
    rows = [
        month("x", "2024-10-01", 30.0, is_partial="true"),
        month("x", "2024-10-01", 100.0, is_partial="false", version=2),
    ]
    assert downloads(mart, rows, "2024-10-09")["2024-10"]["downloads"] == 30
    assert downloads(mart, rows, "2024-10-31")["2024-10"]["downloads"] == 100


def test_months_of_different_stores_are_not_compared(mart: Harness) -> None:
    rows = [month("x", "2024-08-01", 100.0), month("x", "2024-09-01", 300.0, "乙")]
    september = downloads(mart, rows)["2024-09"]
    assert (september["downloads_mom"], september["downloads_mom_basis"]) == (
        None,
        "other_stores",
    )


def test_two_names_of_one_app_are_one_series(mart: Harness) -> None:
    rows = [
        month("文心一言", "2024-08-01", 100.0, app_id="w"),
        month("文小言", "2024-09-01", 150.0, app_id="w"),
    ]
    september = downloads(mart, rows)["2024-09"]
    assert (september["app"], september["downloads_mom"]) == ("文小言", pytest.approx(0.5))


def known_from(mart: Harness, landed_at: str, is_partial: str) -> str:
    """The day from which core calls a row of October 2024 known."""
    row = {
        "app": "x",
        "store": "甲",
        "month": "2024-10-01",
        "downloads": 1.0,
        "is_partial": is_partial,
        "landed_at": landed_at,
        "arrival_row": 1,
    }
    (core,) = mart("app_downloads", DAY, stg_inbox__app_downloads=[row])
    return str(core["available_on"])


def test_month_is_known_when_it_is_over_however_early_the_file_came(mart: Harness) -> None:
    assert known_from(mart, "2024-10-09 01:00:00", "false") == "2024-11-01"
    assert known_from(mart, "2026-01-01 01:00:00", "false") == "2024-11-01"


def test_partial_month_is_known_from_the_beijing_day_on_which_it_came(
    mart: Harness,
) -> None:
    assert known_from(mart, "2024-10-08 17:00:00", "true") == "2024-10-09"
    assert known_from(mart, "2026-01-01 01:00:00", "true") == "2024-11-01"


def test_claims_name_models_that_are_listed() -> None:
    listed = {row["entity_id"] for row in seed_rows("entity_aliases")}
    claims = seed_rows("benchmark_claims")
    assert claims
    assert {row[name] for row in claims for name in ("model_id", "rival_id")} <= listed
