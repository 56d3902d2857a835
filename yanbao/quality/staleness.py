"""Which datasets serve older data than they should, and for how long that is allowed.

Either newer data came and did not pass, or they never came: ``data_through`` tells the second,
and ``data_gaps`` which sessions never came in the middle of what is there.
A dataset is fed part by part: one call per index, one list per exchange. Each part is judged
by its own newest loads, so that a part which failed is not hidden by one that came after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from yanbao.catalog import DATASETS, Dataset
from yanbao.catalog.reviewed_rules import reviewed_rules
from yanbao.quality.data_gaps import MART as DATA_GAPS
from yanbao.quality.data_gaps import Gaps, gaps_of
from yanbao.quality.data_through import LateDataset, late_datasets, rows_of
from yanbao.raw.load import StoredLoad
from yanbao.raw.sessions import HORIZON_WARNING_DAYS, chinese_sessions
from yanbao.raw.zone import RawZone
from yanbao.sources import fetch_of
from yanbao.sources.call import WHOLE

if TYPE_CHECKING:
    import duckdb

BAD = ("rejected", "held", "unavailable", "ungated")
ANSWERED = ("good", "repeat", "empty")
FILE = ""  # the part that a file stands for: all of them
NAMED_PARTS = 3


@dataclass(frozen=True)
class Stale:
    """A dataset of which a part did not pass; ``is_over`` once its allowance is used up."""

    dataset: str
    last_good: date | None
    reason: str
    is_over: bool
    reason_zh: str = ""

    def record(self) -> dict[str, str | None]:
        last = self.last_good.isoformat() if self.last_good else None
        words = {"reason_zh": self.reason_zh} if self.reason_zh else {}
        return {"dataset": self.dataset, "last_good": last, "reason": self.reason, **words}

    def line(self) -> str:
        """One line for the run's summary."""
        return line_of(self.record())


def line_of(record: Mapping[str, Any]) -> str:
    """One line of a stale dataset as a release records it."""
    return f"{record['dataset']}: stale, {served(record['last_good'])}: {record['reason']}"


def served(last_good: date | str | None) -> str:
    return f"data to {last_good} serve" if last_good else "no good data yet"


@dataclass(frozen=True)
class StalePart:
    """A part whose newest answer did not pass, and the day of its last good one."""

    part: str
    bad: StoredLoad
    last_good: date | None

    @property
    def is_whole_market(self) -> bool:
        """Whether more than one security stands behind the part."""
        fetch = fetch_of(self.bad.load)
        return fetch is None or fetch.whole_market


def stale_datasets(
    zone: RawZone,
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    known_at: date | None = None,
) -> list[Stale]:
    """Datasets with a part that waits for a person, failed, could not be checked, whose data
    end too early or lack sessions. Nothing newer than ``known_at`` is missed by a report that
    asks for that day.
    """
    late = late_datasets(connection, as_of)
    missing = rows_of(connection, DATA_GAPS)
    gaps = gaps_of(row for row in missing if row["as_of_date"] == as_of)
    day = min(as_of, known_at or as_of)
    by_dataset: dict[str, list[StoredLoad]] = {}
    for stored in zone.loads():
        by_dataset.setdefault(stored.load.dataset, []).append(stored)
    found = []
    for dataset in DATASETS:
        loads = by_dataset.get(dataset.name, [])
        parts = stale_parts(loads)
        if parts:
            last = last_good_day(connection, dataset, as_of)
            found.append(_stale(dataset, parts, last, as_of))
        elif dataset.name in late:
            found.append(ended(late[dataset.name], day))
        elif dataset.name in gaps:
            last = last_good_day(connection, dataset, as_of)
            found.append(lacking(gaps[dataset.name], last))
        elif dataset.name == "trading_days" and loads:
            found += _short_calendar(zone, loads, as_of)
    return found


def expired_rules(as_of: date) -> list[Stale]:
    """Rules of the market that nobody has reviewed for the day, marked as datasets are."""
    return [
        Stale(
            one.rule,
            one.reviewed_until,
            one.advice,
            is_over=one.is_over(as_of) and one.when_over == "block",
        )
        for one in reviewed_rules()
        if one.is_due(as_of)
    ]


