"""Sina quotes: second source of the A-share and ETF markets, overseas bars, fund sizes."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, day, number, text, unread
from yanbao.sources.plans import (
    exchange_symbol,
    listed_number,
    wanted,
    whole_market,
    window_stamp,
)
from yanbao.sources.symbols import COMPANIES, INDEX_BY_CODE, INDICES, source_ticker

SOURCE = "sina_quotes"
LIST_HOST = "vip.stock.finance.sina.com.cn"
HISTORY_HOST = "finance.sina.com.cn"
FUND_TYPES = ("股票型基金", "混合型基金", "QDII基金")


def plan_snapshot(request: Request) -> Sequence[Arguments]:
    return whole_market(request)


def plan_etfs(request: Request) -> Sequence[Arguments]:
    return whole_market(request, {"symbol": "ETF基金"})


def plan_etf_history(request: Request) -> Sequence[Arguments]:
    return [
        Arguments(
            {"symbol": exchange_symbol(code)},
            {"code": code, **window_stamp(request)},
            answers=(code,),
        )
        for code in request.symbols
        if listed_number(code)
    ]


def _plan_overseas(request: Request, market: str) -> Sequence[Arguments]:
    suffixes = ("HK",) if market == "HK" else ("O", "N", "A")
    stamp = window_stamp(request, market)
    return [
        Arguments({"symbol": source_ticker(code)}, {"code": code, **stamp}, answers=(code,))
        for code in wanted(request, (company.code for company in COMPANIES))
        if code.rpartition(".")[2] in suffixes
    ]


def plan_hk_bars(request: Request) -> Sequence[Arguments]:
    return _plan_overseas(request, "HK")


def plan_us_bars(request: Request) -> Sequence[Arguments]:
    return _plan_overseas(request, "US")


def plan_fund_sizes(request: Request) -> Sequence[Arguments]:
    return tuple(
        arguments
        for fund_type in FUND_TYPES
        for arguments in whole_market(request, {"symbol": fund_type}, part=fund_type)
    )


def plan_constituents(request: Request) -> Sequence[Arguments]:
    calls = []
    for index_code in wanted(request, (symbol.index_code for symbol in INDICES)):
        symbol = INDEX_BY_CODE.get(index_code)
        if symbol is None or not symbol.csindex or not symbol.sina:
            continue
        stamp = {"index_code": index_code, "day": request.day.isoformat()}
        calls.append(Arguments({"symbol": symbol.csindex}, stamp, answers=(index_code,)))
    return calls


BARS = (*day("date"), *number("open", "high", "low", "close", "volume"))
QUOTE = (
    *text("代码"),
    *unread("名称"),
    *number("最新价"),
    *unread("涨跌额", "涨跌幅", "买入", "卖出"),
    *number("昨收", "今开", "最高", "最低", "成交量", "成交额"),
)

FETCHES = (
    Fetch(
        dataset="a_share_bars",
        source=SOURCE,
        function="stock_zh_a_spot",
        host=LIST_HOST,
        columns=(*QUOTE, *unread("时间戳")),
        plan=plan_snapshot,
        whole_market=True,
        deadline_seconds=600,
        announces=r'^"?(\d+)"?\s*$',
        unique_by="代码",
        notes=(
            "About 69 requests of 80 rows, without encryption. Volume in shares. No cap and"
            " no PB. Suspended shares have zero prices. Bans those who repeat it."
        ),
    ),
    Fetch(
        dataset="etf_bars",
        source=SOURCE,
        function="fund_etf_category_sina",
        host=LIST_HOST,
        columns=QUOTE,
        plan=plan_etfs,
        whole_market=True,
        notes="One request of at most 5,000 rows. Volume in units.",
    ),
    Fetch(
        dataset="etf_bars",
        source=SOURCE,
        function="fund_etf_hist_sina",
        host=HISTORY_HOST,
        columns=BARS,
        plan=plan_etf_history,
        cadence="backfill",
        may_be_empty=True,
        notes="Whole history on every call.",
    ),
    Fetch(
        dataset="hk_stock_bars",
        source=SOURCE,
        function="stock_hk_daily",
        host=HISTORY_HOST,
        columns=BARS,
        plan=plan_hk_bars,
        dated_by="date",
        is_open=True,
        notes="Whole history on every call, unadjusted.",
    ),
    Fetch(
        dataset="us_stock_bars",
        source=SOURCE,
        function="stock_us_daily",
        host=HISTORY_HOST,
        columns=BARS,
        plan=plan_us_bars,
        dated_by="date",
        notes=(
            "Unadjusted. The library evaluates Sina's factor file as Python: one reason why"
            " it runs in a process without secrets."
        ),
    ),
    Fetch(
        dataset="fund_sizes",
        source=SOURCE,
        function="fund_scale_open_sina",
        host=LIST_HOST,
        columns=(
            *unread("序号"),
            *text("基金代码"),
            *unread("基金简称"),
            *number("单位净值"),
            *unread("总募集规模"),
            *number("最近总份额"),
            *unread("成立日期", "基金经理"),
            *day("更新日期"),
        ),
        plan=plan_fund_sizes,
        whole_market=True,
        cadence="weekly",
        announces=r'total_num"?:\s*"?(\d+)',
        notes="Units of the share class; the size is units times unit NAV.",
    ),
    Fetch(
        dataset="index_constituents",
        source=SOURCE,
        function="index_stock_cons_sina",
        host=LIST_HOST,
        columns=text("symbol"),
        plan=plan_constituents,
        cadence="weekly",
        is_open=True,
        notes="Members of today, without weights; asked only where the publisher failed.",
    ),
)
