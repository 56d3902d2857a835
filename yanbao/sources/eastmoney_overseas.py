"""Eastmoney for Hong Kong and the US: bars, caps, statements, and spare index series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from yanbao.catalog.market_facts import closed_days
from yanbao.sources.call import (
    Arguments,
    Fetch,
    Plan,
    Request,
    day,
    day_in_words,
    number,
    text,
    unread,
)
from yanbao.sources.plans import (
    COMPACT_WINDOW,
    WINDOW_STAMP,
    companies,
    per_code,
    per_index,
    window,
    worded,
)
from yanbao.sources.symbols import COMPANIES, eastmoney_us_symbol, source_ticker

DATA_HOST = "datacenter.eastmoney.com"


def last_session(market: str, when: date) -> date:
    """The last session of a market up to a day, by the closures that are known."""
    while when.weekday() >= 5 or when in closed_days(market):
        when -= timedelta(days=1)
    return when


def last_us_session(when: date) -> date:
    """The last New York session that was over on a Beijing day."""
    return last_session("US", when - timedelta(days=1))


def plan_us_caps(request: Request) -> Sequence[Arguments]:
    """The list has no date. In Beijing's evening its prices are last night's closes."""
    stamp = {"trade_date": last_us_session(request.day).isoformat()}
    answers = tuple(companies("US")(request))
    return (Arguments({"symbol": "科技类"}, stamp, answers=answers),) if answers else ()


def plan_hk_caps(request: Request) -> Sequence[Arguments]:
    """The reply has neither code nor name nor date; all three are stamped."""
    return [
        Arguments(
            {"symbol": source_ticker(code)},
            {
                "code": code,
                "company": COMPANIES.get(code, code),
                "trade_date": last_session("HK", request.day).isoformat(),
            },
            answers=(code,),
        )
        for code in companies("HK")(request)
    ]


def _indices(market: str) -> Plan:
    return per_index(
        lambda symbol: symbol.eastmoney_overseas, market=market, stamp=WINDOW_STAMP
    )


def plan_semiconductors(request: Request) -> Sequence[Arguments]:
    if request.symbols and "SOX.GI" not in request.symbols:
        return ()
    stamp = {"index_code": "SOX.GI", **worded(WINDOW_STAMP, *window(request, "US"))}
    return (Arguments(stamp=stamp, answers=("SOX.GI",)),)


PRICES = (
    *number(开盘="open", 收盘="close", 最高="high", 最低="low", 成交量="volume_shares"),
    *unread("成交额", "振幅", "涨跌幅", "涨跌额", "换手率"),
)
STATEMENTS = (
    *day_in_words("START_DATE", "REPORT_DATE"),
    *text("CURRENCY"),
    *number("OPERATE_INCOME"),
)

fetch = partial(Fetch, source="eastmoney_overseas", host="push2his.eastmoney.com")
FETCHES = (
    fetch(
        dataset="hk_stock_bars",
        function="stock_hk_hist",
        columns=(*day(日期="trade_date"), *PRICES),
        plan=per_code(companies("HK"), source_ticker, market="HK", days=COMPACT_WINDOW),
        dated_by="日期",
        computed={"adjustment": "'none'"},
        notes="Unadjusted. Volume in shares. The whole history is sent, then cut.",
    ),
    fetch(
        dataset="us_stock_bars",
        function="stock_us_hist",
        columns=(*day_in_words(日期="trade_date"), *PRICES),
        plan=per_code(companies("US"), eastmoney_us_symbol, market="US", days=COMPACT_WINDOW),
        dated_by="日期",
        computed={"adjustment": "'none'"},
        notes="Unadjusted; the date is text. Volume in shares.",
    ),
    fetch(
        dataset="market_caps",
        function="stock_us_famous_spot_em",
        host="69.push2.eastmoney.com",
        columns=(
            *text("名称", "代码"),
            *number("总市值"),
            *unread("序号", "最新价", "涨跌额", "涨跌幅", "开盘价", "最高价", "最低价"),
            *unread("昨收价", "市盈率"),
        ),
        plan=Plan(plan_us_caps),
        notes="At most 100 names of the technology list, in US dollars, without a date.",
    ),
    fetch(
        dataset="market_caps",
        function="stock_hk_financial_indicator_em",
        host=DATA_HOST,
        columns=(
            *number("总市值(港元)"),
            *unread("基本每股收益(元)", "每股净资产(元)", "法定股本(股)", "每手股"),
            *unread("每股股息TTM(港元)", "派息比率(%)", "已发行股本(股)", "已发行股本-H股(股)"),
            *unread("每股经营现金流(元)", "股息率TTM(%)", "港股市值(港元)", "营业总收入"),
            *unread("营业总收入滚动环比增长(%)", "销售净利率(%)", "净利润"),
            *unread("净利润滚动环比增长(%)", "股东权益回报率(%)", "市盈率", "市净率"),
            *unread("总资产回报率(%)"),
        ),
        plan=Plan(plan_hk_caps),
        notes="Hong Kong dollars.",
    ),
    fetch(
        dataset="overseas_income_statements",
        function="stock_financial_us_analysis_indicator_em",
        host=DATA_HOST,
        columns=(
            *STATEMENTS,
            *day_in_words("NOTICE_DATE"),
            *text("REPORT_TYPE"),
            *number("PARENT_HOLDER_NETPROFIT"),
        ),
        plan=per_code(companies("US"), source_ticker, indicator="单季报"),
        cadence="weekly",
        is_open=True,
        notes="Single quarters. Insurers and banks come with other columns.",
    ),
    fetch(
        dataset="overseas_income_statements",
        function="stock_financial_hk_analysis_indicator_em",
        host=DATA_HOST,
        columns=(*STATEMENTS, *text("DATE_TYPE_CODE"), *number("HOLDER_PROFIT")),
        plan=per_code(companies("HK"), source_ticker, indicator="报告期"),
        cadence="weekly",
        is_open=True,
        notes=(
            "The last nine periods, cumulative, without announcement days: staging takes"
            " the exchange's filing deadline instead."
        ),
    ),
    fetch(
        dataset="index_bars",
        function="stock_hk_index_daily_em",
        columns=(
            *day_in_words(date="trade_date"),
            *number(open="open", high="high", low="low", latest="close"),
        ),
        plan=_indices("HK"),
        dated_by="date",
        notes="The close is called latest. The first call also reads a list of indices.",
    ),
    fetch(
        dataset="index_bars",
        function="index_global_hist_em",
        columns=(
            *day(日期="trade_date"),
            *text("代码", "名称"),
            *number(今开="open", 最新价="close", 最高="high", 最低="low"),
            *unread("振幅"),
        ),
        plan=_indices("US"),
        dated_by="日期",
        notes="纳斯达克 is believed to be the Composite although its code is NDX.",
    ),
    fetch(
        dataset="index_bars",
        function="macro_global_sox_index",
        host="datacenter-web.eastmoney.com",
        columns=(
            *day(日期="trade_date"),
            *number(最新值="close"),
            *unread("涨跌幅", "近3月涨跌幅", "近6月涨跌幅", "近1年涨跌幅"),
            *unread("近2年涨跌幅", "近3年涨跌幅"),
        ),
        plan=Plan(plan_semiconductors, ("index_code", "since", "until")),
        dated_by="日期",
        announces=r'"count":\s*(\d+)',
        notes="Closes only; about 16 requests, for the whole history comes each time.",
    ),
)
