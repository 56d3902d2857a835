"""What the marts of single quarters must agree on: sums, counts and the companies listed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from great_expectations.expectations.expectation import Expectation

from yanbao_gx.expectations import holds, proof

Marts = Mapping[str, pd.DataFrame]
Judged = tuple[Expectation, pd.DataFrame]

QUARTER = ["pool", "report_period"]
COUNTS = ["members", "companies"]
MONEY = [
    "revenue",
    "revenue_base",
    "net_profit_attributable",
    "net_profit_attributable_base",
]
HALF = 0.5  # of a company or a yuan: sums of cents are kept as floating point
HINT = "the marts were built from different statements or pools: build them again"


def sub_industries_add_up(marts: Marts) -> Judged:
    """The sub-industries of a pool's quarter against the pool itself."""
    parts = marts["sub_industry_quarter"]
    sums = parts.groupby(QUARTER)[[*COUNTS, *MONEY]].sum().reset_index()
    both = sums.merge(marts["industry_quarter"], on=QUARTER, how="left", suffixes=("", "_pool"))
    return _gap("sub_industries_add_up"), both.assign(gap_to_pool=_gaps(both))


def listed_companies_add_up(marts: Marts) -> Judged:
    """The companies of the list against their pool: the same ones, the same sums."""
    listed = marts["company_quarter"]
    is_compared = listed["is_compared"].astype(bool)
    compared = listed.assign(
        members=1,
        companies=is_compared.astype(int),
        **{name: listed[name].where(is_compared) for name in MONEY},
    )
    sums = compared.groupby(QUARTER)[[*COUNTS, *MONEY]].sum().reset_index()
    pools = marts["industry_quarter"]
    both = pools.merge(sums, on=QUARTER, how="left", suffixes=("_pool", ""))
    return _gap("listed_companies_add_up"), both.assign(gap_to_pool=_gaps(both))


def counts_partition_the_pool(marts: Marts) -> Judged:
    """Each partition of a pool's companies counts every one of them once."""
    keys = [*QUARTER, "measure", "partition_kind"]
    counts = marts["company_growth_distribution"].groupby(keys)["companies"].sum()
    pools = marts["industry_quarter"][[*QUARTER, "members"]]
    both = counts.rename("counted").reset_index().merge(pools, on=QUARTER, how="left")
    rule = holds(
        "counts_partition_the_pool",
        "counts_agree",
        "as many companies counted as the pool has",
        shows=(*keys, "counted", "members"),
        hint=HINT,
    )
    return rule, both.assign(counts_agree=both["counted"] == both["members"])


def _gap(name: str) -> Expectation:
    return proof(
        name,
        "gap_to_pool",
        HALF,
        shows=(*QUARTER, *COUNTS, "revenue", "revenue_pool"),
        hint=HINT,
    )


def _gaps(both: pd.DataFrame) -> pd.Series[float]:
    """The largest difference of a row; a side that is missing counts as zero."""
    names = [*COUNTS, *MONEY]
    gaps = pd.DataFrame(
        {n: (both[n].fillna(0) - both[f"{n}_pool"].fillna(0)).abs() for n in names},
        dtype=float,
    )
    return gaps.max(axis=1)
