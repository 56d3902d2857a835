"""Eastmoney overseas: histories, an undated list, statements by field name."""

from datetime import date
from typing import Any

from responses.matchers import query_param_matcher

from ..case import SESSION, Case, Sent
from ..replies import data_centre, klines, quote_list, quote_row

KLINES = "https://{}push2his.eastmoney.com/api/qt/stock/kline/get"
SECURITIES = "https://datacenter.eastmoney.com/securities/api/data/v1/get"
FAMOUS_FIELDS = (
    "f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f12,f13,f14,f15,f16,f17,f18,f20,f21,f23,f24,f25,f26,f22,"
    "f33,f11,f62,f128,f136,f115,f152"
)
DAYS = [
    "2024-10-30,137.60,139.34,140.30,136.81,179418125,24900000000.00,2.4,-1.36,-1.92,0.7",
    "2024-10-31,137.60,132.76,137.61,132.11,270039600,36200000000.00,3.9,-4.72,-6.58,1.1",
]
# Fourteen fields, of which the library keeps open, close, high and low.
WORLD = [
    "2024-10-30,5832.65,5813.67,5850.94,5811.28,0,0,0.68,0,0,0,0,0,0",
    "2024-10-31,5775.34,5705.45,5775.34,5702.86,0,0,1.25,0,0,0,0,0,0",
]
NVIDIA = quote_row(
    FAMOUS_FIELDS, f2=139.34, f12="NVDA", f13=105, f14="英伟达", f20=3_418_010_000_000
)
HK_FIELDS = [
    "BASIC_EPS",
    "BPS",
    "COMMON_ACS",
    "PER_SHARES",
    "DIVIDEND_TTM",
    "DIVI_RATIO",
    "ISSUED_COMMON_SHARES",
    "HK_COMMON_SHARES",
    "PER_NETCASH_OPERATE",
    "DIVIDEND_RATE",
    "TOTAL_MARKET_CAP",
    "HKSK_MARKET_CAP",
    "OPERATE_INCOME",
    "OPERATE_INCOME_QOQ",
    "NET_PROFIT_RATIO",
    "HOLDER_PROFIT",
    "HOLDER_PROFIT_QOQ",
    "ROE_AVG",
    "PE_TTM",
    "PB_TTM",
    "ROA",
]
HK_CAP = dict.fromkeys(HK_FIELDS, 1.0) | {"TOTAL_MARKET_CAP": 3_756_000_000_000.0}
US_QUARTER = {
    "SECUCODE": "NVDA.O",
    "NOTICE_DATE": "2024-08-28 00:00:00",
    "START_DATE": "2024-04-29 00:00:00",
    "REPORT_DATE": "2024-07-28 00:00:00",
    "CURRENCY": "USD",
    "REPORT_TYPE": "2025/Q2",
    "OPERATE_INCOME": 30_040_000_000.0,
    "PARENT_HOLDER_NETPROFIT": 16_599_000_000,
    "GROSS_PROFIT": 22_574_000_000.0,
}
HK_HALF = {
    "SECUCODE": "00700.HK",
    "DATE_TYPE_CODE": "002",
    "START_DATE": "2024-01-01 00:00:00",
    "REPORT_DATE": "2024-06-30 00:00:00",
    "CURRENCY": "HKD",
    "OPERATE_INCOME": 320_618_000_000,
    "HOLDER_PROFIT": 89_519_000_000,
}
HK_CURRENCIES = {"REPORT_LIST": [{"REPORT_DATE": "2024-06-30 00:00:00", "CURRENCY": "CNY"}]}
SOX = {
    "REPORT_DATE": "2024-10-30 00:00:00", "INDICATOR_VALUE": 5162.29, "CHANGE_RATE": -3.35,
    "CHANGERATE_3M": 1.0, "CHANGERATE_6M": 2.0, "CHANGERATE_1Y": 3.0, "CHANGERATE_2Y": 4.0,
    "CHANGERATE_3Y": 5.0,
}  # fmt: skip
BAR = ("code", "trade_date", "open", "high", "low", "close", "volume_shares")
INDEX_BAR = ("index_code", "trade_date", "open", "high", "low", "close")


def report(name: str, row: dict[str, Any]) -> Sent:
    matcher = query_param_matcher({"reportName": name}, strict_match=False)
    return Sent(SECURITIES, data_centre([row]), matches=(matcher,))


