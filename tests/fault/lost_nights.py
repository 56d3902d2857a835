"""What a lost night does to the report marts: nights through the stand-in, and one that is not.

``python -m tests.fault.lost_nights [NIGHTS]`` loses each of so many nights in turn, reads
every report mart on that day and on each later one, and prints a table: returns that are
right, blank, of an older session that the row names, or wrong; and what else differs.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.fault.live_nights import LiveNights, live_nights
from tests.fault.small_market import sessions_back
from yanbao.base.settings import Settings
from yanbao.catalog import BY_NAME
from yanbao.catalog.marts import report_marts
from yanbao.nightly.steps import NightlySteps
from yanbao.sources.akshare_library import Library
from yanbao.sources.traffic import Pace
from yanbao.warehouse.store import Parameters, set_run_parameters

Row = Mapping[str, Any]
Marts = Mapping[str, Mapping[tuple[Any, ...], Row]]
LAST = date(2024, 10, 31)
MEASURES = ("double", "decimal", "bigint", "integer")


@dataclass
class Compared:
    """Numbers of one lost night against the same numbers with every night."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)


def land_nights(nights: LiveNights, home: Path, days: Sequence[date]) -> None:
    """Every night up to the raw gate, in order; the first is built, for the gate to compare."""
    for day in days:
        nights.evening_of(day)
        nights.to_gate(home, BY_NAME)
        if day == days[0]:
            marts_by_day(home, [day])


def without_night(home: Path, target: Path, day: date) -> None:
    """A copy of the folder in which the night of a day never ran; nothing is built in it."""
    shutil.copytree(home, target, ignore=shutil.ignore_patterns("work"))
    zone = NightlySteps(Settings(target), "live").zone
    for stored in zone.loads():
        if stored.load.partition == f"{day}":
            shutil.rmtree(stored.frame_path.parent)


def marts_by_day(home: Path, days: Sequence[date]) -> dict[date, Marts]:
    """Every report mart for each day, after one build of all that is in raw."""
    steps = NightlySteps(Settings(home), "live")
    steps.recover()
    is_rebuild = steps.prepare_models()
    steps.transform(Parameters(days[-1]), is_rebuild=is_rebuild)
    compiled = steps.dbt.compiled("marts/report")
    found: dict[date, Marts] = {}
    with steps.store.connect() as connection:
        for day in days:
            set_run_parameters(connection, Parameters(day))
            found[day] = {
                mart: {
                    tuple(row[name] for name in report_marts()[mart].key): row
                    for row in connection.execute(sql).to_arrow_table().to_pylist()
                }
                for mart, sql in compiled.items()
            }
    return found


def compare(whole: Mapping[date, Marts], lost: Mapping[date, Marts]) -> Compared:
    """Each number of the marts with a night lost, against the one with every night."""
    compared = Compared()
    for day, marts in lost.items():
        for mart, rows in marts.items():
            spec = report_marts()[mart]
            dates = [n for n, c in spec.columns.items() if c.type == "date"]
            undated = [n for n in spec.key if n not in dates]
            about = {tuple(row[n] for n in undated) for row in whole[day][mart].values()}
            for key, row in rows.items():
                right = whole[day][mart].get(key)
                # A row of another session, which it names in its key.
                is_older = right is None and tuple(row[n] for n in undated) in about
                is_older |= right is not None and _is_older(row, right, dates)
                for name, column in spec.columns.items():
                    if column.type not in MEASURES:
                        continue
                    wanted = right and right[name]
                    kind = _judged(row[name], wanted)
                    kind = "older" if kind == "wrong" and is_older else kind
                    if column.display == "percent":
                        compared.counts[kind] += 1
                        if kind == "wrong":
                            line = f"{day} {mart} {key} {name}: {row[name]} not {wanted}"
                            compared.wrong.append(line)
                    elif kind == "wrong":
                        compared.other[f"{mart}.{name}"] += 1
    return compared


def _judged(value: Any, wanted: Any) -> str:
    if value is None:
        return "right" if wanted is None else "blank"
    return "right" if wanted is not None and abs(value - wanted) < 1e-8 else "wrong"


def _is_older(row: Row, right: Row, dates: Sequence[str]) -> bool:
    """Whether the row names an older session than it would have with every night."""
    return any(row[n] and right[n] and row[n] < right[n] for n in dates)


def main(count: int = 20) -> None:
    os.environ["TQDM_DISABLE"] = "1"
    days = sessions_back(LAST, count)
    library = Library(Pace(seconds=0, jitter=0, backoff_seconds=0))
    with TemporaryDirectory() as folder, live_nights(library) as nights:
        home = Path(folder) / "home"
        land_nights(nights, home, days)
        whole = marts_by_day(home, days)
        print("lost night   right   blank   older   wrong  other numbers")
        for number, day in enumerate(days):
            left = Path(folder) / f"lost-{day}"
            without_night(home, left, day)
            found = compare(whole, marts_by_day(left, days[number:]))
            counted = (f"{found.counts[k]:>7}" for k in ("right", "blank", "older", "wrong"))
            print(day, " ".join(counted), dict(found.other), flush=True)
            for line in found.wrong[:8]:
                print("   ", line)
            shutil.rmtree(left)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
