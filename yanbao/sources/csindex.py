"""China Securities Index: bars with the trailing PE, constituents and weights."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, number, renamed, text, unread
from yanbao.sources.plans import COMPACT_WINDOW, per_index

HISTORY_PLAN = per_index(lambda symbol: symbol.csindex, days=COMPACT_WINDOW)
HISTORY = (
    *day(日期="trade_date"),
    *text(指数中文简称="index_name"),
    *number(开盘="open", 最高="high", 最低="low", 收盘="close", 滚动市盈率="pe_ttm"),
    *unread("指数代码", "指数中文全称", "指数英文全称", "指数英文简称", "涨跌", "涨跌幅"),
    *unread("成交量", "成交金额", "样本数量"),
)
MEMBERS = (
    *day("日期"),
    *text("成分券代码", "交易所"),
    *unread("指数代码", "指数名称", "指数英文名称", "成分券名称", "成分券英文名称"),
    *unread("交易所英文名称"),
)

fetch = partial(Fetch, source="csindex", host="www.csindex.com.cn")
FETCHES = (
    fetch(
        dataset="index_bars",
        function="stock_zh_index_hist_csindex",
        columns=HISTORY,
        plan=HISTORY_PLAN,
        dated_by="日期",
        notes="Open, high and low may be missing. Sixteen fields renamed by position.",
    ),
    fetch(
        dataset="index_valuations",
        function="stock_zh_index_hist_csindex",
        columns=renamed(HISTORY, 日期="as_of_date", 滚动市盈率="pe_ttm"),
        plan=HISTORY_PLAN,
        cadence="weekly",
        dated_by="日期",
        computed={"method": "'as_printed'"},
        keeps="pe_ttm is not null",
        notes="滚动市盈率 as the publisher computes it.",
    ),
    fetch(
        dataset="index_constituents",
        function="index_stock_cons_weight_csindex",
        host="oss-ch.csindex.com.cn",
        columns=(*MEMBERS, *number("权重")),
        plan=per_index(lambda symbol: symbol.csindex),
        cadence="weekly",
        notes="Month-end files. Weights in percent.",
    ),
)