CASES = (
    Case(
        dataset="hk_stock_bars",
        function="stock_hk_hist",
        arguments={"code": "0700.HK"},
        sends=[Sent(KLINES.format("33."), klines("00700", "腾讯控股", DAYS))],
        columns=(*BAR, "adjustment"),
        staged=[
            ("0700.HK", date(2024, 10, 30), 137.6, 140.3, 136.81, 139.34, 179418125.0, "none"),
            ("0700.HK", date(2024, 10, 31), 137.6, 137.61, 132.11, 132.76, 270039600.0, "none"),
        ],
    ),
    Case(
        dataset="us_stock_bars",
        function="stock_us_hist",
        arguments={"code": "NVDA.O"},
        sends=[Sent(KLINES.format("63."), klines("NVDA", "英伟达", DAYS))],
        columns=(*BAR, "adjusted_close"),
        # The session of the 31st is not over when the 31st ends in Beijing.
        staged=[
            ("NVDA.O", date(2024, 10, 30), 137.6, 140.3, 136.81, 139.34, 179418125.0, None)
        ],
    ),
    Case(
        dataset="market_caps",
        function="stock_us_famous_spot_em",
        sends=[
            Sent(
                "https://69.push2.eastmoney.com/api/qt/clist/get",
                quote_list([NVIDIA], total=1, keyed=True),
            )
        ],
        columns=("code", "company", "trade_date", "market_cap", "currency", "cap_basis"),
        staged=[
            ("NVDA.O", "英伟达", date(2024, 10, 30), 3.41801e12, "USD", "all_classes")
        ],
    ),
    Case(
        dataset="market_caps",
        function="stock_hk_financial_indicator_em",
        arguments={"code": "0700.HK"},
        sends=[report("RPT_CUSTOM_HKF10_FN_MAININDICATORMAX", HK_CAP)],
        columns=("code", "company", "trade_date", "market_cap", "currency"),
        staged=[("0700.HK", "腾讯控股", SESSION, 3.756e12, "HKD")],
    ),
    Case(
        dataset="overseas_income_statements",
        function="stock_financial_us_analysis_indicator_em",
        arguments={"code": "NVDA.O"},
        sends=[
            report("RPT_USF10_INFO_ORGPROFILE", {"SECUCODE": "NVDA.O"}),
            report("RPT_USF10_FN_GMAININDICATOR", US_QUARTER),
        ],
        requests=2,
        columns=(
            "code", "report_period", "months", "announced_on", "fiscal_label", "currency",
            "revenue", "net_profit_attributable",
        ),
        staged=[
            ("NVDA.O", date(2024, 7, 28), 3, date(2024, 8, 29), "2025/Q2", "USD",
             30_040_000_000.0, 16_599_000_000.0)
        ],
    ),
    Case(
        dataset="overseas_income_statements",
        function="stock_financial_hk_analysis_indicator_em",
        arguments={"code": "0700.HK"},
        sends=[
            report("RPT_HKF10_FN_MAININDICATOR", HK_HALF),
            report("RPT_CUSTOM_HKSK_APPFN_CASHFLOW_SUMMARY", HK_CURRENCIES),
        ],
        requests=2,
        columns=("code", "report_period", "months", "announced_on", "currency", "revenue"),
        # The currency of the statement is corrected by the library's second request.
        staged=[
            ("0700.HK", date(2024, 6, 30), 6, date(2024, 8, 31), "CNY", 320_618_000_000.0)
        ],
    ),
    Case(
        dataset="index_bars",
        function="stock_hk_index_daily_em",
        arguments={"index_code": "HSTECH.HI"},
        sends=[
            Sent(
                "https://15.push2.eastmoney.com/api/qt/clist/get",
                quote_list(
                    [quote_row(FAMOUS_FIELDS, f12="HSTECH", f13=124)], total=1
                ),
            ),
            Sent(KLINES.format(""), klines("HSTECH", "恒生科技指数", WORLD)),
        ],
        requests=2,
        columns=INDEX_BAR,
        staged=[
            ("HSTECH.HI", date(2024, 10, 30), 5832.65, 5850.94, 5811.28, 5813.67),
            ("HSTECH.HI", date(2024, 10, 31), 5775.34, 5775.34, 5702.86, 5705.45),
        ],
    ),
    Case(
        dataset="index_bars",
        function="index_global_hist_em",
        arguments={"index_code": "SPX.GI"},
        sends=[Sent(KLINES.format(""), klines("SPX", "标普500", WORLD))],
        columns=INDEX_BAR,
        staged=[("SPX.GI", date(2024, 10, 30), 5832.65, 5850.94, 5811.28, 5813.67)],
    ),
    Case(
        dataset="index_bars",
        function="macro_global_sox_index",
        sends=[
            Sent(
                "https://datacenter-web.eastmoney.com/api/data/v1/get",
                data_centre([SOX, {**SOX, "REPORT_DATE": "1994-05-04 00:00:00"}]),
            )
        ],
        requests=2,
        announced=2,
        columns=INDEX_BAR,
        staged=[("SOX.GI", date(2024, 10, 30), None, None, None, 5162.29)],
    ),
)  # fmt: skip
