"""What is plausible in each report mart, and the columns derived to judge it.

Grain, keys, vocabularies and contracts are proven by dbt and are not repeated. Bounds are
wide on purpose: they catch a unit, a sign or a base date, never an unusual market. Their
reasons stand beside them.
"""

from __future__ import annotations

import pandas as pd

from yanbao_gx.market_rules import MARKET_KEYS, MARKET_PLAUSIBLE
from yanbao_gx.plausibility import TRACE, Plausibility, beyond, within
from yanbao_gx.quarter_rules import QUARTER_KEYS, QUARTER_PLAUSIBLE
from yanbao_gx.rules import Holds, Proof

PERCENT_UNITS = ("pct", "percent", "%")

# Dates of facts: none may lie after the report's day.
FACT_DATES = (
    "announced_on",
    "base_on",
    "cagr_to",
    "cap_on",
    "forecast_on",
    "fund_size_on",
    "fx_on",
    "h1_period",
    "issued_on",
    "latest_period",
    "leaderboard_date",
    "level_on",
    "lyr_period",
    "max_daily_gain_on",
    "max_daily_loss_on",
    "month",
    "nav_on",
    "observed_on",
    "period_end",
    "published_on",
    "quoted_on",
    "rated_on",
    "report_period",
    "session_on",
    "tested_on",
    "trade_date",
    "ttm_period",
    "week_end_date",
    "week_start_date",
)


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


def _whole_months(mart: pd.DataFrame) -> pd.DataFrame:
    compared = mart["downloads_mom"].notna()
    return mart.assign(change_of_whole=~compared | ~mart["is_partial"].astype(bool))


def _base_of_a_series(mart: pd.DataFrame) -> pd.DataFrame:
    is_base = mart["quoted_on"] == mart["base_on"]
    return mart.assign(base_is_first=~is_base | (mart["price"] == mart["price_base"]))


