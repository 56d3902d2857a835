"""``yanbao sources``: per dataset, what was loaded last, how stale it is, what is next."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanbao.base import clock
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument

if TYPE_CHECKING:
    from yanbao.catalog import Dataset
    from yanbao.raw.load import Load, StoredLoad
    from yanbao.releases.release_store import Release

NAMED_PARTS = 4
TAKEN = ("good", "ungated", "repeat", "empty")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.catalog import DATASETS
    from yanbao.quality import data_gaps, data_through
    from yanbao.raw.sessions import chinese_sessions
    from yanbao.raw.zone import RawZone
    from yanbao.releases.release_store import ReleaseStore

    zone = RawZone(arguments.settings.raw)
    loads = [stored for stored in zone.loads() if stored.status != "retracted"]
    by_dataset: dict[str, list[StoredLoad]] = {}
    for stored in loads:
        by_dataset.setdefault(stored.load.dataset, []).append(stored)
    release = ReleaseStore(arguments.settings.releases).current_or_none()
    manifest = release.manifest if release else {}
    sessions = chinese_sessions(zone)
    parts = _by_dataset(arguments.settings.work, release, data_through.MART, today=True)
    gaps = _by_dataset(arguments.settings.work, release, data_gaps.MART)
    missing = data_gaps.gaps_of(row for rows in gaps.values() for row in rows)
    rows = [
        _row(
            dataset,
            by_dataset.get(dataset.name, []),
            manifest,
            sessions,
            parts.get(dataset.name, []),
        )
        | {"missing": missing[dataset.name].words if dataset.name in missing else None}
        for dataset in DATASETS
    ]
    print_rows([*rows[0]], [[*row.values()] for row in rows], arguments.format)
    for line in _last_run(loads):
        print(line, file=sys.stderr)
    return 0


def _row(
    dataset: Dataset,
    loads: Sequence[StoredLoad],
    manifest: Mapping[str, Any],
    sessions: Sequence[date],
    parts: Sequence[Mapping[str, Any]],
) -> dict[str, object]:
    """The newest load's day and status, what came together with it, and who stands in; up to
    when the release has data, and which parts end before the others."""
    from yanbao.intake.due import next_due
    from yanbao.quality.staleness import served

    together = _came_together(loads)
    last = together[-1] if together else None
    day = _day_of(last.load) if last else None
    taken = [stored.load for stored in together if stored.status in TAKEN]
    stale, stood_in = (
        next((one for one in manifest.get(part, ()) if one["dataset"] == dataset.name), None)
        for part in ("stale", "fallbacks")
    )
    differences = manifest.get("source_differences", {})
    return {
        "dataset": dataset.name,
        "label": dataset.label,
        "last_load": day,
        "status": last.status if last else None,
        "rows": sum(load.rows for load in taken) if last else None,
        "source": ", ".join(dict.fromkeys(load.source for load in taken)) or None,
        "requests": sum(stored.load.requests for stored in together) if last else None,
        "data_through": max((part["data_through"] for part in parts), default=None),
        "behind": _behind(parts),
        "stale": stale and f"{served(stale['last_good'])}: {stale['reason']}",
        "fallback": stood_in and f"{stood_in['source']} for {stood_in['first_choice']}",
        "differences": differences.get(dataset.name, 0) if manifest else None,
        "upstream": " → ".join((*dataset.upstream, "import")),
        "next_due": next_due(dataset, day, sessions),
    }


def _by_dataset(
    work: Path, release: Release | None, mart: str, *, today: bool = False
) -> dict[str, list[dict[str, Any]]]:
    """The rows of a mart that tells of datasets, on the day of the release or today."""
    from yanbao.releases.adhoc import AdHocBuilder, released_parameters, report_marts
    from yanbao.warehouse.store import Parameters

    found: dict[str, list[dict[str, Any]]] = {}
    if release and mart in report_marts(release):
        parameters = released_parameters(release)
        if today:
            parameters = Parameters(max(clock.today_in_beijing(), parameters.as_of))
        table = AdHocBuilder(work / "builds", release, parameters).table(mart)
        for row in table.to_pylist():
            found.setdefault(row["dataset"], []).append(row)
    return found


def _behind(parts: Sequence[Mapping[str, Any]]) -> str | None:
    """The parts that end before the newest one of their dataset, each with its day."""
    newest = max((part["data_through"] for part in parts), default=None)
    late = [f"{p['part']} {p['data_through']}" for p in parts if p["data_through"] < newest]
    more = f" and {len(late) - NAMED_PARTS} more" if len(late) > NAMED_PARTS else ""
    return ", ".join(late[:NAMED_PARTS]) + more or None


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
    run_day = max((load.partition or "" for load in called), default=None)
    of_run = [load for load in called if load.partition == run_day]
    if not of_run:
        return []
    shares = max((load.rows for load in of_run if load.dataset == "a_share_bars"), default=0)
    return [f"live run of {run_day}: {spent_on(of_run, shares or A_SHARES).line()}"]


def _day_of(load: Load) -> date:
    """The market day that a call was about; of a file, the Beijing day on which it came."""
    from datetime import datetime

    if load.day is not None:
        return load.day
    return datetime.fromisoformat(load.finished_at).astimezone(clock.SHANGHAI).date()
