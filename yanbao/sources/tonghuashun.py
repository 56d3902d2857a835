"""10jqka (同花顺): flash news as second source."""

from __future__ import annotations

from yanbao.sources.call import Fetch, day_in_words, text
from yanbao.sources.plans import once

FETCHES = (
    Fetch(
        dataset="news_items",
        source="tonghuashun",
        function="stock_info_global_ths",
        host="news.10jqka.com.cn",
        columns=(*text(标题="headline", 链接="url"), *day_in_words(发布时间="published_on")),
        plan=once("flash news"),
        computed={"section": "'快讯'", "publisher": "'同花顺'"},
        keeps="headline <> ''",
        withheld=("内容",),
        notes="One page. Times are Shanghai's because the worker runs in that zone.",
    ),
)
