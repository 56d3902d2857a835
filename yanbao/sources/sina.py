"""Sina Finance: the trading calendar, index bars, and yields as second source."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Arguments, Fetch, Plan, day, number, renamed, stamp
from yanbao.sources.plans import once, per_index, window, window_stamp

TENORS = ("2Y", "5Y", "10Y", "30Y")
COUNTRIES = {"CN": "中国", "US": "美国"}


def _index_bars(market: str) -> Plan:
    return per_index(lambda symbol: symbol.sina, market=market, stamp=window_stamp)


def _yields(country: str) -> Plan:
    return lambda request: tuple(
        Arguments(
            {"symbol": f"{COUNTRIES[country]}{tenor.removesuffix('Y')}年期国债"},
            {"country": country, "tenor": tenor, **window_stamp(*window(request, country))},
            answers=(f"{country} {tenor}",),
        )
        for tenor in TENORS
    )


OPEN_TO_CLOSE = number(open="open", high="high", low="low", close="close")
BARS = (*day(date="trade_date"), *OPEN_TO_CLOSE, *number("volume"))

fetch = partial(Fetch, source="sina", host="finance.sina.com.cn")
index_bars = partial(
    fetch,
    dataset="index_bars",
    columns=BARS,
    dated_by="date",
    computed={"index_code": stamp("index_code")},
    cut_to_window=True,
    notes="Whole history on every call.",
)
yields = partial(
    fetch,
    dataset="government_yields",
    host="bond.finance.sina.com.cn",
    columns=renamed(BARS, date="date", close="yield_pct"),
    dated_by="date",
    computed={"country": stamp("country"), "tenor": stamp("tenor")},
    cut_to_window=True,
    notes="Yields in percent; the last thousand days.",
)
FETCHES = (
    fetch(
        dataset="trading_days",
        function="tool_trade_date_hist_sina",
        columns=day(trade_date="trade_date"),
        plan=once("CN", market="CN"),
        whole_market=True,
        cadence="weekly",
        computed={"market": stamp("market")},
        notes="Next year's days appear when Sina publishes them, usually in December.",
    ),
    index_bars(function="stock_zh_index_daily", plan=_index_bars("CN")),
    index_bars(function="stock_hk_index_daily_sina", plan=_index_bars("HK")),
    index_bars(
        function="index_us_stock_sina",
        plan=_index_bars("US"),
        columns=(*BARS, *number("amount")),
    ),
    yields(function="bond_gb_zh_sina", plan=_yields("CN")),
    yields(function="bond_gb_us_sina", plan=_yields("US")),
)
