"""Closed forms behind the made-up valuations: forecasts, ratings and overseas statements.

Earnings per share are the year's profit of the made-up statements over the constant share
count. Overseas companies report single quarters and full years of straight lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import made_up_prices as prices
import made_up_statements as statements
from made_up_reference import Row

FORECAST_ON = date(2024, 10, 25)
FORECAST_YEARS = ((2023, "A"), (2024, "E"), (2025, "E"))
FORECAST_CODES = statements.COMPANIES[:6]
PROVIDER, BROKER = "样例一致预期", "样例证券"
RATINGS = ("买入", "增持")
LAST_QUARTER = (2024, 3)


@dataclass(frozen=True)
class Overseas:
    """Quarterly lines in millions of the reporting currency."""

    currency: str
    revenue: statements.Line
    profit: statements.Line


OVERSEAS = {
    "ZZA.O": Overseas("USD", statements.Line(20_000, 2_000), statements.Line(5_000, 500)),
    "ZZB.O": Overseas("USD", statements.Line(12_000, -500), statements.Line(2_000, -400)),
    "ZZC.O": Overseas("USD", statements.Line(8_000, 1_000), statements.Line(-900, 300)),
    "ZZD.O": Overseas("CNY", statements.Line(30_000, 3_000), statements.Line(4_000, 200)),
}


def eps(code: str, year: int) -> Decimal:
    """The year's profit as it was first filed, over the shares, to four decimals."""
    profit = statements.profit_line(code).cumulative(year, 4)
    return (Decimal(profit) / prices.SERIES[code].shares).quantize(Decimal("0.0001"))


def eps_forecasts() -> Iterator[Row]:
    for code in FORECAST_CODES:
        for year, kind in FORECAST_YEARS:
            yield {
                "code": code,
                "fiscal_year": year,
                "as_of_date": FORECAST_ON,
                "provider": PROVIDER,
                "eps": eps(code, year),
                "kind": kind,
                "currency": "CNY",
                "institutions": 5,
            }


def ratings() -> Iterator[Row]:
    for number, code in enumerate(FORECAST_CODES):
        yield {
            "code": code,
            "broker": BROKER,
            "rated_on": FORECAST_ON,
            "rating": RATINGS[number % len(RATINGS)],
        }


def overseas_income_statements() -> Iterator[Row]:
    """Quarters a month after their end, years six weeks after it."""
    for code, company in OVERSEAS.items():
        for year in range(2021, LAST_QUARTER[0] + 1):
            for quarter, (month, day) in enumerate(statements.QUARTER_ENDS, 1):
                if (year, quarter) > LAST_QUARTER:
                    continue
                end = date(year, month, day)
                row: Row = {"code": code, "report_period": end, "currency": company.currency}
                yield {
                    **row,
                    "months": 3,
                    "announced_on": end + timedelta(days=28),
                    "fiscal_label": f"FY{year}Q{quarter}",
                    "revenue": company.revenue.quarter(year, quarter),
                    "net_profit_attributable": company.profit.quarter(year, quarter),
                }
                if quarter == 4:
                    yield {
                        **row,
                        "months": 12,
                        "announced_on": end + timedelta(days=42),
                        "fiscal_label": f"FY{year}",
                        "revenue": company.revenue.cumulative(year, 4),
                        "net_profit_attributable": company.profit.cumulative(year, 4),
                    }
