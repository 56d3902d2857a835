"""Shenwan research: bars of SW indices. Its TLS certificate is not checked by akshare."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.sources.call import Arguments, Fetch, Request, day, number, text
from orchestration.sources.plans import wanted, window_stamp
from orchestration.sources.symbols import INDEX_BY_CODE, INDICES

SOURCE = "swsresearch"
HOST = "www.swsresearch.com"


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
            *text("代码"),
            *day("日期"),
            *number("收盘", "开盘", "最高", "最低", "成交量", "成交额"),
        ),
        plan=plan_index_bars,
        dated_by="日期",
        notes="Whole history on every call; bans addresses that call often.",
    ),
)
