"""Shenwan research: index history as JSON."""

from datetime import date

from contract.case import Case, Sent
from contract.replies import as_json


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
                "https://www.swsresearch.com/institute-sw/api/index_publish/trend/",
                as_json({"data": [bar("2024-09-02", 3000.0), bar("2024-10-31", 4100.5)]}),
            )
        ],
        columns=("index_code", "trade_date", "open", "high", "low", "close"),
        staged=[("801750.SI", date(2024, 10, 31), 4090.0, 4120.75, 4070.5, 4100.5)],
    ),
)
