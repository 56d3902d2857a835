"""The suites of the report marts: what is plausible, and the columns derived to judge it.

Grain, keys, vocabularies and contracts are proven by dbt and are not repeated. Bounds are
wide on purpose: they catch a unit, a sign or a base date, never an unusual market. Their
reasons stand beside them.
"""

from __future__ import annotations

import pandas as pd

from yanbao_gx.expectations import between, beyond, holds, proof
from yanbao_gx.market_rules import MARKET_SUITES
from yanbao_gx.mart_suite import MartSuite, mart_suite
from yanbao_gx.quarter_rules import QUARTER_SUITES

PERCENT_UNITS = ("pct", "percent", "%")


def _move_of_a_cap(mart: pd.DataFrame) -> pd.DataFrame:
    base = mart["market_cap_base"].where(mart["market_cap_base"] != 0)
    printed = mart["change"] - (mart["market_cap"] - mart["market_cap_base"])
    return mart.assign(
        cap_over_base=mart["market_cap"] / base,
        change_gap=printed.abs() / mart["market_cap"].abs().clip(lower=1),
    )


def _levels_by_unit(mart: pd.DataFrame) -> pd.DataFrame:
    is_yield = mart["level_unit"].isin(PERCENT_UNITS)
    return mart.assign(
        yield_level=mart["level"].where(is_yield),
        yield_change=mart["change"].where(is_yield),
        fixing_level=mart["level"].where(~is_yield),
        fixing_change=mart["change"].where(~is_yield),
    )


def _stale_funds_explained(mart: pd.DataFrame) -> pd.DataFrame:
    is_stale = mart["is_stale"].astype(bool)
    explained = is_stale & mart["stale_reason"].notna()
    return mart.assign(nav_or_reason=explained | (~is_stale & mart["nav"].notna()))


def _printed_week(mart: pd.DataFrame) -> pd.DataFrame:
    return mart.assign(window_in_order=mart["period_start"] <= mart["period_end"])


def _rounds_in_window(mart: pd.DataFrame) -> pd.DataFrame:
    announced = mart["announced_on"]
    is_ranked = mart["rank_amount"].notna() & mart["amount_cny"].notna()
    return mart.assign(
        in_window=(announced >= mart["window_start"]) & (announced <= mart["window_end"]),
        ranked_if_rankable=is_ranked | ~mart["is_rankable"].astype(bool),
    )


def _published_in_window(mart: pd.DataFrame) -> pd.DataFrame:
    day = mart["published_on"]
    if "issued_on" in mart:
        day = day.fillna(mart["issued_on"])
    return mart.assign(in_window=(day >= mart["window_start"]) & (day <= mart["window_end"]))


def _refused_claims(mart: pd.DataFrame) -> pd.DataFrame:
    holds = mart["claim_holds"].map(lambda cell: cell is True or cell == 1)
    return mart.assign(claim_or_refusal=~holds | mart["claim_refused_by"].isna())


def _complete_months(mart: pd.DataFrame) -> pd.DataFrame:
    compared = mart["downloads_mom"].notna()
    return mart.assign(change_of_complete=~compared | ~mart["is_partial"].astype(bool))


def _base_of_a_series(mart: pd.DataFrame) -> pd.DataFrame:
    is_base = mart["quoted_on"] == mart["base_on"]
    return mart.assign(base_is_first=~is_base | (mart["price"] == mart["price_base"]))


