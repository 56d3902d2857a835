"""One seed of a simulation: its nights, one after the other, each judged by the oracle.

Each try of a night is a fork of this process, which has imported and warmed everything. The
first thing that is not as it must be ends the seed.
"""

from __future__ import annotations

import gc
import json
import logging
import random
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.fault import simulated_night
from tests.fault.simulated_bugs import PLANTS
from tests.fault.simulated_disk import Disk, cut_power
from tests.fault.simulated_disk import look as look_at_disk
from tests.fault.simulated_files import Desk
from tests.fault.simulated_ledger import Ledger, Seen, Violation
from tests.fault.simulated_market import INDICES
from tests.fault.simulated_night import strike, virtual_clock
from tests.fault.simulated_oracle import look
from tests.fault.simulated_process import Ended, in_process
from tests.fault.simulated_script import FIRST, Disaster, Night, Start, script
from tests.fault.simulated_world import World

PUBLISHED = (0, 3)
KILLED = -9
STALE_TOO_LONG = "longer than allowed"
BUILT_ANEW = 0.3  # of the seeds: it costs as much as two nights
EVENING = "20:00:00"


class Found(Exception):  # noqa: N818 - what a simulation is for
    """Something that must not be, with all that led to it."""

    def __init__(self, seed: int, day: date, violations: list[Violation], events: list[str]):
        self.seed, self.day, self.violations, self.events = seed, day, violations, events
        super().__init__(f"seed {seed}, night of {day}: {violations[0][0]}: {violations[0][1]}")


