"""When a dataset is asked for next: by the cadence of its fetches and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from yanbao.sources import fetches_for
from yanbao.sources.call import Request
from yanbao.sources.plans import periods_due

if TYPE_CHECKING:
    from yanbao.catalog import Dataset

# Datasets without a live source come as files, as often as their publishers bring them out.
CADENCE_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}
LONGEST_WAIT = 366


def next_due(dataset: Dataset, last: date | None, sessions: Sequence[date]) -> date | None:
    """The first day after ``last`` on which a dataset is due; None before its first load.

    Live datasets are due on sessions: nightly ones on the next, weekly ones on the last
    of a week, those of the results season while a filing window is open. Beyond the
    calendar's end a weekday stands for a session. Files are due after their cadence.
    """
    if last is None:
        return None
    cadences = {fetch.cadence for fetch in fetches_for(dataset.name)}
    if not cadences:
        return last + timedelta(days=CADENCE_DAYS.get(dataset.cadence.split()[0], 1))
    for ahead in range(1, LONGEST_WAIT):
        day = last + timedelta(days=ahead)
        if not is_session_or_weekday(day, sessions):
            continue
        if "nightly" in cadences:
            return day
        if "season" in cadences and periods_due(Request(dataset.name, day)):
            return day
        if "weekly" in cadences and is_last_of_week(day, sessions):
            return day
    return None


def is_session_or_weekday(day: date, sessions: Sequence[date]) -> bool:
    if not sessions or day > sessions[-1]:
        return day.weekday() < 5
    return day in set(sessions)


def is_last_of_week(day: date, sessions: Sequence[date]) -> bool:
    """Whether no later session falls in a day's ISO week."""
    rest = (day + timedelta(days=ahead) for ahead in range(1, 7 - day.weekday()))
    return not any(is_session_or_weekday(later, sessions) for later in rest)
