"""Sina Finance: the trading calendar, index bars, and yields as second source."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, day, number
from yanbao.sources.plans import wanted, window_stamp
from yanbao.sources.symbols import INDEX_BY_CODE, INDICES

SOURCE = "sina"
HOST = "finance.sina.com.cn"
BOND_HOST = "bond.finance.sina.com.cn"
TENORS = ("2Y", "5Y", "10Y", "30Y")
COUNTRIES = {"CN": "中国", "US": "美国"}


def plan_trading_days(request: Request) -> Sequence[Arguments]:
    return (Arguments(stamp={"market": "CN"}, answers=("CN",)),)


def _plan_index_bars(request: Request, market: str) -> Sequence[Arguments]:
    calls = []
    for index_code in wanted(request, (symbol.index_code for symbol in INDICES)):
        symbol = INDEX_BY_CODE.get(index_code)
        if symbol is None or symbol.market != market or not symbol.sina:
            continue
        stamp = {"index_code": index_code, **window_stamp(request, market)}
        calls.append(Arguments({"symbol": symbol.sina}, stamp, answers=(index_code,)))
    return calls


def plan_cn_index_bars(request: Request) -> Sequence[Arguments]:
    return _plan_index_bars(request, "CN")


def plan_hk_index_bars(request: Request) -> Sequence[Arguments]:
    return _plan_index_bars(request, "HK")


def plan_us_index_bars(request: Request) -> Sequence[Arguments]:
    return _plan_index_bars(request, "US")


def _plan_yields(request: Request, country: str) -> Sequence[Arguments]:
    return tuple(
        Arguments(
            {"symbol": f"{COUNTRIES[country]}{tenor.removesuffix('Y')}年期国债"},
            {"country": country, "tenor": tenor, **window_stamp(request, country)},
            answers=(f"{country} {tenor}",),
        )
        for tenor in TENORS
    )


def plan_cn_yields(request: Request) -> Sequence[Arguments]:
    return _plan_yields(request, "CN")


def plan_us_yields(request: Request) -> Sequence[Arguments]:
    return _plan_yields(request, "US")


BARS = (*day("date"), *number("open", "high", "low", "close", "volume"))

FETCHES = (
    Fetch(
        dataset="trading_days",
        source=SOURCE,
        function="tool_trade_date_hist_sina",
        host=HOST,
        columns=day("trade_date"),
        plan=plan_trading_days,
        whole_market=True,
        cadence="weekly",
        notes="Next year's days appear when Sina publishes them, usually in December.",
    ),
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="stock_zh_index_daily",
        host=HOST,
        columns=BARS,
        plan=plan_cn_index_bars,
        dated_by="date",
        notes="Whole history on every call.",
    ),
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="stock_hk_index_daily_sina",
        host=HOST,
        columns=BARS,
        plan=plan_hk_index_bars,
        dated_by="date",
    ),
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="index_us_stock_sina",
        host=HOST,
        columns=(*BARS, *number("amount")),
        plan=plan_us_index_bars,
        dated_by="date",
    ),
    Fetch(
        dataset="government_yields",
        source=SOURCE,
        function="bond_gb_zh_sina",
        host=BOND_HOST,
        columns=BARS,
        plan=plan_cn_yields,
        dated_by="date",
        notes="Yields in percent; the last thousand days.",
    ),
    Fetch(
        dataset="government_yields",
        source=SOURCE,
        function="bond_gb_us_sina",
        host=BOND_HOST,
        columns=BARS,
        plan=plan_us_yields,
        dated_by="date",
        notes="Yields in percent; the last thousand days.",
    ),
)
