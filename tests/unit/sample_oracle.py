"""What marts must show of the made-up market, from its closed forms alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.unit.sample_files import calendars, funds, prices, statements, valuation

Expected = dict[str, float | str | None]

AS_OF = calendars.AS_OF
SUNDAY = AS_OF - timedelta(days=AS_OF.isoweekday())
YEAR_END = date(AS_OF.year - 1, 12, 31)
# Start and end day of each window: closes are the last on or before them.
WINDOWS = {
    "change_this_week": (SUNDAY, AS_OF),
    "change_last_week": (SUNDAY - timedelta(days=7), SUNDAY),
    "change_this_month": (AS_OF.replace(day=1) - timedelta(days=1), AS_OF),
    "change_this_year": (YEAR_END, AS_OF),
    "change_prev_year": (date(AS_OF.year - 2, 12, 31), YEAR_END),
}


def last_traded(code: str, day: date) -> int | None:
    """Index of the last bar on or before the day; None where the code had none."""
    days = calendars.sessions(prices.SERIES[code].market)
    index = calendars.index_on_or_before(days, day)
    while index >= 0 and not prices.trades_on(code, index):
        index -= 1
    return index if index >= 0 else None


def price_change(code: str, base_on: date, end_on: date) -> float | None:
    """Plain change between the last closes on or before two days, as a fraction."""
    base, end = last_traded(code, base_on), last_traded(code, end_on)
    if base is None or end is None:
        return None
    return float(prices.close_on(code, end) / prices.close_on(code, base) - 1)


def total_change(code: str, base_on: date, end_on: date) -> float | None:
    """The same with the dividend reinvested at the reference price of its ex-date."""
    plain = price_change(code, base_on, end_on)
    if plain is None or code != prices.DIVIDEND_CODE or not base_on < prices.EX_DATE <= end_on:
        return plain
    previous = prices.close_on(code, prices.previous_traded(code, prices.ex_index()))
    return float((1 + Decimal(plain)) * previous / (previous - prices.DIVIDEND) - 1)


def expected_index_changes() -> dict[str, dict[str, float | None]]:
    """Per index: close, pe_ttm and the five changes, each on the index's own calendar."""
    expected: dict[str, dict[str, float | None]] = {}
    for code in prices.INDICES:
        last = last_traded(code, AS_OF)
        if last is None:
            continue
        pe = prices.pe_on(code, last)
        expected[code] = {
            "close": float(prices.close_on(code, last)),
            "pe_ttm": None if pe is None else float(pe),
            **{name: price_change(code, *window) for name, window in WINDOWS.items()},
        }
    return expected


def expected_stock_changes() -> dict[str, dict[str, float | None]]:
    """Per stock: total returns under the names of the windows, plain ones as price_*.

    A window that starts before the first bar is None; a delisted stock is left out.
    """
    stocks = (*prices.A_SHARES, *prices.HK_STOCKS, *prices.US_STOCKS)
    windows = WINDOWS.items()
    return {
        code: {
            **{name: total_change(code, *window) for name, window in windows},
            **{f"price_{name}": price_change(code, *window) for name, window in windows},
        }
        for code in stocks
        if code != prices.DELISTED_CODE
    }


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier; in a shorter month its last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month0 == 11), (month0 + 1) % 12 + 1, 1)
    return date(year, month0 + 1, min(day.day, (following - timedelta(days=1)).day))


def last_nav_index(fund_code: str, day: date) -> int | None:
    """Index of the last published NAV on or before the day; None where there is none."""
    index = calendars.index_on_or_before(calendars.nav_days(), day)
    while index >= 0 and funds.nav_on(fund_code, index) is None:
        index -= 1
    return index if index >= 0 else None


def window_return(fund_code: str, months: int) -> float | None:
    """The last adjusted NAV over the one ``months`` before, less one.

    None where no NAV had been published by the base day.
    """
    base = last_nav_index(fund_code, months_before(AS_OF, months))
    last = last_nav_index(fund_code, AS_OF)
    if base is None or last is None:
        return None
    first_nav, last_nav = (
        funds.adjusted_nav_on(fund_code, base),
        funds.adjusted_nav_on(fund_code, last),
    )
    if first_nav is None or last_nav is None:
        return None
    return float(last_nav / first_nav - 1)


def expected_fund_returns() -> dict[str, Expected]:
    """Per class: nav, nav_on and the three returns, with distributions reinvested.

    Windows end at the last NAV on or before the day. For the class that stopped publishing
    this is the plain formula; whether a mart prints such a return or only flags it is the
    mart's rule.
    """
    expected: dict[str, Expected] = {}
    for code in funds.FUND_CLASSES:
        last = last_nav_index(code, AS_OF)
        nav = None if last is None else funds.nav_on(code, last)
        if last is None or nav is None:
            continue
        expected[code] = {
            "nav": float(nav),
            "nav_on": calendars.nav_days()[last].isoformat(),
            **{f"return_{n}m": window_return(code, n) for n in (1, 3, 6)},
        }
    return expected


def expected_quarter(code: str, year: int, quarter: int) -> dict[str, int | str]:
    """A single quarter with everything known; 扭亏 and the like only for 2024.

    The restated half-year takes its change out of the second quarter, the restated year out
    of the fourth.
    """
    revenue = statements.revenue_line(code).quarter(year, quarter)
    profit = statements.profit_line(code).quarter(year, quarter)
    for change in statements.RESTATEMENTS:
        period = change.period
        if (change.code, period.year, period.month // 3) == (code, year, quarter):
            revenue, profit = change.applied(revenue, profit)
    single: dict[str, int | str] = {"revenue": revenue, "net_profit_attributable": profit}
    return (
        {**single, "profit_status": statements.profit_status(code)} if year == 2024 else single
    )


def trailing(code: str, line: str) -> int:
    """The four quarters to September 2024 of a line (``revenue``, ``profit``)."""
    figure = getattr(valuation.OVERSEAS[code], line)
    total: int = figure.quarter(2023, 4) + figure.cumulative(2024, 3)
    return total