SUITES = (
    *MARKET_SUITES,
    *QUARTER_SUITES,
    mart_suite(
        "index_changes",
        beyond("close", 0),
        # The widest week of a broad Chinese index since 2005 is below 30 %.
        beyond("change_this_week", -0.4, 0.4),
        beyond("change_last_week", -0.4, 0.4),
        # Beijing's index rose by more than two thirds in October 2024.
        beyond("change_month", -0.6, 1.5),
        beyond("change_this_year", -0.9, 5),
        beyond("change_prev_year", -0.9, 5),
        between("pe_ttm", -5_000, 5_000),
    ),
    mart_suite(
        "company_changes",
        beyond("close", 0),
        # A unit that is off by 100 gives 99 or -0.99; a first week can double twice.
        beyond("change_week", -1, 10),
        beyond("change_prev_week", -1, 10),
        beyond("change_month", -1, 20),
        beyond("change_ytd", -1, 50),
        beyond("change_price_week", -1, 10),
        # The longest streak on record is near thirty; a frozen price would go on.
        between("limit_up_streak", 0, 45),
    ),
    mart_suite(
        "market_cap_moves",
        beyond("market_cap", 0),
        beyond("market_cap_base", 0),
        proof("cap_over_base", "cap_over_base", 4, shows="market_cap_base market_cap", low=0.1),
        proof(
            "change_is_difference",
            "change_gap",
            1e-6,
            shows="market_cap_base market_cap change",
        ),
        derive=_move_of_a_cap,
    ),
    mart_suite(
        "rates_fx",
        between("yield_level", -5, 25),
        between("yield_change", -300, 300),  # basis points in a week
        beyond("fixing_level", 0, 1_000),
        between("fixing_change", -5_000, 5_000),  # pips in a week: half a yuan
        derive=_levels_by_unit,
    ),
    mart_suite(
        "rates_path",
        between("yield_level", -5, 25),
        between("yield_change", -1_000, 1_000),  # basis points in a year
        beyond("fixing_level", 0, 1_000),
        between("fixing_change", -20_000, 20_000),  # pips in a year: two yuan
        derive=_levels_by_unit,
    ),
    mart_suite(
        "theme_fund_returns",
        beyond("nav", 0, 10_000),
        between("fund_size", 0, 1e12),  # the largest money fund holds below 10^12 yuan
        beyond("return_1m", -1, 2),
        beyond("return_3m", -1, 3),
        beyond("return_6m", -1, 5),
        holds(
            "stale_is_explained",
            "nav_or_reason",
            "a NAV, or a stale mark with its reason",
            shows="nav_on is_stale stale_reason",
        ),
        derive=_stale_funds_explained,
    ),
    mart_suite(
        "web_traffic_series",
        between("weekly_avg_visits", 0, 1e11),
        beyond("visits_wow", -1, 100),
        holds(
            "window_in_order",
            "window_in_order",
            "a window that begins before it ends",
            shows="period_start period_end",
        ),
        derive=_printed_week,
    ),
    mart_suite(
        "web_traffic_week",
        between("weekly_avg_visits", 0, 1e11),
        beyond("visits_wow", -1, 100),
        between("avg_visit_duration", 0, 86_400),
        beyond("duration_wow", -1, 100),
        between("rank_visits", 1),
        between("rank_visits_wow", 1),
        between("rank_duration", 1),
        between("rank_duration_wow", 1),
        holds(
            "window_in_order",
            "window_in_order",
            "a window that ends after it starts",
            shows="period_start period_end",
        ),
        derive=_printed_week,
    ),
    mart_suite("gpu_rental_week", beyond("price", 0, 100_000), beyond("price_wow", -1, 10)),
    mart_suite(
        "funding_rounds_period",
        between("amount", 0),
        between("amount_cny", 0, 1e13),
        between("rank_amount", 1),
        holds(
            "inside_window",
            "in_window",
            "a round announced inside its window",
            shows="window_start window_end announced_on",
        ),
        holds(
            "rankable_has_rank",
            "ranked_if_rankable",
            "an amount in yuan and a rank wherever a round is rankable",
            shows="is_rankable amount_cny rank_amount",
        ),
        derive=_rounds_in_window,
    ),
    mart_suite(
        "app_download_month",
        between("downloads", 0, 1e10),
        beyond("downloads_mom", -1, 100),
        between("rank_downloads", 1),
        holds(
            "change_of_whole_months",
            "change_of_complete",
            "no change of a month that is not over",
            shows="month is_partial downloads_mom",
        ),
        derive=_complete_months,
    ),
    mart_suite(
        "llm_benchmark",
        between("score", 0, 1),
        between("rank_benchmark", 1),
        holds(
            "claim_without_refusal",
            "claim_or_refusal",
            "no claim that holds against a rival as good",
            shows="claimed_over claim_holds claim_refused_by",
        ),
        derive=_refused_claims,
    ),
    mart_suite(
        "gpu_price_series",
        beyond("price", 0, 1e8),
        beyond("change", -1, 20),
        beyond("change_previous", -1, 20),
        holds(
            "base_is_first_quote",
            "base_is_first",
            "the base price on the base day",
            shows="quoted_on base_on price price_base",
        ),
        derive=_base_of_a_series,
    ),
    mart_suite(
        "news_period",
        holds(
            "inside_window",
            "in_window",
            "an item published inside its window",
            shows="window_start window_end published_on",
        ),
        derive=_published_in_window,
    ),
    mart_suite(
        "policies_period",
        holds(
            "inside_window",
            "in_window",
            "a document published, or else issued, inside its window",
            shows="window_start window_end issued_on published_on",
        ),
        derive=_published_in_window,
    ),
    mart_suite(
        "llm_leaderboard",
        between("place", 1),
        between("rank_ub", 1),
        between("rank_as_printed", 1),
        between("rank_organization", 1),
        between("rank_style_ctrl", 1),
        beyond("arena_score", -100, 5_000),
        between("ci95_plus", 0, 500),
        between("ci95_minus", 0, 500),
        between("votes", 0),
    ),
)
PLAUSIBLE: dict[str, MartSuite] = {one.suite.name: one for one in SUITES}