PLAUSIBLE: dict[str, Plausibility] = {
    **MARKET_PLAUSIBLE,
    **QUARTER_PLAUSIBLE,
    "index_changes": Plausibility(
        (
            beyond("close", 0),
            # The widest week of a broad Chinese index since 2005 is below 30 %.
            beyond("change_this_week", -0.4, 0.4),
            beyond("change_last_week", -0.4, 0.4),
            # Beijing's index rose by more than two thirds in October 2024.
            beyond("change_this_month", -0.6, 1.5),
            beyond("change_this_year", -0.9, 5),
            beyond("change_prev_year", -0.9, 5),
            within("pe_ttm", -5_000, 5_000),
        )
    ),
    "company_changes": Plausibility(
        (
            beyond("close", 0),
            # A unit that is off by 100 gives 99 or -0.99; a first week can double twice.
            beyond("change_week", -1, 10),
            beyond("change_prev_week", -1, 10),
            beyond("change_month", -1, 20),
            beyond("change_ytd", -1, 50),
            beyond("change_price_week", -1, 10),
            # The longest streak on record is near thirty; a frozen price would go on.
            within("limit_up_streak", 0, 45),
        )
    ),
    "market_cap_moves": Plausibility(
        (
            beyond("market_cap", 0),
            beyond("market_cap_base", 0),
            Proof(
                name="cap_over_base",
                column="cap_over_base",
                low=0.1,
                high=4,
                shows=("market_cap_base", "market_cap"),
                hint=TRACE,
            ),
            Proof(
                name="change_is_difference",
                column="change_gap",
                low=0,
                high=1e-6,
                shows=("market_cap_base", "market_cap", "change"),
                hint=TRACE,
            ),
        ),
        _move_of_a_cap,
    ),
    "rates_fx": Plausibility(
        (
            within("yield_level", -5, 25),
            within("yield_change", -300, 300),  # basis points in a week
            beyond("fixing_level", 0, 1_000),
            within("fixing_change", -5_000, 5_000),  # pips in a week: half a yuan
        ),
        _levels_by_unit,
    ),
    "rates_path": Plausibility(
        (
            within("yield_level", -5, 25),
            within("yield_change", -1_000, 1_000),  # basis points in a year
            beyond("fixing_level", 0, 1_000),
            within("fixing_change", -20_000, 20_000),  # pips in a year: two yuan
        ),
        _levels_by_unit,
    ),
    "theme_fund_returns": Plausibility(
        (
            beyond("nav", 0, 10_000),
            within("fund_size", 0, 1e12),  # the largest money fund holds below 10^12 yuan
            beyond("return_1m", -1, 2),
            beyond("return_3m", -1, 3),
            beyond("return_6m", -1, 5),
            Holds(
                name="stale_is_explained",
                column="nav_or_reason",
                statement="a NAV, or a stale mark with its reason",
                shows=("nav_on", "is_stale", "stale_reason"),
                hint=TRACE,
            ),
        ),
        _stale_funds_explained,
    ),
    "web_traffic_series": Plausibility(
        (
            within("weekly_avg_visits", 0, 1e11),
            beyond("visits_wow", -1, 100),
            Holds(
                name="window_in_order",
                column="window_in_order",
                statement="a window that begins before it ends",
                shows=("period_start", "period_end"),
                hint=TRACE,
            ),
        ),
        _printed_week,
    ),
    "web_traffic_week": Plausibility(
        (
            within("weekly_avg_visits", 0, 1e11),
            beyond("visits_wow", -1, 100),
            within("avg_visit_duration", 0, 86_400),
            beyond("duration_wow", -1, 100),
            within("rank_visits", 1),
            within("rank_visits_wow", 1),
            within("rank_duration", 1),
            within("rank_duration_wow", 1),
            Holds(
                name="window_in_order",
                column="window_in_order",
                statement="a window that ends after it starts",
                shows=("period_start", "period_end"),
                hint=TRACE,
            ),
        ),
        _printed_week,
    ),
    "gpu_rental_week": Plausibility(
        (
            beyond("price", 0, 100_000),
            beyond("price_wow", -1, 10),
        )
    ),
    "funding_rounds_period": Plausibility(
        (
            within("amount", 0),
            within("amount_cny", 0, 1e13),
            within("rank_amount", 1),
            Holds(
                name="inside_window",
                column="in_window",
                statement="a round announced inside its window",
                shows=("window_start", "window_end", "announced_on"),
                hint=TRACE,
            ),
            Holds(
                name="rankable_has_rank",
                column="ranked_if_rankable",
                statement="an amount in yuan and a rank wherever a round is rankable",
                shows=("is_rankable", "amount_cny", "rank_amount"),
                hint=TRACE,
            ),
        ),
        _rounds_in_window,
    ),
    "app_download_month": Plausibility(
        (
            within("downloads", 0, 1e10),
            beyond("downloads_mom", -1, 100),
            within("rank_downloads", 1),
            Holds(
                name="change_of_whole_months",
                column="change_of_whole",
                statement="no change of a month that is not over",
                shows=("month", "is_partial", "downloads_mom"),
                hint=TRACE,
            ),
        ),
        _whole_months,
    ),
    "llm_benchmark": Plausibility(
        (
            within("score", 0, 1),
            within("rank_benchmark", 1),
            Holds(
                name="claim_without_refusal",
                column="claim_or_refusal",
                statement="no claim that holds against a rival as good",
                shows=("claimed_over", "claim_holds", "claim_refused_by"),
                hint=TRACE,
            ),
        ),
        _refused_claims,
    ),
    "gpu_price_series": Plausibility(
        (
            beyond("price", 0, 1e8),
            beyond("change", -1, 20),
            beyond("change_previous", -1, 20),
            Holds(
                name="base_is_first_quote",
                column="base_is_first",
                statement="the base price on the base day",
                shows=("quoted_on", "base_on", "price", "price_base"),
                hint=TRACE,
            ),
        ),
        _base_of_a_series,
    ),
    "news_period": Plausibility(
        (
            Holds(
                name="inside_window",
                column="in_window",
                statement="an item published inside its window",
                shows=("window_start", "window_end", "published_on"),
                hint=TRACE,
            ),
        ),
        _published_in_window,
    ),
    "policies_period": Plausibility(
        (
            Holds(
                name="inside_window",
                column="in_window",
                statement="a document published, or else issued, inside its window",
                shows=("window_start", "window_end", "issued_on", "published_on"),
                hint=TRACE,
            ),
        ),
        _published_in_window,
    ),
    "llm_leaderboard": Plausibility(
        (
            within("place", 1),
            within("rank_ub", 1),
            within("rank_as_printed", 1),
            within("rank_organization", 1),
            within("rank_style_ctrl", 1),
            beyond("arena_score", -100, 5_000),
            within("ci95_plus", 0, 500),
            within("ci95_minus", 0, 500),
            within("votes", 0),
        )
    ),
}

MART_KEYS: dict[str, tuple[str, ...]] = {
    **MARKET_KEYS,
    **QUARTER_KEYS,
    "index_changes": ("index_code", "index_name"),
    "company_changes": ("code", "company"),
    "market_cap_moves": ("company", "code", "cap_basis"),
    "rates_fx": ("series",),
    "rates_path": ("series_id", "observed_on"),
    "theme_fund_returns": ("theme", "fund_code", "fund_name"),
    "pool": ("pool", "code", "name"),
    "pool_sub_industries": ("pool", "code", "name"),
    "web_traffic_week": ("app",),
    "web_traffic_series": ("app", "period_end"),
    "gpu_rental_week": ("gpu", "platform"),
    "funding_rounds_period": ("period", "company_id", "round", "announced_on"),
    "app_download_month": ("month", "app_id"),
    "llm_benchmark": ("benchmark", "setup", "tested_on", "model"),
    "unlisted_names": ("kind", "printed_name", "dataset", "column_name"),
    "gpu_price_series": ("gpu", "marketplace", "condition", "quoted_on"),
    "news_period": ("section", "published_on", "headline"),
    "policies_period": ("issued_on", "title"),
    "llm_leaderboard": ("board", "category", "model"),
}
