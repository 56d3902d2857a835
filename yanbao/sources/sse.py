"""Shanghai Stock Exchange: its own lists of listed and delisted shares."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, text, unread
from yanbao.sources.plans import all_of, whole_market

fetch = partial(
    Fetch,
    source="sse",
    host="query.sse.com.cn",
    cadence="weekly",
    announces=r'"total":\s*(\d+)',
)
FETCHES = (
    fetch(
        dataset="securities",
        function="stock_info_sh_name_code",
        columns=(
            *text("证券代码", 证券简称="name"),
            *unread("证券全称", "公司简称", "公司全称"),
            *day(上市日期="listed_on"),
        ),
        plan=all_of(
            whole_market("SSE main", symbol="主板A股"),
            whole_market("SSE STAR", symbol="科创板"),
        ),
        computed={"code": "证券代码 || '.SH'"},
        notes="STAR includes the depositary receipt 689009.",
    ),
    fetch(
        dataset="securities",
        function="stock_info_sh_delist",
        columns=(
            *text("公司代码", 公司简称="name"),
            *day(上市日期="listed_on", 暂停上市日期="delisted_on"),
        ),
        plan=whole_market("SSE delisted", symbol="全部"),
        computed={
            "code": "公司代码 || '.SH'",
            "status": "case when 公司代码 is null then 'L' else 'D' end",
            "currency": "'CNY'",
        },
        keeps="code like '6%'",
        notes="暂停上市日期 holds the day of delisting. B shares are among them.",
    ),
)
