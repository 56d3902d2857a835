"""Market data: fund values and sizes, yields and fixings."""

from functools import partial

from yanbao.catalog.declaration import FUND_CODE, Dataset, code, day, number, text
from yanbao.catalog.scales import Proof
from yanbao.catalog.usual_sizes import DISTRIBUTION, FIXING, FUND_SIZE, NAV, YIELD

market = partial(
    Dataset,
    group="market",
    cadence="daily",
    partitioning="trade_date",
    completeness="last_good",
    staleness_days=7,
)
DATASETS = (
    market(
        name="fund_navs",
        label="基金净值",
        grain="one share class on one NAV day",
        key=("fund_code", "nav_date"),
        lag_sessions=1,
        price_columns=("nav", "nav_cumulative"),
        proofs=(
            Proof("nav_cumulative", "nav", "cumulative_beside_nav", (0.9, 8.0), (0.1, 40.0)),
            Proof("nav_adjusted", "nav", "adjusted_beside_nav", (0.9, 12.0), (0.1, 80.0)),
            Proof("distribution", "nav", "distribution_beside_nav", (0.002, 0.6), (8e-4, 2.0)),
        ),
        upstream=("eastmoney_funds",),
        # A history without cumulative NAV leaves that of the nights as it stood.
        not_carried={
            "eastmoney_funds": {
                "nav_cumulative is null": ("nav_cumulative", "nav_adjusted", "distribution"),
                "nav_cumulative is not null": ("nav_adjusted", "distribution"),
            }
        },
        available_on=(
            "coalesce(\n"
            "    (\n"
            "        select max(nav_days.next_nav_day)\n"
            "        from {{ ref('int_nav_days') }} as nav_days\n"
            "        where nav_days.nav_date = unioned.nav_date\n"
            "    ),\n"
            "    nav_date + 1\n"
            ")"
        ),
        market="'CN'",
        columns=(
            code("fund_code", FUND_CODE, "Share class code.", example="005962.OF"),
            day("nav_date", "NAV day; 30 June and 31 December are real.", required=True),
            number(
                "nav",
                "CNY",
                "Unit NAV.",
                required=True,
                minimum=0.0001,
                maximum=10_000,
                scale=NAV,
            ),
            number(
                "nav_cumulative",
                "CNY",
                "Unit NAV plus all distributions.",
                minimum=0.0001,
                scale=NAV,
            ),
            number(
                "nav_adjusted",
                "CNY",
                "NAV with distributions reinvested.",
                minimum=0.0001,
                scale=NAV,
            ),
            number(
                "distribution",
                "CNY",
                "Paid per unit on this day.",
                minimum=0,
                scale=DISTRIBUTION,
            ),
        ),
        notes="Known on the next NAV day.",
    ),
    market(
        name="fund_sizes",
        label="基金规模",
        grain="one fund or share class, at a day and on a basis",
        key=("fund_code", "as_of_date", "size_basis"),
        staleness_days=None,
        completeness="none",
        cadence="quarterly",
        partitioning="snapshot",
        upstream=("eastmoney_funds", "sina_quotes"),
        # A quarter's sizes come out within three weeks of its end.
        due_after_days=122,
        columns=(
            code("fund_code", FUND_CODE, "Share class code.", example="005962.OF"),
            day("as_of_date", "Day of the size.", required=True),
            number(
                "fund_size_cny",
                "CNY",
                "Assets.",
                required=True,
                minimum=0,
                scale=FUND_SIZE,
            ),
            text("size_basis", "Of one class or of the fund.", allowed=("class", "total")),
        ),
    ),
    market(
        name="government_yields",
        label="国债收益率",
        grain="one country and tenor on one day",
        key=("country", "tenor", "date"),
        lag_sessions=1,
        upstream=("eastmoney_rates", "sina"),
        available_on="{{ known_in_beijing('country', 'date') }}",
        market="country",
        parts_by="country",
        columns=(
            text("country", "CN or US.", required=True, allowed=("CN", "US")),
            text(
                "tenor", "Years to maturity.", required=True, allowed=("2Y", "5Y", "10Y", "30Y")
            ),
            day("date", "Day of the yield.", required=True),
            number(
                "yield_pct",
                "percent",
                "Yield.",
                required=True,
                minimum=-5,
                maximum=25,
                example="4.62",
                scale=YIELD,
            ),
        ),
    ),
    market(
        name="fx_fixings",
        label="人民币中间价",
        grain="one currency pair on one fixing day",
        key=("pair", "fixing_date"),
        lag_sessions=0,
        price_columns=("rate",),
        upstream=("eastmoney_rates", "safe"),
        market="'CN'",
        parts_by="pair",
        columns=(
            code("pair", r"[A-Z]{6}", "Base then quote currency.", example="USDCNY"),
            day("fixing_date", "Day of the central parity.", required=True),
            number(
                "rate",
                "quote per base",
                "Central parity.",
                required=True,
                minimum=0.0001,
                scale=FIXING,
            ),
        ),
    ),
)
