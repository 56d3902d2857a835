"""Eastmoney's results season: fields by position, cumulative amounts in yuan."""

from datetime import date

from ..case import Case, Sent
from ..replies import by_position, data_centre

WEB = "https://datacenter-web.eastmoney.com/api/data/v1/get"
SECURITIES = "https://datacenter.eastmoney.com/securities/api/data/v1/get"
PERIOD = date(2024, 9, 30)
ANNOUNCED, UPDATED = "2024-10-29 00:00:00", "2025-10-28 00:00:00"


def income(code: str, name: str, profit: float, revenue: float) -> dict[str, object]:
    return by_position(46, {1: code, 4: name, 12: ANNOUNCED, 14: profit, 15: revenue})


def result(code: str, name: str, revenue: float, profit: float) -> dict[str, object]:
    """Place 6 is the last update; the announcement day, place 24, is dropped downstream."""
    return by_position(
        37, {0: code, 1: name, 6: UPDATED, 10: revenue, 11: profit, 24: ANNOUNCED}
    )


def preview(
    words: str, middle: float, line: str = "归属于上市公司股东的净利润"
) -> dict[str, object]:
    return by_position(
        27,
        {1: "002230", 2: "科大讯飞", 4: "2024-10-15 00:00:00", 5: "2024-09-30 00:00:00",
         7: line, 12: words, 14: "预增", 21: middle},
    )  # fmt: skip


DISCLOSED = {
    "SECURITY_CODE": "002230",
    "SECURITY_NAME_ABBR": "科大讯飞",
    "FIRST_APPOINT_DATE": "2024-10-22 00:00:00",
    "FIRST_CHANGE_DATE": None,
    "SECOND_CHANGE_DATE": None,
    "THIRD_CHANGE_DATE": None,
    "ACTUAL_PUBLISH_DATE": "2024-10-22 00:00:00",
    "REPORT_DATE": "2024-09-30 00:00:00",
}
PLANNED = {**DISCLOSED, "SECURITY_CODE": "688111", "ACTUAL_PUBLISH_DATE": None}

CASES = (
    Case(
        dataset="income_statements",
        function="stock_lrb_em",
        sends=[
            Sent(WEB, data_centre([income("002230", "科大讯飞", -3.436e8, 1.4849e10)], count=1))
        ],
        requests=2,  # the first page is asked twice: once for the number of pages
        announced=1,
        columns=(
            "code", "name", "report_period", "announced_on", "updated_on", "currency",
            "revenue_ytd", "net_profit_attributable_ytd", "net_profit_ytd",
        ),
        staged=[
            ("002230.SZ", "科大讯飞", PERIOD, date(2024, 10, 29), None, "CNY",
             1.4849e10, -3.436e8, None)
        ],
    ),
    Case(
        dataset="income_statements",
        function="stock_yjbb_em",
        sends=[
            Sent(
                WEB,
                data_centre(
                    [
                        result("920001", "样例北交", 1.5e8, 2.0e7),
                        result("002230", "科大讯飞", 1.4849e10, -3.436e8),
                    ]
                ),
            )
        ],
        requests=2,
        announced=2,
        columns=(
            "code", "report_period", "announced_on", "updated_on", "revenue_ytd",
            "net_profit_attributable_ytd",
        ),
        # Beijing alone, and its update never stands for an announcement.
        staged=[("920001.BJ", PERIOD, None, date(2025, 10, 28), 1.5e8, 2.0e7)],
    ),
    Case(
        dataset="disclosure_dates",
        function="stock_yysj_em",
        sends=[Sent(WEB, data_centre([DISCLOSED, PLANNED]))],
        requests=2,
        announced=2,
        columns=("code", "report_period", "planned_on", "announced_on"),
        staged=[
            ("002230.SZ", PERIOD, date(2024, 10, 22), date(2024, 10, 22)),
            ("688111.SH", PERIOD, date(2024, 10, 22), None),
        ],
    ),
    Case(
        dataset="earnings_previews",
        function="stock_yjyg_em",
        sends=[
            Sent(
                SECURITIES,
                data_centre(
                    [
                        preview("预计1-9月净利润盈利：5,000万元至6,500万元", 5.75e7),
                        preview("预计扣非净利润：-1.2亿元至-0.8亿元", -1e8, "扣非净利润"),
                        preview("预计1-9月营业收入约3亿元", 3e8, "营业收入"),
                        preview("上年同期100万元，预计为900万元至1,100万元", 1e7, "净利润"),
                        preview("每股收益：0.10元至0.13元", 0.115, "每股收益"),
                    ]
                ),
            )
        ],
        requests=2,
        announced=5,
        columns=("code", "report_period", "indicator", "value_low_cny", "value_high_cny"),
        staged=[
            ("002230.SZ", PERIOD, "归属于上市公司股东的净利润", 5.0e7, 6.5e7),
            ("002230.SZ", PERIOD, "扣非净利润", -1.2e8, -0.8e8),
            ("002230.SZ", PERIOD, "营业收入", 3e8, 3e8),
            ("002230.SZ", PERIOD, "净利润", None, None),  # the words begin with another year
            ("002230.SZ", PERIOD, "每股收益", None, None),
        ],
    ),
    Case(
        dataset="earnings_flashes",
        function="stock_yjkb_em",
        sends=[
            Sent(
                SECURITIES,
                data_centre(
                    [
                        by_position(
                            28,
                            {0: "688111", 1: "金山办公", 6: "2024-10-20 00:00:00",
                             9: 3.6e9, 11: 1.04e9},
                        )
                    ]
                ),
            )
        ],
        requests=2,
        announced=1,
        columns=(
            "code", "report_period", "announced_on", "revenue_ytd",
            "net_profit_attributable_ytd",
        ),
        staged=[("688111.SH", PERIOD, date(2024, 10, 20), 3.6e9, 1.04e9)],
    ),
)  # fmt: skip
