"""What a lost night does, and how it heals: nights through the stand-in, and one that is not.

``python -m tests.fault.lost_nights [NIGHTS] [DAYS]`` loses each of so many nights and reads
every report mart on that day and on each later one (or on DAYS of them, the first ones and the
last). It prints a table: returns that are right, blank, of an older session that the row names,
or wrong. Then, every later night being there, ``yanbao backfill`` fills the datasets that the
night had brought, and files bring what no source tells of the past. After each, the marts and
the core tables are counted that have the content hashes of the folder that never lost a night
(``filled_nights``). Exits with 1 where a value is wrong, or a hash is another in the end.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.fault.filled_nights import (
    Content,
    Marts,
    Row,
    build,
    content,
    differing,
    fill_from_files,
    fill_from_sources,
    morning_after,
    night_of,
)
from tests.fault.live_nights import LiveNights, live_nights
from tests.fault.small_market import sessions_back
from yanbao.catalog import BY_NAME
from yanbao.catalog.market_facts import closed_days
from yanbao.catalog.marts import report_marts
from yanbao.sources.akshare_library import Library
from yanbao.sources.traffic import Pace

LAST = date(2024, 11, 1)  # a Friday: lists that come once a week come after each night
MEASURES = ("double", "decimal", "bigint", "integer")
GOOD = "good"
EVERY_NIGHT = {"a_share_bars", "etf_bars", "fund_navs", "index_bars", "hk_stock_bars"}
KINDS = ("right", "blank", "older", "wrong")
MOST = 8  # wrong returns of a night that are printed
NO_PAST = "no source keeps the past"
HEADER = """\
              as lost: returns                        from sources: returns                   \
 hashes            and from files
lost night     right     blank     older     wrong     right     blank     older     wrong    \
 marts      core     marts      core"""


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
            build(home)
    for day in days:
        passed = {one.load.dataset for one in night_of(home, day) if one.status == "good"}
        if missing := EVERY_NIGHT - passed:
            raise AssertionError(f"the night of {day} has no {', '.join(sorted(missing))}")


def without_night(home: Path, target: Path, day: date) -> None:
    """A copy of the folder in which the night of a day never ran; nothing is built in it."""
    shutil.copytree(home, target, ignore=shutil.ignore_patterns("work"))
    for stored in night_of(target, day):
        shutil.rmtree(stored.frame_path.parent)


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
                    elif kind == "wrong" and not _names_another_day(row, right, dates):
                        compared.other[f"{mart}.{name}"] += 1
    return compared


def _judged(value: Any, wanted: Any) -> str:
    if value is None:
        return "right" if wanted is None else "blank"
    return "right" if wanted is not None and abs(value - wanted) < 1e-8 else "wrong"


def _is_older(row: Row, right: Row, dates: Sequence[str]) -> bool:
    """Whether the row names an older session than it would have with every night."""
    return any(row[n] and right[n] and row[n] < right[n] for n in dates)


def _names_another_day(row: Row, right: Row | None, dates: Sequence[str]) -> bool:
    """Whether a row says of which other day its level or base is."""
    return right is not None and any(row[n] and row[n] != right[n] for n in dates)


@dataclass
class Counted:
    """One lost night, in numbers of the table, and all that is wrong with it."""

    day: date
    lost: Compared = field(default_factory=Compared)
    filled: Compared = field(default_factory=Compared)
    cells: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def note_returns(self, stage: str, found: Compared) -> None:
        self.cells += [f"{found.counts[kind]}" for kind in KINDS]
        self.wrong += [f"{stage}: {line}" for line in found.wrong[:MOST]]
        self.wrong += [
            f"{stage}: {n} other values of {name}" for name, n in found.other.items()
        ]

    def note_content(self, found: Content, whole: Content) -> None:
        for hashes, unequal in (
            (found.mart_hashes, found.unequal_marts(whole)),
            (whole.core_hashes, found.unequal_core(whole)),
        ):
            self.cells.append(f"{len(hashes) - len(unequal)}/{len(hashes)}")


def lose(
    nights: LiveNights,
    homes: Path,
    whole: Content,
    days: Sequence[date],
    day: date,
    most: int = 0,
    see: Callable[[Path], object] = lambda home: None,
) -> Counted:
    """One night lost, back-filled from the sources, then from files: what each stage says.

    ``see`` looks at the folder before anything is filled.
    """
    told, later = Counted(day), [one for one in days if one >= day]
    later = sorted({*later[: most - 1], days[-1]}) if most else later
    good, home = homes / GOOD, homes / f"lost-{day}"
    without_night(good, home, day)
    told.lost = compare(whole.marts, content(home, later).marts)
    told.note_returns("lost", told.lost)
    see(home)
    morning_after(nights, days[-1], len(days))
    datasets = {one.load.dataset for one in night_of(good, day)}
    if day in closed_days("HK"):
        datasets.discard("hk_stock_bars")  # its night brought bars of the days before alone
    for name, said in fill_from_sources(nights, home, day, datasets).items():
        if NO_PAST not in said:
            told.wrong.append(f"back-fill of {name}: {said}")
    filled = content(home, later)
    told.filled = compare(whole.marts, filled.marts)
    told.note_returns("sources", told.filled)
    told.note_content(filled, whole)
    tables = filled.unequal_core(whole)
    for table in tables:
        for column, (blank, other) in differing(good, home, table).items():
            told.notes.append(f"{table}.{column}: {blank} blank, {other} others")
            if other:
                told.wrong.append(f"sources: {other} other values of {table}.{column}")
    marts = Counter(mart for _, mart in filled.unequal_marts(whole))
    told.notes += [f"{mart}: {days_} days differ" for mart, days_ in marts.items()]
    told.wrong += fill_from_files(good, home, day, tables, homes)
    healed = content(home, later)
    told.note_content(healed, whole)
    told.wrong += [f"file: {one} differs" for one in healed.unequal_core(whole)]
    told.wrong += [
        f"file: {mart} of {one} differs" for one, mart in healed.unequal_marts(whole)
    ]
    shutil.rmtree(home)
    return told


def main(count: int = 20, most: int = 0) -> int:
    os.environ["TQDM_DISABLE"] = "1"
    before, *days = sessions_back(LAST, count + 1)
    library = Library(Pace(seconds=0, jitter=0, backoff_seconds=0))
    wrong = 0
    with TemporaryDirectory() as folder, live_nights(library) as nights:
        homes = Path(folder)
        land_nights(nights, homes / GOOD, [before, *days])
        whole = content(homes / GOOD, days)
        print(HEADER)
        for day in days:
            told = lose(nights, homes, whole, days, day, most)
            print(day, *(f"{cell:>9}" for cell in told.cells), flush=True)
            for line in told.notes:
                print("    ", line)
            for line in told.wrong:
                print("  !!", line, flush=True)
            wrong += len(told.wrong)
    print(f"{count} nights, {wrong} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
