"""Legulegu: PE and PB of the Shenwan level 1 industries."""

from __future__ import annotations

from yanbao.sources.call import Fetch, number, stamp, text, unread
from yanbao.sources.plans import whole_market

FETCHES = (
    Fetch(
        dataset="index_valuations",
        source="legulegu",
        function="sw_index_first_info",
        host="legulegu.com",
        columns=(
            *text(行业代码="index_code"),
            *number(**{"TTM(滚动)市盈率": "pe_ttm", "市净率": "pb"}),
            *unread("行业名称", "成份个数", "静态市盈率", "静态股息率"),
        ),
        plan=whole_market("SW level 1"),
        cadence="weekly",
        reads_html=True,
        computed={"as_of_date": stamp("day"), "method": "'as_printed'"},
        notes="A web page without a date; how losses are treated is not stated.",
    ),
)
