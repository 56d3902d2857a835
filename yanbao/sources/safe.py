"""State Administration of Foreign Exchange: the official table of central parities."""

from __future__ import annotations

from yanbao.sources.call import Fetch, day, number
from yanbao.sources.plans import WINDOW_STAMP, once

FETCHES = (
    Fetch(
        dataset="fx_fixings",
        source="safe",
        function="currency_boc_safe",
        host="www.safe.gov.cn",
        columns=(*day(日期="fixing_date"), *number("美元")),
        plan=once("USDCNY", WINDOW_STAMP),
        dated_by="日期",
        reads_html=True,
        is_open=True,
        computed={"pair": "'USDCNY'", "rate": "round(cast(美元 as double) / 100, 6)"},
        keeps="rate is not null",
        notes="Yuan per 100 units of foreign currency. The whole history on every call.",
    ),
)
