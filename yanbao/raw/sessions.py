"""Which days are sessions in China: from the warehouse's own calendar, never a guess."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from yanbao.base import clock
from yanbao.base.errors import UsageError, YanbaoError
from yanbao.base.settings import SAMPLE_AS_OF, SourceMode
from yanbao.raw.zone import RawZone

OPEN = time(9, 15)  # the opening auction
CLOSE = time(15, 0)
HORIZON_WARNING_DAYS = 30
DAY_COLUMNS = ("trade_date", "value")  # the library's bundled list has no name of its own


class CalendarError(YanbaoError):
    """The trading calendar is missing or ends too soon."""


def chinese_sessions(zone: RawZone) -> list[date]:
    """All Chinese trading days of the good calendar loads, ascending."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    days: set[date] = set()
    for stored in zone.loads("trading_days"):
        if stored.status not in ("good", "ungated"):
            continue
        table = pq.read_table(stored.frame_path)
        name = next(name for name in DAY_COLUMNS if name in table.column_names)
        column = table.column(name).to_pylist()
        markets = (
            table.column("market").to_pylist()
            if "market" in table.column_names
            else ["CN"] * len(column)
        )
        days |= {
            date.fromisoformat(str(day)[:10])
            for market, day in zip(markets, column)
            if market == "CN" and day
        }
    return sorted(days)


def last_closed_session(moment: datetime, zone: RawZone) -> date:
    """The last session in Asia/Shanghai that had closed at a moment."""
    local = moment.astimezone(clock.SHANGHAI)
    today = local.date() if local.time() >= CLOSE else local.date() - timedelta(days=1)
    sessions = chinese_sessions(zone)
    closed = [day for day in sessions if day <= today]
    if not closed or sessions[-1] < today:
        raise CalendarError(
            f"the trading calendar ends {sessions[-1] if sessions else 'before it begins'}",
            hint="bring in trading_days first, from the source or with yanbao import",
        )
    return closed[-1]


def is_week_end(day: date, zone: RawZone) -> bool:
    """Whether no later session falls in a day's ISO week: when weekly fetches are due."""
    monday = day - timedelta(days=day.weekday())
    week = [one for one in chinese_sessions(zone) if monday <= one < monday + timedelta(days=7)]
    return not any(one > day for one in week)


def is_month_end(day: date, zone: RawZone) -> bool:
    """Whether no later session falls in a day's month."""
    return not any(
        one > day and (one.year, one.month) == (day.year, day.month)
        for one in chinese_sessions(zone)
    )


def is_session(day: date, zone: RawZone) -> bool:
    """Whether a day is a Chinese session; raises CalendarError beyond the horizon."""
    sessions = chinese_sessions(zone)
    if not sessions or sessions[-1] < day:
        raise CalendarError(
            f"the trading calendar ends {sessions[-1] if sessions else 'before it begins'}",
            hint="import next year's trading_days",
        )
    return day in set(sessions)


def is_open(local: datetime, zone: RawZone) -> bool:
    """Whether China trades at a moment of Shanghai's time."""
    return OPEN <= local.time() < CLOSE and local.date() in set(chinese_sessions(zone))


def default_as_of(mode: SourceMode, zone: RawZone) -> date:
    """The sample's fixed date; live: the last closed session. Imported files need a date."""
    if mode == "sample":
        return date.fromisoformat(SAMPLE_AS_OF)
    if mode == "live":
        return last_closed_session(clock.now(), zone)
    raise UsageError(
        "an as-of date is needed for imported files",
        hint="give one, for example --as-of 2024-10-31",
    )
