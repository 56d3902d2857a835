"""Closed forms of the made-up prices: every close follows from a code and a session index.

A price path is geometric growth times a triangle wave, rounded half up to the tick of its
market. Known events sit on top: one cash dividend, one suspension, two limit-up streaks, a
listing and a delisting.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from made_up_calendars import index_on_or_before, sessions

SEED = 20241031
WAVE_SESSIONS = 22
TICK = Decimal("0.01")
FINE = Decimal("0.0001")

DIVIDEND_CODE, EX_DATE, DIVIDEND = "999005.SH", date(2024, 10, 22), Decimal("0.80")
SUSPENDED_CODE = "999007.SH"
SUSPENDED_FROM, SUSPENDED_TO = date(2024, 9, 23), date(2024, 10, 11)
ST_CODE, ST_FROM = "999013.SH", date(2024, 5, 6)
DELISTED_CODE, DELISTED_ON = "999014.SH", date(2024, 6, 28)
NEW_CODE, NEW_FROM = "999109.SZ", date(2024, 10, 15)
STREAKS = {"999102.SZ": (3, Decimal("1.10")), "999103.SZ": (2, Decimal("1.20"))}


@dataclass(frozen=True)
class Series:
    """One made-up price path. ``first`` and ``last`` are session indices, inclusive."""

    code: str
    name: str
    market: str
    start: Decimal
    growth: Decimal
    phase: int
    tick: Decimal
    first: int = 0
    last: int = 10**6
    shares: int = 0
    board: str = ""

    def level(self, index: int) -> Decimal:
        """The path before rounding and events; one wave moves it by 2 % either way."""
        half = WAVE_SESSIONS // 2
        distance = abs((index + self.phase) % WAVE_SESSIONS - half)
        wave = 1 + Decimal("0.02") * (1 - Decimal(2 * distance) / half)
        return self.start * (1 + self.growth) ** index * wave

    def rounded(self, value: Decimal) -> Decimal:
        return value.quantize(self.tick, ROUND_HALF_UP)


@dataclass(frozen=True)
class Draws:
    """Inclusive ranges from which a group's parameters are drawn, and its tick."""

    start: tuple[int, int, str]
    growth: tuple[int, int]
    tick: Decimal
    shares: tuple[int, int, int] | None = None


# Starts in hundredths or points, growth in ten-thousandths a session, shares in lots.
DRAWS = {
    "A": Draws((1000, 9000, "0.01"), (-20, 30), TICK, (1, 40, 50_000_000)),
    "HK": Draws((4000, 40000, "0.01"), (-15, 25), TICK, (10, 90, 100_000_000)),
    "US": Draws((4000, 40000, "0.01"), (-15, 25), FINE, (10, 90, 100_000_000)),
    "index": Draws((2000, 6000, "1"), (-8, 15), FINE),
}
OVERSEAS = (
    ("HK", "99901.HK", "样例港股01", "HK"),
    ("HK", "99902.HK", "样例港股02", "HK"),
    ("US", "ZZA.O", "样例美股01", "US"),
    ("US", "ZZB.O", "样例美股02", "US"),
    ("US", "ZZC.O", "样例美股03", "US"),
    ("US", "ZZD.O", "样例美股04", "US"),
    ("index", "999001.CSI", "样例人工智能指数", "CN"),
    ("index", "999902.SI", "样例计算机指数", "CN"),
    ("index", "999003.CSI", "样例宽基指数", "CN"),
    ("index", "999301.GI", "样例美股指数", "US"),
    ("index", "999302.GI", "样例半导体指数", "US"),
    ("index", "999401.HI", "样例港股科技指数", "HK"),
)


def _a_shares() -> Iterator[tuple[str, str, str, int]]:
    """Code, latest name, board, index of the first session with bars.

    Half of them were listed one by one in October 2023, which keeps the file small.
    """
    later = index_on_or_before(sessions("CN"), date(2023, 10, 9))
    for number in range(1, 15):
        code, name = f"9990{number:02d}.SH", f"样例科技{number:02d}"
        name = {ST_CODE: "ST样例软件", DELISTED_CODE: "样例退市"}.get(code, name)
        board = "科创板" if number == 8 else "主板"
        yield code, name, board, later if number in (11, 12) else 0
    for number in range(1, 10):
        code, name = f"9991{number:02d}.SZ", f"样例智能{number:02d}"
        first = sessions("CN").index(NEW_FROM) if code == NEW_CODE else later + number
        yield code, name, "创业板" if number in (3, 4) else "主板", first
    yield "999201.BJ", "样例北交01", "北交所", later + 10


