"""Eastmoney rates: government yields of China and the US, and the USD/CNY fixing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from yanbao.sources.call import Arguments, Fetch, Plan, Request, day, number, text
from yanbao.sources.plans import WINDOW_STAMP, compact, per_code, window, worded

TENORS = ("2年", "5年", "10年", "30年")
SERIES = tuple(f"{country} {tenor[:-1]}Y" for country in ("CN", "US") for tenor in TENORS)
CN_YIELDS = tuple(f"中国国债收益率{tenor}" for tenor in (*TENORS, "10年-2年"))
US_YIELDS = tuple(f"美国国债收益率{tenor}" for tenor in (*TENORS, "10年-2年"))
FIXINGS = {"USDCNY": "USDCNYC"}


def plan_yields(request: Request) -> Sequence[Arguments]:
    """A start two weeks back costs two requests; one after the newest row, all pages."""
    since, until = window(request)
    call = {"start_date": compact(since)}
    return (Arguments(call, worded(WINDOW_STAMP, since, until), answers=SERIES),)


def wanted_fixings(request: Request) -> list[str]:
    return [pair for pair in FIXINGS if not request.symbols or pair in request.symbols]


fetch = partial(Fetch, source="eastmoney_rates", host="datacenter.eastmoney.com")
FETCHES = (
    fetch(
        dataset="government_yields",
        function="bond_zh_us_rate",
        columns=(
            *day("日期"),
            *number(*CN_YIELDS, "中国GDP年增率", *US_YIELDS, "美国GDP年增率"),
        ),
        plan=Plan(plan_yields, is_whole=True),
        dated_by="日期",
        notes="Yields in percent. Holidays differ, so one country's cells may be missing.",
    ),
    fetch(
        dataset="fx_fixings",
        function="forex_hist_em",
        host="push2his.eastmoney.com",
        columns=(
            *day(日期="fixing_date"),
            *text("代码", "名称"),
            *number("今开", "最高", "最低", "振幅", 最新价="rate"),
        ),
        plan=per_code(wanted_fixings, FIXINGS.__getitem__, "pair", stamp=WINDOW_STAMP),
        dated_by="日期",
        notes="最新价 is the central parity, yuan per dollar. Whole history on every call.",
    ),
)
