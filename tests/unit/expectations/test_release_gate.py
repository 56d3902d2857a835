"""The release gate: each mart spoilt in one way, and marts that were not built."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from gate_cases import DAY, failing, named, release
from yanbao_gx.expectations import name_of
from yanbao_gx.mart_suite import mart_suite

from yanbao.base.check_result import GateResult

LATER = date(2024, 11, 1)


def test_good_release_passes_every_check(marts):
    results = release(marts)
    assert list(results) == [*marts, "agreement"]
    assert {result.outcome for result in results.values()} == {"pass"}
    assert [one for result in results.values() for one in result.warnings] == []


SPOILT = [
    ("index_changes", "close", 0.0, "range(close)"),
    ("index_changes", "change_this_week", 0.4, "range(change_this_week)"),
    ("index_changes", "change_last_week", -0.4, "range(change_last_week)"),
    ("index_changes", "change_month", 3.0, "range(change_month)"),
    ("index_changes", "change_this_year", -1.0, "range(change_this_year)"),
    ("index_changes", "change_prev_year", 99.0, "range(change_prev_year)"),
    ("index_changes", "pe_ttm", 1e6, "range(pe_ttm)"),
    ("company_changes", "close", -1.0, "range(close)"),
    ("company_changes", "change_week", -1.0, "range(change_week)"),
    ("company_changes", "change_prev_week", 99.0, "range(change_prev_week)"),
    ("company_changes", "change_month", -1.2, "range(change_month)"),
    ("company_changes", "change_ytd", 99.0, "range(change_ytd)"),
    ("company_changes", "change_price_week", -1.0, "range(change_price_week)"),
    ("company_changes", "limit_up_streak", 60, "range(limit_up_streak)"),
    ("constituent_ranking", "close", 0.0, "range(close)"),
    ("constituent_ranking", "rank_order", 0, "range(rank_order)"),
    ("company_changes", "change_price_week", 0.04, "total_is_price_and_ex_rights"),
    ("company_changes", "ex_right_factor_week", 0.0, "range(ex_right_factor_week)"),
    ("constituent_ranking", "change_month", 99.0, "range(change_month)"),
    ("constituent_ranking", "change_month", -0.5, "sorted_by_value"),
    ("constituent_ranking", "relative", 0.06, "relative_is_difference"),
    ("relative_performance", "return_1m", 99.0, "range(return_1m)"),
    ("relative_performance", "return_3m", 99.0, "range(return_3m)"),
    ("relative_performance", "return_12m", 99.0, "range(return_12m)"),
    ("relative_performance", "return_1m", 0.05, "difference_of_lines"),
    ("index_daily_extremes", "max_daily_gain", 2.0, "range(max_daily_gain)"),
    ("index_daily_extremes", "max_daily_loss", -1.0, "range(max_daily_loss)"),
    ("index_daily_extremes", "sessions", 9, "range(sessions)"),
    ("index_daily_extremes", "max_daily_gain_on", LATER, "no_look_ahead"),
    ("member_extremes", "change_week", 99.0, "range(change_week)"),
    ("forward_valuation", "price", 0.0, "range(price)"),
    ("forward_valuation", "eps_rate", 0.0, "range(eps_rate)"),
    ("forward_valuation", "pe_y1", 22.0, "one_price"),
    ("forward_valuation", "forecast_on", LATER, "no_look_ahead"),
    *(
        (mart, column, cell, f"range({column})")
        for mart in ("a_share_peers", "overseas_peers")
        for column, cell in (
            ("close", 0.0),
            ("market_cap", 0.0),
            ("change_month", 99.0),
            ("change_ytd", 99.0),
            ("ps_ttm", 1e5),
            ("ps_lyr", 1e5),
        )
    ),
    ("a_share_peers", "latest_period", LATER, "no_look_ahead"),
    ("overseas_peers", "h1_period", LATER, "no_look_ahead"),
    ("index_profile", "constituents_count", 0, "range(constituents_count)"),
    ("index_profile", "total_market_cap", 1e18, "range(total_market_cap)"),
    ("index_profile", "ps_ttm", 1e5, "range(ps_ttm)"),
    ("index_profile", "revenue_cagr_3y", 9.0, "range(revenue_cagr_3y)"),
    ("index_profile", "star_count", 9, "boards_add_up"),
    ("market_cap_moves", "market_cap", 0.0, "range(market_cap)"),
    ("market_cap_moves", "market_cap_base", -1.0, "range(market_cap_base)"),
    ("market_cap_moves", "market_cap_base", 1e9, "cap_over_base"),
    ("market_cap_moves", "change", 5.1e9, "change_is_difference"),
    ("index_path", "close", 0.0, "range(close)"),
    ("index_path", "change", 6.0, "range(change)"),
    ("index_path", "change", 0.02, "change_over_base"),
    ("rates_path", "level", 215.0, "range(yield_level)"),
    ("rates_path", "change", -2_000.0, "range(yield_change)"),
    ("rates_fx", "level", 215.0, "range(yield_level)"),
    ("rates_fx", "change", -400.0, "range(yield_change)"),
    ("theme_fund_returns", "nav", 0.0, "range(nav)"),
    ("theme_fund_returns", "nav", None, "stale_is_explained"),
    ("theme_fund_returns", "fund_size", -1.0, "range(fund_size)"),
    ("theme_fund_returns", "return_1m", 2.1, "range(return_1m)"),
    ("theme_fund_returns", "return_3m", 10.0, "range(return_3m)"),
    ("theme_fund_returns", "return_6m", -1.0, "range(return_6m)"),
    ("theme_fund_returns", "is_stale", True, "stale_is_explained"),
    ("theme_fund_returns", "return_1m_basis", None, "return_names_its_basis"),
    ("theme_fund_returns", "return_3m_reason", "样例", "blank_is_explained"),
    ("web_traffic_series", "weekly_avg_visits", -1.0, "range(weekly_avg_visits)"),
    ("web_traffic_series", "visits_wow", -1.0, "range(visits_wow)"),
    ("web_traffic_series", "period_start", date(2024, 10, 28), "window_in_order"),
    ("web_traffic_week", "weekly_avg_visits", -1.0, "range(weekly_avg_visits)"),
    ("web_traffic_week", "visits_wow", -1.0, "range(visits_wow)"),
    ("web_traffic_week", "avg_visit_duration", 90_000.0, "range(avg_visit_duration)"),
    ("web_traffic_week", "duration_wow", 100.0, "range(duration_wow)"),
    ("web_traffic_week", "rank_visits", 0, "range(rank_visits)"),
    ("web_traffic_week", "rank_visits_wow", 0, "range(rank_visits_wow)"),
    ("web_traffic_week", "rank_duration", 0, "range(rank_duration)"),
    ("web_traffic_week", "rank_duration_wow", 0, "range(rank_duration_wow)"),
    ("web_traffic_week", "period_start", date(2024, 10, 28), "window_in_order"),
    ("gpu_rental_week", "price", 0.0, "range(price)"),
    ("gpu_rental_week", "price_wow", -1.0, "range(price_wow)"),
    ("funding_rounds_period", "amount", -1.0, "range(amount)"),
    ("funding_rounds_period", "amount_cny", 1e14, "range(amount_cny)"),
    ("funding_rounds_period", "rank_amount", 0, "range(rank_amount)"),
    ("funding_rounds_period", "announced_on", date(2024, 9, 30), "inside_window"),
    ("funding_rounds_period", "rank_amount", None, "rankable_has_rank"),
    ("llm_leaderboard", "place", 0, "range(place)"),
    ("llm_leaderboard", "rank_organization", 0, "range(rank_organization)"),
    ("app_download_month", "downloads", -1.0, "range(downloads)"),
    ("app_download_month", "downloads_mom", -1.0, "range(downloads_mom)"),
    ("app_download_month", "rank_downloads", 0, "range(rank_downloads)"),
    ("app_download_month", "is_partial", True, "change_of_whole_months"),
    ("llm_benchmark", "score", 68.4, "range(score)"),
    ("llm_benchmark", "rank_benchmark", 0, "range(rank_benchmark)"),
    ("llm_benchmark", "claim_refused_by", "样例对手", "claim_without_refusal"),
    ("gpu_price_series", "price", 0.0, "range(price)"),
    ("gpu_price_series", "price", 31_000.0, "base_is_first_quote"),
    ("gpu_price_series", "change", -1.0, "range(change)"),
    ("gpu_price_series", "change_previous", 20.0, "range(change_previous)"),
    ("news_period", "published_on", date(2024, 9, 30), "inside_window"),
    ("policies_period", "published_on", date(2024, 9, 30), "inside_window"),
    *(
        (mart, column, cell, check)
        for mart in ("industry_quarter", "sub_industry_quarter")
        for column, cell, check in (
            ("revenue_growth_yoy", 9_999.0, "range(revenue_growth_yoy)"),
            ("revenue", 11e9, "growth_follows"),
            ("companies_left_out", 1, "members_add_up"),
        )
    ),
    ("company_growth_distribution", "share", 1.1, "range(share)"),
    ("company_quarter", "missing_reason", "statement_missing", "compared_or_reason"),
    ("company_quarter", "revenue_base", None, "compared_or_reason"),
    ("llm_leaderboard", "rank_ub", 0, "range(rank_ub)"),
    ("llm_leaderboard", "rank_as_printed", 0, "range(rank_as_printed)"),
    ("llm_leaderboard", "rank_style_ctrl", -1, "range(rank_style_ctrl)"),
    ("llm_leaderboard", "arena_score", 130_000.0, "range(arena_score)"),
    ("llm_leaderboard", "ci95_plus", -5.0, "range(ci95_plus)"),
    ("llm_leaderboard", "ci95_minus", -5.0, "range(ci95_minus)"),
    ("llm_leaderboard", "votes", -1, "range(votes)"),
    ("index_changes", "session_on", LATER, "no_look_ahead"),
    ("market_cap_moves", "cap_on", LATER, "no_look_ahead"),
    ("rates_fx", "level_on", LATER, "no_look_ahead"),
    ("rates_path", "observed_on", LATER, "no_look_ahead"),
    ("index_path", "trade_date", LATER, "no_look_ahead"),
    ("theme_fund_returns", "nav_on", LATER, "no_look_ahead"),
    ("web_traffic_week", "period_end", LATER, "no_look_ahead"),
    ("web_traffic_series", "period_end", LATER, "no_look_ahead"),
    ("gpu_rental_week", "quoted_on", LATER, "no_look_ahead"),
    ("funding_rounds_period", "announced_on", LATER, "no_look_ahead"),
    ("app_download_month", "month", LATER, "no_look_ahead"),
    ("llm_benchmark", "tested_on", LATER, "no_look_ahead"),
    ("gpu_price_series", "quoted_on", LATER, "no_look_ahead"),
    ("news_period", "published_on", LATER, "no_look_ahead"),
    ("policies_period", "issued_on", LATER, "no_look_ahead"),
    ("industry_quarter", "report_period", LATER, "no_look_ahead"),
    ("company_quarter", "report_period", LATER, "no_look_ahead"),
    ("llm_leaderboard", "leaderboard_date", LATER, "no_look_ahead"),
    ("pool", "as_of_date", date(2024, 9, 30), "parameters"),
    ("pool", "known_at", date(2024, 9, 30), "parameters"),
]


@pytest.mark.parametrize(("mart", "column", "cell", "check"), SPOILT)
def test_one_spoilt_cell_is_rejected(marts, mart, column, cell, check):
    spoilt = marts[mart].astype({column: object})
    spoilt.loc[0, column] = cell
    kinds = {column: float} if isinstance(cell, int | float) and cell is not True else {}
    result = release({mart: spoilt.astype(kinds)})[mart]
    assert check in failing(result)
    assert result.outcome == "fail"
    assert named(result, check).failing_rows == 1
    assert f"{mart} 2024-10-31: rule {check} failed" in named(result, check).message


@pytest.mark.parametrize("mart", ["rates_fx", "rates_path"])
@pytest.mark.parametrize(
    ("column", "cell", "check"),
    [("level", -7.1, "range(fixing_level)"), ("change", 9e4, "range(fixing_change)")],
)
def test_implausible_fixing_is_rejected(marts, mart, column, cell, check):
    marts[mart].loc[1, column] = cell
    assert check in failing(release({mart: marts[mart]})[mart])


@pytest.mark.parametrize("mart", ["industry_quarter", "sub_industry_quarter"])
def test_statement_that_became_known_later_is_rejected(marts, mart):
    known = marts[mart].assign(known_at=DAY)
    assert release({mart: known}, known_at=DAY)[mart].outcome == "pass"
    late = release({mart: known.assign(filings_to=LATER)}, known_at=DAY)[mart]
    assert failing(late) == {"filings_known"}


def test_every_plausibility_rule_is_spoilt_by_some_test(marts):
    fixings = {
        (mart, f"range(fixing_{column})")
        for mart in ("rates_fx", "rates_path")
        for column in ("level", "change")
    }
    spoilt = {(mart, check) for mart, _, _, check in SPOILT} | fixings
    spoilt |= {(mart, "filings_known") for mart in ("industry_quarter", "sub_industry_quarter")}
    declared = {
        (mart, name_of(expectation))
        for mart, frame in marts.items()
        for expectation in mart_suite(mart, frame)[0].expectations
    }
    assert declared <= spoilt


def only(marts: dict[str, pd.DataFrame], *names: str) -> dict[str, pd.DataFrame]:
    return {name: marts[name] for name in names}


def test_missing_mart_could_not_be_checked_and_says_so(marts):
    results = release(only(marts, "gpu_rental_week"), expected=["gpu_rental_week", "pool"])
    assert results["pool"].outcome == "could_not_run"
    assert results["agreement"].outcome == "could_not_run"
    assert "pool 2024-10-31: rule present could not" in results["pool"].failed[0].message


def test_mart_without_a_judged_column_could_not_be_checked(marts):
    quotes = marts["gpu_rental_week"].drop(columns="price")
    result = release({"gpu_rental_week": quotes})["gpu_rental_week"]
    assert result.outcome == "could_not_run"
    assert [one.check for one in result.failed] == ["range(price)"]


def test_text_where_a_number_belongs_could_not_be_checked(marts):
    quotes = marts["gpu_rental_week"].assign(price="12.5")
    assert release({"gpu_rental_week": quotes})["gpu_rental_week"].outcome == "could_not_run"


def test_no_marts_at_all_is_not_a_pass():
    assert release({})["agreement"].outcome == "could_not_run"


def empty(marts: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: mart.head(0) for name, mart in marts.items()}


def test_empty_marts_are_legal_where_the_previous_release_had_none(marts):
    pool = empty(only(marts, "pool"))
    assert release(pool, previous=pool)["pool"].outcome == "pass"
    results = release(empty(marts))
    assert {result.outcome for result in results.values()} == {"pass"}


def test_mart_that_became_empty_is_rejected(marts):
    quotes = only(marts, "gpu_rental_week")
    result = release(empty(quotes), previous=quotes)["gpu_rental_week"]
    assert failing(result) == {"rows"}
    assert (
        "observed 0 rows, expected ≥ 1 rows, half of the previous" in result.failed[0].message
    )


def pools(marts: dict[str, pd.DataFrame], before: int, now: int) -> GateResult:
    row = marts["pool"].head(1)
    previous = {"pool": pd.concat([row] * before)}
    return release({"pool": pd.concat([row] * now)}, previous=previous)["pool"]


def test_mart_below_half_of_the_previous_release_is_rejected(marts):
    assert failing(pools(marts, before=9, now=4)) == {"rows"}
    assert pools(marts, before=9, now=5).outcome == "pass"


def test_previous_release_of_another_day_or_knowledge_is_not_compared(marts):
    pool = marts["pool"]
    for before in (pool.assign(as_of_date=LATER), pool.assign(known_at=LATER)):
        result = release({"pool": pool.head(0)}, previous={"pool": before})["pool"]
        assert result.outcome == "pass"


def test_release_of_a_known_day_must_have_been_built_for_it(marts):
    pool = only(marts, "pool")
    known = {"pool": pool["pool"].assign(known_at=LATER)}
    assert release(known, known_at=LATER)["pool"].outcome == "pass"
    assert failing(release(pool, known_at=LATER)["pool"]) == {"parameters"}
    assert failing(release(known)["pool"]) == {"parameters"}


def test_decimals_and_plain_dates_are_read_as_numbers_and_dates(marts):
    quotes = marts["gpu_rental_week"]
    negative = quotes.assign(price=Decimal("-1.5"))
    result = release({"gpu_rental_week": negative})["gpu_rental_week"]
    assert failing(result) == {"range(price)"}
    typed = quotes.assign(quoted_on=pd.Timestamp(DAY), price=Decimal("1.5"))
    assert release({"gpu_rental_week": typed})["gpu_rental_week"].outcome == "pass"


def test_mart_without_own_rules_is_still_checked_for_look_ahead(marts):
    mart = marts["pool"].assign(report_period=date(2024, 12, 31))
    result = release({"own_quarter": mart})["own_quarter"]
    assert failing(result) == {"no_look_ahead"}


def test_failing_row_is_named_by_key_and_name(marts):
    spoilt = marts["index_changes"].copy()
    spoilt.loc[0, "close"] = 0.0
    found = named(release({"index_changes": spoilt})["index_changes"], "range(close)")
    assert {"index_code", "index_name"} <= {*found.sample[0]}