def _build() -> dict[str, Series]:
    """Every series, its parameters drawn from one seed in the order of declaration."""
    generator, series = random.Random(SEED), dict[str, Series]()

    def draw(low: int, high: int) -> int:
        return low + int(generator.random() * (high - low + 1))

    listings = [("A", code, name, "CN", board, at) for code, name, board, at in _a_shares()]
    others = [(group, code, name, market, "", 0) for group, code, name, market in OVERSEAS]
    for group, code, name, market, board, first in (*listings, *others):
        ranges = DRAWS[group]
        series[code] = Series(
            code,
            name,
            market,
            start=draw(*ranges.start[:2]) * Decimal(ranges.start[2]),
            growth=draw(*ranges.growth) * FINE,
            phase=draw(0, WAVE_SESSIONS - 1),
            tick=ranges.tick,
            first=first,
            last=sessions("CN").index(DELISTED_ON) if code == DELISTED_CODE else 10**6,
            shares=draw(*ranges.shares[:2]) * ranges.shares[2] if ranges.shares else 0,
            board=board,
        )
    return series


SERIES = _build()
A_SHARES = tuple(code for code in SERIES if code.endswith((".SH", ".SZ", ".BJ")))
HK_STOCKS = tuple(code for code in SERIES if code.endswith(".HK"))
US_STOCKS = tuple(code for code in SERIES if code.endswith(".O"))
INDICES = tuple(code for code in SERIES if code.endswith((".CSI", ".SI", ".GI", ".HI")))
INDICES_WITH_PE = ("999001.CSI", "999902.SI", "999301.GI")


def trades_on(code: str, index: int) -> bool:
    """Whether the code has a bar on the session of its market."""
    series = SERIES[code]
    if not series.first <= index <= min(series.last, len(sessions(series.market)) - 1):
        return False
    day = sessions(series.market)[index]
    return not (code == SUSPENDED_CODE and SUSPENDED_FROM <= day <= SUSPENDED_TO)


@cache
def close_on(code: str, session_index: int) -> Decimal:
    """The unadjusted close, also where the code does not trade (see ``trades_on``)."""
    series = SERIES[code]
    if is_limit_up(code, session_index):
        return series.rounded(close_on(code, session_index - 1) * STREAKS[code][1])
    level = series.level(session_index)
    if code == DIVIDEND_CODE and session_index >= ex_index():
        level *= 1 - DIVIDEND / close_on(code, ex_index() - 1)
    return series.rounded(level)


def is_limit_up(code: str, session_index: int) -> bool:
    """Whether the session closes at the limit; the streaks end on the as-of day."""
    length = STREAKS[code][0] if code in STREAKS else 0
    return session_index >= len(sessions("CN")) - length and length > 0


def ex_index() -> int:
    return sessions("CN").index(EX_DATE)


def previous_traded(code: str, session_index: int) -> int:
    """The last session before this one with a bar, or the one before the first."""
    index = session_index - 1
    while index >= SERIES[code].first and not trades_on(code, index):
        index -= 1
    return index


def reference_close_on(code: str, session_index: int) -> Decimal:
    """The previous traded close, less a dividend on its ex-date."""
    previous = close_on(code, previous_traded(code, session_index))
    ex_right = code == DIVIDEND_CODE and session_index == ex_index()
    return previous - DIVIDEND if ex_right else previous


def market_cap_on(code: str, session_index: int) -> Decimal:
    """Close times constant shares, in the currency of the close."""
    return close_on(code, session_index) * SERIES[code].shares


def pe_on(code: str, session_index: int) -> Decimal | None:
    """Trailing PE of an index, up 0.02 a session; None where it is not published."""
    if code not in INDICES_WITH_PE:
        return None
    return 20 + 10 * INDICES_WITH_PE.index(code) + Decimal("0.02") * session_index


def yield_on(country: str, session_index: int) -> Decimal:
    """10-year yield in percent on the country's own sessions: a straight line."""
    start, step = {"CN": ("2.90", "-0.0015"), "US": ("3.85", "0.001")}[country]
    return Decimal(start) + Decimal(step) * session_index


def fixing_on(session_index: int) -> Decimal:
    """Yuan per dollar: up three pips a session."""
    return Decimal("6.9600") + Decimal("0.0003") * session_index
