"""Eastmoney quotes: histories as comma-separated rows."""

from datetime import date

from contract.case import Case, Sent
from contract.replies import klines

KLINES = "https://push2his.eastmoney.com/api/qt/stock/kline/get"

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
)