@dataclass
class Simulation:
    """One seed: a state folder, the ledger of what is right, and what happened so far."""

    world: World
    home: Path
    seed: int
    plant: str = ""
    events: list[str] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    seen: Seen = field(default_factory=Seen)
    day: date = FIRST
    tries: int = 0

    def run(self, count: int) -> None:
        """All nights of the seed; raises Found."""
        self.rng = random.Random(self.seed)  # noqa: S311 - a replay, and no secret
        market = self.world.market
        market.restated, market.faults, market.is_late = {}, {}, False
        subprocess.run(["cp", "-a", str(self.world.template), str(self.home)], check=True)
        self.desk = Desk(self.home, self.ledger)
        market.day = FIRST
        self.ledger.shares[FIRST] = market.share_closes(FIRST)
        market.forget()
        for code in INDICES:
            market.note_index(code)
        self.ledger.tell(market.told, is_taken_in=True)
        self.ledger.owed_lists.add(FIRST)
        self._look()
        for night in script(self.rng, count):
            self.day = night.day
            self._night(night)
        if self.rng.random() < BUILT_ANEW:
            self._from_nothing()

    def _night(self, night: Night) -> None:
        market = self.world.market
        market.day, market.faults, market.is_late = night.day, dict(night.faults), night.is_late
        market.day = datetime.fromisoformat(night.start.moment).date()
        for day in {night.day, market.day}:
            self.ledger.shares[day] = market.share_closes(day)
        if night.restated:
            market.restated[night.restated[0]] = night.restated[1]
        self.events += [f"{night.day}: {line}" for line in night.lines()]
        if night.is_lost:
            return
        self._at_the_desk(night)
        told, is_whole, ended = [], False, None
        for disaster in (*night.disasters, None):
            market.forget()
            ended = self._try(night.start, disaster)
            told += market.told
            is_whole |= market.whole_list()
            is_published = ended.code in PUBLISHED
            day = self._published_day() if is_published else None
            self._take_down(told, is_whole, night, day)
            self._judge(ended, disaster, night)
            if is_published:
                self._after(night)
                break

    def _take_down(
        self, told: list[Any], is_whole: bool, night: Night, published: date | None
    ) -> None:
        """Write into the ledger what the world has told tonight."""
        last = published or night.day
        known = [(key, value) for key, value in told if key[1] <= last]
        self.ledger.tell(known, is_taken_in=published is not None and not night.is_late)
        if published is not None:
            if is_whole:
                self.ledger.owed_lists.add(published)
            self.desk.night_was_published()

    def _published_day(self) -> date | None:
        """The day of the release that stands; of one that is torn, the oracle will say so."""
        manifest = self.home / "releases" / "current" / "manifest.json"
        with suppress(OSError, ValueError):
            return date.fromisoformat(json.loads(manifest.read_text("utf-8"))["as_of_date"])
        return None

    def _try(self, start: Start, disaster: Disaster | None) -> Ended:
        self.tries += 1
        log = self.home.parent / f"disk-{self.seed}-{self.tries}"
        self._before = look_at_disk(self.home)
        self._log = log
        ended = in_process(lambda: self._run(start, disaster, log))
        said = ended.err.strip().splitlines()
        self.events.append(
            f"  try {self.tries}: exit {ended.code}" + (f", {said[-1]}" if said else "")
        )
        if ended.code == KILLED and disaster and disaster.takes_power:
            self._cut_power()
        return ended

    def _cut_power(self) -> None:
        lost = cut_power(self.home, self._before, self._log, self.rng)
        self.events += [f"  the power cut took: {one}" for one in lost] or [
            "  no byte was lost"
        ]

    def _run(self, start: Start, disaster: Disaster | None, log: Path) -> int:
        """A try of a night, in its fork."""
        gc.disable()
        # Libraries put handlers there that write on the terminal; in the product none is first.
        logging.getLogger().handlers[:] = [logging.NullHandler()]
        virtual_clock(start)
        if self.plant:
            PLANTS[self.plant](self.world.manifest)
        disk = Disk(self.home, log)
        if disaster:
            strike(disaster, disk)
        disk.install()
        from yanbao.cli.main import main

        return main(["--home", str(self.home), "run", "-q"])

    def _at_the_desk(self, night: Night) -> None:
        """What a person does in the morning."""
        self.world.nights.at(f"{night.day}T10:00:00")
        for words in self.desk.morning(night, self.rng):
            ended = in_process(lambda words=words: _command(self.home, words))
            self.events.append(
                f"  yanbao {' '.join(words)[-60:]}: exit {ended.code} {ended.err}"
            )
            if ended.code:
                self._fail([("I7", f"yanbao {words[0]} ended with {ended.code}: {ended.err}")])

    def _judge(self, ended: Ended, disaster: Disaster | None, night: Night) -> None:
        found: list[Violation] = []
        if ended.code not in (*PUBLISHED, KILLED):
            found += _one_line(ended, self.home)
            is_allowed = STALE_TOO_LONG in ended.err or (disaster and "full" in disaster.kind)
            if not is_allowed:
                found.append(("I2", f"the night was not published: {ended.err.strip()[:300]}"))
        self._look(found)
        if ended.code in PUBLISHED:
            self._is_of_its_day(night)

    def _is_of_its_day(self, night: Night) -> None:
        begins = datetime.fromisoformat(night.start.moment)
        days = {night.day}
        if begins.hour == 14 and begins + timedelta(seconds=3 * night.start.tick) >= (
            begins.replace(hour=15, minute=0, second=0)
        ):
            days.add(begins.date())
        if self.seen.day not in days or self.seen.partitions - {f"{self.seen.day}"}:
            asked = ", ".join(sorted(self.seen.partitions)) or "nothing"
            self._fail([("I3", f"the release is of {self.seen.day}; asked for {asked}")])

    def _after(self, night: Night) -> None:
        if night.power_after:
            self._cut_power()
            self._look()
        if night.is_run_again:
            before = self.seen.rows
            ended = self._try(night.start, None)
            self._judge(ended, None, night)
            self._same(before, self.seen.rows, "the same run again")

    def _same(self, before: Any, after: Any, what: str) -> None:
        for table, rows in before.items():
            other = rows ^ after[table]
            if other:
                row = dict(min(other, key=repr))
                self._fail([("I4", f"{what}: {len(other)} rows of {table} differ, as {row}")])

    def _look(self, found: list[Violation] | None = None) -> None:
        looked = in_process(lambda: look(self.home, self.seen, self.ledger))
        if looked.result is None:
            raise AssertionError(f"the oracle failed: {looked.err}")
        violations, self.seen = looked.result
        if found or violations:
            self._fail([*(found or ()), *violations])

    def _from_nothing(self) -> None:
        """The build of the same raw without a work store gives the same rows."""
        for path in (self.home / "work").glob("warehouse.duckdb*"):
            path.unlink()
        before, start = self.seen.rows, Start(f"{self.seen.day}T{EVENING}", 0)
        world_run = simulated_night.handler(wanted=())
        ended = in_process(lambda: self._run_with(world_run, start))
        if ended.code not in PUBLISHED and STALE_TOO_LONG not in ended.err:
            self._fail([("I4", f"the build from nothing failed: {ended.err.strip()[:300]}")])
        self._look()
        self._same(before, self.seen.rows, "the build from nothing")

    def _run_with(self, handle: Callable[..., int], start: Start) -> int:
        import yanbao.cli.run

        yanbao.cli.run.handle = handle
        return self._run(start, None, self.home.parent / "disk-of-the-last")

    def _fail(self, violations: list[Violation]) -> None:
        raise Found(self.seed, self.day, violations, self.events)


def _command(home: Path, words: tuple[str, ...]) -> int:
    from yanbao.cli.main import main

    return main(["--home", str(home), *words])


def _one_line(ended: Ended, home: Path) -> list[Violation]:
    """A failure has one line, which says what to do and names no path of this machine."""
    lines = ended.err.strip().splitlines()
    if ended.code < 0:
        return [("I7", f"the night was killed by signal {-ended.code}")]
    if len(lines) != 1 or not lines[0].startswith("yanbao: ") or " → " not in lines[0]:
        return [("I7", f"exit {ended.code} with {len(lines)} lines: {ended.err[-2000:]}")]
    if str(home.parent) in lines[0]:
        return [("I7", f"a path of this machine is told: {lines[0]}")]
    return []
