"""Beijing Stock Exchange: its list of shares."""

from __future__ import annotations

from yanbao.sources.call import Fetch, day, text, unread
from yanbao.sources.plans import whole_market

FETCHES = (
    Fetch(
        dataset="securities",
        source="bse",
        function="stock_info_bj_name_code",
        host="www.bse.cn",
        columns=(
            *text("证券代码", 证券简称="name"),
            *day(上市日期="listed_on"),
            *unread("总股本", "流通股本", "所属行业", "地区", "报告日期"),
        ),
        plan=whole_market("BSE"),
        cadence="weekly",
        computed={"code": "证券代码 || '.BJ'", "status": "'L'", "currency": "'CNY'"},
        announces=r'"totalElements":\s*(\d+)',
        notes="About 15 requests of 20 rows; 48 fields renamed by position.",
    ),
)
