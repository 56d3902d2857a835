"""Eastmoney quotes: lists by field number, and histories as comma-separated rows."""

from datetime import date

from yanbao.sources.call import Request

from ..case import KLINES, SESSION, Case, Sent
from ..replies import klines, quote_list, quote_row

A_SHARES = "https://82.push2.eastmoney.com/api/qt/clist/get"
ETFS = "https://push2delay.eastmoney.com/api/qt/clist/get"

A_SHARE_FIELDS = (
    "f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f12,f13,f14,f15,f16,f17,f18,f20,f21,f23,f24,f25,f22,f11,"
    "f62,f128,f136,f115,f152"
)
ETF_FIELDS = (
    "f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f12,f13,f14,f15,f16,f17,f18,f20,f21,f23,f24,f25,f22,f11,"
    "f30,f31,f32,f33,f34,f35,f38,f62,f63,f64,f65,f66,f69,f72,f75,f78,f81,f84,f87,f115,f124,"
    "f128,f136,f152,f184,f297,f402,f441"
)
MOUTAI = quote_row(
    A_SHARE_FIELDS,
    f2=1528.5, f5=31_245, f6=4_780_123_456.0, f12="600519", f14="贵州茅台", f15=1540.0,
    f16=1510.1, f17=1515.0, f18=1520.0, f20=1_920_063_000_000, f23=8.21,
)  # fmt: skip
SUSPENDED = quote_row(A_SHARE_FIELDS, f12="000004", f14="*ST样例", f18=9.8, f20=1_000_000_000)
BEIJING = quote_row(
    A_SHARE_FIELDS,
    f2=12.5, f5=100, f6=125_000.0, f12="920001", f14="样例北交", f15=12.8, f16=12.2, f17=12.3,
    f18=12.4, f20=500_000_000, f23=2.5,
)  # fmt: skip
SNAPSHOT = [Sent(A_SHARES, quote_list([MOUTAI, SUSPENDED, BEIJING], total=3))]
EX_RIGHT = quote_row(A_SHARE_FIELDS, f12="600001", f14="XD样例科", f2=9.8)
NAMES = [Sent(A_SHARES, quote_list([MOUTAI, SUSPENDED, BEIJING, EX_RIGHT], total=4))]
ETF = quote_row(
    ETF_FIELDS,
    f2=0.873, f5=5_000_000, f6=436_000_000.0, f12="159819", f14="人工智能ETF", f15=0.88,
    f16=0.86, f17=0.861, f18=0.865, f20=12_000_000_000, f124=1_730_358_000, f297=20241031,
)  # fmt: skip
DAY = "2024-10-31,10.10,10.50,10.60,10.00,2000,2080000.00,5.9,2.94,0.30,0.8"
BAR = ("code", "trade_date", "open", "high", "low", "close", "volume_shares", "amount_cny")

CASES = (
    Case(
        dataset="index_bars",
        function="stock_zh_index_daily_em",
        arguments={"index_code": "930713.CSI"},
        sends=[
            Sent(
                KLINES,
                klines(
                    "930713",
                    "CS人工智",
                    [
                        "2024-10-30,1000.10,1010.20,1020.30,990.40,123456,789012345.00,3.02",
                        "2024-10-31,1010.20,1005.00,1015.00,1000.00,113456,689012345.00,1.50",
                    ],
                ),
            )
        ],
        columns=("index_code", "trade_date", "open", "high", "low", "close"),
        staged=[
            ("930713.CSI", date(2024, 10, 30), 1000.1, 1020.3, 990.4, 1010.2),
            ("930713.CSI", date(2024, 10, 31), 1010.2, 1015.0, 1000.0, 1005.0),
        ],
    ),
    Case(
        dataset="a_share_bars",
        function="stock_zh_a_spot_em",
        sends=SNAPSHOT,
        announced=3,
        columns=(*BAR, "reference_close", "market_cap_cny", "pb", "adjustment"),
        staged=[
            (
                "600519.SH",
                SESSION,
                1515.0,
                1540.0,
                1510.1,
                1528.5,
                3_124_500.0,
                4780123456.0,
                1520.0,
                1.920063e12,
                8.21,
                "none",
            ),
            (
                "920001.BJ",
                SESSION,
                12.3,
                12.8,
                12.2,
                12.5,
                10_000.0,
                125_000.0,
                12.4,
                5e8,
                2.5,
                "none",
            ),
        ],
    ),
    Case(
        dataset="a_share_bars",
        function="stock_zh_a_hist",
        request=Request(
            "a_share_bars", SESSION, symbols=("000001.SZ",), since=date(2024, 10, 1)
        ),
        sends=[Sent(KLINES, klines("000001", "平安银行", [DAY]))],
        columns=BAR,
        staged=[("000001.SZ", SESSION, 10.1, 10.6, 10.0, 10.5, 200_000.0, 2_080_000.0)],
    ),
    Case(
        dataset="securities",
        function="stock_zh_a_spot_em",
        sends=NAMES,
        announced=4,
        columns=("code", "name", "listed_on", "status", "name_from"),
        staged=[
            ("600519.SH", "贵州茅台", None, "L", None),
            ("000004.SZ", "*ST样例", None, "L", None),
            ("920001.BJ", "样例北交", None, "L", None),
        ],
    ),
    Case(
        dataset="etf_bars",
        function="fund_etf_spot_em",
        sends=[Sent(ETFS, quote_list([ETF], total=1))],
        announced=1,
        columns=(*BAR, "reference_close"),
        staged=[
            (
                "159819.SZ",
                SESSION,
                0.861,
                0.88,
                0.86,
                0.873,
                500_000_000.0,
                436_000_000.0,
                0.865,
            )
        ],
    ),
    Case(
        dataset="etf_bars",
        function="fund_etf_hist_em",
        request=Request("etf_bars", SESSION, symbols=("510300.SH",)),
        sends=[Sent(KLINES, klines("510300", "沪深300ETF", [DAY]))],
        columns=BAR,
        staged=[("510300.SH", SESSION, 10.1, 10.6, 10.0, 10.5, 200_000.0, 2_080_000.0)],
    ),
)
