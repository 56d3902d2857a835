"""State Administration of Foreign Exchange: the official table of central parities."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, day, number
from yanbao.sources.plans import window_stamp

SOURCE = "safe"
HOST = "www.safe.gov.cn"


def plan_fixings(request: Request) -> Sequence[Arguments]:
    return (Arguments(stamp=window_stamp(request), answers=("USDCNY",)),)


FETCHES = (
    Fetch(
        dataset="fx_fixings",
        source=SOURCE,
        function="currency_boc_safe",
        host=HOST,
        columns=(*day("日期"), *number("美元")),
        plan=plan_fixings,
        dated_by="日期",
        reads_html=True,
        is_open=True,
        notes="Yuan per 100 units of foreign currency. The whole history on every call.",
    ),
)
