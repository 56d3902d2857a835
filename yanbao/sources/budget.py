"""What a run cost its upstreams: requests by cadence, against the number of A-shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from yanbao.sources import fetch_of

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
    """Requests of one run by cadence, failed tries included. Weekly extras count apart."""

    requests: Counter[Cadence]
    shares: int

    @property
    def of_run(self) -> int:
        """Requests without weekly extras and back-fills."""
        return self.requests["nightly"] + self.requests["season"]

    @property
    def limit(self) -> float:
        return SEASON_LIMIT if self.requests["season"] else ORDINARY_LIMIT

    @property
    def per_share(self) -> float:
        return self.of_run / self.shares

    def line(self) -> str:
        return (
            f"{self.of_run} requests for {self.shares} A-shares: {self.per_share:.4f} each"
            f" (limit {self.limit}); weekly extras {self.requests['weekly']},"
            f" back-fill {self.requests['backfill']}"
        )


def spent(gathered: Iterable[Gathered], shares: int) -> Spent:
    """Add up the requests of a run for a market of so many A-shares."""
    requests: Counter[Cadence] = Counter()
    for attempt in chain.from_iterable(one.attempts for one in gathered):
        requests[attempt.cadence] += attempt.requests
    return Spent(requests, shares)


def spent_on(loads: Iterable[Load], shares: int) -> Spent:
    """The same from the raw zone's records, failed calls included; files cost nothing."""
    requests: Counter[Cadence] = Counter()
    for load in loads:
        fetch = fetch_of(load)
        if fetch:
            requests[fetch.cadence] += load.requests
    return Spent(requests, shares)
