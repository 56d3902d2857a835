"""Sina Finance: the trading calendar, index bars, and yields as second source."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Arguments, Fetch, Plan, day, number
from yanbao.sources.plans import once, per_index, window_stamp

HOST = "finance.sina.com.cn"
BOND_HOST = "bond.finance.sina.com.cn"
TENORS = ("2Y", "5Y", "10Y", "30Y")
COUNTRIES = {"CN": "中国", "US": "美国"}


def _index_bars(market: str) -> Plan:
    return per_index(lambda symbol: symbol.sina, market=market, stamp=window_stamp)


def _yields(country: str) -> Plan:
    return lambda request: tuple(
        Arguments(
            {"symbol": f"{COUNTRIES[country]}{tenor.removesuffix('Y')}年期国债"},
            {"country": country, "tenor": tenor, **window_stamp(request, country)},
            answers=(f"{country} {tenor}",),
        )
        for tenor in TENORS
    )


BARS = (*day("date"), *number("open", "high", "low", "close", "volume"))

fetch = partial(Fetch, source="sina", host=HOST)
FETCHES = (
    fetch(
        dataset="trading_days",
        function="tool_trade_date_hist_sina",
        columns=day("trade_date"),
        plan=once("CN", market="CN"),
        whole_market=True,
        cadence="weekly",
        notes="Next year's days appear when Sina publishes them, usually in December.",
    ),
    fetch(
        dataset="index_bars",
        function="stock_zh_index_daily",
        columns=BARS,
        plan=_index_bars("CN"),
        dated_by="date",
        notes="Whole history on every call.",
    ),
    fetch(
        dataset="index_bars",
        function="stock_hk_index_daily_sina",
        columns=BARS,
        plan=_index_bars("HK"),
        dated_by="date",
    ),
    fetch(
        dataset="index_bars",
        function="index_us_stock_sina",
        columns=(*BARS, *number("amount")),
        plan=_index_bars("US"),
        dated_by="date",
    ),
    fetch(
        dataset="government_yields",
        function="bond_gb_zh_sina",
        host=BOND_HOST,
        columns=BARS,
        plan=_yields("CN"),
        dated_by="date",
        notes="Yields in percent; the last thousand days.",
    ),
    fetch(
        dataset="government_yields",
        function="bond_gb_us_sina",
        host=BOND_HOST,
        columns=BARS,
        plan=_yields("US"),
        dated_by="date",
        notes="Yields in percent; the last thousand days.",
    ),
)
