"""The calendar that the library carries in its own package: no request, no surprise."""

from __future__ import annotations

from yanbao.sources.call import Fetch, text
from yanbao.sources.plans import once

FETCHES = (
    Fetch(
        dataset="trading_days",
        source="akshare_bundle",
        function="futures.cons.get_calendar",
        host="",
        columns=text("value"),
        plan=once("CN", is_whole=True, market="CN"),
        cadence="weekly",
        computed={"trade_date": "strptime(value, '%Y%m%d')"},
        notes="YYYYMMDD. Ends with the year in which the library was released.",
    ),
)
