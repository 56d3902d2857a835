"""What marts must agree on, within one release: each statement is a query over their rows.

A query gives one row per comparison. Its last column is judged; the others explain it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import great_expectations as gx
import pandas as pd

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.marts import report_marts
from yanbao_gx.derived import select
from yanbao_gx.expectations import TRACE, between, holds

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
ROUNDING = 1e-6
NAV_ROUNDING = 1e-4  # unit NAVs are published with four decimals
SHARE_COUNT_MOVES = 0.05  # buy-backs, issues and a second share class within a week
HALF = 0.5  # of a company or a yuan: sums of cents are kept as floating point
QUARTERS = "the marts were built from different statements or pools: build them again"
CAPS = ("market_cap_base", "market_cap", "change", "change_cny")
COUNTS = ("members", "companies")
MONEY = (
    "revenue",
    "revenue_base",
    "net_profit_attributable",
    "net_profit_attributable_base",
)


@dataclass(frozen=True)
class Agreement:
    """The judged number lies between ``low`` and ``high``, or the ``statement`` holds.

    A query with ``any_of`` compares those of its marts that there are, two or more.
    """

    name: str
    query: str
    low: float = 0
    high: float | None = ROUNDING
    statement: str = ""
    severity: str = "critical"
    hint: str = TRACE
    any_of: bool = False

    @property
    def relations(self) -> list[str]:
        return re.findall(r"(?:from|join) (\w+)", self.query)

    def concerns(self, names: frozenset[str]) -> bool:
        """Whether a release that has these marts must keep the statement."""
        compared = report_marts().keys() & self.relations
        return len(names & compared) > 1 if self.any_of else names >= compared

    def suite(
        self, marts: Mapping[str, pd.DataFrame]
    ) -> tuple[gx.ExpectationSuite, pd.DataFrame]:
        """The suite of this one statement, and the frame that it is about."""
        frames = {}
        for name in self.relations:
            if name in report_marts():
                absent = pd.DataFrame(columns=[*report_marts()[name].columns])
                frames[name] = marts.get(name, absent)
            elif (SEEDS / f"{name}.csv").is_file():
                frames[name] = pd.read_csv(SEEDS / f"{name}.csv")
        frame = select(self.query, frames)
        *explaining, judged = frame.columns
        if self.statement:
            rule = holds(self.name, judged, self.statement, shows=explaining, hint=self.hint)
        else:
            rule = between(
                judged,
                self.low,
                self.high,
                check=self.name,
                severity=self.severity,
                shows=explaining,
                hint=self.hint,
            )
        return gx.ExpectationSuite(self.name, [rule]), frame


def _gap_to_sum(column: str) -> str:
    """A share of the cap. A total without rows is as wrong as a total of other rows."""
    gap = f"abs({column} - sum({column}) filter (not is_total) over its_rows)"
    share = f"{gap} / greatest(abs(market_cap), 1)"
    return f"case when {column} is not null then coalesce({share}, 1) end"


def _one_change_per_company(check: str, column: str, *marts: str) -> Agreement:
    """The change of a company is the same number in every mart that has it."""
    rows = " union all ".join(
        f"select code, {column} as change, '{mart}' as mart from {mart}" for mart in marts
    )
    return Agreement(
        check,
        f"""
        select code, min(change) as lowest, max(change) as highest,
            (highest - lowest)::double as spread
        from ({rows})
        group by code
        having count(distinct mart) > 1
        """,
        hint="two marts use different prices or windows: take both from stock_returns",
        any_of=True,
    )


def _adds_up(check: str, parts: str, joined: str) -> Agreement:
    """A pool's quarter against the sums of its ``parts``; a side that is missing is zero."""
    gaps = ", ".join(
        f"abs(coalesce(parts.{name}, 0) - coalesce(pools.{name}, 0))"
        for name in (*COUNTS, *MONEY)
    )
    return Agreement(
        check,
        f"""
        with parts as (select pool, report_period, {parts} group by pool, report_period)
        select pool, report_period, parts.members, parts.companies, parts.revenue,
            pools.revenue as revenue_pool, greatest({gaps})::double as gap_to_pool
        from {joined} using (pool, report_period)
        """,
        high=HALF,
        hint=QUARTERS,
    )


