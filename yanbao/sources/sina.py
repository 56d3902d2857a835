"""Sina Finance: the trading calendar, index bars, and yields as second source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from yanbao.sources.call import Arguments, Fetch, Plan, Request, day, number, renamed
from yanbao.sources.plans import WINDOW_STAMP, once, per_index, window, worded

TENORS = ("2Y", "5Y", "10Y", "30Y")
COUNTRIES = {"CN": "中国", "US": "美国"}


def _index_bars(market: str) -> Plan:
    return per_index(lambda symbol: symbol.sina, market=market, stamp=WINDOW_STAMP)


def _yields(country: str) -> Plan:
    def calls(request: Request) -> Sequence[Arguments]:
        ends = worded(WINDOW_STAMP, *window(request, country))
        return [
            Arguments(
                {"symbol": f"{COUNTRIES[country]}{tenor.removesuffix('Y')}年期国债"},
                {"country": country, "tenor": tenor, **ends},
                answers=(f"{country} {tenor}",),
            )
            for tenor in TENORS
        ]

    return Plan(calls, ("country", "tenor", "since", "until"))


OPEN_TO_CLOSE = number(open="open", high="high", low="low", close="close")
BARS = (*day(date="trade_date"), *OPEN_TO_CLOSE, *number("volume"))

fetch = partial(Fetch, source="sina", host="finance.sina.com.cn")
index_bars = partial(
    fetch,
    dataset="index_bars",
    columns=BARS,
    dated_by="date",
    notes="Whole history on every call.",
)
yields = partial(
    fetch,
    dataset="government_yields",
    host="bond.finance.sina.com.cn",
    columns=renamed(BARS, date="date", close="yield_pct"),
    dated_by="date",
    notes="Yields in percent; the last thousand days.",
)
FETCHES = (
    fetch(
        dataset="trading_days",
        function="tool_trade_date_hist_sina",
        columns=day(trade_date="trade_date"),
        plan=once("CN", is_whole=True, market="CN"),
        cadence="weekly",
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
