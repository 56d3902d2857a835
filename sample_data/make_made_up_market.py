"""Write the made-up market: one CSV per dataset, always the same bytes.

``python sample_data/make_made_up_market.py [OUT]``. No number here belongs to a real
company or fund; codes do not exist and names begin with 样例. The closed forms behind every
file live in the modules beside this one and are importable from here.
"""

from __future__ import annotations

import csv
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

# The folder is not a package: loaded by path, it must still find its neighbours.
if str(Path(__file__).resolve().parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).resolve().parent))

import made_up_funds as funds_form
import made_up_prices as prices
import made_up_statements as statements_form
import made_up_valuation as valuation_form
from made_up_calendars import nav_days, sessions
from made_up_funds import nav_on
from made_up_prices import close_on
from made_up_reference import (
    Cell,
    Row,
    index_constituents,
    securities,
    sw_industry_codes,
    sw_industry_membership,
    trading_days,
)
from made_up_usage import app_downloads, gpu_prices

logger = logging.getLogger("made_up_market")

MADE_UP = "样例：虚构数据"
BAND = Decimal("0.01")
US_CAPS_FROM = date(2023, 12, 29)


def _bar(code: str, index: int) -> Row:
    """A bar: one price on a limit-up day, else a band of 1 % around open and close."""
    series, close = prices.SERIES[code], close_on(code, index)
    row: Row = {"code": code, "trade_date": sessions(series.market)[index]}
    if prices.is_limit_up(code, index):
        return {**row, "open": close, "high": close, "low": close, "close": close}
    opened = close_on(code, prices.previous_traded(code, index))
    if series.market == "CN":
        opened = prices.reference_close_on(code, index)
    high = (max(opened, close) * (1 + BAND)).quantize(series.tick, ROUND_FLOOR)
    low = (min(opened, close) * (1 - BAND)).quantize(series.tick, ROUND_CEILING)
    return {**row, "open": opened, "high": high, "low": low, "close": close}


def _volume(index: int) -> int:
    """Between 1 and 2 million shares, in lots; no pattern of the price shows in it."""
    return 1_000_000 + index * 7919 % 1000 * 1000


def _bars(codes: Iterable[str]) -> Iterator[tuple[str, int, Row]]:
    for code in codes:
        for index in range(len(sessions(prices.SERIES[code].market))):
            if prices.trades_on(code, index):
                yield code, index, _bar(code, index)


def a_share_bars() -> Iterator[Row]:
    for code, index, bar in _bars(prices.A_SHARES):
        volume = _volume(index)
        yield {
            **bar,
            "volume_shares": volume,
            "amount_cny": volume * close_on(code, index),
            "adjustment": "none",
            "reference_close": prices.reference_close_on(code, index),
            "market_cap_cny": prices.market_cap_on(code, index),
        }


def hk_stock_bars() -> Iterator[Row]:
    for _, index, bar in _bars(prices.HK_STOCKS):
        yield {**bar, "volume_shares": _volume(index), "adjustment": "none"}


def us_stock_bars() -> Iterator[Row]:
    for _, index, bar in _bars(prices.US_STOCKS):
        yield {
            **bar,
            "adjusted_close": bar["close"],
            "volume_shares": _volume(index),
            "adjustment": "none",
        }


def index_bars() -> Iterator[Row]:
    for code, index, bar in _bars(prices.INDICES):
        levels = {name: cell for name, cell in bar.items() if name != "code"}
        yield {
            "index_code": code,
            **levels,
            "pe_ttm": prices.pe_on(code, index),
            "index_name": prices.SERIES[code].name,
        }


def market_caps() -> Iterator[Row]:
    for code, index, bar in _bars(prices.US_STOCKS):
        day = sessions("US")[index]
        if day >= US_CAPS_FROM:
            yield {
                "code": code,
                "company": prices.SERIES[code].name,
                "trade_date": bar["trade_date"],
                "market_cap": prices.market_cap_on(code, index),
                "currency": "USD",
                "cap_basis": "all_classes",
            }


def fund_navs() -> Iterator[Row]:
    for code, fund in funds_form.FUND_CLASSES.items():
        for index, day in enumerate(nav_days()):
            nav = nav_on(code, index)
            if nav is None:
                continue
            pays = fund.distribution and day == funds_form.DISTRIBUTION_ON
            yield {
                "fund_code": code,
                "nav_date": day,
                "nav": nav,
                "nav_cumulative": funds_form.cumulative_nav_on(code, index),
                "nav_adjusted": funds_form.adjusted_nav_on(code, index),
                "distribution": fund.distribution if pays else None,
            }


def funds() -> Iterator[Row]:
    for code, fund in funds_form.FUND_CLASSES.items():
        yield {
            "fund_code": code,
            "fund_name": fund.fund_name,
            "fund_type": fund.fund_type,
            "share_class": fund.share_class,
            "fund_company": funds_form.FUND_COMPANY,
            "established_on": fund.first_nav,
        }


def fund_sizes() -> Iterator[Row]:
    for code, fund in funds_form.FUND_CLASSES.items():
        yield {
            "fund_code": code,
            "as_of_date": date(2024, 9, 30),
            "fund_size_cny": fund.size_cny,
            "size_basis": "class",
        }


def government_yields() -> Iterator[Row]:
    for country, market in (("CN", "CN"), ("US", "US")):
        for index, day in enumerate(sessions(market)):
            yield {
                "country": country,
                "tenor": "10Y",
                "date": day,
                "yield_pct": prices.yield_on(country, index),
            }


def fx_fixings() -> Iterator[Row]:
    for index, day in enumerate(sessions("CN")):
        yield {"pair": "USDCNY", "fixing_date": day, "rate": prices.fixing_on(index)}


def income_statements() -> Iterator[Row]:
    for code in statements_form.COMPANIES:
        for period in statements_form.PERIODS:
            for announced_on, revenue, profit in statements_form.versions(code, period):
                yield {
                    "code": code,
                    "name": prices.SERIES[code].name,
                    "company_type": "一般企业",
                    "report_period": period,
                    "announced_on": announced_on,
                    "currency": "CNY",
                    "revenue_ytd": revenue,
                    "operating_revenue_ytd": revenue,
                    "net_profit_ytd": profit,
                    "net_profit_attributable_ytd": profit,
                    "statement_kind": "original",
                }


DATASETS: dict[str, Callable[[], Iterator[Row]]] = {
    make.__name__: make
    for make in (
        trading_days,
        securities,
        sw_industry_codes,
        sw_industry_membership,
        index_constituents,
        a_share_bars,
        hk_stock_bars,
        us_stock_bars,
        index_bars,
        market_caps,
        fund_navs,
        funds,
        fund_sizes,
        government_yields,
        fx_fixings,
        income_statements,
        app_downloads,
        gpu_prices,
        valuation_form.eps_forecasts,
        valuation_form.ratings,
        valuation_form.overseas_income_statements,
    )
}


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        plain = f"{cell:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "" if cell is None else str(cell)


def write_all(out: Path) -> None:
    """One CSV per dataset into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    for name, make in DATASETS.items():
        rows = [{"source_note": MADE_UP, **row} for row in make()]
        columns = [column for column in rows[0] if column != "source_note"]
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*columns, "source_note"])
            for row in rows:
                writer.writerow([_text(row[column]) for column in (*columns, "source_note")])
        logger.info("%s: %d rows", name, len(rows))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    write_all(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "made_up"))
