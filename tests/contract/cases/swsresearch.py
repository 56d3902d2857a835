"""Shenwan research: index history and members as JSON, classification as a workbook."""

from datetime import date

from ..case import BOOK, SESSION, Case, Sent
from ..replies import as_json, workbook

SITE = "https://www.swsresearch.com"
INDEX = f"{SITE}/institute-sw/api/index_publish"


def bar(day: str, close: float) -> dict[str, object]:
    return {
        "swindexcode": "801750",
        "bargaindate": day,
        "openindex": close - 10.5,
        "maxindex": close + 20.25,
        "minindex": close - 30.0,
        "closeindex": close,
        "hike": 1.0,
        "markup": 0.1,
        "bargainamount": 12345,
        "bargainsum": 678,
    }


CASES = (
    Case(
        dataset="index_bars",
        function="index_hist_sw",
        arguments={"index_code": "801750.SI"},
        sends=[
            Sent(
                f"{INDEX}/trend/",
                as_json({"data": [bar("2024-09-02", 3000.0), bar("2024-10-31", 4100.5)]}),
            )
        ],
        columns=("index_code", "trade_date", "open", "high", "low", "close"),
        staged=[("801750.SI", date(2024, 10, 31), 4090.0, 4120.75, 4070.5, 4100.5)],
    ),
    Case(
        dataset="index_constituents",
        function="index_component_sw",
        arguments={"index_code": "801750.SI"},
        sends=[
            Sent(
                f"{INDEX}/details/component_stocks/",
                as_json(
                    {
                        "data": {
                            "count": 1,
                            "results": [
                                {
                                    "stockcode": "002230",
                                    "stockname": "科大讯飞",
                                    "newweight": 7.21,
                                    "beginningdate": "2021-12-13",
                                }
                            ],
                        }
                    }
                ),
            )
        ],
        announced=1,
        columns=("index_code", "code", "as_of_date", "weight_pct"),
        staged=[("801750.SI", "002230.SZ", SESSION, 7.21)],
    ),
    Case(
        dataset="sw_industry_membership",
        function="stock_industry_clf_hist_sw",
        sends=[
            Sent(
                f"{SITE}/swindex/pdf/SwClass2021/StockClassifyUse_stock.xls",
                workbook(
                    ["股票代码", "计入日期", "行业代码", "更新日期"],
                    ["000004", "2021-06-11", "710202", "2021-06-11"],
                    ["900901", "1992-02-21", "610302", "2015-10-27"],
                ),
                BOOK,
            )
        ],
        columns=("code", "effective_from", "industry_code", "updated_on"),
        staged=[("000004.SZ", date(2021, 6, 11), "710202", date(2021, 6, 11))],
    ),
)
