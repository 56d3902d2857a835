"""The sessions on which the made-up market trades, and the fixed as-of day of the sample.

Mainland sessions are facts, read from the calendar that akshare ships (without importing
akshare, which takes seconds). Hong Kong and New York use weekdays less their main holidays:
close enough for made-up bars, and never presented as trading_days.
"""

from __future__ import annotations

import bisect
import importlib.util
import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

AS_OF = date(2024, 10, 31)
FIRST_BAR = date(2022, 12, 30)
CALENDAR_FROM, CALENDAR_TO = date(2022, 12, 1), date(2025, 12, 31)

HK_HOLIDAYS = """
2023-01-02 2023-01-23 2023-01-24 2023-01-25 2023-04-05 2023-04-07 2023-04-10 2023-05-01
2023-05-26 2023-06-22 2023-07-17 2023-09-01 2023-09-08 2023-10-02 2023-10-23 2023-12-25
2023-12-26 2024-01-01 2024-02-12 2024-02-13 2024-03-29 2024-04-01 2024-04-04 2024-05-01
2024-05-15 2024-06-10 2024-07-01 2024-09-06 2024-09-18 2024-10-01 2024-10-11
"""
US_HOLIDAYS = """
2023-01-02 2023-01-16 2023-02-20 2023-04-07 2023-05-29 2023-06-19 2023-07-04 2023-09-04
2023-11-23 2023-12-25 2024-01-01 2024-01-15 2024-02-19 2024-03-29 2024-05-27 2024-06-19
2024-07-04 2024-09-02
"""


@cache
def mainland_calendar() -> tuple[date, ...]:
    """Every A-share session of the published calendar window."""
    package = importlib.util.find_spec("akshare")
    if package is None or package.origin is None:
        raise RuntimeError("akshare is not installed; its bundled calendar is needed")
    bundled = Path(package.origin).parent / "file_fold" / "calendar.json"
    days = (date.fromisoformat(day) for day in json.loads(bundled.read_text()))
    return tuple(sorted(day for day in days if CALENDAR_FROM <= day <= CALENDAR_TO))


def _weekdays_without(holidays: str) -> tuple[date, ...]:
    closed = {date.fromisoformat(day) for day in holidays.split()}
    span = (AS_OF - FIRST_BAR).days
    days = (FIRST_BAR + timedelta(days=offset) for offset in range(span + 1))
    return tuple(day for day in days if day.weekday() < 5 and day not in closed)


@cache
def sessions(market: str) -> tuple[date, ...]:
    """Sessions with bars in CN, HK or US; session index 0 is the last one of 2022."""
    if market == "CN":
        return tuple(day for day in mainland_calendar() if FIRST_BAR <= day <= AS_OF)
    return _weekdays_without({"HK": HK_HOLIDAYS, "US": US_HOLIDAYS}[market])


@cache
def nav_days() -> tuple[date, ...]:
    """Fund NAV days: the A-share sessions, and 30 June and 31 December in any case."""
    ends = (date(year, month, day) for year in (2022, 2023, 2024) for month, day in HALF_ENDS)
    extra = {day for day in ends if FIRST_BAR <= day <= AS_OF}
    return tuple(sorted(extra.union(sessions("CN"))))


HALF_ENDS = ((6, 30), (12, 31))


def index_on_or_before(days: Sequence[date], day: date) -> int:
    """Position of the last of ``days`` not after ``day``; −1 where there is none."""
    return bisect.bisect_right(days, day) - 1
