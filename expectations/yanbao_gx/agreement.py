"""What marts must agree on, within one release: each rule with the frame that it judges."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import great_expectations as gx
import pandas as pd
from great_expectations.expectations.expectation import Expectation

from yanbao.base.settings import PROJECT_ROOT
from yanbao_gx.expectations import holds, proof
from yanbao_gx.quarter_agreement import (
    counts_partition_the_pool,
    listed_companies_add_up,
    sub_industries_add_up,
)

Marts = Mapping[str, pd.DataFrame]
Judged = tuple[Expectation, pd.DataFrame]

POOL_RULES = PROJECT_ROOT / "dbt_project" / "seeds" / "pool_rules.csv"
CAP_COLUMNS = ("market_cap_base", "market_cap", "change", "change_cny")
TOTAL_OF = ("base_on", "cap_on", "currency", "cap_basis")
RETURN_WINDOWS = ("return_1m", "return_3m", "return_6m")
MONTH_MARTS = ("company_changes", "constituent_ranking", "a_share_peers", "overseas_peers")
WEEK_MARTS = ("company_changes", "member_extremes")
ROUNDING = 1e-6
NAV_ROUNDING = 1e-4  # unit NAVs are published with four decimals
SHARE_COUNT_MOVES = 0.05  # buy-backs, issues and a second share class within a week


@dataclass(frozen=True)
class Agreement:
    """A statement over ``marts``; of those in ``any_of``, over two or more."""

    name: str
    judge: Callable[[Marts], Judged]
    marts: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()

    def concerns(self, names: frozenset[str]) -> bool:
        """Whether a release that has these marts must keep the statement."""
        if self.any_of:
            return len(names & set(self.any_of)) > 1
        return names >= set(self.marts)

    def suite(self, marts: Marts) -> tuple[gx.ExpectationSuite, pd.DataFrame]:
        """The suite of this one statement, and the frame that it is about."""
        expectation, frame = self.judge(marts)
        return gx.ExpectationSuite(self.name, [expectation]), frame


def totals_are_sums(marts: Marts) -> Judged:
    """Each total of market caps against its rows of the same days, currency and basis."""
    caps = marts["market_cap_moves"]
    is_total = caps["is_total"].astype(bool)
    keys = [name for name in TOTAL_OF if name in caps.columns]
    sums = caps[~is_total].groupby(keys, dropna=False)[list(CAP_COLUMNS)].sum(min_count=1)
    totals = caps[is_total].merge(
        sums.reset_index(), on=keys, how="left", suffixes=("", "_of_rows")
    )
    scale = totals["market_cap"].abs().clip(lower=1)
    gaps = pd.DataFrame(
        {
            # A total without rows is as wrong as a total of other rows.
            name: ((totals[name] - totals[f"{name}_of_rows"]).abs() / scale)
            .fillna(1.0)
            .where(totals[name].notna())
            for name in CAP_COLUMNS
        },
        dtype=float,
    )
    rule = proof(
        "total_is_sum",
        "gap_to_sum",
        ROUNDING,
        shows="company currency change change_of_rows",
    )
    return rule, totals.assign(gap_to_sum=gaps.max(axis=1))


def a_class_leads_c_class(marts: Marts) -> Judged:
    """The two classes of one fund differ by the sales fee that the C class pays."""
    funds = marts["theme_fund_returns"].drop_duplicates("fund_code")
    names = funds["fund_name"].astype("string").str.replace(r"\s", "", regex=True)
    parts = names.str.extract(r"^(?P<stem>.+)(?P<share_class>[AC])类?$")
    classes = pd.concat([funds[["fund_code", *RETURN_WINDOWS]], parts], axis=1)
    a_class = classes[classes["share_class"] == "A"]
    c_class = classes[classes["share_class"] == "C"]
    pairs = a_class.merge(c_class, on="stem", suffixes=("", "_c"))
    leads = pd.DataFrame(
        {name: pairs[name] - pairs[f"{name}_c"] for name in RETURN_WINDOWS}, dtype=float
    )
    rule = proof(
        "a_class_leads_c_class",
        "smallest_lead",
        None,
        low=-NAV_ROUNDING,
        severity="warning",
        shows="stem fund_code fund_code_c",
        hint="compare the NAVs of the two classes; a missed distribution shows like this",
    )
    return rule, pairs.assign(smallest_lead=leads.min(axis=1))


def included_companies_have_an_in_rule(marts: Marts) -> Judged:
    """Who is in was let in, who is out was kept out, as the seed of rules says."""
    with POOL_RULES.open(encoding="utf-8", newline="") as lines:
        lets_in = {row["rule"]: row["included"] == "true" for row in csv.DictReader(lines)}
    pool = marts["pool"]
    agrees = pool["rule"].map(lets_in) == pool["included"]
    rule = holds(
        "pool_rule",
        "rule_agrees",
        "an in rule for whoever is included, an out rule for the others",
        shows="pool code included rule",
        hint="compare the pool mart with the seed pool_rules",
    )
    return rule, pool.assign(rule_agrees=agrees.astype(bool))


def caps_move_with_prices(marts: Marts) -> Judged:
    """The ratio of two caps against the price change between the same two sessions."""
    caps, companies = marts["market_cap_moves"], marts["company_changes"]
    moves = companies.assign(
        price_change=companies["change_price_week"].fillna(companies["change_week"])
    ).drop_duplicates("code")
    both = caps[~caps["is_total"].astype(bool)].merge(
        moves[["code", "week_start_date", "session_on", "price_change"]],
        left_on=["code", "base_on", "cap_on"],
        right_on=["code", "week_start_date", "session_on"],
    )
    both["cap_over_price"] = (
        both["market_cap"] / both["market_cap_base"] / (1 + both["price_change"])
    ).astype(float)
    rule = proof(
        "cap_moves_with_price",
        "cap_over_price",
        1 + SHARE_COUNT_MOVES,
        low=1 - SHARE_COUNT_MOVES,
        severity="warning",
        shows="code market_cap_base market_cap price_change",
        hint="look for a change of the share count, of the unit, or of a base date",
    )
    return rule, both


def _one_change_per_company(marts: Marts, names: tuple[str, ...], column: str) -> Judged:
    """The change of a company is the same number in every mart that has it."""
    frames = [
        marts[name][["code", column]].drop_duplicates().assign(mart=name)
        for name in names
        if name in marts
    ]
    by_code = pd.concat(frames, ignore_index=True).groupby("code")
    spread = by_code.agg(
        lowest=(column, "min"), highest=(column, "max"), in_marts=("mart", "nunique")
    ).reset_index()
    spread["spread"] = (spread["highest"] - spread["lowest"]).astype(float)
    rule = proof(
        f"one_{column.removeprefix('change_')}_return",
        "spread",
        ROUNDING,
        shows="code lowest highest",
        hint="two marts use different prices or windows: take both from stock_returns",
    )
    return rule, spread[spread["in_marts"] > 1]


def one_month_return_per_company(marts: Marts) -> Judged:
    return _one_change_per_company(marts, MONTH_MARTS, "change_month")


def one_week_return_per_company(marts: Marts) -> Judged:
    return _one_change_per_company(marts, WEEK_MARTS, "change_week")


def one_month_per_benchmark(marts: Marts) -> Judged:
    """The benchmark of a ranking moves as its own line among the indices says."""
    lines = marts["index_changes"][["index_code", "change_month"]]
    benchmarks = marts["constituent_ranking"][
        ["benchmark_index", "benchmark_change_month"]
    ].drop_duplicates()
    both = benchmarks.merge(lines, left_on="benchmark_index", right_on="index_code")
    gap = (both["benchmark_change_month"] - both["change_month"]).abs()
    rule = proof(
        "one_benchmark_month",
        "gap",
        ROUNDING,
        shows="benchmark_index benchmark_change_month change_month",
        hint="two marts use different closes or windows for the same index",
    )
    return rule, both.assign(gap=gap.astype(float))


AGREEMENTS = (
    Agreement("total_is_sum", totals_are_sums, ("market_cap_moves",)),
    Agreement("a_class_leads_c_class", a_class_leads_c_class, ("theme_fund_returns",)),
    Agreement("pool_rule", included_companies_have_an_in_rule, ("pool",)),
    Agreement(
        "cap_moves_with_price",
        caps_move_with_prices,
        ("market_cap_moves", "company_changes"),
    ),
    Agreement("one_month_return", one_month_return_per_company, any_of=MONTH_MARTS),
    Agreement("one_week_return", one_week_return_per_company, any_of=WEEK_MARTS),
    Agreement(
        "one_benchmark_month",
        one_month_per_benchmark,
        ("constituent_ranking", "index_changes"),
    ),
    Agreement(
        "sub_industries_add_up",
        sub_industries_add_up,
        ("industry_quarter", "sub_industry_quarter"),
    ),
    Agreement(
        "listed_companies_add_up",
        listed_companies_add_up,
        ("industry_quarter", "company_quarter"),
    ),
    Agreement(
        "counts_partition_the_pool",
        counts_partition_the_pool,
        ("industry_quarter", "company_growth_distribution"),
    ),
)
