"""How fresh the current release is today, whether or not a night has run since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanbao.base.settings import Settings
from yanbao.quality.data_through import MART, judged
from yanbao.quality.staleness import Stale, ended
from yanbao.raw.sessions import default_as_of
from yanbao.raw.zone import RawZone
from yanbao.releases.adhoc import AdHocBuilder, released_parameters
from yanbao.releases.release_store import ReleaseStore
from yanbao.warehouse.store import Parameters


@dataclass(frozen=True)
class Freshness:
    """Rows of ``report.data_through`` by dataset as of a day, and who ends early."""

    day: date
    parts: Mapping[str, Sequence[Mapping[str, Any]]]
    stale: Mapping[str, Stale]


def freshness(settings: Settings) -> Freshness:
    """The current release judged on the last closed session; in a folder that is not live, on
    its own day.

    Raises ReleaseError before the first release, CalendarError where the calendar has ended.
    """
    release = ReleaseStore(settings.releases).current()
    parameters = released_parameters(release)
    if settings.recorded_mode() == "live":
        today = default_as_of("live", RawZone(settings.raw))
        parameters = Parameters(max(today, parameters.as_of))
    builder = AdHocBuilder(settings.work / "builds", release, parameters)
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in builder.table(MART).to_pylist():
        parts.setdefault(row["dataset"], []).append(row)
    late = judged(row for rows in parts.values() for row in rows)
    day = parameters.as_of
    return Freshness(day, parts, {name: ended(one, day) for name, one in late.items()})
