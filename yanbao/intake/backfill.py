"""Back-fill: the history that sources keep, asked part by part until nothing is missing.

A part is what one call answers: a code over the whole range, a report period. What a good
load has answered is never asked again, so a back-fill that was killed, banned or out of
budget goes on where it stopped when the same range is asked for again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from yanbao.base import clock
from yanbao.base.errors import UsageError, YanbaoError
from yanbao.catalog import BY_NAME
from yanbao.intake.landing import land_failure, land_reply
from yanbao.sources import fetches_for
from yanbao.sources.call import Request
from yanbao.sources.gather import answered_before, gather
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    from yanbao.sources.akshare_client import AkshareClient
    from yanbao.sources.call import Arguments, Fetch, Reply
    from yanbao.warehouse.state_folder import StateFolder

ANSWERED = ("good", "ungated", "repeat", "empty")
NOT_HISTORY = "a list without a date holds the moment of asking, not history"
REPORT_EVERY_SECONDS = 30.0


@dataclass(frozen=True)
class History:
    """The history that is wanted; without codes, those that the warehouse knows."""

    dataset: str
    first: date
    last: date
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """What became of a back-fill: its parts before, now, and still without an answer."""

    history: History
    parts: int
    before: int
    missing: tuple[str, ...]
    failed: int
    rows: int
    requests: int
    budget: int

    @property
    def answered(self) -> int:
        return self.parts - self.before - len(self.missing)

    def line(self) -> str:
        """One line for the end of the run."""
        history = self.history
        line = (
            f"{history.dataset} {history.first} to {history.last}: {self.answered} of"
            f" {self.parts} parts answered, {self.before} before, {len(self.missing)} left;"
            f" {self.rows} rows, {self.requests} requests of {self.budget}"
        )
        return f"{line}, {self.failed} calls failed" if self.failed else line


def fill(
    state: StateFolder, client: AkshareClient, history: History, budget: int | None = None
) -> Filled:
    """Ask for what is missing of a range of days; every call leaves one load once it ends.

    ``budget`` bounds the requests: no call begins once so many were made. By default it is
    those that the parts without an answer cost, one or for some sources two each, tries and
    fallbacks included. The caller holds
    the writer's lock. Raises UsageError where there is nothing that could be asked.
    """
    request = request_for(state, history)
    parts = parts_of(request)
    calls = [
        (stored.load.function, stored.load.arguments)
        for stored in state.zone.loads(history.dataset)
        if stored.status in ANSWERED
    ]
    already = answered_before(request, calls)
    allowed = (len(parts) - len(already)) * costs_of(request) if budget is None else budget
    progress = _Progress(state, history.dataset, len(parts), len(already))
    partition = history.last.isoformat()

    def on_reply(fetch: Fetch, reply: Reply) -> None:
        land_reply(state.zone, reply, partition)
        progress.note(len(reply.frame), reply.requests)

    def on_failure(fetch: Fetch, arguments: Arguments, error: YanbaoError) -> None:
        land_failure(state.zone, fetch, arguments, partition, error)
        progress.note_failure(error)

    gathered = gather(
        client,
        request,
        on_reply=on_reply,
        on_failure=on_failure,
        already=already,
        budget=allowed,
    )
    return Filled(
        history,
        parts=len(parts),
        before=len(already),
        missing=gathered.missing,
        failed=progress.failed,
        rows=gathered.rows,
        requests=gathered.requests,
        budget=allowed,
    )


def request_for(state: StateFolder, history: History) -> Request:
    """The request of a range of days, with the codes and report periods that it spans."""
    _check(history)
    cadences = {fetch.cadence for fetch in fetches_for(history.dataset)}
    codes = history.codes
    if not codes and "backfill" in cadences:
        codes = known_codes(state, history.dataset)
    request = Request(
        history.dataset,
        history.last,
        symbols=codes,
        since=history.first,
        periods=quarter_ends(history.first, history.last) if "season" in cadences else (),
        is_weekly=True,
        not_now=NOT_HISTORY,
    )
    if not parts_of(request):
        raise UsageError(
            f"no source keeps the past of {history.dataset} for these days",
            hint="bring it in with yanbao import",
        )
    return request


def parts_of(request: Request) -> tuple[str, ...]:
    """Every part that a fetch could answer with history, in the order of asking."""
    found = {
        part: None
        for fetch in fetches_for(request.dataset)
        for arguments in fetch.plan(request)
        if not arguments.is_stamped or fetch.dated_by is not None
        for part in arguments.answers
    }
    return tuple(found)


def costs_of(request: Request) -> int:
    """The requests of the dearest part: two where a call asks for a second series."""
    plans = (fetch.plan(request) for fetch in fetches_for(request.dataset))
    return max(2 if arguments.beside else 1 for plan in plans for arguments in plan)


def known_codes(state: StateFolder, dataset: str) -> tuple[str, ...]:
    """The codes of a dataset that the warehouse has seen in it, ascending."""
    declared = BY_NAME[dataset]
    table = declared.core_table
    entity = next(name for name in declared.key if name != declared.date_column)
    rows: list[tuple[str]] = []
    if state.store.path.exists():
        with state.store.connect() as connection:
            if has_table(connection, "core", table):
                rows = connection.execute(
                    f"select distinct {entity} from core.{table} where load_id in"
                    " (select load_id from built_loads where dataset = ?) order by 1",
                    [dataset],
                ).fetchall()
    if not rows:
        raise UsageError(
            f"the warehouse knows no codes of {dataset} yet",
            hint="name them with --codes, or run once first",
        )
    return tuple(row[0] for row in rows)


def quarter_ends(first: date, last: date) -> tuple[date, ...]:
    """The report periods that end within a range of days."""
    ends = (
        date(year, month + 1, 1) - timedelta(days=1) if month < 12 else date(year, 12, 31)
        for year in range(first.year, last.year + 1)
        for month in (3, 6, 9, 12)
    )
    return tuple(end for end in ends if first <= end <= last)


def _check(history: History) -> None:
    if history.dataset not in BY_NAME:
        raise UsageError.unknown_name("dataset", history.dataset, BY_NAME)
    if history.first > history.last:
        raise UsageError(
            f"the range ends on {history.last}, before it begins on {history.first}",
            hint="give --from before --to",
        )
    today = clock.today_in_beijing()
    if history.last >= today:
        raise UsageError(
            f"{history.last} is not over: in Beijing it is {today}",
            hint="end a back-fill on an earlier day; yanbao run brings today",
        )


class _Progress:
    """Says every half minute how far it is and how long the rest will take."""

    def __init__(self, state: StateFolder, dataset: str, parts: int, before: int) -> None:
        self._state, self._dataset = state, dataset
        self._parts, self._done = parts, before
        self._begun = self._reported = time.monotonic()
        self._answered = self._rows = self._requests = self.failed = 0
        state.progress(
            f"{dataset}: {before} of {parts} parts are here, {parts - before} to ask"
        )

    def note(self, rows: int, requests: int) -> None:
        self._answered += 1
        self._rows += rows
        self._requests += requests
        now = time.monotonic()
        if now - self._reported >= REPORT_EVERY_SECONDS:
            self._reported = now
            self._state.progress(self._line(now - self._begun))

    def note_failure(self, error: YanbaoError) -> None:
        self.failed += 1
        self._state.progress(f"{self._dataset}: {error.line()}")

    def _line(self, elapsed: float) -> str:
        done = self._done + self._answered
        left = elapsed / self._answered * (self._parts - done)
        return (
            f"{self._dataset}: {done} of {self._parts} parts, {self._rows} rows,"
            f" {self._requests} requests; about {left / 60:.0f} min left"
        )
