"""Days and weeks as vendors print them, in ISO form."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

_ISO_WEEK = re.compile(r"(\d{4})\s*(?:-?W|年第)\s*(\d{1,2})\s*周?", re.IGNORECASE)
_DAY = (
    r"(?:(?P<year{n}>\d{{4}})[-./年])?(?:(?P<month{n}>\d{{1,2}})[-./月])?"
    r"(?P<day{n}>\d{{1,2}})日?"
)
_RANGE = re.compile(
    _DAY.format(n=1) + r"\s*(?:~|—+|–|至|到|to|\s-\s|-)\s*" + _DAY.format(n=2), re.IGNORECASE
)


def iso_day(value: str, date_format: str) -> str:
    """The ISO day of a text in ``date_format``; a month is its first day.

    Text of another form stays as it is, for the checks to judge.
    """
    try:
        return datetime.strptime(value, date_format).date().isoformat()
    except ValueError:
        return value


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
