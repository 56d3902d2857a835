"""Shenzhen Stock Exchange: lists of shares, and the only free dated history of names."""

from __future__ import annotations

from yanbao.sources.call import Fetch, day, text, unread
from yanbao.sources.plans import whole_market

SOURCE = "szse"
HOST = "www.szse.cn"


FETCHES = (
    Fetch(
        dataset="securities",
        source=SOURCE,
        function="stock_info_sz_name_code",
        host=HOST,
        columns=(
            *text("板块", "A股代码", "A股简称"),
            *text("A股上市日期", reads_as="date"),
            *unread("A股总股本", "A股流通股本", "所属行业"),
        ),
        plan=whole_market("SZSE", symbol="A股列表"),
        whole_market=True,
        cadence="weekly",
        notes="A workbook. Dates are text; share counts are text with thousands commas.",
    ),
    Fetch(
        dataset="securities",
        source=SOURCE,
        function="stock_info_sz_delist",
        host=HOST,
        columns=(*text("证券代码", "证券简称"), *day("上市日期", "终止上市日期")),
        plan=whole_market("SZSE delisted", symbol="终止上市公司"),
        whole_market=True,
        cadence="weekly",
        notes="A workbook.",
    ),
    Fetch(
        dataset="securities",
        source=SOURCE,
        function="stock_info_sz_change_name",
        host=HOST,
        columns=(
            *day("变更日期"),
            *text("证券代码"),
            *unread("证券简称"),
            *text("变更前简称", "变更后简称"),
        ),
        plan=whole_market("SZSE names", symbol="简称变更"),
        whole_market=True,
        cadence="weekly",
        notes="Every change of a short name since 1990 with its day: ST by date.",
    ),
)
