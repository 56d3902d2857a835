"""What happens on each night of a simulation: drawn from one random number generator."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.fault.changes import status
from tests.fault.simulated_market import (
    A_SHARES,
    INDEX_TROUBLES,
    INDICES,
    SHARE_TROUBLES,
    SINA,
)
from tests.fault.small_market import Fault, sessions_back

FIRST = date(2024, 10, 25)  # the night before the simulation, which nothing disturbs
KEPT_BY_HAND = "399006.SZ"  # an index that comes in files alone
POINTS = (
    ("raw.before_manifest", 3),
    ("raw.before_rename", 3),
    ("raw.after_rename", 3),
    ("transform.before_dbt", 1),
    ("transform.after_dbt", 1),
    ("transform.before_mark", 1),
    ("publish.copied", 1),
    ("publish.hashed", 1),
    ("publish.filled", 1),
    ("publish.before_rename", 1),
    ("publish.before_pointer", 1),
    ("publish.after_pointer", 1),
)
OPERATIONS = 90  # about as many as a night has on the disk
TABLES = 5  # that dbt builds on a night


@dataclass(frozen=True)
class Disaster:
    """What strikes one try of a night: ``point``, ``operation`` or ``table`` kill it."""

    kind: str
    point: str = ""
    number: int = 0
    takes_power: bool = False

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.point, f"{self.number}" if self.number else "")))
        return f"{self.kind} {where}{', the power too' if self.takes_power else ''}"


@dataclass(frozen=True)
class Start:
    """When a night begins, and how many seconds pass between two looks at the clock."""

    moment: str
    tick: float


@dataclass(frozen=True)
class Night:
    """The script of one night."""

    day: date
    start: Start
    faults: dict[str, Fault]
    troubles: tuple[str, ...]
    is_lost: bool
    is_late: bool
    restated: tuple[date, float] | None
    disasters: tuple[Disaster, ...]
    power_after: bool
    is_run_again: bool
    file: str  # what a person brings in the morning
    decision: str  # what a person decides about what waits

    def lines(self) -> list[str]:
        told = [f"begins {self.start.moment}, {self.start.tick:g} s between looks at the clock"]
        told += self.troubles
        told += ["tonight's bars of the indices are late"] if self.is_late else []
        if self.restated:
            told.append(f"indices: the close of {self.restated[0]} is restated")
        told += [f"a person brings a file: {self.file}"] if self.file else []
        told += [f"try: {one}" for one in self.disasters]
        told += ["the power goes after the night"] if self.power_after else []
        told += ["the same run again"] if self.is_run_again else []
        return ["the night never runs"] if self.is_lost else told


def sessions_after(first: date, count: int) -> list[date]:
    found: list[date] = []
    day = first
    while len(found) < count:
        day += timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found


def script(rng: random.Random, count: int) -> list[Night]:
    with_files = rng.random() < 0.5
    return [_night(rng, day, with_files) for day in sessions_after(FIRST, count)]


def _night(rng: random.Random, day: date, with_files: bool) -> Night:
    faults, troubles = _troubles(rng)
    disasters = []
    while rng.random() < (0.5 if not disasters else 0.25) and len(disasters) < 3:
        disasters.append(_disaster(rng))
    window = [one for one in sessions_back(day, 6)[:-1] if one >= FIRST]
    restated = (rng.choice(window), rng.choice((-0.3, -0.1, 0.1, 0.2)))
    files = (
        "closes of new days",
        "an older close restated",
        "the same again",
        "a close times three",
    )
    return Night(
        day=day,
        start=_start(rng, day),
        faults=faults,
        troubles=tuple(troubles),
        is_lost=rng.random() < 0.07,
        is_late=rng.random() < 0.08,
        restated=restated if rng.random() < 0.3 else None,
        disasters=tuple(disasters),
        power_after=rng.random() < 0.12,
        is_run_again=rng.random() < 0.12,
        file=rng.choice(files) if with_files and rng.random() < 0.5 else "",
        decision=rng.choice(("accept", "reject", "")),
    )


def _start(rng: random.Random, day: date) -> Start:
    tick = rng.choice((0.0, 0.5, 2.0))
    kind = rng.random()
    if kind < 0.7:
        return Start(f"{day}T20:00:00", tick)
    if kind < 0.85:
        return Start(f"{day}T23:59:58", tick)
    (tomorrow,) = sessions_after(day, 1)
    return Start(f"{tomorrow}T14:59:{rng.randrange(40, 59)}", tick)


def _troubles(rng: random.Random) -> tuple[dict[str, Fault], list[str]]:
    faults: dict[str, Fault] = {}
    told = []
    if rng.random() < 0.35:
        name = rng.choice([*SHARE_TROUBLES])
        faults[A_SHARES] = SHARE_TROUBLES[name]
        told.append(f"shares: {name}")
        if rng.random() < 0.7:
            faults[SINA] = status(503)
            told.append("shares: no second source")
    for code in INDICES:
        if rng.random() < 0.2:
            name = rng.choice([*INDEX_TROUBLES])
            digits = code.partition(".")[0]
            if name == "points of another unit":
                faults |= {f"secid=1.{digits}": INDEX_TROUBLES[name]}
                faults |= {place: status(503) for place in _others(digits)}
            else:
                faults[digits] = INDEX_TROUBLES[name]
            told.append(f"{code}: {name}")
    return faults, told


def _others(digits: str) -> Sequence[str]:
    return (f"sh{digits}", f"indexCode={digits}", f"secid=2.{digits}")


def _disaster(rng: random.Random) -> Disaster:
    kind = rng.choice(("killed at", "killed at operation", "killed at table", "disk full from"))
    takes_power = kind != "disk full from" and rng.random() < 0.5
    if kind == "killed at":
        point, most = rng.choice(POINTS)
        return Disaster(kind, point, rng.randint(1, most), takes_power)
    most = TABLES if kind == "killed at table" else OPERATIONS
    return Disaster(kind, "", rng.randint(1, most), takes_power)
