"""Eastmoney research pages: consensus earnings, concept boards and flash news."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from yanbao.sources.call import (
    Arguments,
    Fetch,
    Plan,
    Request,
    day_in_words,
    sometimes,
    stamp,
    text,
    unread,
)
from yanbao.sources.plans import once, whole_market

FORECAST_YEARS = range(2019, 2036)
# Eastmoney's names of boards near the followed themes. A name that it retires gives an
# error for that board alone; an own list of BK codes comes through the request.
BOARDS = (
    *("人工智能", "AIGC概念", "算力概念", "数据要素", "信创", "国产软件"),
    *("低空经济", "东数西算", "云计算", "大数据", "网络安全", "机器人概念"),
    *("边缘计算", "数字货币", "无人驾驶", "国产芯片", "CPO概念", "液冷概念"),
)


def plan_concepts(request: Request) -> Sequence[Arguments]:
    """One call per board, by name or BK code; the board's list is read once per run."""
    boards = request.symbols or BOARDS
    return tuple(
        Arguments({"symbol": board}, {"day": request.day.isoformat()}, answers=(board,))
        for board in boards
    )


fetch = partial(Fetch, source="eastmoney_research", host="datacenter-web.eastmoney.com")
FETCHES = (
    fetch(
        dataset="eps_forecasts",
        function="stock_profit_forecast_em",
        columns=(
            *text("代码"),
            *sometimes(*(f"{year}预测每股收益" for year in FORECAST_YEARS)),
            *unread("序号", "名称", "研报数"),
            *unread(*(f"机构投资评级(近六个月)-{word}" for word in ("买入", "增持", "中性"))),
            *unread(*(f"机构投资评级(近六个月)-{word}" for word in ("减持", "卖出"))),
        ),
        plan=whole_market(),
        cadence="weekly",
        deadline_seconds=180,
        announces=r'"count":\s*(\d+)',
        unique_by="代码",
        notes=(
            "Four years per reply, named after the most frequent fiscal year: a company with"
            " other fiscal years is mislabelled by the library. No history."
        ),
    ),
    fetch(
        dataset="concept_members",
        function="stock_board_concept_cons_em",
        host="29.push2.eastmoney.com",
        columns=(
            *text("代码"),
            *unread("序号", "名称", "最新价", "涨跌幅", "涨跌额", "成交量", "成交额", "振幅"),
            *unread("最高", "最低", "今开", "昨收", "换手率", "市盈率-动态", "市净率"),
        ),
        plan=Plan(plan_concepts, ("day",)),
        cadence="weekly",
        announces=r'"total":\s*(\d+)',
        unique_by="代码",
        # A board asked by name has its name for a code, because the reply carries neither.
        computed={
            "concept_code": stamp("symbol"),
            "concept_name": stamp("symbol"),
            "code": "{{ a_share_code('代码') }}",
            "as_of_date": stamp("day"),
        },
        keeps="code is not null",
        notes="Members of today only; history grows from weekly snapshots.",
    ),
    fetch(
        dataset="news_items",
        function="stock_info_global_em",
        host="np-weblist.eastmoney.com",
        columns=(*text(标题="headline", 链接="url"), *day_in_words(发布时间="published_on")),
        plan=once("flash news"),
        computed={"section": "'快讯'", "publisher": "'东方财富'"},
        keeps="headline <> ''",
        withheld=("摘要",),
        notes="The last 200 flashes. Summaries are not kept.",
    ),
)
