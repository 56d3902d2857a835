"""A market small enough for a night in seconds, whose prices move from day to day.

It is the made-up market of ``tests.contract.night`` with coherent days: a bar of a day is
the same on every night that asks for it, and bars of two days differ. ``faults`` change
what single upstreams answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.contract.cases.eastmoney_overseas import FAMOUS_FIELDS, HK_CAP
from tests.contract.cases.eastmoney_rates import YIELDS
from tests.contract.cases.second_sources import RATING
from tests.contract.cases.sina_quotes import QUOTE
from tests.contract.cases.swsresearch import bar as sw_bar
from tests.contract.night import PAGE, Night
from tests.contract.replies import (
    as_json,
    by_position,
    data_centre,
    klines,
    quote_list,
    quote_row,
    rank_table,
    workbook,
)
from tests.contract.sina_klc import Bar
from tests.contract.stand_in import Asked, Response
from yanbao.base.clock import SHANGHAI
from yanbao.catalog.market_facts import closed_days
from yanbao.sources.eastmoney_overseas import last_session, last_us_session

Fault = Callable[[Asked, Response], Response]
LOTS = 10_000  # of 100 shares, traded a day
FUND = (
    "{code:06d},样例基金{code},YL,{day},{nav},{nav},1,1,1,1,1,1,1,1,1,1,2016-05-04,1,1,"
    "1.50%,0.15%,1,0.15%,1,52.0"
)
LISTED = (
    "{code:06d},样例ETF{code},YL,{day},{nav},{nav},1,1,1,1,1,1,1,1,1,2020-07-27,1,1,1,1,1,ETF,1"
)


def step(day: date, n: int) -> float:
    """What a day adds to the price of the nth security: another cent amount every day."""
    return (day.toordinal() * 31 + n * 17) % 97 / 100


def sessions_back(day: date, count: int) -> list[date]:
    """So many weekdays up to a day, ascending."""
    found: list[date] = []
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


HONG_KONG = "116."  # how Eastmoney's ids of its shares begin


@dataclass
class SmallMarket(Night):
    """``past`` is how many sessions back the upstreams tell of, where a call has dates.

    ``faults`` maps a part of an address (host, path and query) to what goes wrong.

    ``broken`` holds what went wrong in a fault itself: to the client that is a reset.
    """

    shares: int = 130
    etfs: int = 30
    funds: int = 40
    statements: int = 30
    beijing: int = 5
    previews: int = 10
    flashes: int = 10
    semiconductor_days: int = 20
    past: int = 4
    faults: dict[str, Fault] = field(default_factory=dict)
    broken: list[Exception] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Response:
        told = super().__call__(asked)
        query = "&".join(f"{name}={value}" for name, value in asked.query.items())
        for place, change in self.faults.items():
            if place in f"{asked.host}{asked.path}?{query}":
                try:
                    told = change(asked, told)
                except Exception as error:
                    self.broken.append(error)
                    raise
        return told

    def _routes(self) -> list[tuple[str, Callable[[Asked], bytes]]]:
        dated = [
            ("swsresearch.com", lambda _: as_json({"data": self._sw_bars()})),
            ("p_sysapi1089", lambda _: as_json({"records": [self._rating()]})),
            (
                "safe.gov.cn/safe/file",
                lambda _: workbook(
                    ["日期", "美元"],
                    *([f"{d}", self.fixing(d) * 100] for d in self._days()[:-1]),
                ),
            ),
            ("safe.gov.cn/AppStructured", lambda _: self._parity_page().encode()),
            ("pingzhongdata", self._fund_history),
        ]
        return [*dated, *super()._routes()]

    def price(self, n: int, day: date | None = None) -> float:
        """The close of the nth security on a day."""
        return round(10 + n % 7 + step(day or self.day, n), 2)

    def nav(self, n: int, day: date) -> float:
        """The unit NAV of the nth fund on a day; nothing was ever paid out."""
        return round(self.price(n, day) / 10, 4)

    def yield_on(self, day: date) -> float:
        """Percent, the same for every country and tenor."""
        return round(2 + step(day, 1), 2)

    def fixing(self, day: date) -> float:
        return round(7.1 + step(day, 1) / 100, 4)

    def _days(self) -> list[date]:
        return sessions_back(self.day, self.past)

    def _bars(self) -> list[Bar]:
        return [self._bar(day) for day in self._days()]

    def _bar(self, day: date) -> Bar:
        close = 100 + step(day, 3)
        return (day, 100.0, 102.0, 99.0, close, 1_000_000 + day.day)

    def _quotes(
        self, asked: Asked, total: int, fields: str, code: Callable[[int], str]
    ) -> bytes:
        first = (int(asked.query["pn"]) - 1) * PAGE
        rows = [
            quote_row(fields, **self._quote(n, fields), f12=code(n), f14=f"样例{n}")
            for n in range(first, min(first + PAGE, total))
        ]
        return quote_list(rows, total)

    def _quote(self, n: int, fields: str) -> dict[str, object]:
        close, before = self.price(n), self.price(n, self._days()[-2])
        lots = LOTS + n
        low, high = round(min(close, 10 + n % 7), 2), round(close + 0.05, 2)
        day = {"f124": 1_730_358_000, "f297": int(f"{self.day:%Y%m%d}")}
        return {
            **{"f2": close, "f5": lots, "f6": close * lots * 100, "f15": high, "f16": low},
            **{"f17": close, "f18": before, "f20": close * 2e8, "f23": 1.5},
            **(day if "f297" in fields else {}),
        }

    def _history(self, asked: Asked) -> bytes:
        """The asked days; rows are as wide as the fields that the call asks for."""
        asked_fields = [f for f in asked.query["fields2"].split(",") if f != "f116"]
        rest = ["1"] * (len(asked_fields) - 5)
        since, until = asked.query.get("beg", "0"), asked.query.get("end", "99991231")
        is_parity = "USDCNYC" in asked.query["secid"]
        closed = closed_days("HK") if asked.query["secid"].startswith(HONG_KONG) else ()
        listed = self._listed(asked.query["secid"].partition(".")[2])
        if listed is not None:
            bars = self._listed_bars(listed, since, until, len(rest) - 2)
            return klines("X", "样例", bars)
        rows = []
        for day, opened, high, low, close, volume in self._bars():
            if not since <= f"{day:%Y%m%d}" <= until or day in closed:
                continue
            prices = [self.fixing(day)] * 4 if is_parity else [opened, close, high, low]
            told = [f"{day}", *(f"{price:.4f}" for price in prices), f"{volume}", *rest[1:]]
            rows.append(",".join(told))
        return klines("X", "样例", rows)

    def _listed(self, digits: str) -> int | None:
        """Which of the shares and ETFs of the snapshots a code is."""
        codes = {self._share_code(n): n for n in range(self.shares)}
        return (codes | {f"{510000 + n}": n for n in range(self.etfs)}).get(digits)

    def _listed_bars(self, n: int, since: str, until: str, more: int) -> list[str]:
        """The same days as the snapshots of their nights told them."""
        rows = []
        for day in self._days():
            if since <= f"{day:%Y%m%d}" <= until:
                close, lots = self.price(n, day), LOTS + n
                prices = [close, close, round(close + 0.05, 2), min(close, 10 + n % 7)]
                rest = ["1"] * more
                row = [f"{day}", *prices, lots, close * lots * 100, *rest]
                rows.append(",".join(map(str, row)))
        return rows

    def _fund_rank(self, asked: Asked) -> bytes:
        is_listed = asked.query["dt"] == "fb"
        form, count, first = (
            (LISTED, self.etfs, 510_000) if is_listed else (FUND, self.funds, 1)
        )
        return rank_table(
            [
                form.format(code=first + n, day=self.day, nav=self.nav(n, self.day))
                for n in range(count)
            ]
        )

    def _fund_history(self, asked: Asked) -> bytes:
        """A script with both values of one fund on every day, as its page loads it."""
        number = int(asked.path.rpartition("/")[2].removesuffix(".js"))
        n = number - (510_000 if number >= 510_000 else 1)
        days = [
            (1000 * int(datetime.combine(day, time(), SHANGHAI).timestamp()), self.nav(n, day))
            for day in self._days()
        ]
        units = [{"x": at, "y": nav, "equityReturn": 0, "unitMoney": ""} for at, nav in days]
        return b"".join(
            b"var %b = %b;" % (name, as_json(told))
            for name, told in ((b"Data_netWorthTrend", units), (b"Data_ACWorthTrend", days))
        )

    def _yields(self, asked: Asked) -> bytes:
        series = [name for name in YIELDS if name.startswith("EM") and YIELDS[name]]
        rows = [
            {
                **YIELDS,
                **dict.fromkeys(series, self.yield_on(day)),
                "SOLAR_DATE": f"{day} 00:00:00",
            }
            for day in reversed(self._days())
        ]
        return data_centre(
            [*rows, {**YIELDS, "SOLAR_DATE": "2022-10-14 00:00:00"}], pages=19, count=9001
        )

    def _sina_yields(self, asked: Asked) -> bytes:
        days = [
            {
                "d": f"{day}",
                "o": "2",
                "h": "2",
                "l": "2",
                "c": f"{2 + step(day, 1):.2f}",
                "v": "0",
            }
            for day in self._days()
        ]
        return as_json({"result": {"data": days}})

    def _sina_shares(self, asked: Asked) -> bytes:
        first = (int(asked.query["page"]) - 1) * 80
        return as_json(
            [
                self._sina_quote(n, self._share_code(n))
                for n in range(first, min(first + 80, self.shares))
            ]
        )

    def _sina_etfs(self, asked: Asked) -> bytes:
        keep = [key for key in list(QUOTE)[:17] if key != "code"]
        quotes = [self._sina_quote(n, f"{510000 + n}") for n in range(self.etfs)]
        return b"x(" + as_json([{k: q[k] for k in (*keep, "code")} for q in quotes]) + b");"

    def _sina_quote(self, n: int, code: str) -> dict[str, object]:
        quote = self._quote(n, "")
        market = "sh" if code[0] in "56" else "sz"
        names = {"trade": "f2", "settlement": "f18", "open": "f17", "high": "f15", "low": "f16"}
        prices = {name: f"{quote[place]:.3f}" for name, place in names.items()}
        traded = {"volume": (LOTS + n) * 100, "amount": quote["f6"]}
        return QUOTE | prices | traded | {"symbol": f"{market}{code}", "code": code}

    def _news(self, asked: Asked) -> bytes:
        moment = f"{self.day} 09:00:00"
        item = {"title": f"样例{self.day}", "summary": "x", "showTime": moment, "code": "1"}
        return as_json({"data": {"fastNewsList": [item]}})

    def _csindex(self, asked: Asked) -> bytes:
        rows = [
            by_position(16, {0: f"{d:%Y%m%d}", 6: o, 7: h, 8: low, 9: c, 14: 50, 15: 51.3})
            for d, o, h, low, c, _ in self._bars()
            if asked.query["startDate"] <= f"{d:%Y%m%d}" <= asked.query["endDate"]
        ]
        return as_json({"data": rows})

    def _hk_cap(self, n: int) -> dict[str, object]:
        day = last_session("HK", self.day)  # on a holiday the last close stands
        return HK_CAP | {"TOTAL_MARKET_CAP": 3.7e12 + step(day, n) * 1e10}

    def _famous(self, asked: Asked) -> bytes:
        cap = 3.4e12 + step(last_us_session(self.day), 1) * 1e10
        row = quote_row(FAMOUS_FIELDS, f12="NVDA", f13=105, f14="英伟达", f20=cap)
        return quote_list([row], 1, keyed=True)

    def _sw_bars(self) -> list[dict[str, object]]:
        return [sw_bar(f"{day}", 4100 + step(day, 2)) for day in self._days()]

    def _rating(self) -> dict[str, object]:
        return RATING | {"DECLAREDATE": f"{self.day}"}

    def _parity_book(self) -> bytes:
        days = self._days()[:-1]
        return workbook(["日期", "美元"], *([f"{d}", self.fixing(d) * 100] for d in days))

    def _parity_page(self) -> str:
        return (
            "<table><tr><th>日期</th><th>美元</th></tr>"
            f"<tr><td>{self.day}</td><td>{self.fixing(self.day) * 100:.2f}</td></tr></table>"
        )
