"""China Securities Index: bars with the trailing PE, constituents and weights."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, day, number, text, unread
from yanbao.sources.plans import compact, wanted, window
from yanbao.sources.symbols import INDEX_BY_CODE, INDICES

SOURCE = "csindex"
HOST = "www.csindex.com.cn"
FILE_HOST = "oss-ch.csindex.com.cn"


def _plan_history(request: Request) -> list[Arguments]:
    since, until = window(request)
    dates = {"start_date": compact(since), "end_date": compact(until)}
    return [
        Arguments({"symbol": symbol, **dates}, {"index_code": index_code}, (index_code,))
        for index_code, symbol in _published(request)
    ]


def _published(request: Request) -> list[tuple[str, str]]:
    """Our code and the publisher's number of each wanted index that it publishes."""
    codes = wanted(request, (symbol.index_code for symbol in INDICES))
    known = (INDEX_BY_CODE[code] for code in codes if code in INDEX_BY_CODE)
    return [(symbol.index_code, symbol.csindex) for symbol in known if symbol.csindex]


def plan_index_bars(request: Request) -> Sequence[Arguments]:
    return _plan_history(request)


def plan_valuations(request: Request) -> Sequence[Arguments]:
    return _plan_history(request)


def plan_constituents(request: Request) -> Sequence[Arguments]:
    return [
        Arguments({"symbol": symbol}, {"index_code": index_code}, (index_code,))
        for index_code, symbol in _published(request)
    ]


HISTORY = (
    *day("日期"),
    *unread("指数代码", "指数中文全称"),
    *text("指数中文简称"),
    *unread("指数英文全称", "指数英文简称"),
    *number("开盘", "最高", "最低", "收盘"),
    *unread("涨跌", "涨跌幅", "成交量", "成交金额", "样本数量"),
    *number("滚动市盈率"),
)
MEMBERS = (
    *day("日期"),
    *unread("指数代码", "指数名称", "指数英文名称"),
    *text("成分券代码"),
    *unread("成分券名称", "成分券英文名称"),
    *text("交易所"),
    *unread("交易所英文名称"),
)

FETCHES = (
    Fetch(
        dataset="index_bars",
        source=SOURCE,
        function="stock_zh_index_hist_csindex",
        host=HOST,
        columns=HISTORY,
        plan=plan_index_bars,
        dated_by="日期",
        notes="Open, high and low may be missing. Sixteen fields renamed by position.",
    ),
    Fetch(
        dataset="index_valuations",
        source=SOURCE,
        function="stock_zh_index_hist_csindex",
        host=HOST,
        columns=HISTORY,
        plan=plan_valuations,
        cadence="weekly",
        dated_by="日期",
        notes="滚动市盈率 as the publisher computes it.",
    ),
    Fetch(
        dataset="index_constituents",
        source=SOURCE,
        function="index_stock_cons_weight_csindex",
        host=FILE_HOST,
        columns=(*MEMBERS, *number("权重")),
        plan=plan_constituents,
        cadence="weekly",
        notes="Month-end files. Weights in percent.",
    ),
)
