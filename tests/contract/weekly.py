"""The stand-in's answers to weekly calls: the lists, members and statements of a week end.

What costs several requests comes at full size; a list that is sent in one piece comes as
the contract case of its function has it, for its length changes no count.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from yanbao.sources.eastmoney_research import BOARDS

from .case import Case
from .cases import CASES
from .cases.eastmoney_overseas import HK_CURRENCIES, HK_HALF, US_QUARTER
from .cases.eastmoney_research import BOARD_FIELDS, MEMBER_FIELDS, forecast
from .cases.sina_quotes import QUOTE
from .replies import as_json, by_position, quote_list, quote_row
from .stand_in import Asked

PAGE = 100
ALL_BOARDS = 480
MEMBERS = 250
LISTED_IN_BEIJING = 260
BEIJING_PAGE = 20
FORECASTS = 3_300
SHENZHEN_BOOKS = {
    "1110": "stock_info_sz_name_code",
    "1793_ssgs": "stock_info_sz_delist",
    "SSGSGMXX": "stock_info_sz_change_name",
}
# Lists that come in one piece, by a part of their address.
IN_ONE_PIECE = {
    "query.sse.com.cn/sseQuery/commonQuery.do": "stock_info_sh_name_code",
    "query.sse.com.cn/commonQuery.do": "stock_info_sh_delist",
    "fundcode_search.js": "fund_name_em",
    "closeweight/": "index_stock_cons_weight_csindex",
    "component_stocks": "index_component_sw",
    "StockClassifyUse_stock.xls": "stock_industry_clf_hist_sw",
    "NetValueReturn_Service": "fund_scale_open_sina",
    "legulegu.com/": "sw_index_first_info",
}
# The data centre's weekly reports that are about one company.
REPORTS: dict[str, dict[str, Any]] = {
    "RPT_USF10_INFO_ORGPROFILE": {"SECUCODE": "NVDA.O"},
    "RPT_USF10_FN_GMAININDICATOR": US_QUARTER,
    "RPT_HKF10_FN_MAININDICATOR": HK_HALF,
    "RPT_CUSTOM_HKSK_APPFN_CASHFLOW_SUMMARY": HK_CURRENCIES,
}


def weekly_answer(asked: Asked) -> bytes | None:
    """The body of a weekly call that is recognised by its address; None for any other."""
    place = f"{asked.host}{asked.path}"
    for part, answer in PAGED.items():
        if part in place:
            return answer(asked)
    if asked.query.get("node", "").startswith("zhishu_"):
        return as_json([QUOTE])
    function = next((name for part, name in IN_ONE_PIECE.items() if part in place), None)
    return _body(function) if function else None


def forecast_of(n: int) -> dict[str, Any]:
    """One company of the consensus table."""
    return forecast(f"{n:06d}", 0.28, 0.31, 0.45, 0.6)


def _body(function: str) -> bytes:
    case: Case = next(case for case in CASES if case.function == function)
    return case.sends[0].body


def _shenzhen(asked: Asked) -> bytes:
    return _body(SHENZHEN_BOOKS[asked.query["CATALOGID"]])


def _beijing(asked: Asked) -> bytes:
    first = int(asked.form["page"]) * BEIJING_PAGE
    rows = [
        by_position(48, {0: "20201120", 36: 1e8, 38: f"{920000 + n}", 40: "样例北交"})
        for n in range(first, min(first + BEIJING_PAGE, LISTED_IN_BEIJING))
    ]
    pages = ceil(LISTED_IN_BEIJING / BEIJING_PAGE)
    whole = {"totalPages": pages, "totalElements": LISTED_IN_BEIJING, "content": rows}
    return b"null(" + as_json([whole]) + b")"


def _boards(asked: Asked) -> bytes:
    page = int(asked.query["pn"])
    names = [*BOARDS, *(f"样例板块{n}" for n in range(ALL_BOARDS - len(BOARDS)))]
    first = (page - 1) * PAGE
    rows = [
        quote_row(BOARD_FIELDS, f12=f"BK{first + n:04d}", f14=name)
        for n, name in enumerate(names[first : first + PAGE])
    ]
    return quote_list(rows, ALL_BOARDS)


def _members(asked: Asked) -> bytes:
    page = int(asked.query["pn"])
    rows = [
        quote_row(MEMBER_FIELDS, f12=f"{600000 + n}", f14=f"样例{n}", f2=10.5)
        for n in range((page - 1) * PAGE, min(page * PAGE, MEMBERS))
    ]
    return quote_list(rows, MEMBERS)


PAGED: dict[str, Callable[[Asked], bytes]] = {
    "szse.cn/": _shenzhen,
    "nqxxCnzq.do": _beijing,
    "79.push2.eastmoney.com/": _boards,
    "29.push2.eastmoney.com/": _members,
}
