"""How a request becomes calls: windows, report periods that are due, and symbol lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from yanbao.base import clock
from yanbao.sources.call import WHOLE, Arguments, Plan, Request
from yanbao.sources.symbols import COMPANIES, INDEX_BY_CODE, INDICES, IndexSymbol, market_of

# How a call or its stamp spells the first and the last day of a window.
Days = Mapping[str, str]

NO_DAYS: Days = {}
COMPACT_WINDOW: Days = {"start_date": "{since:%Y%m%d}", "end_date": "{until:%Y%m%d}"}
ISO_WINDOW: Days = {"start_date": "{since}", "end_date": "{until}"}
DAY_STAMP: Days = {"day": "{until}"}  # for lists without a date
# For functions that always return the whole history; staging applies it.
WINDOW_STAMP: Days = {"since": "{since}", "until": "{until}"}

NIGHTLY_WINDOW = timedelta(days=14)  # covers the longest market holiday
LATE = timedelta(days=14)
MARKET_LAG = {"US": timedelta(days=1)}  # New York closes on the next Beijing day


def window(request: Request, market: str = "CN") -> tuple[date, date]:
    """The first and last day that a call is about.

    The nightly window reaches back two weeks, so that the next run makes up for a missed
    one. The last day is the last session that was over when ``request.day`` ended in Beijing; a
    bar of a session in progress is never read. A back-fill of the past asks for the sessions of
    its own days as well, where they are over by now.
    """
    lag = MARKET_LAG.get(market, timedelta(0))
    until = request.day - lag
    if request.since is None:
        return request.day - NIGHTLY_WINDOW, until
    if request.day + lag < clock.today_in_beijing():
        until = request.day
    return request.since - lag, until


def worded(days: Days, since: date, until: date) -> dict[str, str]:
    """The words for a window of days."""
    return {name: form.format(since=since, until=until) for name, form in days.items()}


def whole_market(*parts: str, **call: str) -> Plan:
    """One call for everything, stamped with the day; none when codes were asked for."""
    answers = parts or (WHOLE,)

    def calls(request: Request) -> Sequence[Arguments]:
        stamp = worded(DAY_STAMP, *window(request))
        return () if request.symbols else (Arguments(call, stamp, answers),)

    return Plan(calls, tuple(DAY_STAMP), is_whole=True)


def once(part: str, stamp: Days = NO_DAYS, *, is_whole: bool = False, **stamped: str) -> Plan:
    """One call without arguments, whatever codes were asked for."""

    def calls(request: Request) -> Sequence[Arguments]:
        return (
            Arguments(stamp={**stamped, **worded(stamp, *window(request))}, answers=(part,)),
        )

    return Plan(calls, (*stamped, *stamp), is_whole)


def all_of(*plans: Plan) -> Plan:
    """The calls of several plans, one after the other."""
    return Plan(
        lambda request: [arguments for plan in plans for arguments in plan(request)],
        plans[0].stamps,
        all(plan.is_whole for plan in plans),
    )


def per_code(
    codes: Callable[[Request], Iterable[str]],
    spell: Callable[[str], str],
    key: str = "code",
    *,
    market: str = "CN",
    days: Days = NO_DAYS,
    stamp: Days = NO_DAYS,
    beside: Mapping[str, str] = NO_DAYS,
    **call: str,
) -> Plan:
    """One call per code, in the source's spelling; our code is stamped as ``key``.

    ``days`` go to the library after ``call``, ``stamp`` with the reply; ``beside`` asks for a
    second series (see ``Arguments``).
    """

    def calls(request: Request) -> Sequence[Arguments]:
        ends = window(request, market)
        return [
            Arguments(
                {"symbol": spell(code), **call, **worded(days, *ends)},
                {key: code, **worded(stamp, *ends)},
                (code,),
                beside,
            )
            for code in codes(request)
        ]

    return Plan(calls, (key, *stamp))


def per_index(
    spell: Callable[[IndexSymbol], str],
    *,
    market: str = "CN",
    days: Days = NO_DAYS,
    stamp: Days = NO_DAYS,
    **call: str,
) -> Plan:
    """One call per wanted index of a market for which the source has a spelling."""

    def codes(request: Request) -> list[str]:
        wanted = request.symbols or [symbol.index_code for symbol in INDICES]
        known = [INDEX_BY_CODE[code] for code in wanted if code in INDEX_BY_CODE]
        ours = [symbol for symbol in known if symbol.market == market]
        return [symbol.index_code for symbol in ours if spell(symbol)]

    return per_code(
        codes,
        lambda code: spell(INDEX_BY_CODE[code]),
        "index_code",
        market=market,
        days=days,
        stamp=stamp,
        beside=NO_DAYS,
        **call,
    )


def companies(market: str) -> Callable[[Request], list[str]]:
    """The codes of a market that are asked for, else those that reports follow."""
    return lambda request: [
        code for code in request.symbols or COMPANIES if market_of(code) == market
    ]


def named(request: Request) -> tuple[str, ...]:
    """The codes that the request names; none without them."""
    return request.symbols


def named_listings(request: Request) -> list[str]:
    """The mainland listings that a back-fill names."""
    return [code for code in request.symbols if code.endswith((".SH", ".SZ", ".BJ"))]


def exchange_symbol(code: str) -> str:
    """600519.SH as sh600519, the spelling of Sina and Tencent."""
    digits, _, suffix = code.partition(".")
    return f"{suffix.lower()}{digits}"


def periods_due(request: Request, within: int | None = None) -> tuple[date, ...]:
    """The report periods asked for, else those due by the disclosure calendar, else by season.

    Windows: the first quarter files in April, the half year in July and August, the
    third quarter in October, the year from January to April; two weeks are added for
    late filers. ``within`` shortens a window to so many days after the period's end.
    """
    if request.periods:
        return request.periods
    if request.disclosing is not None:
        return request.disclosing
    year = request.day.year
    windows = (
        (date(year - 1, 12, 31), date(year, 1, 1), date(year, 4, 30)),
        (date(year, 3, 31), date(year, 4, 1), date(year, 4, 30)),
        (date(year, 6, 30), date(year, 7, 1), date(year, 8, 31)),
        (date(year, 9, 30), date(year, 10, 1), date(year, 10, 31)),
    )
    due = []
    for period, opens, closes in windows:
        last = closes if within is None else period + timedelta(days=within)
        if opens <= request.day <= last + LATE:
            due.append(period)
    return tuple(due)


def per_period(part: str = "", *, within: int | None = None, **call: str) -> Plan:
    """One whole-market call per report period that is due."""

    def calls(request: Request) -> Sequence[Arguments]:
        return [
            Arguments(
                {**call, "date": compact(period)},
                {"report_period": period.isoformat()},
                answers=(f"{part} {period.isoformat()}".strip(),),
            )
            for period in periods_due(request, within)
        ]

    return Plan(calls, ("report_period",), is_whole=True)


def compact(when: date) -> str:
    """YYYYMMDD, as Chinese sources spell days."""
    return when.strftime("%Y%m%d")
