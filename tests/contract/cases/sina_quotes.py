"""Sina quotes: lists as loose JSON, compressed histories."""

from datetime import date

from yanbao.sources.call import Request

from ..case import SCRIPT, SESSION, Case, Sent
from ..replies import as_json, sina_bars, sina_us_bars
from .sina import BARS

LISTS = "vip.stock.finance.sina.com.cn"
NODE = f"http://{LISTS}/quotes_service/api/json_v2.php/Market_Center"
QUOTE = {
    "symbol": "sh600519", "code": "600519", "name": "贵州茅台", "trade": "1528.50",
    "pricechange": 8.5, "changepercent": 0.56, "buy": "1528.49", "sell": "1528.50",
    "settlement": "1520.00", "open": "1515.00", "high": "1540.00", "low": "1510.10",
    "volume": 3124500, "amount": 4780123456, "ticktime": "15:00:00", "per": 25.1, "pb": 8.21,
    "mktcap": 192006300.0, "nmc": 192006300.0, "turnoverratio": 0.25,
}  # fmt: skip
SUSPENDED = QUOTE | {
    "symbol": "sz000004", "code": "000004", "trade": "0.000", "volume": 0, "amount": 0,
}  # fmt: skip
ETF = {
    "symbol": "sz159819", "name": "人工智能ETF", "trade": "0.873", "pricechange": "0.008",
    "changepercent": "0.925", "buy": "0.872", "sell": "0.873", "settlement": "0.865",
    "open": "0.861", "high": "0.880", "low": "0.860", "volume": 500000000,
    "amount": 436000000, "code": "159819", "ticktime": "15:00:00", "a": 1, "b": 2,
}  # fmt: skip
SIZE = {
    "symbol": "005962", "sname": "宝盈人工智能股票A", "per_nav": "1.5", "total_nav": "1.5",
    "three_month": "1", "six_month": "1", "one_year": "1", "form_year": "1", "form_start": "1",
    "name": "", "zmjgm": "30000", "clrq": "2018-08-15", "jjjl": "样例", "dwjz": "1.5000",
    "ljjz": "1.5", "jzrq": "2024-10-31", "zjzfe": "400000000", "jjglr_code": "8",
}  # fmt: skip
BAR = ("code", "trade_date", "open", "high", "low", "close", "volume_shares")


def bars_of(code: str, *places: int) -> list[tuple[object, ...]]:
    return [(code, *BARS[place][:5], float(BARS[place][5])) for place in places]


CASES = (
    Case(
        dataset="a_share_bars",
        function="stock_zh_a_spot",
        sends=[
            Sent(f"{NODE}.getHQNodeStockCount", b'"2"'),
            Sent(f"{NODE}.getHQNodeData", as_json([QUOTE, SUSPENDED])),
        ],
        requests=2,
        announced=2,
        columns=(*BAR, "amount_cny", "reference_close", "market_cap_cny"),
        staged=[
            ("600519.SH", SESSION, 1515.0, 1540.0, 1510.1, 1528.5, 3_124_500.0,
             4_780_123_456.0, 1520.0, None)
        ],
    ),
    Case(
        dataset="etf_bars",
        function="fund_etf_category_sina",
        sends=[
            Sent(
                f"https://{LISTS}/quotes_service/api/jsonp.php/IO.XSRV2.CallbackList"
                "['da_yPT46_Ll7K6WD']/Market_Center.getHQNodeDataSimple",
                b"callback(" + as_json([ETF]) + b");",
                SCRIPT,
            )
        ],
        columns=(*BAR, "amount_cny", "reference_close"),
        staged=[
            ("159819.SZ", SESSION, 0.861, 0.88, 0.86, 0.873, 5e8, 4.36e8, 0.865)
        ],
    ),
    Case(
        dataset="etf_bars",
        function="fund_etf_hist_sina",
        request=Request("etf_bars", SESSION, symbols=("510300.SH",)),
        sends=[
            Sent(
                "https://finance.sina.com.cn/realstock/company/sh510300/hisdata_klc2/klc_kl.js",
                sina_bars(BARS),
                SCRIPT,
            )
        ],
        columns=BAR,
        staged=bars_of("510300.SH", 1, 2),
    ),
    Case(
        dataset="hk_stock_bars",
        function="stock_hk_daily",
        arguments={"code": "0700.HK"},
        sends=[
            Sent(
                "https://finance.sina.com.cn/stock/hkstock/00700/klc2_kl.js",
                sina_bars(BARS),
                SCRIPT,
            )
        ],
        columns=BAR,
        staged=bars_of("0700.HK", 1, 2),
    ),
    Case(
        dataset="us_stock_bars",
        function="stock_us_daily",
        arguments={"code": "NVDA.O"},
        sends=[
            Sent("https://finance.sina.com.cn/staticdata/us/NVDA", sina_us_bars(BARS), SCRIPT),
            Sent(
                "https://finance.sina.com.cn/us_stock/company/reinstatement/NVDA_qfq.js",
                b'var f={"total":1,"data":[{"d":"1999-01-22","f":"1.0","c":"0.0"}]}\n/* */',
                SCRIPT,
            ),
        ],
        requests=2,
        columns=BAR,
        staged=bars_of("NVDA.O", 1),
    ),
    Case(
        dataset="fund_sizes",
        function="fund_scale_open_sina",
        arguments={"symbol": "股票型基金"},
        sends=[
            Sent(
                f"http://{LISTS}/fund_center/data/jsonp.php/IO.XSRV2."
                "CallbackList['J2cW8KXheoWKdSHc']/NetValueReturn_Service.NetValueReturnOpen",
                b"callback(" + as_json({"total_num": 1, "data": [SIZE]}) + b");",
                SCRIPT,
            )
        ],
        announced=1,
        columns=("fund_code", "as_of_date", "fund_size_cny", "size_basis"),
        staged=[("005962.OF", date(2024, 10, 31), 6e8, "class")],
    ),
    Case(
        dataset="index_constituents",
        function="index_stock_cons_sina",
        arguments={"index_code": "000905.SH"},
        sends=[
            Sent(
                f"https://{LISTS}/quotes_service/api/json_v2.php/"
                "Market_Center.getHQNodeDataSimple",
                as_json([QUOTE]),
            )
        ],
        columns=("index_code", "code", "as_of_date", "weight_pct"),
        staged=[("000905.SH", "600519.SH", SESSION, None)],
    ),
)  # fmt: skip
