"""Which sessions datasets lack between two that they have, as ``report.data_gaps`` has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

MART = "data_gaps"
NAMED_DAYS = 3


@dataclass(frozen=True)
class Gaps:
    """The sessions that a dataset lacks, ascending; ``parts`` are empty for the whole."""

    dataset: str
    days: tuple[date, ...]
    parts: tuple[str, ...]

    @property
    def words(self) -> str:
        """The days in short, with the indices that lack them."""
        more = f" and {len(self.days) - NAMED_DAYS} more" if self.days[NAMED_DAYS:] else ""
        named = ", ".join(f"{day}" for day in self.days[:NAMED_DAYS]) + more
        return f"{', '.join(self.parts)}: {named}" if self.parts else named

    @property
    def advice(self) -> str:
        return (
            f"sessions are missing: {self.words} → yanbao backfill {self.dataset}"
            f" --from {self.days[0]} --to {self.days[-1]}, or import a file with these days"
        )


def gaps_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Gaps]:
    """By dataset the gaps among the rows of the mart."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["dataset"], []).append(row)
    return {
        name: Gaps(
            name,
            tuple(sorted({row["missing_on"] for row in ones})),
            tuple(sorted({row["part"] for row in ones} - {""})),
        )
        for name, ones in found.items()
    }
