"""Who is listed in the made-up market, under which names and in which industries.

Three kinds of rows are facts and say so in their source_note: the mainland calendar and the
names and codes of the Shenwan classification. Who sits in which industry is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import made_up_prices as prices
from made_up_calendars import mainland_calendar, sessions

CALENDAR_NOTE = "交易日历"
TAXONOMY_NOTE = "申万行业分类2021"
Cell = str | int | date | Decimal | None
Row = dict[str, Cell]

INDUSTRIES = (
    ("270000", "电子", "", ""),
    ("270100", "电子", "半导体", ""),
    ("270104", "电子", "半导体", "数字芯片设计"),
    ("710000", "计算机", "", ""),
    ("710100", "计算机", "计算机设备", ""),
    ("710103", "计算机", "计算机设备", "其他计算机设备"),
    ("710300", "计算机", "IT服务Ⅱ", ""),
    ("710301", "计算机", "IT服务Ⅱ", "IT服务Ⅲ"),
    ("710400", "计算机", "软件开发", ""),
    ("710401", "计算机", "软件开发", "垂直应用软件"),
    ("710402", "计算机", "软件开发", "横向通用软件"),
)
CHIPS, SOFTWARE = "270104", ("710103", "710301", "710401", "710402")
IN_ELECTRONICS = (
    "999012.SH",
    "999105.SZ",
    "999106.SZ",
    "999107.SZ",
    "999108.SZ",
    "999109.SZ",
)
INDEX_CODE, INDEX_MEMBERS_ON = "999001.CSI", date(2024, 9, 30)
INDEX_MEMBERS = tuple(
    code
    for code, series in prices.SERIES.items()
    if code in prices.A_SHARES and code not in (prices.DELISTED_CODE, prices.NEW_CODE)
)[::2]
MOVED_CODE, MOVED_ON = "999011.SH", date(2024, 2, 1)


def trading_days() -> Iterator[Row]:
    for day in mainland_calendar():
        yield {"market": "CN", "trade_date": day, "source_note": CALENDAR_NOTE}


def listed_on(code: str) -> date:
    """The first bar, or a Monday in the 2010s for those that were listed before it."""
    series = prices.SERIES[code]
    if series.first:
        return sessions(series.market)[series.first]
    june = date(2010 + tuple(prices.SERIES).index(code) % 9, 6, 1)
    return june + timedelta(days=-june.weekday() % 7)


def securities() -> Iterator[Row]:
    currencies = {"CN": "CNY", "HK": "HKD", "US": "USD"}
    for code in (*prices.A_SHARES, *prices.US_STOCKS, *prices.HK_STOCKS):
        series = prices.SERIES[code]
        gone = code == prices.DELISTED_CODE
        row: Row = {
            "code": code,
            "name": series.name,
            "listed_on": listed_on(code),
            "delisted_on": prices.DELISTED_ON if gone else None,
            "status": "D" if gone else "L",
            "board": series.board,
            "currency": currencies[series.market],
            "name_from": listed_on(code),
        }
        if code == prices.ST_CODE:
            yield {**row, "name": series.name.removeprefix("ST")}
            row["name_from"] = prices.ST_FROM
        yield row


def sw_industry_codes() -> Iterator[Row]:
    for code, *levels in INDUSTRIES:
        names = dict(zip(("level1", "level2", "level3"), levels))
        yield {"industry_code": code, **names, "source_note": TAXONOMY_NOTE}


def sw_industry_membership() -> Iterator[Row]:
    for number, code in enumerate(prices.A_SHARES):
        row: Row = {"code": code, "effective_from": max(listed_on(code), date(2021, 7, 30))}
        if code in (*IN_ELECTRONICS, MOVED_CODE):
            yield {**row, "industry_code": CHIPS}
        if code == MOVED_CODE:
            row["effective_from"] = MOVED_ON
        if code not in IN_ELECTRONICS:
            yield {**row, "industry_code": SOFTWARE[number % len(SOFTWARE)]}


def index_constituents() -> Iterator[Row]:
    """Every other share that is listed, in equal weights as the index of the monthly."""
    for code in INDEX_MEMBERS:
        yield {
            "index_code": INDEX_CODE,
            "code": code,
            "as_of_date": INDEX_MEMBERS_ON,
            "weight_pct": (Decimal(100) / len(INDEX_MEMBERS)).quantize(Decimal("0.0001")),
        }
