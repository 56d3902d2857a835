"""China Securities Index: fields by position, and workbooks of members."""

from datetime import date

from ..case import BOOK, Case, Sent
from ..replies import as_json, workbook

PERFORMANCE = "https://www.csindex.com.cn/csindex-home/perf/index-perf"
WEIGHTS = (
    "https://oss-ch.csindex.com.cn/static/html/csindex/public/uploads/file/autofile/closeweight"
)
ROW = {
    "tradeDate": "20241031",
    "indexCode": "930713",
    "indexNameCnAll": "中证人工智能主题指数",
    "indexNameCn": "CS人工智",
    "indexNameEnAll": "CSI AI Thematic Index",
    "indexNameEn": "CSI AI",
    "open": None,
    "high": None,
    "low": None,
    "close": 1005.25,
    "change": -5.2,
    "changePct": -0.52,
    "tradingVol": 1134.56,
    "tradingValue": 689.01,
    "consNumber": 50,
    "peg": 51.3,
}
HISTORY = [Sent(PERFORMANCE, as_json({"code": "200", "data": [ROW]}))]
HEADER = [
    "日期Date",
    "指数代码IndexCode",
    "指数名称IndexName",
    "指数英文名称",
    "成份券代码",
    "成份券名称",
    "成份券英文名称",
    "交易所",
    "交易所英文名称",
    "权重(%)weight",
]

CASES = (
    Case(
        dataset="index_bars",
        function="stock_zh_index_hist_csindex",
        arguments={"index_code": "930713.CSI"},
        sends=HISTORY,
        columns=("index_code", "trade_date", "open", "close", "pe_ttm", "index_name"),
        staged=[("930713.CSI", date(2024, 10, 31), None, 1005.25, 51.3, "CS人工智")],
    ),
    Case(
        dataset="index_valuations",
        function="stock_zh_index_hist_csindex",
        arguments={"index_code": "930713.CSI"},
        sends=HISTORY,
        columns=("index_code", "as_of_date", "method", "pe_ttm", "pb"),
        staged=[("930713.CSI", date(2024, 10, 31), "as_printed", 51.3, None)],
    ),
    Case(
        dataset="index_constituents",
        function="index_stock_cons_weight_csindex",
        arguments={"index_code": "930713.CSI"},
        sends=[
            Sent(
                f"{WEIGHTS}/930713closeweight.xls",
                workbook(
                    HEADER,
                    [20241031, 930713, "CS人工智", "CSI AI", 2230, "科大讯飞", "iFLYTEK",
                     "深圳证券交易所", "Shenzhen Stock Exchange", 5.25],
                    [20241031, 930713, "CS人工智", "CSI AI", 688111, "金山办公", "Kingsoft",
                     "上海证券交易所", "Shanghai Stock Exchange", 4.5],
                ),
                BOOK,
            )
        ],
        columns=("index_code", "code", "as_of_date", "weight_pct"),
        staged=[
            ("930713.CSI", "002230.SZ", date(2024, 10, 31), 5.25),
            ("930713.CSI", "688111.SH", date(2024, 10, 31), 4.5),
        ],
    ),
)  # fmt: skip
