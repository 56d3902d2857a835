"""How a request becomes calls: windows, report periods that are due, and symbol lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from yanbao.sources.call import WHOLE, Arguments, Request

NIGHTLY_WINDOW = timedelta(days=14)  # covers the longest market holiday
LATE = timedelta(days=14)
MARKET_LAG = {"US": timedelta(days=1)}  # New York closes on the next Beijing day


def window(request: Request, market: str = "CN") -> tuple[date, date]:
    """The first and last day that a call is about.

    The nightly window reaches back two weeks, so that the next run makes up for a missed
    one. The last day is the last session that was over when ``request.day`` ended in Beijing; a
    bar of a session in progress is never read.
    """
    until = request.day - MARKET_LAG.get(market, timedelta(0))
    return request.since or request.day - NIGHTLY_WINDOW, until


def window_stamp(request: Request, market: str = "CN") -> dict[str, str]:
    """The window for functions that always return the whole history; staging applies it."""
    since, until = window(request, market)
    return {"since": since.isoformat(), "until": until.isoformat()}


def wanted(request: Request, standing: Iterable[str]) -> tuple[str, ...]:
    """The codes asked for, else the standing list."""
    return request.symbols or tuple(standing)


def whole_market(
    request: Request, call: dict[str, str] | None = None, *, part: str = WHOLE
) -> tuple[Arguments, ...]:
    """One call for everything, stamped with the day; none when codes were asked for."""
    if request.symbols:
        return ()
    stamp = {"day": request.day.isoformat()}
    return (Arguments(call or {}, stamp, answers=(part,)),)


def listed_number(code: str, suffixes: Iterable[str] = ("SH", "SZ", "BJ")) -> str | None:
    """The digits of a mainland listing (600519.SH), or None for any other code."""
    digits, _, suffix = code.partition(".")
    return digits if suffix in tuple(suffixes) else None


def exchange_symbol(code: str) -> str:
    """600519.SH as sh600519, the spelling of Sina and Tencent."""
    digits, _, suffix = code.partition(".")
    return f"{suffix.lower()}{digits}"


def per_symbol_history(request: Request, spell: Callable[[str], str]) -> list[Arguments]:
    """One call per mainland code that a back-fill names, with its window in the call."""
    since, until = window(request)
    dates = {"start_date": compact(since), "end_date": compact(until)}
    return [
        Arguments({"symbol": spell(code), **dates}, {"code": code}, answers=(code,))
        for code in request.symbols
        if listed_number(code)
    ]


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


def per_period(
    request: Request,
    call: dict[str, str] | None = None,
    *,
    part: str = "",
    within: int | None = None,
) -> tuple[Arguments, ...]:
    """One whole-market call per report period that is due."""
    return tuple(
        Arguments(
            {**(call or {}), "date": compact(period)},
            {"report_period": period.isoformat()},
            answers=(f"{part} {period.isoformat()}".strip(),),
        )
        for period in periods_due(request, within)
    )


def compact(when: date) -> str:
    """YYYYMMDD, as Chinese sources spell days."""
    return when.strftime("%Y%m%d")
