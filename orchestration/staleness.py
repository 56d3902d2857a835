"""Which datasets serve older data than they should, and for how long that is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orchestration.datasets import DATASETS, Dataset
from orchestration.gating import CORE_TABLES
from orchestration.raw.load import StoredLoad
from orchestration.raw.zone import RawZone

if TYPE_CHECKING:
    import duckdb

BAD = ("rejected", "held", "unavailable", "ungated")


@dataclass(frozen=True)
class Stale:
    """A dataset whose latest load did not pass; ``is_over`` once its allowance is used up."""

    dataset: str
    last_good: date | None
    reason: str
    is_over: bool

    def record(self) -> dict[str, str | None]:
        last = self.last_good.isoformat() if self.last_good else None
        return {"dataset": self.dataset, "last_good": last, "reason": self.reason}

    def line(self) -> str:
        """One line for the run's summary."""
        served = f"data to {self.last_good} serve" if self.last_good else "no good data yet"
        return f"{self.dataset}: stale, {served}: {self.reason}"


def stale_datasets(
    zone: RawZone, connection: duckdb.DuckDBPyConnection, as_of: date
) -> list[Stale]:
    """Datasets whose newest load waits for a person, failed, or could not be checked."""
    found = []
    by_dataset: dict[str, list[StoredLoad]] = {}
    for stored in zone.loads():
        by_dataset.setdefault(stored.load.dataset, []).append(stored)
    for dataset in DATASETS:
        loads = by_dataset.get(dataset.name, [])
        bad = _unanswered(loads)
        if bad is None:
            continue
        last = last_good_day(connection, dataset, as_of)
        allowance = dataset.staleness_days
        over = allowance is not None and last is not None and (as_of - last).days > allowance
        reason = bad.reason or f"load {bad.load.load_id} could not be checked"
        found.append(Stale(dataset.name, last, reason, over))
    return found


def _unanswered(loads: list[StoredLoad]) -> StoredLoad | None:
    """The newest bad load, unless a good one came after it or a person rejected it."""
    for stored in reversed(loads):
        if stored.status in ("good", "repeat"):
            return None
        if stored.status in BAD and stored.decided_at is None:
            return stored
    return None


def last_good_day(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, as_of: date
) -> date | None:
    """The last day on or before as_of for which the warehouse holds rows of a dataset."""
    table = CORE_TABLES.get(dataset.name, dataset.name)
    if not dataset.date_column:
        return None
    market = {"hk_stock_bars": "HK", "us_stock_bars": "US", "a_share_bars": "CN"}
    where = f" and market = '{market[dataset.name]}'" if dataset.name in market else ""
    row = connection.execute(
        f"select max({dataset.date_column}) from core.{table}"
        f" where {dataset.date_column} <= ?{where}",
        [as_of],
    ).fetchone()
    return row[0] if row else None
