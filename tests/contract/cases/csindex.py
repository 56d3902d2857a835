"""China Securities Index: sixteen fields by position."""

from datetime import date

from contract.case import Case, Sent
from contract.replies import as_json

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

CASES = (
    Case(
        dataset="index_bars",
        function="stock_zh_index_hist_csindex",
        arguments={"index_code": "930713.CSI"},
        sends=[
            Sent(
                "https://www.csindex.com.cn/csindex-home/perf/index-perf",
                as_json({"code": "200", "data": [ROW]}),
            )
        ],
        columns=("index_code", "trade_date", "open", "close", "pe_ttm", "index_name"),
        staged=[("930713.CSI", date(2024, 10, 31), None, 1005.25, 51.3, "CS人工智")],
    ),
)
