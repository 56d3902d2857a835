"""How many requests nights cost their upstreams, counted at a stand-in on loopback.

``python -m benchmarks.requests`` runs akshare's real functions against the full-size
market of the contract tests: an ordinary night, the last night of a week in results
season, and that night again. Ends with 1 where a count is over its limit.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from unittest import mock

from tests.contract.night import Night
from tests.contract.stand_in import StandIn, standing_in
from yanbao.base.errors import YanbaoError
from yanbao.sources import SOURCES
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.akshare_library import Library
from yanbao.sources.breaker import Breaker
from yanbao.sources.budget import ORDINARY_LIMIT, SEASON_LIMIT
from yanbao.sources.call import Arguments, Cadence, Fetch, Reply, Request
from yanbao.sources.gather import answered_before, gather
from yanbao.sources.task import Answer, Task
from yanbao.sources.traffic import Pace, host_family

ORDINARY_DAY = date(2024, 12, 3)
SEASON_DAY = date(2024, 10, 31)
DATASETS = sorted({fetch.dataset for fetch in SOURCES if fetch.cadence != "backfill"})


@dataclass
class Counted:
    """The requests of one night as the stand-in saw them, by cadence, dataset and host."""

    name: str
    requests: Counter[tuple[Cadence, str, str]] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)

    def of(self, *cadences: Cadence) -> int:
        return sum(n for (cadence, _, _), n in self.requests.items() if cadence in cadences)


@dataclass
class OneRun:
    """Runs tasks in this process as the worker does: the library keeps its lists for a run."""

    library: Library

    def run(self, task: Task, deadline_seconds: float) -> Answer:
        del deadline_seconds
        return self.library.perform(task)

    def close(self) -> None:
        """There is no process to end."""


def count_night(
    library: Library, name: str, night: Night, *, is_weekly: bool, again: bool = False
) -> list[Counted]:
    """One night at the stand-in, and with ``again`` the same night once more."""
    with standing_in(night) as server:
        library.traffic.route_to = server.url
        client = AkshareClient(runner=OneRun(library), breaker=Breaker())
        calls: dict[str, list[tuple[str, dict[str, object]]]] = {}
        nights = [Counted(name), *([Counted(f"{name}, run again")] if again else [])]
        for counted in nights:
            for dataset in DATASETS:
                request = Request(dataset, night.day, is_weekly=is_weekly)
                _gather(client, server, request, counted, calls.setdefault(dataset, []))
    return nights


def _gather(
    client: AkshareClient,
    server: StandIn,
    request: Request,
    counted: Counted,
    calls: list[tuple[str, dict[str, object]]],
) -> None:
    seen = len(server.asked)

    def note(fetch: Fetch) -> None:
        nonlocal seen
        for host in server.hosts()[seen:]:
            counted.requests[fetch.cadence, fetch.dataset, host_family(host)] += 1
        seen = len(server.asked)

    def on_reply(fetch: Fetch, reply: Reply) -> None:
        calls.append((reply.function, reply.arguments))
        note(fetch)

    def on_failure(fetch: Fetch, arguments: Arguments, error: YanbaoError) -> None:
        counted.missing.append(error.line())
        note(fetch)

    gathered = gather(
        client,
        request,
        on_reply=on_reply,
        on_failure=on_failure,
        already=answered_before(request, calls),
    )
    counted.missing += [f"{request.dataset}: no answer for {part}" for part in gathered.missing]


@dataclass(frozen=True)
class Target:
    """One count against its limit, which is per A-share where ``shares`` is given."""

    figure: str
    requests: int
    limit: float | None
    shares: int | None = None

    @property
    def value(self) -> float:
        return self.requests / self.shares if self.shares else self.requests

    @property
    def holds(self) -> bool:
        return self.limit is None or self.value <= self.limit


def targets(nights: Sequence[Counted], shares: int) -> list[Target]:
    ordinary, season, again = nights
    return [
        Target("ordinary night", ordinary.of("nightly", "season"), ORDINARY_LIMIT, shares),
        Target("night in results season", season.of("nightly", "season"), SEASON_LIMIT, shares),
        Target("weekly extras, once a week", season.of("weekly"), None),
        Target("the same night run again", again.requests.total(), 0),
    ]


def render(nights: Sequence[Counted], shares: int) -> str:
    """Two Markdown tables: the counts against their limits, and where they were spent."""
    lines = ["| count | requests | per A-share | limit | holds |", "|---|--:|--:|--:|---|"]
    for target in targets(nights, shares):
        per_share = f"{target.value:.4f}" if target.shares else "–"
        limit = "–" if target.limit is None else f"{target.limit:g}"
        holds = "–" if target.limit is None else "yes" if target.holds else "**no**"
        figures = f"{target.requests} | {per_share} | {limit} | {holds}"
        lines.append(f"| {target.figure} | {figures} |")
    columns = " | ".join(night.name for night in nights)
    lines += ["", f"| cadence | dataset | host | {columns} |", "|---|---|---|--:|--:|--:|"]
    for key in sorted({key for night in nights for key in night.requests}):
        counts = " | ".join(str(night.requests[key]) for night in nights)
        lines.append(f"| {' | '.join(key)} | {counts} |")
    totals = " | ".join(str(night.requests.total()) for night in nights)
    return "\n".join([*lines, f"| all | | | {totals} |"])


def measure(shares: int) -> list[Counted]:
    """The three nights of the table at a market of so many A-shares."""
    os.environ["TQDM_DISABLE"] = "1"  # read once, when the library is imported
    library = Library(Pace(seconds=0, jitter=0, backoff_seconds=0))
    # The library sleeps between pages; at the stand-in that only takes time.
    with mock.patch("time.sleep"):
        ordinary = count_night(
            library, "ordinary", Night(day=ORDINARY_DAY, shares=shares), is_weekly=False
        )
        season = count_night(
            library,
            "season, week end",
            Night(day=SEASON_DAY, shares=shares),
            is_weekly=True,
            again=True,
        )
    return [*ordinary, *season]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.requests", description=__doc__)
    parser.add_argument("--shares", type=int, default=5_500, help="A-shares (default 5500)")
    arguments = parser.parse_args()
    nights = measure(arguments.shares)
    print(render(nights, arguments.shares))
    unanswered = [line for night in nights for line in night.missing]
    for line in unanswered:
        print(f"unanswered: {line}")
    holds = all(target.holds for target in targets(nights, arguments.shares))
    return 0 if holds and not unanswered else 1


if __name__ == "__main__":
    raise SystemExit(main())
