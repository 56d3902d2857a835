"""Eastmoney quotes: the A-share and ETF markets in one call each, histories, indices."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, number, text, unread
from yanbao.sources.plans import (
    compact_window,
    named_listings,
    per_code,
    per_index,
    whole_market,
)

SNAPSHOT_HOST = "82.push2.eastmoney.com"
ETF_HOST = "push2delay.eastmoney.com"
HISTORY_HOST = "push2his.eastmoney.com"
ANNOUNCES = r'"total":\s*(\d+)'
A_SHARE_LISTS = ("SSE main", "SSE STAR", "SZSE", "BSE")


SNAPSHOT = (
    *unread("序号"),
    *text("代码", "名称"),
    *number("最新价"),
    *unread("涨跌幅", "涨跌额"),
    *number("成交量", "成交额"),
    *unread("振幅"),
    *number("最高", "最低", "今开", "昨收"),
    *unread("量比", "换手率", "市盈率-动态"),
    *number("市净率", "总市值"),
    *unread("流通市值", "涨速", "5分钟涨跌", "60日涨跌幅", "年初至今涨跌幅"),
)
HISTORY = (
    *number("开盘", "收盘", "最高", "最低", "成交量", "成交额"),
    *unread("振幅", "涨跌幅", "涨跌额", "换手率"),
)
HISTORY_PLAN = per_code(
    named_listings, lambda code: code.partition(".")[0], days=compact_window
)
FLOWS = tuple(
    f"{size}净流入-{part}"
    for size in ("主力", "超大单", "大单", "中单", "小单")
    for part in ("净额", "净占比")
)

fetch = partial(Fetch, source="eastmoney", host=HISTORY_HOST)
FETCHES = (
    fetch(
        dataset="index_bars",
        function="stock_zh_index_daily_em",
        columns=(
            *text("date", reads_as="date"),
            *number("open", "close", "high", "low"),
            *unread("volume", "amount"),
        ),
        plan=per_index(lambda symbol: symbol.eastmoney, days=compact_window),
        dated_by="date",
        notes="The date is text. Open, close, high, low in this order on the wire.",
    ),
    fetch(
        dataset="a_share_bars",
        function="stock_zh_a_spot_em",
        host=SNAPSHOT_HOST,
        columns=SNAPSHOT,
        plan=whole_market(),
        whole_market=True,
        deadline_seconds=600,
        announces=ANNOUNCES,
        unique_by="代码",
        notes=(
            "About 55 pages of 100. Volume in lots of 100 shares. The previous close is the"
            " exchange's reference price. 市盈率-动态 is annualised, not TTM. Suspended"
            " shares come without a price."
        ),
    ),
    fetch(
        dataset="a_share_bars",
        function="stock_zh_a_hist",
        columns=(*day("日期"), *text("股票代码"), *HISTORY),
        plan=HISTORY_PLAN,
        cadence="backfill",
        may_be_empty=True,
        notes="Unadjusted. Volume in lots. Bans come after some dozens of codes.",
    ),
    fetch(
        dataset="securities",
        function="stock_zh_a_spot_em",
        host=SNAPSHOT_HOST,
        columns=SNAPSHOT,
        plan=whole_market(*A_SHARE_LISTS),
        whole_market=True,
        cadence="weekly",
        deadline_seconds=600,
        announces=ANNOUNCES,
        unique_by="代码",
        notes="Names without dates, asked only when an exchange's own list failed.",
    ),
    fetch(
        dataset="etf_bars",
        function="fund_etf_spot_em",
        host=ETF_HOST,
        columns=(
            *text("代码"),
            *unread("名称"),
            *number("最新价"),
            *unread("IOPV实时估值", "基金折价率", "涨跌额", "涨跌幅"),
            *number("成交量", "成交额", "开盘价", "最高价", "最低价", "昨收"),
            *unread("振幅", "换手率", "量比", "委比", "外盘", "内盘", *FLOWS),
            *unread("现手", "买一", "卖一", "最新份额", "流通市值", "总市值"),
            *day("数据日期"),
            *unread("更新时间"),
        ),
        plan=whole_market(),
        whole_market=True,
        deadline_seconds=300,
        announces=ANNOUNCES,
        unique_by="代码",
        dated_by="数据日期",
        notes="About 13 pages of 100. Volume in lots of 100 units.",
    ),
    fetch(
        dataset="etf_bars",
        function="fund_etf_hist_em",
        columns=(*text("日期", reads_as="date"), *HISTORY),
        plan=HISTORY_PLAN,
        cadence="backfill",
        may_be_empty=True,
        notes="Unadjusted. The date is text. Volume in lots.",
    ),
)
