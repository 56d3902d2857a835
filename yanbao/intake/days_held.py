"""The days that a state folder has: which of them a report can be asked for."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from yanbao.base.settings import PROJECT_ROOT, Settings, SourceMode
from yanbao.intake.ingest import ingest
from yanbao.raw.load import StoredLoad
from yanbao.raw.sessions import CalendarError, chinese_sessions, default_as_of
from yanbao.raw.zone import RawZone
from yanbao.warehouse.state_folder import StateFolder

PRICED = ("a_share_bars", "index_bars", "fund_navs")
DAY_COLUMNS = ("trade_date", "nav_date")
SAMPLE = PROJECT_ROOT / "sample_data" / "made_up" / "a_share_bars.csv"


def days_held(settings: Settings, mode: SourceMode, known: Iterable[str] = ()) -> list[date]:
    """The Chinese sessions of which prices came as files or from a source, ascending.

    Loads in ``known`` are left out. Of a folder without a calendar, the weekdays. A sample that
    has not run yet has its own.
    """
    zone = RawZone(settings.raw)
    loads = [stored for name in PRICED for stored in zone.loads(name, known)]
    days = {day for stored in loads for day in _days_of(stored)}
    if mode == "sample" and not days and not known:
        with SAMPLE.open(encoding="utf-8", newline="") as file:
            days = {date.fromisoformat(row["trade_date"]) for row in csv.DictReader(file)}
    if not days:
        return []
    return [day for day in sessions_between(zone, min(days), max(days)) if day in days]


def sessions_between(zone: RawZone, first: date, last: date) -> list[date]:
    """The Chinese sessions of a range of days; without a calendar its weekdays."""
    sessions = chinese_sessions(zone)
    if sessions:
        return [day for day in sessions if first <= day <= last]
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def last_closed_session(state: StateFolder) -> date:
    """The default day; of a live folder whose calendar ends too soon, once it was asked for."""
    try:
        return default_as_of(state.mode, state.zone)
    except CalendarError:
        ingest(state, {"trading_days"}, None)
        return default_as_of(state.mode, state.zone)


def _days_of(stored: StoredLoad) -> Iterator[date]:
    """The days of a load: of a call its own, of a file those in its rows."""
    if stored.status not in ("good", "ungated"):
        return
    if stored.load.day:
        yield stored.load.day
        return
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = pq.ParquetFile(stored.frame_path)
    for name in DAY_COLUMNS:
        if name in file.schema_arrow.names:
            for cell in file.read([name]).column(name).unique().to_pylist():
                yield date.fromisoformat(str(cell)[:10])
