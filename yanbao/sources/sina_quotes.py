"""Sina quotes: second source of the A-share and ETF markets, overseas bars, fund sizes."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, Plan, day, number, stamp, text, unread
from yanbao.sources.plans import (
    DAY_STAMP,
    WINDOW_STAMP,
    all_of,
    companies,
    exchange_symbol,
    named_listings,
    per_code,
    per_index,
    whole_market,
)
from yanbao.sources.symbols import source_ticker

HISTORY_HOST = "finance.sina.com.cn"
FUND_TYPES = ("股票型基金", "混合型基金", "QDII基金")


def _overseas(market: str) -> Plan:
    return per_code(companies(market), source_ticker, market=market, stamp=WINDOW_STAMP)


BARS = (
    *day(date="trade_date"),
    *number(open="open", high="high", low="low", close="close", volume="volume_shares"),
)
QUOTE = (
    *text("代码"),
    *number(最新价="close", 昨收="reference_close", 今开="open", 最高="high", 最低="low"),
    *number(成交量="volume_shares", 成交额="amount_cny"),
    *unread("名称", "涨跌额", "涨跌幅", "买入", "卖出"),
)  # Codes come as sh600000; the list is of the session that it is asked on.
LISTED = {
    "code": "{{ code_of_exchange_symbol('代码') }}",
    "trade_date": stamp("day"),
    "adjustment": "'none'",
}
ASKED = {"adjustment": "'none'"}

fetch = partial(Fetch, source="sina_quotes", host="vip.stock.finance.sina.com.cn")
FETCHES = (
    fetch(
        dataset="a_share_bars",
        function="stock_zh_a_spot",
        columns=(*QUOTE, *unread("时间戳")),
        plan=whole_market(),
        deadline_seconds=600,
        announces=r'^"?(\d+)"?\s*$',
        unique_by="代码",
        computed=LISTED,
        keeps="close > 0 and volume_shares > 0",
        notes=(
            "About 69 requests of 80 rows, without encryption. Volume in shares. No cap and"
            " no PB. Suspended shares have zero prices. Bans those who repeat it."
        ),
    ),
    fetch(
        dataset="etf_bars",
        function="fund_etf_category_sina",
        columns=QUOTE,
        plan=whole_market(symbol="ETF基金"),
        computed=LISTED,
        # A list always has the reference price; a history never has it.
        keeps="reference_close is null or (close > 0 and volume_shares > 0)",
        notes="One request of at most 5,000 rows. Volume in units.",
    ),
    fetch(
        dataset="etf_bars",
        function="fund_etf_hist_sina",
        host=HISTORY_HOST,
        columns=BARS,
        plan=per_code(named_listings, exchange_symbol, stamp=WINDOW_STAMP),
        cadence="backfill",
        may_be_empty=True,
        computed=ASKED,
        notes="Whole history on every call.",
    ),
    fetch(
        dataset="hk_stock_bars",
        function="stock_hk_daily",
        host=HISTORY_HOST,
        columns=BARS,
        plan=_overseas("HK"),
        dated_by="date",
        is_open=True,
        computed=ASKED,
        notes="Whole history on every call, unadjusted.",
    ),
    fetch(
        dataset="us_stock_bars",
        function="stock_us_daily",
        host=HISTORY_HOST,
        columns=BARS,
        plan=_overseas("US"),
        dated_by="date",
        computed=ASKED,
        notes=(
            "Unadjusted. The library evaluates Sina's factor file as Python: one reason why"
            " it runs in a process without secrets."
        ),
    ),
    fetch(
        dataset="fund_sizes",
        function="fund_scale_open_sina",
        columns=(
            *text("基金代码"),
            *number("单位净值", "最近总份额"),
            *day(更新日期="as_of_date"),
            *unread("序号", "基金简称", "总募集规模", "成立日期", "基金经理"),
        ),
        plan=all_of(*(whole_market(kind, symbol=kind) for kind in FUND_TYPES)),
        cadence="weekly",
        announces=r'total_num"?:\s*"?(\d+)',
        computed={
            "fund_code": "基金代码 || '.OF'",
            "fund_size_cny": "最近总份额 * 单位净值",
            "size_basis": "'class'",
        },
        keeps="fund_size_cny is not null and as_of_date is not null",
        notes="Units of the share class; the size is units times unit NAV.",
    ),
    fetch(
        dataset="index_constituents",
        function="index_stock_cons_sina",
        columns=text("symbol"),
        plan=per_index(lambda symbol: symbol.csindex if symbol.sina else "", stamp=DAY_STAMP),
        cadence="weekly",
        is_open=True,
        computed={
            "code": "{{ code_of_exchange_symbol('symbol') }}",
            "as_of_date": stamp("day"),
        },
        notes="Members of today, without weights; asked only where the publisher failed.",
    ),
)
