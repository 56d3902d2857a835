"""The suite of a mart: what is plausible, and what follows from its other columns.

Grain, keys, vocabularies and contracts are proven by dbt and are not repeated. The bounds of a
column stand beside its words, in the YAML of its mart. They are wide on purpose: they catch a
unit, a sign or a base date, never an unusual market.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import great_expectations as gx
import pandas as pd
from great_expectations.expectations.expectation import Expectation

from yanbao.catalog.marts import MartColumn, report_marts
from yanbao_gx.derived import with_columns
from yanbao_gx.expectations import between, holds

Judged = tuple[gx.ExpectationSuite, pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """An expectation about a column that SQL derives from those of its mart."""

    column: str
    sql: str
    expectation: Expectation


def _holds(check: str, sql: str, statement: str) -> Rule:
    """A condition that every row keeps; one that is null is not kept."""
    expectation = holds(check, check, statement, shows=_names_in(sql))
    return Rule(check, f"coalesce({sql}, false)", expectation)


def _within(check: str, sql: str, high: float, *, low: float = 0) -> Rule:
    """A number between bounds, such as the gap between a change and what it follows from."""
    return Rule(check, sql, between(check, low, high, check=check, shows=_names_in(sql)))


def _names_in(sql: str) -> list[str]:
    """What a failing row is shown with; a sample leaves out what is no column."""
    return re.findall(r"[a-z]\w+", sql)


def _gap_of_lines(window: str) -> str:
    """How far a difference is from its two lines; null where one of the three is."""
    industry, benchmark = (
        f"max({window}) filter (line = '{line}') over (partition by comparison)"
        for line in ("industry", "benchmark")
    )
    return f"abs({window} - ({industry} - {benchmark}))"


def _levels_by_unit(yield_moves: float, fixing_moves: float) -> tuple[Rule, ...]:
    """Yields in per cent move by basis points, fixings in yuan by pips."""
    bounds = {
        "yield_level": (-5, 25),
        "yield_change": (-yield_moves, yield_moves),
        "fixing_level": (0, 1_000),
        "fixing_change": (-fixing_moves, fixing_moves),
    }
    rules = []
    for name, (low, high) in bounds.items():
        kind, column = name.split("_")
        is_yield = "coalesce(level_unit::varchar in ('pct', 'percent', '%'), false)"
        sql = f"case when {is_yield} = {kind == 'yield'} then {column} end"
        expectation = between(name, low, high, exclusive=name == "fixing_level")
        rules.append(Rule(name, sql, expectation))
    return tuple(rules)


BOARDS = (
    "main_board_count",
    "sme_board_count",
    "chinext_count",
    "star_count",
    "beijing_count",
    "other_count",
)
QUARTER_OF_A_GROUP = (
    _within(
        "growth_follows",
        "abs(revenue_growth_yoy"
        " - (revenue / case when revenue_base > 0 then revenue_base end - 1))",
        1e-6,
    ),
    _holds(
        "members_add_up",
        "companies + companies_unreported + companies_left_out = members",
        "every company compared, unreported or left out",
    ),
    _holds(
        "filings_known",
        "known_at is null or filings_to is null or filings_to <= known_at",
        "no statement that became known after known_at",
    ),
)
RULES: Mapping[str, tuple[Rule, ...]] = {
    "constituent_ranking": (
        _holds(
            "sorted_by_value",
            "coalesce((change_month - lag(change_month) over"
            " (partition by universe, side order by rank_order))"
            " * if(side = 'top', 1, -1) <= 0, true)",
            "places in the order of the unrounded change",
        ),
        _within(
            "relative_is_difference",
            "abs(relative - (change_month - benchmark_change_month))",
            1e-7,
        ),
    ),
    "relative_performance": (
        _within(
            "difference_of_lines",
            "case when line = 'difference' then greatest("
            f"{_gap_of_lines('return_1m')}, {_gap_of_lines('return_3m')},"
            f" {_gap_of_lines('return_12m')}) end",
            1e-7,
        ),
    ),
    "index_path": (
        _within("change_over_base", "abs(change - (close / close_base - 1))", 1e-7),
    ),
    "forward_valuation": (
        _within(
            "one_price",
            "greatest(abs(pe_y0 * eps_y0 * eps_rate - price),"
            " abs(pe_y1 * eps_y1 * eps_rate - price),"
            " abs(pe_y2 * eps_y2 * eps_rate - price)) / price",
            1e-6,
        ),
    ),
    "index_profile": (
        _holds(
            "boards_add_up",
            f"{' + '.join(BOARDS)} = constituents_count",
            "the members of all boards, counted once each",
        ),
    ),
    "market_cap_moves": (
        _within("cap_over_base", "market_cap / nullif(market_cap_base, 0)", 4, low=0.1),
        _within(
            "change_is_difference",
            "abs(change - (market_cap - market_cap_base)) / greatest(abs(market_cap), 1)",
            1e-6,
        ),
    ),
    "rates_fx": _levels_by_unit(300, 5_000),  # in a week: three points, half a yuan
    "rates_path": _levels_by_unit(1_000, 20_000),  # in a year: ten points, two yuan
    "theme_fund_returns": (
        _holds(
            "stale_is_explained",
            "if(is_stale, stale_reason is not null, nav is not null)",
            "a NAV, or a stale mark with its reason",
        ),
    ),
    "web_traffic_series": (
        _holds(
            "window_in_order",
            "period_start <= period_end",
            "a window that begins before it ends",
        ),
    ),
    "web_traffic_week": (
        _holds(
            "window_in_order",
            "period_start <= period_end",
            "a window that ends after it starts",
        ),
    ),
    "funding_rounds_period": (
        _holds(
            "inside_window",
            "announced_on between window_start and window_end",
            "a round announced inside its window",
        ),
        _holds(
            "rankable_has_rank",
            "not is_rankable or (amount_cny is not null and rank_amount is not null)",
            "an amount in yuan and a rank wherever a round is rankable",
        ),
    ),
    "app_download_month": (
        _holds(
            "change_of_whole_months",
            "not is_partial or downloads_mom is null",
            "no change of a month that is not over",
        ),
    ),
    "llm_benchmark": (
        _holds(
            "claim_without_refusal",
            "claim_refused_by is null or not coalesce(cast(claim_holds as boolean), false)",
            "no claim that holds against a rival as good",
        ),
    ),
    "gpu_price_series": (
        _holds(
            "base_is_first_quote",
            "quoted_on <> base_on or price = price_base",
            "the base price on the base day",
        ),
    ),
    "news_period": (
        _holds(
            "inside_window",
            "published_on between window_start and window_end",
            "an item published inside its window",
        ),
    ),
    "policies_period": (
        _holds(
            "inside_window",
            "coalesce(published_on, issued_on) between window_start and window_end",
            "a document published, or else issued, inside its window",
        ),
    ),
    "industry_quarter": QUARTER_OF_A_GROUP,
    "sub_industry_quarter": QUARTER_OF_A_GROUP,
    "company_quarter": (
        _holds(
            "compared_or_reason",
            "is_compared"
            " = (revenue_base is not null and net_profit_attributable_base is not null)"
            " and is_compared <> (missing_reason is not null)",
            "both years, or the reason why not",
        ),
    ),
}


def mart_suite(mart: str, frame: pd.DataFrame) -> Judged:
    """The suite of a mart, and its frame with what the rules derive."""
    rules = RULES.get(mart, ())
    declared = report_marts().get(mart)
    bounds = _bounds(declared.columns) if declared else []
    suite = gx.ExpectationSuite(mart, [*bounds, *(rule.expectation for rule in rules)])
    return suite, with_columns(frame, {rule.column: rule.sql for rule in rules})


def _bounds(columns: Mapping[str, MartColumn]) -> list[Expectation]:
    found = []
    for name, column in columns.items():
        excluded, included = (column.above, column.below), (column.at_least, column.at_most)
        if any(bound is not None for bound in excluded):
            found.append(between(name, *excluded, exclusive=True))
        elif any(bound is not None for bound in included):
            found.append(between(name, *included))
    return found
