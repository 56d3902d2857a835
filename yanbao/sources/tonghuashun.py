"""10jqka (同花顺): flash news as second source."""

from __future__ import annotations

from yanbao.sources.call import Fetch, text
from yanbao.sources.plans import once

SOURCE = "tonghuashun"
HOST = "news.10jqka.com.cn"


FETCHES = (
    Fetch(
        dataset="news_items",
        source=SOURCE,
        function="stock_info_global_ths",
        host=HOST,
        columns=(*text("标题"), *text("发布时间", reads_as="date"), *text("链接")),
        plan=once("flash news"),
        withheld=("内容",),
        notes="One page. Times are Shanghai's because the worker runs in that zone.",
    ),
)
