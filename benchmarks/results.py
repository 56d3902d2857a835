"""What was measured so far, and the figures that the targets are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from benchmarks.measure import Cost, typical

SETUP = ("bars", "store_bytes", "imported", "full")


@dataclass(frozen=True)
class Size:
    """How much market: symbols of shares, as many funds, and years of history."""

    symbols: int
    years: float

    def label(self) -> str:
        return f"{self.symbols:,} symbols, {self.years:g} y"


@dataclass
class Series:
    """The costs at one size: one set-up, and every repeat of what is repeated."""

    size: Size
    bars: int = 0
    store_bytes: int = 0
    imported: Cost | None = None
    full: Cost | None = None
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
        self.imported, self.full = Cost(**record["imported"]), Cost(**record["full"])

    @property
    def nights(self) -> list[Cost]:
        """A night is the import of its files and the run that takes them in."""
        return [brought + ran for brought, ran in zip(self.night_imports, self.night_runs)]


@dataclass
class Results:
    """Everything a run of the benchmark found; None and empty where it has not come yet."""

    long: Series
    short: Series
    shows: dict[str, Cost] = field(default_factory=dict)
    helps: list[Cost] = field(default_factory=list)
    sample_run: Cost | None = None

    @property
    def ratio_to_raw_night(self) -> float | None:
        """Night ÷ raw night."""
        if not self.long.nights or not self.long.raw_nights:
            return None
        return typical(self.long.nights).cpu_seconds / typical(self.long.raw_nights).cpu_seconds

    @property
    def unchanged_cpu(self) -> float | None:
        runs = self.long.unchanged_runs
        return typical(runs).cpu_seconds if runs else None

    @property
    def share_of_full_refresh(self) -> float | None:
        if not self.long.nights or self.long.full is None:
            return None
        return typical(self.long.nights).cpu_seconds / self.long.full.cpu_seconds

    @property
    def night_peak_mib(self) -> float | None:
        return typical(self.long.nights).peak_mib if self.long.nights else None

    @property
    def growth_with_history(self) -> float | None:
        """How much dearer a night is with the long history than with the short one."""
        if not self.short.nights or not self.long.nights:
            return None
        short, long = typical(self.short.nights), typical(self.long.nights)
        return long.cpu_seconds / short.cpu_seconds - 1

    @property
    def slowest_show(self) -> tuple[str, float] | None:
        if not self.shows:
            return None
        mart = max(self.shows, key=lambda name: self.shows[name].wall_seconds)
        return mart, self.shows[mart].wall_seconds

    @property
    def help_wall(self) -> float | None:
        return median(one.wall_seconds for one in self.helps) if self.helps else None
