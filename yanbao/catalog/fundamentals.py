"""Fundamentals: statements, the disclosure calendar, previews, forecasts, ratings."""

from functools import partial

from yanbao.catalog.declaration import (
    LISTED_CODE,
    OVERSEAS_CODE,
    Dataset,
    code,
    count,
    day,
    number,
    text,
)
from yanbao.catalog.market_facts import MAINLAND_SHARE_CODE
from yanbao.catalog.scales import Proof
from yanbao.catalog.usual_sizes import (
    EPS,
    GUIDANCE,
    INSTITUTIONS,
    OVERSEAS_PROFIT,
    OVERSEAS_REVENUE,
    PROFIT,
    REVENUE,
    TARGET_PRICE,
)


def _margin(profit: str, revenue: str) -> Proof:
    """A tenth is usual; young companies lose many times what they sell."""
    return Proof(profit, revenue, f"margin({profit})", (0.004, 1.5), (1e-5, 60.0))


def _same_profit(profit: str, attributable: str) -> Proof:
    return Proof(
        profit, attributable, f"{profit}_beside_it", (0.2, 5.0), (0.02, 50.0), same_sign=True
    )


results = partial(
    Dataset,
    group="fundamentals",
    cadence="daily in results season",
    partitioning="report_period",
)
fundamentals = partial(Dataset, group="fundamentals", cadence="weekly")
DATASETS = (
    results(
        name="income_statements",
        share_names=("name",),
        label="利润表（累计）",
        grain="one version of one company's cumulative statement for a period",
        key=("code", "report_period", "announced_on"),
        completeness="announced_total",
        upstream=("eastmoney_results",),
        proofs=(
            Proof(
                "operating_revenue_ytd",
                "revenue_ytd",
                "revenue_of_operations",
                (0.8, 1.2),
                (0.03, 30.0),
            ),
            _margin("net_profit_ytd", "revenue_ytd"),
            _margin("net_profit_attributable_ytd", "revenue_ytd"),
            _margin("net_profit_deducted_ytd", "revenue_ytd"),
            _same_profit("net_profit_ytd", "net_profit_attributable_ytd"),
            _same_profit("net_profit_deducted_ytd", "net_profit_attributable_ytd"),
        ),
        available_on=(
            "coalesce(\n"
            "    case when announced_on >= report_period then announced_on end,\n"
            "    {{ beijing_date('landed_at') }}\n"
            ")"
        ),
        due_on="{{ season_due('parameters.as_of_date') }}",
        columns=(
            code("code", MAINLAND_SHARE_CODE, "Share code.", example="600519.SH"),
            text("name", "Name as the source printed it when it was fetched."),
            text("company_type", "一般企业, 银行, 证券, 保险 or empty."),
            day("report_period", "Last day of the cumulative period.", required=True),
            day(
                "announced_on",
                "Day of announcement; empty: visible from first sight.",
                not_before="report_period",
            ),
            day("updated_on", "When the source last touched the row; never point in time."),
            text("currency", "ISO currency."),
            number(
                "revenue_ytd",
                "currency",
                "Total operating revenue, cumulative.",
                scale=REVENUE,
            ),
            number(
                "operating_revenue_ytd",
                "currency",
                "Operating revenue, cumulative.",
                scale=REVENUE,
            ),
            number("net_profit_ytd", "currency", "Net profit, cumulative.", scale=PROFIT),
            number(
                "net_profit_attributable_ytd",
                "currency",
                "Attributable, cumulative.",
                scale=PROFIT,
            ),
            number(
                "net_profit_deducted_ytd",
                "currency",
                "Less non-recurring, cumulative.",
                scale=PROFIT,
            ),
            text("statement_kind", "Which statement.", allowed=("original", "adjusted")),
        ),
    ),
    results(
        name="disclosure_dates",
        label="财报披露日",
        grain="one company's disclosure of one period",
        key=("code", "report_period"),
        future_allowed=True,
        upstream=("eastmoney_results", "cninfo"),
        available_on="{{ beijing_date('landed_at') }}",
        columns=(
            code("code", MAINLAND_SHARE_CODE, "Share code."),
            day("report_period", "Last day of the period.", required=True),
            day("planned_on", "First planned day."),
            day("announced_on", "Actual day; empty until disclosed."),
        ),
    ),
    results(
        name="earnings_previews",
        label="业绩预告",
        grain="one indicator of one company's guidance for a period",
        key=("code", "report_period", "indicator", "announced_on"),
        future_allowed=True,
        upstream=("eastmoney_results",),
        proofs=(
            Proof("value_high_cny", "value_low_cny", "guidance", (0.2, 5.0), (0.02, 50.0)),
        ),
        available_on="announced_on",
        columns=(
            code("code", MAINLAND_SHARE_CODE, "Share code."),
            day("report_period", "Last day of the period.", required=True),
            day("announced_on", "Day of announcement.", required=True),
            text("indicator", "Which line is guided.", required=True),
            number("value_low_cny", "CNY", "Lower bound.", scale=GUIDANCE),
            number("value_high_cny", "CNY", "Upper bound.", scale=GUIDANCE),
            text("direction", "预增, 预减, 扭亏, 首亏 and the like, as printed."),
        ),
    ),
    results(
        name="earnings_flashes",
        label="业绩快报",
        grain="one company's flash result for a period",
        key=("code", "report_period", "announced_on"),
        upstream=("eastmoney_results",),
        proofs=(_margin("net_profit_attributable_ytd", "revenue_ytd"),),
        available_on="announced_on",
        columns=(
            code("code", MAINLAND_SHARE_CODE, "Share code."),
            day("report_period", "Last day of the period.", required=True),
            day("announced_on", "Day of announcement.", required=True),
            number("revenue_ytd", "CNY", "Total operating revenue, cumulative.", scale=REVENUE),
            number(
                "net_profit_attributable_ytd",
                "CNY",
                "Attributable, cumulative.",
                scale=PROFIT,
            ),
        ),
    ),
    fundamentals(
        name="eps_forecasts",
        label="一致预期",
        grain="one company and fiscal year as forecast on a day",
        key=("code", "fiscal_year", "as_of_date", "provider"),
        upstream=("eastmoney_research",),
        not_carried={"eastmoney_research": ("institutions",)},
        due_after_days=31,
        columns=(
            code("code", LISTED_CODE, "Share code."),
            count(
                "fiscal_year",
                "year",
                "Fiscal year.",
                required=True,
                minimum=1990,
                maximum=2100,
            ),
            day("as_of_date", "Day of the forecast.", required=True),
            text("provider", "Who forecasts.", required=True),
            number(
                "eps",
                "currency per share",
                "Earnings per share.",
                required=True,
                scale=EPS,
            ),
            text("kind", "A for actual, E for estimate.", allowed=("A", "E")),
            text("currency", "ISO currency."),
            count(
                "institutions",
                "count",
                "Number of institutions.",
                minimum=1,
                maximum=200,
                scale=INSTITUTIONS,
            ),
        ),
    ),
    fundamentals(
        name="ratings",
        label="机构评级",
        grain="one broker's rating of one company on a day",
        key=("code", "broker", "rated_on"),
        cadence="daily",
        partitioning="trade_date",
        upstream=("cninfo",),
        due_after_days=31,
        columns=(
            code("code", LISTED_CODE, "Share code."),
            text("broker", "Rating house.", required=True),
            day("rated_on", "Day of the rating.", required=True),
            text("rating", "As printed.", required=True),
            number(
                "target_price",
                "currency",
                "Target price.",
                minimum=0,
                scale=TARGET_PRICE,
            ),
            text("currency", "ISO currency."),
        ),
    ),
    fundamentals(
        name="overseas_income_statements",
        label="海外公司利润表",
        grain="one version of one overseas company's statement for a period",
        key=("code", "report_period", "months", "announced_on"),
        partitioning="report_period",
        upstream=("eastmoney_overseas",),
        proofs=(_margin("net_profit_attributable", "revenue"),),
        available_on="announced_on",
        # Half-yearly reporters publish within three months of the period.
        due_after_days=276,
        columns=(
            code("code", OVERSEAS_CODE, "Share code.", example="NVDA.O"),
            day("report_period", "Last day of the fiscal period.", required=True),
            count(
                "months",
                "months",
                "Months covered: 3, 6, 9 or 12.",
                required=True,
                minimum=1,
                maximum=18,
            ),
            day(
                "announced_on",
                "Day of announcement in Beijing.",
                required=True,
                not_before="report_period",
            ),
            text("fiscal_label", "As the company names it, for example FY2024Q2."),
            text("currency", "Reporting currency.", required=True),
            number("revenue", "currency", "Revenue of the period.", scale=OVERSEAS_REVENUE),
            number(
                "net_profit_attributable",
                "currency",
                "Attributable profit of the period.",
                scale=OVERSEAS_PROFIT,
            ),
        ),
    ),
)
