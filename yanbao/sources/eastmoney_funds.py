"""Eastmoney funds: the list, net asset values of all in two requests, and sizes."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, number, renamed, sometimes, text, unread
from yanbao.sources.plans import WINDOW_STAMP, named, per_code, whole_market

ANNOUNCES = r"allRecords:(\d+)"


def _bare(fund_code: str) -> str:
    return fund_code.removesuffix(".OF")


RETURNS = (
    *("近1周", "近1月", "近3月", "近6月", "近1年", "近2年", "近3年"),
    *("今年来", "成立来"),
)
CODE = {"fund_code": "基金代码 || '.OF'"}

fetch = partial(Fetch, source="eastmoney_funds", host="fund.eastmoney.com")
FETCHES = (
    fetch(
        dataset="fund_navs",
        function="fund_open_fund_rank_em",
        columns=(
            *number("序号", "日增长率", *RETURNS, "自定义", 单位净值="nav"),
            *number(累计净值="nav_cumulative"),
            *text("基金代码", "基金简称", "手续费"),
            *day(日期="nav_date"),
        ),
        plan=whole_market("open funds", symbol="全部"),
        announces=ANNOUNCES,
        unique_by="基金代码",
        dated_by="日期",
        computed=CODE,
        notes="Each row carries its own NAV day. There is no history of this table.",
    ),
    fetch(
        dataset="fund_navs",
        function="fund_exchange_rank_em",
        columns=(
            *number("序号", *RETURNS, 单位净值="nav", 累计净值="nav_cumulative"),
            *text("基金代码", "基金简称", "类型"),
            *day("成立日期", 日期="nav_date"),
        ),
        plan=whole_market("listed funds"),
        announces=ANNOUNCES,
        unique_by="基金代码",
        dated_by="日期",
        computed=CODE,
        notes="Updated after 17:00.",
    ),
    fetch(
        dataset="fund_navs",
        function="fund_open_fund_info_em",
        columns=(
            *day(净值日期="nav_date"),
            *number("日增长率", 单位净值="nav"),
            *renamed(sometimes("累计净值"), 累计净值="nav_cumulative"),
        ),
        plan=per_code(
            named,
            _bare,
            "fund_code",
            stamp=WINDOW_STAMP,
            indicator="单位净值走势",
            beside={"indicator": "累计净值走势"},
        ),
        cadence="backfill",
        may_be_empty=True,
        keeps="nav is not null and nav_date is not null",
        notes=(
            "Two requests per share class, for unit and cumulative NAV; money-market funds have"
            " no such series."
        ),
    ),
    fetch(
        dataset="funds",
        function="fund_name_em",
        columns=(
            *text("基金代码", 基金简称="fund_name", 基金类型="fund_type"),
            *unread("拼音缩写", "拼音全称"),
        ),
        plan=whole_market(),
        cadence="weekly",
        computed={
            **CODE,
            # The capital letter at the end of the name.
            "share_class": (
                "nullif(regexp_extract(基金简称, '(?:^|[^A-Z])([A-Z])(?:类)?$', 1), '')"
            ),
        },
        notes="All share classes, about 25,000, in one script.",
    ),
    fetch(
        dataset="fund_sizes",
        function="fund_overview_em",
        host="fundf10.eastmoney.com",
        columns=text("资产规模"),
        plan=per_code(named, _bare, "fund_code"),
        cadence="weekly",
        reads_html=True,
        is_open=True,
        notes="The size is a text: 7.19亿元（截止至：2024年09月30日）. Quarterly.",
    ),
)
