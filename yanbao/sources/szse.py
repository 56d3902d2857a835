"""Shenzhen Stock Exchange: lists of shares, and the only free dated history of names."""

from __future__ import annotations

from functools import partial

from yanbao.sources.call import Fetch, day, day_in_words, text, unread
from yanbao.sources.plans import whole_market

fetch = partial(Fetch, source="szse", host="www.szse.cn", cadence="weekly")
FETCHES = (
    fetch(
        dataset="securities",
        function="stock_info_sz_name_code",
        columns=(
            *text("板块", "A股代码", "A股简称"),
            *day_in_words("A股上市日期"),
            *unread("A股总股本", "A股流通股本", "所属行业"),
        ),
        plan=whole_market("SZSE", symbol="A股列表"),
        notes="A workbook. Dates are text; share counts are text with thousands commas.",
    ),
    fetch(
        dataset="securities",
        function="stock_info_sz_delist",
        columns=(*text("证券代码", "证券简称"), *day("上市日期", "终止上市日期")),
        plan=whole_market("SZSE delisted", symbol="终止上市公司"),
        notes="A workbook.",
    ),
    fetch(
        dataset="securities",
        function="stock_info_sz_change_name",
        columns=(
            *day("变更日期"),
            *text("证券代码", "变更前简称", "变更后简称"),
            *unread("证券简称"),
        ),
        plan=whole_market("SZSE names", symbol="简称变更"),
        notes="Every change of a short name since 1990 with its day: ST by date.",
    ),
)