def stale_parts(loads: Sequence[StoredLoad]) -> list[StalePart]:
    """The parts of one dataset whose newest answer is bad, in order of arrival.

    A good file stands for every part, and any later good load for a bad file. A back-fill
    that failed leaves a gap in the past, which is not staleness; nor does an answer for a
    past day end it.
    """
    bad: dict[str, StoredLoad] = {}
    good: dict[str, date | None] = {}
    for stored in loads:
        parts = (FILE,) if stored.is_file else stored.load.answers or (WHOLE,)
        if stored.status in ANSWERED:
            for part in [*bad] if stored.is_file else (*parts, FILE):
                if part in bad and not _is_older(stored, bad[part].load.day):
                    del bad[part]
            good |= dict.fromkeys(parts, stored.load.day)
        elif stored.status in BAD and stored.decided_at is None and not _is_backfill(stored):
            failed = [part for part in parts if not _is_older(stored, good.get(part))]
            bad |= dict.fromkeys(failed, stored)
    return [StalePart(part, stored, good.get(part)) for part, stored in bad.items()]


def _is_older(stored: StoredLoad, day: date | None) -> bool:
    """Whether a call is about an earlier day; a file is about none."""
    own = stored.load.day
    return own is not None and day is not None and own < day


def _stale(
    dataset: Dataset, parts: Sequence[StalePart], last: date | None, as_of: date
) -> Stale:
    """One mark for a dataset; a part that is one security among many never blocks alone."""
    allowance = dataset.staleness_days
    named = [one for one in parts if one.part not in (WHOLE, FILE)]
    days = [last if one.part in (WHOLE, FILE) else one.last_good for one in parts]
    serving = [last, *(day for one, day in zip(parts, days) if one.is_whole_market)]
    over = allowance is not None and any(
        day is not None and (as_of - day).days > allowance for day in serving
    )
    first = parts[0].bad
    reason = first.reason or f"load {first.load.load_id} could not be checked"
    if named:
        reason = f"{_names([one.part for one in named])}: {reason}"
    known = [day for day in days if day is not None]
    return Stale(dataset.name, min(known, default=None), reason, over)


def ended(late: LateDataset, day: date) -> Stale:
    """The mark of a dataset whose data end before the day through which they are due."""
    due_on = max(part.due_on for part in late.parts)
    reason, reason_zh = f"due through {due_on}", f"应有至 {due_on}"
    if not late.is_whole:
        named = _names([part.part for part in late.parts])
        reason, reason_zh = f"{named}: {reason}", f"{named}：{reason_zh}"
    return Stale(late.dataset, late.data_through, reason, late.is_over(day), reason_zh)


def lacking(gaps: Gaps, last: date | None) -> Stale:
    """The mark of a dataset that lacks sessions. It never blocks: no return crosses the gap."""
    reason_zh = f"缺交易日数据：{gaps.words}"
    return Stale(gaps.dataset, last, gaps.advice, is_over=False, reason_zh=reason_zh)


def _names(parts: Sequence[str]) -> str:
    more = f" and {len(parts) - NAMED_PARTS} more" if len(parts) > NAMED_PARTS else ""
    return ", ".join(parts[:NAMED_PARTS]) + more


def _short_calendar(zone: RawZone, loads: Sequence[StoredLoad], as_of: date) -> list[Stale]:
    """A live calendar that ends within thirty days: the year's end is near."""
    if all(stored.is_file for stored in loads):
        return []
    sessions = chinese_sessions(zone)
    if not sessions or sessions[-1] >= as_of + timedelta(days=HORIZON_WARNING_DAYS):
        return []
    reason = (
        f"rule horizon failed: the calendar ends {sessions[-1]}, expected"
        f" {HORIZON_WARNING_DAYS} days beyond {as_of} → import next year's trading_days"
    )
    return [Stale("trading_days", sessions[-1], reason, is_over=False)]


def _is_backfill(stored: StoredLoad) -> bool:
    fetch = fetch_of(stored.load)
    return fetch is not None and fetch.cadence == "backfill"


def last_good_day(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, as_of: date
) -> date | None:
    """The last day on or before as_of for which the warehouse holds rows of a dataset."""
    if not dataset.date_column:
        return None
    # Bars of every market stand in one table: only their loads tell the datasets apart.
    own = " and load_id in (select load_id from built_loads where dataset = ?)"
    shared = bool(dataset.merges_into)
    row = connection.execute(
        f"select max({dataset.date_column}) from core.{dataset.core_table}"
        f" where {dataset.date_column} <= ?{own if shared else ''}",
        [as_of, dataset.name] if shared else [as_of],
    ).fetchone()
    return row[0] if row else None
