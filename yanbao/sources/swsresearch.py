"""Shenwan research: SW indices, their members, and every stock's industry history.

The library does not check this host's TLS certificate.
"""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, number, text, unread
from yanbao.sources.plans import day_stamp, per_index, whole_market, window_stamp

HOST = "www.swsresearch.com"


fetch = partial(Fetch, source="swsresearch", host=HOST)
FETCHES = (
    fetch(
        dataset="index_bars",
        function="index_hist_sw",
        columns=(
            *unread("代码"),
            *day("日期"),
            *number("收盘", "开盘", "最高", "最低"),
            *unread("成交量", "成交额"),
        ),
        plan=per_index(lambda symbol: symbol.swsresearch, stamp=window_stamp, period="day"),
        dated_by="日期",
        notes="Whole history on every call; bans addresses that call often.",
    ),
    fetch(
        dataset="sw_industry_membership",
        function="stock_industry_clf_hist_sw",
        columns=(
            *text("symbol"),
            *day("start_date"),
            *text("industry_code"),
            *day("update_time"),
        ),
        plan=whole_market(),
        whole_market=True,
        cadence="weekly",
        notes="A workbook with the full history of every stock, pre-2021 codes included.",
    ),
    fetch(
        dataset="index_constituents",
        function="index_component_sw",
        columns=(
            *unread("序号"),
            *text("证券代码"),
            *unread("证券名称"),
            *number("最新权重"),
            *unread("计入日期"),
        ),
        plan=per_index(lambda symbol: symbol.swsresearch, stamp=day_stamp),
        cadence="weekly",
        announces=r'"count":\s*(\d+)',
        notes="Members of today, weights in percent.",
    ),
)
