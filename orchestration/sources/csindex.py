"""China Securities Index: bars of its own indices with the trailing PE."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.sources.call import Arguments, Fetch, Request, day, number, text
from orchestration.sources.plans import compact, wanted, window
from orchestration.sources.symbols import INDEX_BY_CODE, INDICES

SOURCE = "csindex"
HOST = "www.csindex.com.cn"


def plan_index_bars(request: Request) -> Sequence[Arguments]:
    since, until = window(request)
    calls = []
    for index_code in wanted(request, (symbol.index_code for symbol in INDICES)):
        symbol = INDEX_BY_CODE.get(index_code)
        if symbol is None or not symbol.csindex:
            continue
        call = {
            "symbol": symbol.csindex,
            "start_date": compact(since),
            "end_date": compact(until),
        }
        calls.append(Arguments(call, {"index_code": index_code}, answers=(index_code,)))
    return calls


FETCHES = (
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="stock_zh_index_hist_csindex",
        host=HOST,
        columns=(
            *day("日期"),
            *text(
                "指数代码", "指数中文全称", "指数中文简称", "指数英文全称", "指数英文简称"
            ),
            *number("开盘", "最高", "最低", "收盘", "涨跌", "涨跌幅"),
            *number("成交量", "成交金额", "样本数量", "滚动市盈率"),
        ),
        plan=plan_index_bars,
        dated_by="日期",
        notes="Open, high and low may be missing. Sixteen fields renamed by position.",
    ),
)
