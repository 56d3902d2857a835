"""Days and weeks as vendors print them, in ISO form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta

_ISO_WEEK = re.compile(r"(\d{4})\s*(?:-?W|年第)\s*(\d{1,2})\s*周?", re.IGNORECASE)
_DAY = (
    r"(?:(?P<year{n}>\d{{4}})[-./年])?(?:(?P<month{n}>\d{{1,2}})[-./月])?"
    r"(?P<day{n}>\d{{1,2}})日?"
)
_RANGE = re.compile(
    _DAY.format(n=1) + r"\s*(?:~|—+|–|至|到|to|\s-\s|-)\s*" + _DAY.format(n=2), re.IGNORECASE
)

# 2024年10月, 2024-10, 202410, 20241031, 2024; no part of a longer number.
_NAMED = re.compile(
    r"(?<!\d)(20\d{2})(?:[-_./年]?(0?[1-9]|1[0-2])(?!\d{3}))?(?:\D|\d{2}(?!\d)|$)"
)


def has_year(date_format: str) -> bool:
    """Whether a day written so says its year."""
    return any(part in date_format for part in ("%Y", "%y", "%G", "%c", "%x"))


def day_of(value: str, date_format: str) -> date | None:
    """The day of a text; one whose format has no year is written ``2024 10月18日``."""
    full = date_format if has_year(date_format) else f"%Y {date_format}"
    try:
        return datetime.strptime(value, full).date()
    except ValueError:
        return None


def iso_day(value: str, date_format: str) -> str:
    """The ISO day of a text in ``date_format``; a month is its first day.

    Text of another form stays as it is, for the checks to judge.
    """
    day = day_of(value, date_format)
    return day.isoformat() if day else value


def named_months(texts: Iterable[str]) -> list[date]:
    """The first days of the months, else of the years, that the words about a table name."""
    found: dict[date, None] = {}
    for text in texts:
        for match in _NAMED.finditer(unicodedata.normalize("NFKC", text)):
            found[date(int(match[1]), int(match[2] or 1), 1)] = None
            if match[2] is None:
                found[date(int(match[1]), 12, 1)] = None
    return list(found)


def in_its_year(value: str, date_format: str, around: Iterable[date]) -> str:
    """The ISO day of a text without a year: the one within the months ``around`` it.

    These are those of the other days in the column and those that the title or the file's name
    speaks of. Where no year, or more than one, puts the day among them it stays as it is.
    """
    months = sorted((day.year * 12 + day.month) for day in around)
    if not months:
        return value
    days = []
    for year in range(months[0] // 12 - 1, months[-1] // 12 + 2):
        day = day_of(f"{year} {value}", date_format)
        if day and months[0] <= day.year * 12 + day.month <= months[-1]:
            days.append(day)
    return days[0].isoformat() if len(days) == 1 else value


def week_days(label: str) -> tuple[str, str] | None:
    """First and last day of a printed week; ``None`` where the label is no week.

    Reads ``2024-W42``, ``2024年第42周`` (Monday to Sunday), ``2024.10.14-10.18`` and
    ``2024-10-14 ~ 2024-10-18``, and a single day, which is the first of seven.
    """
    text = unicodedata.normalize("NFKC", label).strip()
    try:
        week = _ISO_WEEK.fullmatch(text)
        if week:
            first = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return first.isoformat(), (first + timedelta(days=6)).isoformat()
        single = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", text)
        if single:
            first = date(*map(int, single.groups()))
            return first.isoformat(), (first + timedelta(days=6)).isoformat()
        return _range(text)
    except ValueError:
        return None


def _range(text: str) -> tuple[str, str] | None:
    match = _RANGE.fullmatch(text)
    if match is None or match["year1"] is None or match["month1"] is None:
        return None
    year, month = int(match["year1"]), int(match["month1"])
    first = date(year, month, int(match["day1"]))
    last_month = int(match["month2"] or month)
    # A week over the new year prints its year once.
    last_year = int(match["year2"] or (year + (last_month < month)))
    last = date(last_year, last_month, int(match["day2"]))
    if not timedelta(0) <= last - first <= timedelta(days=31):
        return None
    return first.isoformat(), last.isoformat()
