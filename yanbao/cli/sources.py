"""``yanbao sources``: per dataset, what was loaded last, how stale it is, what is next."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from yanbao.base import clock
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument

if TYPE_CHECKING:
    from yanbao.catalog import Dataset
    from yanbao.raw.load import Load, StoredLoad

TAKEN = ("good", "ungated", "repeat", "empty")
COLUMNS = [
    "dataset",
    "label",
    "last_load",
    "status",
    "rows",
    "source",
    "requests",
    "stale",
    "fallback",
    "differences",
    "upstream",
    "next_due",
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.catalog import DATASETS
    from yanbao.raw.sessions import chinese_sessions
    from yanbao.raw.zone import RawZone
    from yanbao.releases.release_store import ReleaseStore

    settings = arguments.settings
    zone = RawZone(settings.raw)
    by_dataset: dict[str, list[StoredLoad]] = {}
    for stored in zone.loads():
        by_dataset.setdefault(stored.load.dataset, []).append(stored)
    release = ReleaseStore(settings.releases).current_or_none()
    stale = {one["dataset"]: one for one in release.manifest["stale"]} if release else {}
    manifest = release.manifest if release else {}
    stood_in = {one["dataset"]: one for one in manifest.get("fallbacks", [])}
    differences = manifest.get("source_differences", {})
    sessions = chinese_sessions(zone)
    rows = [
        _row(
            dataset,
            by_dataset.get(dataset.name, []),
            (
                _staleness(stale.get(dataset.name)),
                _fallback(stood_in.get(dataset.name)),
                differences.get(dataset.name, 0) if release else None,
            ),
            sessions,
        )
        for dataset in DATASETS
    ]
    print_rows(COLUMNS, rows, arguments.format)
    for line in _last_run(load for loads in by_dataset.values() for load in loads):
        print(line, file=sys.stderr)
    return 0


def _row(
    dataset: Dataset,
    loads: Sequence[StoredLoad],
    of_release: tuple[str | None, str | None, int | None],
    sessions: Sequence[date],
) -> list[object]:
    """One line: the newest load's day and status, and what came together with it."""
    from yanbao.intake.due import next_due

    together = _came_together(loads)
    last = together[-1] if together else None
    taken = [stored.load for stored in together if stored.status in TAKEN]
    return [
        dataset.name,
        dataset.label,
        _day_of(last.load) if last else None,
        last.status if last else None,
        sum(load.rows for load in taken) if last else None,
        ", ".join(dict.fromkeys(load.source for load in taken)) or None,
        sum(stored.load.requests for stored in together) if last else None,
        *of_release,
        " → ".join((*dataset.upstream, "import")),
        next_due(dataset, _day_of(last.load) if last else None, sessions),
    ]


def _staleness(stale: dict[str, str] | None) -> str | None:
    if stale is None:
        return None
    served = f"data to {stale['last_good']} serve" if stale["last_good"] else "no good data yet"
    return f"{served}: {stale['reason']}"


def _fallback(stood_in: dict[str, str] | None) -> str | None:
    """Who stands in for whom in the current release."""
    return f"{stood_in['source']} for {stood_in['first_choice']}" if stood_in else None


def _came_together(loads: Sequence[StoredLoad]) -> list[StoredLoad]:
    """The calls of the newest run, whatever a back-fill asked since; a file comes alone."""
    if not loads or loads[-1].load.partition is None:
        return list(loads[-1:])
    newest = max(one.load.partition or "" for one in loads)
    return [one for one in loads if one.load.partition == newest]


def _last_run(loads: Iterable[StoredLoad]) -> list[str]:
    """What the newest live run asked of its upstreams, from the raw zone's records."""
    from yanbao.sources.budget import A_SHARES, spent_on

    called = [stored.load for stored in loads if stored.load.partition is not None]
    if not called:
        return []
    run_day = max(load.partition or "" for load in called)
    of_run = [load for load in called if load.partition == run_day]
    shares = max((load.rows for load in of_run if load.dataset == "a_share_bars"), default=0)
    return [f"live run of {run_day}: {spent_on(of_run, shares or A_SHARES).line()}"]


def _day_of(load: Load) -> date:
    """The market day that a call was about; of a file, the Beijing day on which it came."""
    from datetime import datetime

    if load.partition is not None:
        return date.fromisoformat(load.partition)
    return datetime.fromisoformat(load.finished_at).astimezone(clock.SHANGHAI).date()
