"""The suites of the marts of single quarters."""

from __future__ import annotations

import pandas as pd

from yanbao_gx.expectations import between, beyond, holds, proof
from yanbao_gx.mart_suite import mart_suite


def _quarter_of_a_group(mart: pd.DataFrame) -> pd.DataFrame:
    base = mart["revenue_base"].where(mart["revenue_base"] > 0)
    growth = mart["revenue"] / base - 1
    parts = mart["companies"] + mart["companies_unreported"] + mart["companies_left_out"]
    known_at = pd.to_datetime(mart["known_at"])
    return mart.assign(
        growth_gap=(mart["revenue_growth_yoy"] - growth).abs().astype(float),
        members_add_up=parts == mart["members"],
        filings_known=known_at.isna()
        | mart["filings_to"].isna()
        | (pd.to_datetime(mart["filings_to"]) <= known_at),
    )


def _quarter_of_a_company(mart: pd.DataFrame) -> pd.DataFrame:
    has_base = mart["revenue_base"].notna() & mart["net_profit_attributable_base"].notna()
    is_compared = mart["is_compared"].astype(bool)
    reasons = mart["missing_reason"].notna()
    return mart.assign(
        compared_or_reason=(is_compared & has_base & ~reasons)
        | (~is_compared & ~has_base & reasons)
    )


QUARTER_OF_A_GROUP = (
    # A unit that is off by 10,000 gives 9,999; a quarter of corrections can be negative.
    beyond("revenue_growth_yoy", -10, 1_000),
    proof(
        "growth_follows", "growth_gap", 1e-6, shows="revenue revenue_base revenue_growth_yoy"
    ),
    holds(
        "members_add_up",
        "members_add_up",
        "every company compared, unreported or left out",
        shows="members companies companies_unreported companies_left_out",
    ),
    holds(
        "filings_known",
        "filings_known",
        "no statement that became known after known_at",
        shows="known_at filings_to",
    ),
)

QUARTER_SUITES = (
    mart_suite("industry_quarter", *QUARTER_OF_A_GROUP, derive=_quarter_of_a_group),
    mart_suite("sub_industry_quarter", *QUARTER_OF_A_GROUP, derive=_quarter_of_a_group),
    mart_suite("company_growth_distribution", between("share", 0, 1)),
    mart_suite(
        "company_quarter",
        holds(
            "compared_or_reason",
            "compared_or_reason",
            "both years, or the reason why not",
            shows="is_compared missing_reason revenue_base",
        ),
        derive=_quarter_of_a_company,
    ),
)
