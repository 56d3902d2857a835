"""The calendar that the library carries in its own package: no request, no surprise."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, text

SOURCE = "akshare_bundle"


def plan_trading_days(request: Request) -> Sequence[Arguments]:
    return (Arguments(stamp={"market": "CN"}, answers=("CN",)),)


FETCHES = (
    Fetch(
        dataset="trading_days",
        source=SOURCE,
        function="futures.cons.get_calendar",
        host="",
        columns=text("value"),
        plan=plan_trading_days,
        whole_market=True,
        cadence="weekly",
        notes="YYYYMMDD. Ends with the year in which the library was released.",
    ),
)
