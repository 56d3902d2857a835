"""Eastmoney's results season: statements, disclosure dates, previews and flashes.

All are whole-market calls per report period. Statements are cumulative from January.
"""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, number, text, unread
from yanbao.sources.plans import all_of, per_period

HOST = "datacenter.eastmoney.com"
PREVIEW_DAYS = 45
SHANGHAI_SHENZHEN, BEIJING = "SSE and SZSE", "BSE"
OF_PERIOD = {
    "code": "{{ a_share_code('股票代码') }}",
}

fetch = partial(
    Fetch,
    source="eastmoney_results",
    host="datacenter-web.eastmoney.com",
    may_be_empty=True,
    announces=r'"count":\s*(\d+)',
)
FETCHES = (
    fetch(
        dataset="income_statements",
        function="stock_lrb_em",
        columns=(
            *text("股票代码", 股票简称="name"),
            *number(净利润="net_profit_attributable_ytd", 营业总收入="revenue_ytd"),
            *day(公告日期="announced_on"),
            *unread("序号", "净利润同比", "营业总收入同比", "营业总支出-营业支出"),
            *unread("营业总支出-销售费用", "营业总支出-管理费用", "营业总支出-财务费用"),
            *unread("营业总支出-营业总支出", "营业利润", "利润总额"),
        ),
        plan=per_period(SHANGHAI_SHENZHEN),
        cadence="season",
        deadline_seconds=240,
        computed={**OF_PERIOD, "currency": "'CNY'"},
        notes="净利润 is the parent's share. Without Beijing's exchange.",
    ),
    fetch(
        dataset="income_statements",
        function="stock_yjbb_em",
        columns=(
            *text("股票代码", 股票简称="name"),
            *number(**{"营业总收入-营业总收入": "revenue_ytd"}),
            *number(**{"净利润-净利润": "net_profit_attributable_ytd"}),
            *day(最新公告日期="updated_on"),
            *unread("序号", "每股收益", "营业总收入-同比增长", "营业总收入-季度环比增长"),
            *unread("净利润-同比增长", "净利润-季度环比增长", "每股净资产", "净资产收益率"),
            *unread("每股经营现金流量", "销售毛利率", "所处行业"),
        ),
        plan=per_period(BEIJING),
        cadence="weekly",
        deadline_seconds=300,
        computed={**OF_PERIOD, "currency": "'CNY'"},
        keeps="announced_on is not null or code like '%.BJ'",
        notes=(
            "最新公告日期 is the day of the last update, which moves when the next year"
            " restates the period; it is never an announcement date. Only Beijing's shares"
            " are read: the income table has the others with their announcement dates."
        ),
    ),
    fetch(
        dataset="disclosure_dates",
        function="stock_yysj_em",
        columns=(
            *text("股票代码"),
            *day(首次预约时间="planned_on", 实际披露时间="announced_on"),
            *unread("序号", "股票简称", "一次变更日期", "二次变更日期", "三次变更日期"),
        ),
        plan=all_of(
            per_period(SHANGHAI_SHENZHEN, symbol="沪深A股"),
            per_period(BEIJING, symbol="京市A股"),
        ),
        cadence="season",
        deadline_seconds=240,
        unique_by="股票代码",
        computed=OF_PERIOD,
        notes="The actual day is the best first announcement date of a period.",
    ),
    fetch(
        dataset="earnings_previews",
        function="stock_yjyg_em",
        host=HOST,
        columns=(
            *text("股票代码", "预测指标", "业绩变动", "预告类型"),
            *number("预测数值"),
            *day("公告日期"),
            *unread("序号", "股票简称", "业绩变动幅度", "业绩变动原因", "上年同期值"),
        ),
        plan=per_period(within=PREVIEW_DAYS),
        cadence="season",
        deadline_seconds=240,
        notes="One row per guided line of a company. 预测数值 is the middle, in yuan.",
    ),
    fetch(
        dataset="earnings_flashes",
        function="stock_yjkb_em",
        host=HOST,
        columns=(
            *text("股票代码"),
            *number(**{"营业收入-营业收入": "revenue_ytd"}),
            *number(**{"净利润-净利润": "net_profit_attributable_ytd"}),
            *day(公告日期="announced_on"),
            *unread("序号", "股票简称", "每股收益", "营业收入-去年同期", "营业收入-同比增长"),
            *unread("营业收入-季度环比增长", "净利润-去年同期", "净利润-同比增长"),
            *unread("净利润-季度环比增长", "每股净资产", "净资产收益率", "所处行业"),
        ),
        plan=per_period(),
        cadence="season",
        deadline_seconds=240,
        computed=OF_PERIOD,
        notes="Without Beijing's exchange.",
    ),
)
