"""What the oracle of a simulation knows: what the world told, and what stood before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.fault.simulated_market import Key

Violation = tuple[str, str]
Rows = frozenset[tuple[Any, ...]]


@dataclass
class Ledger:
    """What is right. ``ever`` holds each value that a key was told with, ``allowed`` those that
    may be the one known now, ``owed`` the keys and lists that a release must have.
    """

    ever: dict[Key, set[float]] = field(default_factory=dict)
    allowed: dict[Key, set[float]] = field(default_factory=dict)
    owed: set[Key] = field(default_factory=set)
    owed_lists: set[date] = field(default_factory=set)
    shares: dict[date, dict[str, float]] = field(default_factory=dict)

    def tell(self, told: list[tuple[Key, float]], is_taken_in: bool) -> None:
        """Note tellings in their order; those of a night that was published are owed."""
        for key, value in told:
            self.ever.setdefault(key, set()).add(value)
            if is_taken_in:
                self.allowed[key] = {value}
                self.owed.add(key)
            else:
                self.allowed.setdefault(key, set()).add(value)


@dataclass(frozen=True)
class Seen:
    """What stood after the last look."""

    files: dict[str, str] = field(default_factory=dict)
    releases: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)  # by what they say, the load
    partitions: frozenset[str] = frozenset()  # the days that the newest loads are for
    current: str = ""
    day: date | None = None
