"""Sina Finance: the trading calendar, index bars, and yields as second source."""

from __future__ import annotations

from yanbao.sources.call import Arguments, Fetch, Plan, day, number
from yanbao.sources.plans import once, per_index, window_stamp

SOURCE = "sina"
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

FETCHES = (
    Fetch(
        dataset="trading_days",
        source=SOURCE,
        function="tool_trade_date_hist_sina",
        host=HOST,
        columns=day("trade_date"),
        plan=once("CN", market="CN"),
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
        plan=_index_bars("CN"),
        dated_by="date",
        notes="Whole history on every call.",
    ),
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="stock_hk_index_daily_sina",
        host=HOST,
        columns=BARS,
        plan=_index_bars("HK"),
        dated_by="date",
    ),
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="index_us_stock_sina",
        host=HOST,
        columns=(*BARS, *number("amount")),
        plan=_index_bars("US"),
        dated_by="date",
    ),
    Fetch(
        dataset="government_yields",
        source=SOURCE,
        function="bond_gb_zh_sina",
        host=BOND_HOST,
        columns=BARS,
        plan=_yields("CN"),
        dated_by="date",
        notes="Yields in percent; the last thousand days.",
    ),
    Fetch(
        dataset="government_yields",
        source=SOURCE,
        function="bond_gb_us_sina",
        host=BOND_HOST,
        columns=BARS,
        plan=_yields("US"),
        dated_by="date",
        notes="Yields in percent; the last thousand days.",
    ),
)
