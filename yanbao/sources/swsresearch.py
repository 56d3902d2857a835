"""Shenwan research: SW indices, their members, and every stock's industry history.

The library does not check this host's TLS certificate.
"""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, day, number, text, unread
from yanbao.sources.plans import wanted, whole_market, window_stamp
from yanbao.sources.symbols import INDEX_BY_CODE, INDICES

SOURCE = "swsresearch"
HOST = "www.swsresearch.com"


def plan_membership(request: Request) -> Sequence[Arguments]:
    return whole_market(request)


def plan_constituents(request: Request) -> Sequence[Arguments]:
    calls = []
    for index_code in wanted(request, (symbol.index_code for symbol in INDICES)):
        symbol = INDEX_BY_CODE.get(index_code)
        if symbol is None or not symbol.swsresearch:
            continue
        stamp = {"index_code": index_code, "day": request.day.isoformat()}
        calls.append(Arguments({"symbol": symbol.swsresearch}, stamp, answers=(index_code,)))
    return calls


def plan_index_bars(request: Request) -> Sequence[Arguments]:
    calls = []
    for index_code in wanted(request, (symbol.index_code for symbol in INDICES)):
        symbol = INDEX_BY_CODE.get(index_code)
        if symbol is None or not symbol.swsresearch:
            continue
        stamp = {"index_code": index_code, **window_stamp(request)}
        call = {"symbol": symbol.swsresearch, "period": "day"}
        calls.append(Arguments(call, stamp, answers=(index_code,)))
    return calls


FETCHES = (
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="index_hist_sw",
        host=HOST,
        columns=(
            *unread("代码"),
            *day("日期"),
            *number("收盘", "开盘", "最高", "最低"),
            *unread("成交量", "成交额"),
        ),
        plan=plan_index_bars,
        dated_by="日期",
        notes="Whole history on every call; bans addresses that call often.",
    ),
    Fetch(
        dataset="sw_industry_membership",
        source=SOURCE,
        function="stock_industry_clf_hist_sw",
        host=HOST,
        columns=(
            *text("symbol"),
            *day("start_date"),
            *text("industry_code"),
            *day("update_time"),
        ),
        plan=plan_membership,
        whole_market=True,
        cadence="weekly",
        notes="A workbook with the full history of every stock, pre-2021 codes included.",
    ),
    Fetch(
        dataset="index_constituents",
        source=SOURCE,
        function="index_component_sw",
        host=HOST,
        columns=(
            *unread("序号"),
            *text("证券代码"),
            *unread("证券名称"),
            *number("最新权重"),
            *unread("计入日期"),
        ),
        plan=plan_constituents,
        cadence="weekly",
        announces=r'"count":\s*(\d+)',
        notes="Members of today, weights in percent.",
    ),
)
