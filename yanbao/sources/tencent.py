"""Tencent: history of one share, the second source of back-fills."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, day, number, unread
from yanbao.sources.plans import exchange_symbol, listed_number, window

SOURCE = "tencent"
HOST = "proxy.finance.qq.com"


def plan_history(request: Request) -> Sequence[Arguments]:
    since, until = window(request)
    dates = {"start_date": since.isoformat(), "end_date": until.isoformat()}
    return tuple(
        Arguments({"symbol": exchange_symbol(code), **dates}, {"code": code}, answers=(code,))
        for code in request.symbols
        if listed_number(code)
    )


FETCHES = (
    Fetch(
        dataset="a_share_bars",
        source=SOURCE,
        function="stock_zh_a_hist_tx",
        host=HOST,
        columns=(
            *day("date"),
            *number("open", "close", "high", "low", "volume"),
            *unread("turnover"),
            *number("amount"),
        ),
        plan=plan_history,
        cadence="backfill",
        deadline_seconds=180,
        may_be_empty=True,
        notes=(
            "One request per year. The library turns lots into shares except for codes that"
            " begin sh688, sz399, sh000 or sz000; for Shenzhen's 000 shares the volume is"
            " therefore still in lots, and staging multiplies it."
        ),
    ),
)
