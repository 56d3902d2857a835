"""Eastmoney quotes: bars of Chinese indices."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.sources.call import Arguments, Fetch, Request, number, text
from orchestration.sources.plans import compact, wanted, window
from orchestration.sources.symbols import INDEX_BY_CODE, INDICES

SOURCE = "eastmoney"
HISTORY_HOST = "push2his.eastmoney.com"


def plan_index_bars(request: Request) -> Sequence[Arguments]:
    since, until = window(request)
    calls = []
    for index_code in wanted(request, (symbol.index_code for symbol in INDICES)):
        symbol = INDEX_BY_CODE.get(index_code)
        if symbol is None or not symbol.eastmoney:
            continue
        call = {
            "symbol": symbol.eastmoney,
            "start_date": compact(since),
            "end_date": compact(until),
        }
        calls.append(Arguments(call, {"index_code": index_code}, answers=(index_code,)))
    return calls


FETCHES = (
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="stock_zh_index_daily_em",
        host=HISTORY_HOST,
        columns=(
            *text("date", reads_as="date"),
            *number("open", "close", "high", "low", "volume", "amount"),
        ),
        plan=plan_index_bars,
        dated_by="date",
        notes="The date is text. Open, close, high, low in this order on the wire.",
    ),
)
