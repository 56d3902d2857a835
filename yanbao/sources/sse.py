"""Shanghai Stock Exchange: its own lists of listed and delisted shares."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.sources.call import Arguments, Fetch, Request, day, text, unread
from yanbao.sources.plans import whole_market

SOURCE = "sse"
HOST = "query.sse.com.cn"
ANNOUNCES = r'"total":\s*(\d+)'
BOARDS = {"主板A股": "SSE main", "科创板": "SSE STAR"}


def plan_listed(request: Request) -> Sequence[Arguments]:
    return tuple(
        arguments
        for board, part in BOARDS.items()
        for arguments in whole_market(request, {"symbol": board}, part=part)
    )


def plan_delisted(request: Request) -> Sequence[Arguments]:
    return whole_market(request, {"symbol": "全部"}, part="SSE delisted")


FETCHES = (
    Fetch(
        dataset="securities",
        source=SOURCE,
        function="stock_info_sh_name_code",
        host=HOST,
        columns=(
            *text("证券代码", "证券简称"),
            *unread("证券全称", "公司简称", "公司全称"),
            *day("上市日期"),
        ),
        plan=plan_listed,
        whole_market=True,
        cadence="weekly",
        announces=ANNOUNCES,
        notes="STAR includes the depositary receipt 689009.",
    ),
    Fetch(
        dataset="securities",
        source=SOURCE,
        function="stock_info_sh_delist",
        host=HOST,
        columns=(*text("公司代码", "公司简称"), *day("上市日期", "暂停上市日期")),
        plan=plan_delisted,
        whole_market=True,
        cadence="weekly",
        announces=ANNOUNCES,
        notes="暂停上市日期 holds the day of delisting. B shares are among them.",
    ),
)
