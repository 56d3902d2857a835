"""What a run cost its upstreams: requests by cadence, against the number of A-shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yanbao.sources import SOURCES

if TYPE_CHECKING:
    from yanbao.raw.load import Load
    from yanbao.sources.call import Cadence
    from yanbao.sources.gather import Gathered

ORDINARY_LIMIT = 0.03
SEASON_LIMIT = 0.04
# Listed A-shares, for the request budget of a run whose snapshot failed.
A_SHARES = 5_500


@dataclass(frozen=True)
class Spent:
    """Requests of one run, failed tries included. Weekly extras are counted apart."""

    nightly: int
    season: int
    weekly: int
    backfill: int
    shares: int

    @property
    def limit(self) -> float:
        return SEASON_LIMIT if self.season else ORDINARY_LIMIT

    @property
    def per_share(self) -> float:
        """Requests of the run per A-share, without weekly extras and back-fills."""
        return (self.nightly + self.season) / self.shares

    def line(self) -> str:
        requests = self.nightly + self.season
        return (
            f"{requests} requests for {self.shares} A-shares: {self.per_share:.4f} each"
            f" (limit {self.limit}); weekly extras {self.weekly}, back-fill {self.backfill}"
        )


def spent(gathered: Iterable[Gathered], shares: int) -> Spent:
    """Add up the requests of a run for a market of so many A-shares."""
    attempts = (attempt for one in gathered for attempt in one.attempts)
    return _added(((attempt.cadence, attempt.requests) for attempt in attempts), shares)


def spent_on(loads: Iterable[Load], shares: int) -> Spent:
    """The same from the raw zone's records, failed calls included; files cost nothing."""
    cadences = {(fetch.dataset, fetch.label): fetch.cadence for fetch in SOURCES}
    called = ((load.dataset, f"{load.source}.{load.function}", load.requests) for load in loads)
    return _added(
        (
            (cadences[dataset, label], requests)
            for dataset, label, requests in called
            if (dataset, label) in cadences
        ),
        shares,
    )


def _added(costs: Iterable[tuple[Cadence, int]], shares: int) -> Spent:
    by_cadence: Counter[str] = Counter()
    for cadence, requests in costs:
        by_cadence[cadence] += requests
    return Spent(
        nightly=by_cadence["nightly"],
        season=by_cadence["season"],
        weekly=by_cadence["weekly"],
        backfill=by_cadence["backfill"],
        shares=shares,
    )
