"""Eastmoney quotes: the A-share and ETF markets in one call each, histories, indices."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, day_in_words, number, renamed, stamp, text, unread
from yanbao.sources.plans import (
    COMPACT_WINDOW,
    named_listings,
    per_code,
    per_index,
    whole_market,
)

SNAPSHOT_HOST = "82.push2.eastmoney.com"
ANNOUNCES = r'"total":\s*(\d+)'
A_SHARE_LISTS = ("SSE main", "SSE STAR", "SZSE", "BSE")


SNAPSHOT = (
    *text("代码", "名称"),
    *number("成交量", 最新价="close", 成交额="amount_cny", 最高="high", 最低="low"),
    *number(今开="open", 昨收="reference_close", 市净率="pb", 总市值="market_cap_cny"),
    *unread("序号", "涨跌幅", "涨跌额", "振幅", "量比", "换手率", "市盈率-动态", "流通市值"),
    *unread("涨速", "5分钟涨跌", "60日涨跌幅", "年初至今涨跌幅"),
)
HISTORY = (
    *number("成交量", 开盘="open", 收盘="close", 最高="high", 最低="low", 成交额="amount_cny"),
    *unread("振幅", "涨跌幅", "涨跌额", "换手率"),
)
HISTORY_PLAN = per_code(
    named_listings, lambda code: code.partition(".")[0], days=COMPACT_WINDOW
)
IN_LOTS = {"volume_shares": "成交量 * 100", "adjustment": "'none'"}
# A share without a price did not trade and has no bar; one that traded at no readable price
# is kept for the raw gate to set aside.
TRADED = "close is not null or volume_shares > 0"
FLOWS = tuple(
    f"{size}净流入-{part}"
    for size in ("主力", "超大单", "大单", "中单", "小单")
    for part in ("净额", "净占比")
)

fetch = partial(Fetch, source="eastmoney", host="push2his.eastmoney.com")
FETCHES = (
    fetch(
        dataset="index_bars",
        function="stock_zh_index_daily_em",
        columns=(
            *day_in_words(date="trade_date"),
            *number(open="open", close="close", high="high", low="low"),
            *unread("volume", "amount"),
        ),
        plan=per_index(lambda symbol: symbol.eastmoney, days=COMPACT_WINDOW),
        dated_by="date",
        notes="The date is text. Open, close, high, low in this order on the wire.",
    ),
    fetch(
        dataset="a_share_bars",
        function="stock_zh_a_spot_em",
        host=SNAPSHOT_HOST,
        columns=SNAPSHOT,
        plan=whole_market(),
        deadline_seconds=600,
        announces=ANNOUNCES,
        unique_by="代码",
        computed={
            **IN_LOTS,
            "code": "{{ a_share_code('代码') }}",
            "trade_date": stamp("day"),
        },
        keeps=TRADED,
        notes=(
            "About 55 pages of 100. Volume in lots of 100 shares. The previous close is the"
            " exchange's reference price. 市盈率-动态 is annualised, not TTM. Suspended"
            " shares come without a price."
        ),
    ),
    fetch(
        dataset="a_share_bars",
        function="stock_zh_a_hist",
        columns=(*day(日期="trade_date"), *text("股票代码"), *HISTORY),
        plan=HISTORY_PLAN,
        cadence="backfill",
        may_be_empty=True,
        computed=IN_LOTS,
        notes="Unadjusted. Volume in lots. Bans come after some dozens of codes.",
    ),
    fetch(
        dataset="securities",
        function="stock_zh_a_spot_em",
        host=SNAPSHOT_HOST,
        columns=renamed(SNAPSHOT, 名称="name"),
        plan=whole_market(*A_SHARE_LISTS),
        cadence="weekly",
        deadline_seconds=600,
        announces=ANNOUNCES,
        unique_by="代码",
        computed={
            "code": "{{ a_share_code('代码') }}",
            "status": "'L'",
            "currency": "'CNY'",
        },
        # A name that an ex-right mark cuts short is none; its share comes with the next list.
        keeps="code is not null and left(name, 2) not in ('XD', 'XR', 'DR')",
        notes="Names without dates, asked only when an exchange's own list failed.",
    ),
    fetch(
        dataset="etf_bars",
        function="fund_etf_spot_em",
        host="push2delay.eastmoney.com",
        columns=(
            *text("代码"),
            *number("成交量", 最新价="close", 成交额="amount_cny", 开盘价="open"),
            *number(最高价="high", 最低价="low", 昨收="reference_close"),
            *day(数据日期="trade_date"),
            *unread("名称", "IOPV实时估值", "基金折价率", "涨跌额", "涨跌幅", "振幅", "换手率"),
            *unread("量比", "委比", "外盘", "内盘", *FLOWS, "现手", "买一", "卖一", "最新份额"),
            *unread("流通市值", "总市值", "更新时间"),
        ),
        plan=whole_market(),
        deadline_seconds=300,
        announces=ANNOUNCES,
        unique_by="代码",
        dated_by="数据日期",
        computed={**IN_LOTS, "code": "{{ listed_fund_code('代码') }}"},
        keeps=TRADED,
        notes="About 13 pages of 100. Volume in lots of 100 units.",
    ),
    fetch(
        dataset="etf_bars",
        function="fund_etf_hist_em",
        columns=(*day_in_words(日期="trade_date"), *HISTORY),
        plan=HISTORY_PLAN,
        cadence="backfill",
        may_be_empty=True,
        computed=IN_LOTS,
        notes="Unadjusted. The date is text. Volume in lots.",
    ),
)