AGREEMENTS = (
    # Each total of market caps against its rows of the same days, currency and basis.
    Agreement(
        "total_is_sum",
        f"""
        select company, currency, change,
            sum(change) filter (not is_total) over its_rows as change_of_rows,
            greatest({", ".join(map(_gap_to_sum, CAPS))})::double as gap_to_sum
        from market_cap_moves
        window its_rows as (partition by base_on, cap_on, currency, cap_basis)
        qualify is_total
        """,
    ),
    # The two classes of one fund differ by the sales fee that the C class pays.
    Agreement(
        "a_class_leads_c_class",
        r"""
        with classes as (
            select distinct on (fund_code) *,
                regexp_replace(fund_name::varchar, '[\s\p{Z}]', '', 'g') as class_name,
                regexp_extract(class_name, '^(.+)([AC])类?$', 1) as stem,
                regexp_extract(class_name, '^(.+)([AC])类?$', 2) as share_class
            from theme_fund_returns
        )
        select a.stem, a.fund_code, c.fund_code as fund_code_c,
            least(
                a.return_1m - c.return_1m,
                a.return_3m - c.return_3m,
                a.return_6m - c.return_6m
            )::double as smallest_lead
        from classes as a inner join classes as c on a.stem = c.stem
        where a.share_class = 'A' and c.share_class = 'C'
        """,
        low=-NAV_ROUNDING,
        high=None,
        severity="warning",
        hint="compare the NAVs of the two classes; a missed distribution shows like this",
    ),
    # Who is in was let in, who is out was kept out, as the seed of rules says.
    Agreement(
        "pool_rule",
        """
        select pool.pool, pool.code, pool.included, pool.rule,
            coalesce(pool.included = pool_rules.included, false) as rule_agrees
        from pool left join pool_rules on pool.rule::varchar = pool_rules.rule
        """,
        statement="an in rule for whoever is included, an out rule for the others",
        hint="compare the pool mart with the seed pool_rules",
    ),
    # The ratio of two caps against the price change between the same two sessions.
    Agreement(
        "cap_moves_with_price",
        """
        with moves as (
            select distinct on (code) code, week_start_date as base_on, session_on as cap_on,
                coalesce(change_price_week, change_week) as price_change
            from company_changes
        )
        select code, market_cap_base, market_cap, price_change,
            (market_cap / market_cap_base / (1 + price_change))::double as cap_over_price
        from market_cap_moves inner join moves using (code, base_on, cap_on)
        where not is_total
        """,
        low=1 - SHARE_COUNT_MOVES,
        high=1 + SHARE_COUNT_MOVES,
        severity="warning",
        hint="look for a change of the share count, of the unit, or of a base date",
    ),
    _one_change_per_company(
        "one_month_return",
        "change_month",
        "company_changes",
        "constituent_ranking",
        "a_share_peers",
        "overseas_peers",
    ),
    _one_change_per_company(
        "one_week_return", "change_week", "company_changes", "member_extremes"
    ),
    # The benchmark of a ranking moves as its own line among the indices says.
    Agreement(
        "one_benchmark_month",
        """
        select distinct benchmark_index, benchmark_change_month, lines.change_month,
            abs(benchmark_change_month - lines.change_month)::double as gap
        from constituent_ranking
        inner join index_changes as lines on benchmark_index = lines.index_code
        """,
        hint="two marts use different closes or windows for the same index",
    ),
    _adds_up(
        "sub_industries_add_up",
        ", ".join(f"sum({name}) as {name}" for name in (*COUNTS, *MONEY))
        + " from sub_industry_quarter",
        "parts left join industry_quarter as pools",
    ),
    # The companies of the list against their pool: the same ones, the same sums.
    _adds_up(
        "listed_companies_add_up",
        "count(*) as members, count_if(is_compared) as companies, "
        + ", ".join(f"sum({name}) filter (is_compared) as {name}" for name in MONEY)
        + " from company_quarter",
        "industry_quarter as pools left join parts",
    ),
    # Each partition of a pool's companies counts every one of them once.
    Agreement(
        "counts_partition_the_pool",
        """
        select pool, report_period, measure, partition_kind, pools.members,
            sum(counts.companies) as counted,
            coalesce(counted = pools.members, false) as counts_agree
        from company_growth_distribution as counts
        left join industry_quarter as pools using (pool, report_period)
        group by pool, report_period, measure, partition_kind, pools.members
        """,
        statement="as many companies counted as the pool has",
        hint=QUARTERS,
    ),
)
