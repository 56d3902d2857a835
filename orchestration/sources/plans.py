"""How a request becomes calls: windows, report periods that are due, and symbol lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from orchestration.sources.call import Arguments, Request

NIGHTLY_WINDOW = timedelta(days=14)  # covers the longest market holiday
MARKET_LAG = {"US": timedelta(days=1)}  # New York closes on the next Beijing day


def window(request: Request, market: str = "CN") -> tuple[date, date]:
    """The first and last day that a call is about.

    The nightly window reaches back two weeks, so that a missed night heals itself. The
    last day is the last session that was over when ``request.day`` ended in Beijing; a
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


def whole_market(request: Request, **call: str) -> tuple[Arguments, ...]:
    """One call for everything, stamped with the day; none when codes were asked for."""
    if request.symbols:
        return ()
    return (Arguments(call=call, stamp={"day": request.day.isoformat()}),)


def compact(when: date) -> str:
    """YYYYMMDD, as Chinese sources spell days."""
    return when.strftime("%Y%m%d")
