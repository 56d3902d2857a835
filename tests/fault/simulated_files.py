"""The desk of a simulation: a person's files of one index, and the word on those that wait."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.fault.simulated_ledger import Ledger
from tests.fault.simulated_script import FIRST, KEPT_BY_HAND, Night
from tests.fault.small_market import sessions_back, step

NAME = "kept_by_hand.csv"
ODD = "a close times three"
HEADER = "index_code,trade_date,close,source_note"
SAME = "the same again"
Closes = dict[date, float]


@dataclass
class Desk:
    """``brought`` are files that no published night has judged, ``waiting`` those that wait
    for a word, and whether they may be accepted: what breaks a build is not.
    """

    home: Path
    ledger: Ledger
    closes: Closes = field(default_factory=dict)
    brought: list[tuple[Closes, bool]] = field(default_factory=list)
    waiting: dict[str, tuple[Closes, bool]] = field(default_factory=dict)
    accepted: list[Closes] = field(default_factory=list)

    def morning(self, night: Night, rng: random.Random) -> list[tuple[str, ...]]:
        """The commands of a morning, before the night of the same day."""
        commands = []
        if self.waiting and night.decision:
            load_id = min(self.waiting)
            closes, may_be_right = self.waiting.pop(load_id)
            decision = night.decision if may_be_right else "reject"
            commands.append(("hold", decision, load_id, "--reason", "looked at"))
            if decision == "accept":
                self.accepted.append(closes)
                self._tell(closes, is_taken_in=False)
        if night.file and (path := self._file(night, rng)):
            commands.append(("import", "--dataset", "index_bars", str(path)))
        return commands

    def _file(self, night: Night, rng: random.Random) -> Path | None:
        path = self.home.parent / NAME
        if night.file == SAME:
            return path if path.exists() else None
        days = [one for one in sessions_back(night.day, 9)[:-1] if one >= FIRST]
        closes = {day: self.closes.get(day, round(2000 + step(day, 5), 2)) for day in days}
        is_odd = night.file == ODD and len(self.closes) > 1
        if is_odd:
            closes[days[-1]] = round(closes[days[-1]] * 3, 2)
        elif night.file == "an older close restated":
            day = rng.choice(days)
            closes[day] = round(closes[day] + 0.5, 2)
        rows = [f"{KEPT_BY_HAND},{day},{close},样例" for day, close in closes.items()]
        path.write_text("\n".join([HEADER, *rows, ""]), "utf-8")
        if not is_odd:
            self.closes |= closes
            self._tell(closes, is_taken_in=False)
        self.brought.append((closes, is_odd))
        return path

    def night_was_published(self) -> None:
        """What was accepted is told, and of files what the gate has let through."""
        for closes in self.accepted:
            self._tell(closes, is_taken_in=True)
        self.accepted = []
        verdicts = self._verdicts()
        new = verdicts[-len(self.brought) :] if self.brought else []
        for (closes, is_odd), (load_id, outcome) in zip(self.brought, new):
            if outcome in ("hold", "breaks"):
                self.waiting[load_id] = (closes, outcome == "hold")
            elif not is_odd:
                self._tell(closes, is_taken_in=True)
        self.brought = []

    def _verdicts(self) -> list[tuple[str, str]]:
        """Of each file in raw, in their order: its load and what the gate found."""
        found: list[tuple[str, str]] = []
        for path in sorted((self.home / "raw" / "loads" / "inbox").glob("*/*/manifest.json")):
            load: dict[str, Any] = json.loads(path.read_text("utf-8"))
            verdict = self.home / "raw" / "verdicts" / f"{load['load_id']}.json"
            if not load["repeat_of"] and verdict.exists():
                outcome = json.loads(verdict.read_text("utf-8"))["outcome"]
                decision = self.home / "raw" / "decisions" / verdict.name
                if decision.exists():
                    word = json.loads(decision.read_text("utf-8"))["decision"]
                    outcome = word if word == "breaks" else outcome
                found.append((load["load_id"], outcome))
        return found

    def _tell(self, closes: Closes, *, is_taken_in: bool) -> None:
        told = [((KEPT_BY_HAND, day), close) for day, close in closes.items()]
        self.ledger.tell(told, is_taken_in=is_taken_in)
