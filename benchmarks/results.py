"""What was measured so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.measure import Cost, typical

SETUP = ("bars", "store_bytes", "imported", "full", "raw_full", "peers")


@dataclass(frozen=True)
class Size:
    """How much market: symbols of shares, as many funds, and years of history."""

    symbols: int
    years: float

    def label(self) -> str:
        return f"{self.symbols:,} symbols, {self.years:g} y"


@dataclass
class Series:
    """The costs at one size, each as often as it was measured."""

    size: Size
    bars: int = 0
    store_bytes: int = 0
    imported: list[Cost] = field(default_factory=list)
    full: list[Cost] = field(default_factory=list)
    raw_full: list[Cost] = field(default_factory=list)
    # By tool and engine, both in words; None where the tool fails.
    peers: dict[str, list[Cost | None]] = field(default_factory=dict)
    night_imports: list[Cost] = field(default_factory=list)
    night_runs: list[Cost] = field(default_factory=list)
    unchanged_runs: list[Cost] = field(default_factory=list)
    raw_nights: list[Cost] = field(default_factory=list)
    raw_empty_nights: list[Cost] = field(default_factory=list)

    def setup_record(self) -> dict[str, Any]:
        """What building cost, so that a kept folder can be measured again without it."""
        return {name: value for name, value in asdict(self).items() if name in SETUP}

    def restore_setup(self, record: Mapping[str, Any]) -> None:
        self.bars, self.store_bytes = record["bars"], record["store_bytes"]
        self.imported = [Cost(**cost) for cost in record["imported"]]
        self.full = [Cost(**cost) for cost in record["full"]]
        self.raw_full = [Cost(**cost) for cost in record["raw_full"]]
        self.peers = {
            name: [cost and Cost(**cost) for cost in costs]
            for name, costs in record["peers"].items()
        }

    @property
    def refreshes(self) -> list[Cost]:
        """A full refresh is the import of the years and the run that builds them."""
        return [brought + ran for brought, ran in zip(self.imported, self.full)]

    @property
    def nights(self) -> list[Cost]:
        """A night is the import of its files and the run that takes them in."""
        return [brought + ran for brought, ran in zip(self.night_imports, self.night_runs)]


@dataclass
class Results:
    """Everything a run of the benchmark found; None and empty where it has not come yet."""

    long: Series
    short: Series
    many_years: Series
    shows: dict[str, list[Cost]] = field(default_factory=dict)
    helps: list[Cost] = field(default_factory=list)
    sample_runs: list[Cost] = field(default_factory=list)


def cpu(costs: Sequence[Cost]) -> float | None:
    """The typical CPU seconds; None where nothing was measured yet."""
    return typical(costs).cpu_seconds if costs else None


def ratio(part: float | None, whole: float | None) -> float | None:
    return None if part is None or whole is None else part / whole
