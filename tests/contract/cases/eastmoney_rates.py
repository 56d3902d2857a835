"""Eastmoney rates: yields by field name, and the parity's history."""

from datetime import date

from ..case import Case, Sent
from ..replies import data_centre, klines

YIELDS = {
    "SOLAR_DATE": "2024-10-31 00:00:00",
    "EMM00588704": 1.41,
    "EMM00166462": 1.8,
    "EMM00166466": 2.15,
    "EMM00166469": 2.33,
    "EMM01276014": 0.74,
    "EMG00001306": 4.17,
    "EMG00001308": 4.15,
    "EMG00001310": 4.28,
    "EMG00001312": 4.47,
    "EMG01339436": 0.11,
    "EMM00000024": None,
    "EMG00159635": None,
}
US_HOLIDAY = {
    **YIELDS,
    "SOLAR_DATE": "2024-10-14 00:00:00",
    **{name: None for name in YIELDS if name.startswith("EMG")},
}

CASES = (
    Case(
        dataset="government_yields",
        function="bond_zh_us_rate",
        sends=[
            Sent(
                "https://datacenter.eastmoney.com/api/data/get",
                data_centre([YIELDS, US_HOLIDAY], pages=19, count=9001),
            )
        ],
        requests=2,  # the probe, and the one page that reaches two weeks back
        columns=("country", "tenor", "date", "yield_pct"),
        staged=[
            ("CN", "2Y", date(2024, 10, 31), 1.41),
            ("CN", "5Y", date(2024, 10, 31), 1.8),
            ("CN", "10Y", date(2024, 10, 31), 2.15),
            ("CN", "30Y", date(2024, 10, 31), 2.33),
            ("US", "2Y", date(2024, 10, 31), 4.17),
            ("US", "5Y", date(2024, 10, 31), 4.15),
            ("US", "10Y", date(2024, 10, 31), 4.28),
            ("US", "30Y", date(2024, 10, 31), 4.47),
        ],
    ),
    Case(
        dataset="fx_fixings",
        function="forex_hist_em",
        sends=[
            Sent(
                "https://push2his.eastmoney.com/api/qt/stock/kline/get",
                klines(
                    "USDCNYC",
                    "美元人民币中间价",
                    [
                        "2024-09-02,7.1027,7.1027,7.1027,7.1027,0,0,0.0,0,0,0,0,0,0",
                        "2024-10-31,7.1250,7.1250,7.1250,7.1250,0,0,0.0,0,0,0,0,0,0",
                    ],
                ),
            )
        ],
        columns=("pair", "fixing_date", "rate"),
        staged=[("USDCNY", date(2024, 10, 31), 7.125)],
    ),
)
