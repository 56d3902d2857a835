"""Eastmoney funds: the list, net asset values of all in two requests, and sizes."""

from __future__ import annotations

from yanbao.sources.call import Fetch, day, number, text, unread
from yanbao.sources.plans import named, per_code, whole_market, window_stamp

SOURCE = "eastmoney_funds"
HOST = "fund.eastmoney.com"
PROFILE_HOST = "fundf10.eastmoney.com"
ANNOUNCES = r"allRecords:(\d+)"


def _bare(fund_code: str) -> str:
    return fund_code.removesuffix(".OF")


RETURNS = (
    "近1周",
    "近1月",
    "近3月",
    "近6月",
    "近1年",
    "近2年",
    "近3年",
    "今年来",
    "成立来",
)

FETCHES = (
    Fetch(
        dataset="fund_navs",
        source=SOURCE,
        function="fund_open_fund_rank_em",
        host=HOST,
        columns=(
            *number("序号"),
            *text("基金代码", "基金简称"),
            *day("日期"),
            *number("单位净值", "累计净值", "日增长率", *RETURNS, "自定义"),
            *text("手续费"),
        ),
        plan=whole_market("open funds", symbol="全部"),
        whole_market=True,
        announces=ANNOUNCES,
        unique_by="基金代码",
        dated_by="日期",
        notes="Each row carries its own NAV day. There is no history of this table.",
    ),
    Fetch(
        dataset="fund_navs",
        source=SOURCE,
        function="fund_exchange_rank_em",
        host=HOST,
        columns=(
            *number("序号"),
            *text("基金代码", "基金简称", "类型"),
            *day("日期"),
            *number("单位净值", "累计净值", *RETURNS),
            *day("成立日期"),
        ),
        plan=whole_market("listed funds"),
        whole_market=True,
        announces=ANNOUNCES,
        unique_by="基金代码",
        dated_by="日期",
        notes="Updated after 17:00.",
    ),
    Fetch(
        dataset="fund_navs",
        source=SOURCE,
        function="fund_open_fund_info_em",
        host=HOST,
        columns=(*day("净值日期"), *number("单位净值", "日增长率")),
        plan=per_code(named, _bare, "fund_code", stamp=window_stamp, indicator="单位净值走势"),
        cadence="backfill",
        may_be_empty=True,
        notes="One request per share class; money-market funds have no such series.",
    ),
    Fetch(
        dataset="funds",
        source=SOURCE,
        function="fund_name_em",
        host=HOST,
        columns=(
            *text("基金代码"),
            *unread("拼音缩写"),
            *text("基金简称", "基金类型"),
            *unread("拼音全称"),
        ),
        plan=whole_market(),
        whole_market=True,
        cadence="weekly",
        notes="All share classes, about 25,000, in one script.",
    ),
    Fetch(
        dataset="fund_sizes",
        source=SOURCE,
        function="fund_overview_em",
        host=PROFILE_HOST,
        columns=text("资产规模"),
        plan=per_code(named, _bare, "fund_code"),
        cadence="weekly",
        reads_html=True,
        is_open=True,
        notes="The size is a text: 7.19亿元（截止至：2024年09月30日）. Quarterly.",
    ),
)
