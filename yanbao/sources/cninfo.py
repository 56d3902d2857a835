"""CNINFO: broker ratings by day, and the disclosure calendar as second source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

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
from yanbao.sources.plans import compact, periods_due

PERIOD_WORDS = {3: "一季", 6: "半年报", 9: "三季", 12: "年报"}
LOW, HIGH = '"目标价格-下限"', '"目标价格-上限"'
EXCHANGES = ("SSE and SZSE", "BSE")


def plan_ratings(request: Request) -> Sequence[Arguments]:
    """One call per day; a back-fill asks every day from its start."""
    first = request.since or request.day
    days = ((first + timedelta(days=n)) for n in range((request.day - first).days + 1))
    return tuple(
        Arguments({"date": compact(when)}, answers=(when.isoformat(),)) for when in days
    )


def plan_disclosure_dates(request: Request) -> Sequence[Arguments]:
    return tuple(
        Arguments(
            {"market": "沪深京", "period": spelled(period)},
            {"report_period": period.isoformat()},
            answers=tuple(f"{part} {period.isoformat()}" for part in EXCHANGES),
        )
        for period in periods_due(request)
    )


def spelled(period: date) -> str:
    """2024三季 for 30 September 2024."""
    return f"{period.year}{PERIOD_WORDS[period.month]}"


fetch = partial(Fetch, source="cninfo", host="webapi.cninfo.com.cn")
FETCHES = (
    fetch(
        dataset="ratings",
        function="stock_rank_forecast_cninfo",
        columns=(
            *text("证券代码", 研究机构简称="broker", 投资评级="rating"),
            *day_in_words(发布日期="rated_on"),
            *number("目标价格-下限", "目标价格-上限"),
            *unread("证券简称", "研究员名称", "是否首次评级", "评级变化", "前一次投资评级"),
        ),
        plan=Plan(plan_ratings, is_whole=True),
        may_be_empty=True,
        # Where a broker gives a range, the target price is its middle.
        computed={
            "code": "{{ a_share_code('证券代码') }}",
            "target_price": f"(coalesce({LOW}, {HIGH}) + coalesce({HIGH}, {LOW})) / 2",
            "currency": "'CNY'",
        },
        keeps="code is not null",
        notes="All ratings of one day. Days without ratings have no rows.",
    ),
    fetch(
        dataset="disclosure_dates",
        function="stock_report_disclosure",
        host="www.cninfo.com.cn",
        columns=(
            *text("股票代码"),
            *day(首次预约="planned_on", 实际披露="announced_on"),
            *unread("股票简称", "初次变更", "二次变更", "三次变更"),
        ),
        plan=Plan(plan_disclosure_dates, ("report_period",), is_whole=True),
        cadence="season",
        may_be_empty=True,
        computed={
            "code": "{{ a_share_code('股票代码') }}",
        },
        keeps="code is not null",
        notes="The last four periods only, all three exchanges in one request.",
    ),
)
