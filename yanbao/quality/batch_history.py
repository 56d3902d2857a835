"""What the raw gate compares of a feed's new load: its day, its size, what came before.

A call is compared with earlier calls of its kind alone: the same function of the same source
with the same arguments, days apart. One share's window says nothing about the next one's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from yanbao.catalog import Dataset
from yanbao.raw.load import Load, StoredLoad
from yanbao.raw.sessions import chinese_sessions
from yanbao.raw.zone import RawZone
from yanbao.sources import fetch_of
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

    from yanbao.sources.call import Fetch

DAY_ARGUMENTS = frozenset({"day", "since", "until", "start_date", "end_date", "trade_date"})
WINDOW_ARGUMENTS = frozenset({"since", "until", "start_date", "end_date"})
OVERSEAS = (".GI", ".HI", ".HK", ".O", ".N", ".A")


class BatchHistory:
    """Earlier loads by dataset, read once for all new loads of a gate's run."""

    def __init__(self, zone: RawZone) -> None:
        self._zone = zone
        self._loads: dict[str, list[StoredLoad]] = {}

    def served_before(self, stored: StoredLoad, dataset: Dataset) -> bool:
        """Whether a feed serves an earlier day's answer under this day's partition.

        Only an answer that has to change from session to session can be judged so: a list
        of shares may stand for weeks, and a window of a closed market brings nothing new.
        """
        load = stored.load
        if dataset.partitioning != "trade_date" or _is_window(load.arguments):
            return False
        return load.partition is not None and any(
            one.load.sha256 == load.sha256 and one.load.partition != load.partition
            for one in self._earlier_calls(load)
        )

    def previous_rows(self, stored: StoredLoad, dataset: Dataset) -> int | None:
        """Rows that staging made of the last good call, for calls of a complete market."""
        load = stored.load
        fetch = fetch_of(load)
        is_whole = fetch is not None and fetch.whole_market and not fetch.may_be_empty
        if dataset.completeness != "last_good" or not is_whole or _is_window(load.arguments):
            return None
        for one in reversed(self._earlier_calls(load)):
            if one.status == "good":
                verdict = self._zone.verdict(one.load.load_id) or {}
                return int(verdict.get("rows", one.load.rows))
        return None

    def expected_day(self, stored: StoredLoad, dataset: Dataset) -> date | None:
        """The day that a feed's answer must reach, where its rows carry their day.

        Hong Kong's and New York's sessions are not in the calendar: theirs are not judged.
        """
        load, lag = stored.load, dataset.lag_sessions
        fetch = fetch_of(load)
        day = load.day
        if lag is None or day is None or not _is_dated(fetch):
            return None
        if any(str(value).endswith(OVERSEAS) for value in load.arguments.values()):
            return None
        if not lag:
            return day
        before = [one for one in self._sessions if one < day]
        return before[-lag] if len(before) >= lag else None

    @cached_property
    def _sessions(self) -> list[date]:
        return chinese_sessions(self._zone)

    def _earlier_calls(self, load: Load) -> list[StoredLoad]:
        """Loads of the same call that arrived before, days apart, in order of arrival."""
        if load.dataset not in self._loads:
            self._loads[load.dataset] = self._zone.loads(load.dataset)
        call = _undated(load.arguments)
        return [
            one
            for one in self._loads[load.dataset]
            if one.load.load_id < load.load_id
            and (one.load.source, one.load.function) == (load.source, load.function)
            and one.load.repeat_of is None
            and one.status != "retracted"
            and _undated(one.load.arguments) == call
        ]


def listed_shares(
    connection: duckdb.DuckDBPyConnection, stored: StoredLoad, dataset: Dataset
) -> int | None:
    """How many A-shares are listed by the day of an answer for the complete market."""
    load = stored.load
    fetch = fetch_of(load)
    if dataset.name != "a_share_bars" or fetch is None or not fetch.whole_market:
        return None
    if load.partition is None or not has_table(connection, "core", "securities"):
        return None
    row = connection.execute(
        "select count(distinct code) from core.securities where listed_on <= ?::date"
        " and regexp_matches(code, '\\.(SH|SZ|BJ)$') and code not in"
        " (select code from core.securities where status = 'D' or delisted_on is not null)",
        [load.partition],
    ).fetchone()
    return int(row[0]) if row and row[0] else None


def asked_entity(load: Load, entity: Sequence[str]) -> dict[str, str]:
    """The part of the key that a call names: one index, one share; empty for a market."""
    return {name: str(load.arguments[name]) for name in entity if name in load.arguments}


def _undated(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A call's arguments without the days it asked for, which differ in every run."""
    return {name: value for name, value in arguments.items() if name not in DAY_ARGUMENTS}


def _is_window(arguments: Mapping[str, Any]) -> bool:
    return not WINDOW_ARGUMENTS.isdisjoint(arguments)


def _is_dated(fetch: Fetch | None) -> bool:
    """A back-fill asks for the past; a share that is suspended has no newest day."""
    return fetch is not None and fetch.dated_by is not None and fetch.cadence != "backfill"
