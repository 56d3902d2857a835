"""Shenwan research: SW indices, their members, and every stock's industry history.

The library does not check this host's TLS certificate.
"""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, number, stamp, text, unread
from yanbao.sources.plans import DAY_STAMP, WINDOW_STAMP, per_index, whole_market

fetch = partial(Fetch, source="swsresearch", host="www.swsresearch.com")
FETCHES = (
    fetch(
        dataset="index_bars",
        function="index_hist_sw",
        columns=(
            *day(日期="trade_date"),
            *number(收盘="close", 开盘="open", 最高="high", 最低="low"),
            *unread("代码", "成交量", "成交额"),
        ),
        plan=per_index(lambda symbol: symbol.swsresearch, stamp=WINDOW_STAMP, period="day"),
        dated_by="日期",
        notes="Whole history on every call; bans addresses that call often.",
    ),
    fetch(
        dataset="sw_industry_membership",
        function="stock_industry_clf_hist_sw",
        columns=(
            *text("symbol", industry_code="industry_code"),
            *day(start_date="effective_from", update_time="updated_on"),
        ),
        plan=whole_market(),
        cadence="weekly",
        computed={"code": "{{ a_share_code('symbol') }}"},
        keeps="code is not null",  # without B shares
        notes="A workbook with the full history of every stock, pre-2021 codes included.",
    ),
    fetch(
        dataset="index_constituents",
        function="index_component_sw",
        columns=(
            *text("证券代码"),
            *number(最新权重="weight_pct"),
            *unread("序号", "证券名称", "计入日期"),
        ),
        plan=per_index(lambda symbol: symbol.swsresearch, stamp=DAY_STAMP),
        cadence="weekly",
        announces=r'"count":\s*(\d+)',
        computed={
            "code": "{{ a_share_code('证券代码') }}",
            "as_of_date": stamp("day"),
        },
        notes="Members of today, weights in percent.",
    ),
)
