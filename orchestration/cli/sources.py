"""``yanbao sources``: per dataset, what was loaded last, how stale it is, what is next."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING

from orchestration import clock
from orchestration.cli.output import print_rows
from orchestration.cli.words import add_format_argument

if TYPE_CHECKING:
    from orchestration.datasets import Dataset
    from orchestration.raw.load import StoredLoad

CADENCE_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from orchestration.datasets import DATASETS
    from orchestration.raw.zone import RawZone
    from orchestration.releases.shelf import Shelf
    from orchestration.settings import load_settings

    settings = load_settings(arguments.home)
    by_dataset: dict[str, list[StoredLoad]] = {}
    for stored in RawZone(settings.raw).loads():
        by_dataset.setdefault(stored.load.dataset, []).append(stored)
    release = Shelf(settings.releases).current_or_none()
    stale = {one["dataset"]: one for one in release.manifest["stale"]} if release else {}
    rows = [
        _row(dataset, by_dataset.get(dataset.name, []), stale.get(dataset.name))
        for dataset in DATASETS
    ]
    print_rows(COLUMNS, rows, arguments.format)
    return 0


COLUMNS = [
    "dataset",
    "label",
    "last_load",
    "status",
    "rows",
    "source",
    "stale",
    "upstream",
    "next_due",
]


def _row(
    dataset: Dataset, loads: list[StoredLoad], stale: dict[str, str] | None
) -> list[object]:
    last = loads[-1] if loads else None
    day = _day_of(last) if last else None
    return [
        dataset.name,
        dataset.label,
        day,
        last.status if last else None,
        last.load.rows if last else None,
        last.load.source if last else None,
        stale["reason"] if stale else None,
        " → ".join((*dataset.upstream, "import")),
        _next_due(dataset, day),
    ]


def _day_of(stored: StoredLoad) -> date:
    from datetime import datetime

    moment = datetime.fromisoformat(stored.load.finished_at)
    return moment.astimezone(clock.SHANGHAI).date()


def _next_due(dataset: Dataset, last: date | None) -> date | None:
    if last is None:
        return None
    return last + timedelta(days=CADENCE_DAYS.get(dataset.cadence.split()[0], 1))
