"""Sina: compressed bars and days, and yields as JSON."""

from datetime import date

from ..case import SCRIPT, Case, Sent
from ..replies import as_json, sina_bars, sina_days, sina_us_bars
from ..sina_klc import Bar

BARS: list[Bar] = [
    (date(2024, 9, 30), 3150.0, 3358.5, 3153.0, 3336.5, 70_000_000),
    (date(2024, 10, 30), 3270.0, 3285.12, 3250.5, 3266.24, 120_000_000),
    (date(2024, 10, 31), 3266.0, 3300.0, 3260.0, 3279.82, 130_000_000),
]
BAR_COLUMNS = ("index_code", "trade_date", "open", "high", "low", "close", "pe_ttm")
YIELD_DAYS = {"2024-09-02": "2.17", "2024-10-30": "2.16", "2024-10-31": "2.15"}
YIELDS = as_json(
    {
        "result": {
            "data": [
                {"d": day, "o": "2.2", "h": "2.3", "l": "2.1", "c": close, "v": "0"}
                for day, close in YIELD_DAYS.items()
            ]
        }
    }
)


def bars_of(index_code: str, *sessions: int) -> list[tuple[object, ...]]:
    return [(index_code, *BARS[place][:5], None) for place in sessions]


CASES = (
    Case(
        dataset="trading_days",
        function="tool_trade_date_hist_sina",
        sends=[
            Sent(
                "https://finance.sina.com.cn/realstock/company/klc_td_sh.txt",
                sina_days(date(2024, 10, 28), date(2024, 10, 30)),
                SCRIPT,
            )
        ],
        columns=("market", "trade_date"),
        staged=[
            ("CN", date(1992, 5, 4)),  # missing at Sina, always added by the library
            ("CN", date(2024, 10, 28)),
            ("CN", date(2024, 10, 29)),
            ("CN", date(2024, 10, 30)),
        ],
    ),
    Case(
        dataset="index_bars",
        function="stock_zh_index_daily",
        arguments={"index_code": "000300.SH"},
        sends=[
            Sent(
                "https://finance.sina.com.cn/realstock/company/sh000300/hisdata/klc_kl.js",
                sina_bars(BARS),
                SCRIPT,
            )
        ],
        columns=BAR_COLUMNS,
        staged=bars_of("000300.SH", 1, 2),
    ),
    Case(
        dataset="index_bars",
        function="stock_hk_index_daily_sina",
        arguments={"index_code": "HSTECH.HI"},
        sends=[
            Sent(
                "https://finance.sina.com.cn/stock/hkstock/HSTECH/klc2_kl.js",
                sina_bars(BARS),
                SCRIPT,
            )
        ],
        columns=BAR_COLUMNS,
        staged=bars_of("HSTECH.HI", 1, 2),
    ),
    Case(
        dataset="index_bars",
        function="index_us_stock_sina",
        arguments={"index_code": "SPX.GI"},
        sends=[
            Sent("https://finance.sina.com.cn/staticdata/us/.INX", sina_us_bars(BARS), SCRIPT)
        ],
        columns=BAR_COLUMNS,
        staged=bars_of("SPX.GI", 1),  # the session of the 31st closes on the 1st in Beijing
    ),
    Case(
        dataset="government_yields",
        function="bond_gb_zh_sina",
        arguments={"tenor": "10Y"},
        sends=[Sent("https://bond.finance.sina.com.cn/hq/gb/daily", YIELDS)],
        columns=("country", "tenor", "date", "yield_pct"),
        staged=[
            ("CN", "10Y", date(2024, 10, 30), 2.16),
            ("CN", "10Y", date(2024, 10, 31), 2.15),
        ],
    ),
    Case(
        dataset="government_yields",
        function="bond_gb_us_sina",
        arguments={"tenor": "2Y"},
        sends=[Sent("https://bond.finance.sina.com.cn/hq/gb/daily", YIELDS)],
        columns=("country", "tenor", "date", "yield_pct"),
        staged=[("US", "2Y", date(2024, 10, 30), 2.16)],
    ),
)
