"""One made-up market behind every upstream, at full size, for whole nights on loopback.

``Night`` answers by host and path in the shapes of ``replies``; ``down`` hosts answer
503, ``banning`` ones 403 after so many requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from yanbao.sources.traffic import host_family

from .case import SESSION
from .cases.eastmoney import A_SHARE_FIELDS, ETF_FIELDS
from .cases.eastmoney_overseas import FAMOUS_FIELDS, HK_CAP, SOX
from .cases.eastmoney_rates import YIELDS
from .cases.second_sources import RATING, SAFE_LINK, SHENZHEN_DAY, TODAY
from .cases.sina_quotes import QUOTE
from .cases.swsresearch import bar as sw_bar
from .replies import (
    as_json,
    by_position,
    data_centre,
    klines,
    no_data,
    quote_list,
    quote_row,
    rank_table,
    sina_bars,
    sina_days,
    sina_us_bars,
    workbook,
)
from .sina_klc import Bar
from .stand_in import Asked, Response
from .weekly import FORECASTS, REPORTS, forecast_of, weekly_answer

PAGE = 100
DATA_PAGE = 500
ASKS_BEIJING = 'TRADE_MARKET_CODE="069001017"'
FUND = (
    "{code:06d},样例基金{code},YL,2024-10-31,1.52,1.62,1.27,2.1,8.34,21.12,19.12,10.5,-5.1,"
    "-20.3,12.9,52.0,2016-05-04,1,10.5,1.50%,0.15%,1,0.15%,1,52.0"
)
LISTED = (
    "{code:06d},样例ETF{code},YL,2024-10-31,0.873,0.873,1.1,9.2,20.4,18.0,12.0,-3.0,-9.0,15.5,"
    "-12.7,2020-07-27,1,1,1,1,1,ETF-场内,1"
)


@dataclass
class Night:
    """The market's size, and what is wrong with it tonight."""

    day: date = SESSION
    shares: int = 5_500
    etfs: int = 1_250
    funds: int = 25_000
    statements: int = 5_200
    beijing: int = 260
    previews: int = 1_800
    flashes: int = 900
    semiconductor_days: int = 7_700
    down: frozenset[str] = frozenset()
    banning: dict[str, int] = field(default_factory=dict)
    repeats_on_page: int = 0
    _asked: dict[str, int] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Response:
        family = host_family(asked.host)
        self._asked[family] = self._asked.get(family, 0) + 1
        if family in self.down:
            return Response(b"", status=503)
        if family in self.banning and self._asked[family] > self.banning[family]:
            return Response(b"", status=403)
        weekly = weekly_answer(asked)
        if weekly is not None:
            return Response(weekly)
        for place, answer in self._routes():
            if place in f"{asked.host}{asked.path}":
                return Response(answer(asked))
        return Response(b"not found", status=404)

    def _routes(self) -> list[tuple[str, Callable[[Asked], bytes]]]:
        return [
            ("82.push2.eastmoney.com", self._a_shares),
            ("push2delay.eastmoney.com", self._etfs),
            ("69.push2.eastmoney.com", self._famous),
            ("15.push2.eastmoney.com", self._hk_indices),
            ("push2his.eastmoney.com", self._history),
            ("rankhandler.aspx", self._fund_rank),
            ("datacenter.eastmoney.com/api/data/get", self._yields),
            ("datacenter-web.eastmoney.com", self._report),
            ("datacenter.eastmoney.com/securities", self._report),
            ("klc_td_sh.txt", lambda _: sina_days(date(2024, 1, 2), date(2024, 12, 31))),
            ("staticdata/us/", lambda _: sina_us_bars(self._bars())),
            ("_qfq.js", lambda _: b'f={"data":[{"d":"1999-01-22","f":"1","c":"0"}]}\n/* */'),
            ("klc2_kl.js", lambda _: sina_bars(self._bars())),
            ("klc_kl.js", lambda _: sina_bars(self._bars())),
            ("bond.finance.sina.com.cn", self._sina_yields),
            ("getHQNodeStockCount", lambda _: f'"{self.shares}"'.encode()),
            ("getHQNodeDataSimple", self._sina_etfs),
            ("getHQNodeData", self._sina_shares),
            ("swsresearch.com", lambda _: as_json({"data": [sw_bar(f"{self.day}", 4100.5)]})),
            ("csindex.com.cn", self._csindex),
            ("getFastNewsList", self._news),
            ("news.10jqka.com.cn", self._news_again),
            ("p_sysapi1089", lambda _: as_json({"records": [RATING]})),
            ("getPrbookInfo", self._disclosure_again),
            ("safe.gov.cn/safe/2020", lambda _: SAFE_LINK.encode()),
            (
                "safe.gov.cn/safe/file",
                lambda _: workbook(["日期", "美元"], ["2024-10-30", 713.9]),
            ),
            ("safe.gov.cn/AppStructured", lambda _: TODAY.encode()),
            ("weekTrends", lambda _: b"x=" + as_json({"data": [["2024-01-02", "9.4"]]})),
            ("newfqkline", self._tencent),
        ]

    def _bars(self) -> list[Bar]:
        """The session of the night and the weekday before it."""
        before = self.day - timedelta(days=3 if self.day.weekday() == 0 else 1)
        return [
            (before, 100.0, 102.0, 99.0, 101.0, 1_000_000),
            (self.day, 101.0, 103.0, 100.0, 102.5, 1_100_000),
        ]

    def _a_shares(self, asked: Asked) -> bytes:
        return self._quotes(asked, self.shares, A_SHARE_FIELDS, self._share_code)

    def _etfs(self, asked: Asked) -> bytes:
        return self._quotes(asked, self.etfs, ETF_FIELDS, lambda n: f"{510000 + n}")

    def _quotes(
        self, asked: Asked, total: int, fields: str, code: Callable[[int], str]
    ) -> bytes:
        page = int(asked.query["pn"])
        first = (page - 1) * PAGE
        if page == self.repeats_on_page:
            first -= PAGE
        values = {
            **{"f2": 10.5, "f5": 1000, "f6": 1_040_000.0, "f15": 10.6, "f16": 10.0},
            **{"f17": 10.1, "f18": 10.2, "f20": 2_100_000_000, "f23": 1.5},
            **({"f124": 1_730_358_000, "f297": 20241031} if "f297" in fields else {}),
        }
        rows = [
            quote_row(fields, **values, f12=code(n), f14=f"样例{n}")
            for n in range(first, min(first + PAGE, total))
        ]
        return quote_list(rows, total)

    def _share_code(self, n: int) -> str:
        return f"{600000 + n}" if n < self.shares // 2 else f"{n:06d}"

    def _famous(self, asked: Asked) -> bytes:
        row = quote_row(FAMOUS_FIELDS, f12="NVDA", f13=105, f14="英伟达", f20=3.4e12)
        return quote_list([row], 1, keyed=True)

    def _hk_indices(self, asked: Asked) -> bytes:
        rows = [quote_row(FAMOUS_FIELDS, f12=code, f13=124) for code in ("HSI", "HSTECH")]
        return quote_list(rows, len(rows))

    def _history(self, asked: Asked) -> bytes:
        """Rows are as wide as the fields that the call asks for; volume comes in lots."""
        asked_fields = [f for f in asked.query["fields2"].split(",") if f != "f116"]
        rest = ["1"] * (len(asked_fields) - 7)
        rows = [
            ",".join([f"{day}", f"{o}", f"{c}", f"{h}", f"{low}", "1000", f"{o * 1e5}", *rest])
            for day, o, h, low, c, _ in self._bars()
        ]
        return klines("X", "样例", rows)

    def _fund_rank(self, asked: Asked) -> bytes:
        if asked.query["dt"] == "fb":
            return rank_table([LISTED.format(code=510000 + n) for n in range(self.etfs)])
        return rank_table([FUND.format(code=n) for n in range(self.funds)])

    def _yields(self, asked: Asked) -> bytes:
        new = {**YIELDS, "SOLAR_DATE": f"{self.day} 00:00:00"}
        old = {**YIELDS, "SOLAR_DATE": "2022-10-14 00:00:00"}
        return data_centre([new, old], pages=19, count=9001)

    def _report(self, asked: Asked) -> bytes:
        name = asked.query["reportName"]
        makers: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {
            "RPT_INDUSTRY_INDEX": (self.semiconductor_days, self._semiconductors),
            "RPT_DMSK_FN_INCOME": (self.statements, self._income),
            "RPT_LICO_FN_CPD": (self.statements + 800, self._result),
            "RPT_PUBLIC_BS_APPOIN": (self.statements, self._disclosure),
            "RPT_PUBLIC_OP_NEWPREDICT": (self.previews, self._preview),
            "RPT_FCI_PERFORMANCEE": (self.flashes, self._flash),
            "RPT_CUSTOM_HKF10_FN_MAININDICATORMAX": (1, self._hk_cap),
            "RPT_WEB_RESPREDICT": (FORECASTS, forecast_of),
        }
        if name in REPORTS:
            return data_centre([REPORTS[name]])
        if name not in makers:
            return no_data()
        total, make = makers[name]
        if ASKS_BEIJING in asked.query.get("filter", ""):
            total = self.beijing
        page = int(asked.query.get("pageNumber") or 1)
        first = (page - 1) * DATA_PAGE
        rows = [make(n) for n in range(first, min(first + DATA_PAGE, total))]
        return data_centre(rows, pages=ceil(total / DATA_PAGE), count=total)

    def _income(self, n: int) -> dict[str, Any]:
        return by_position(
            46, {1: self._share_code(n), 4: "样例", 12: "2024-10-29", 14: 1e7, 15: 1e8}
        )

    def _result(self, n: int) -> dict[str, Any]:
        return by_position(
            37, {0: f"{920000 + n}", 1: "样例", 6: "2024-10-29", 10: 1e8, 11: 1e7}
        )

    def _disclosure(self, n: int) -> dict[str, Any]:
        days = dict.fromkeys(("FIRST_CHANGE_DATE", "SECOND_CHANGE_DATE", "THIRD_CHANGE_DATE"))
        return days | {
            "SECURITY_CODE": self._share_code(n),
            "SECURITY_NAME_ABBR": "样例",
            "FIRST_APPOINT_DATE": "2024-10-29",
            "ACTUAL_PUBLISH_DATE": "2024-10-29",
        }

    def _preview(self, n: int) -> dict[str, Any]:
        values = {1: self._share_code(n), 2: "样例", 4: "2024-10-14", 7: "净利润", 21: 1e7}
        return by_position(27, values)

    def _flash(self, n: int) -> dict[str, Any]:
        values = {0: self._share_code(n), 1: "样例", 6: "2024-10-14", 9: 1e8, 11: 1e7}
        return by_position(28, values)

    def _sina_yields(self, asked: Asked) -> bytes:
        day = {"d": "2024-10-30", "o": "2", "h": "2", "l": "2", "c": "2.15", "v": "0"}
        return as_json({"result": {"data": [day]}})

    def _sina_shares(self, asked: Asked) -> bytes:
        first = (int(asked.query["page"]) - 1) * 80
        rows = [
            QUOTE | {"symbol": f"sh{600000 + n}", "code": f"{600000 + n}"}
            for n in range(first, min(first + 80, self.shares))
        ]
        return as_json(rows)

    def _sina_etfs(self, asked: Asked) -> bytes:
        keep = list(QUOTE)[:17]
        rows = [
            {key: QUOTE[key] for key in keep} | {"symbol": f"sh{510000 + n}"}
            for n in range(self.etfs)
        ]
        names = [key for key in rows[0] if key != "code"]
        return b"x(" + as_json([{k: row[k] for k in (*names, "code")} for row in rows]) + b");"

    def _tencent(self, asked: Asked) -> bytes:
        symbol = asked.query["param"].partition(",")[0]
        return b"k=" + as_json({"data": {symbol: {"day": [SHENZHEN_DAY]}}})

    def _csindex(self, asked: Asked) -> bytes:
        row = by_position(16, {0: "20241031", 9: 1005.25, 14: 50, 15: 51.3})
        return as_json({"data": [row]})

    def _news(self, asked: Asked) -> bytes:
        items = [
            {"title": f"样例{n}", "summary": "x", "showTime": "2024-10-31 09:00:00", "code": n}
            for n in range(200)
        ]
        return as_json({"data": {"fastNewsList": items}})

    def _news_again(self, asked: Asked) -> bytes:
        item = {"title": "样例", "digest": "x", "rtime": "1730368800", "url": "u"}
        return as_json({"data": {"list": [item]}})

    def _disclosure_again(self, asked: Asked) -> bytes:
        row = by_position(10, {0: "002230", 1: "样例", 2: "2024-10-22", 3: "2024-10-22"})
        return as_json({"prbookinfos": [row]})

    def _hk_cap(self, n: int) -> dict[str, Any]:
        return HK_CAP

    def _semiconductors(self, n: int) -> dict[str, Any]:
        """Seven thousand days back from the one before the night's."""
        return {**SOX, "REPORT_DATE": f"{self.day - timedelta(days=n + 1)}"}
