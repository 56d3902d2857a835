"""One dataset of one run: its fetches in fallback order until every part is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yanbao.base.errors import SourceUnavailableError, YanbaoError
from yanbao.sources import fetches_for
from yanbao.sources.breaker import CircuitOpenError

if TYPE_CHECKING:
    from yanbao.sources.akshare_client import AkshareClient
    from yanbao.sources.call import Arguments, Cadence, Fetch, Reply, Request

log = logging.getLogger(__name__)

OnReply = Callable[["Fetch", "Reply"], None]
OnFailure = Callable[["Fetch", "Arguments", YanbaoError], None]


@dataclass(frozen=True)
class Attempt:
    """One call that was made or refused; ``error`` is empty where it gave an answer."""

    source: str
    cadence: Cadence
    rows: int
    requests: int
    error: str = ""


@dataclass(frozen=True)
class Gathered:
    """What a run got of a dataset. ``missing`` parts keep their last good data, stale."""

    dataset: str
    attempts: tuple[Attempt, ...]
    missing: tuple[str, ...]

    @property
    def requests(self) -> int:
        return sum(attempt.requests for attempt in self.attempts)

    @property
    def rows(self) -> int:
        return sum(attempt.rows for attempt in self.attempts)

    @property
    def sources(self) -> tuple[str, ...]:
        """The upstreams whose data were taken, in order of use."""
        return tuple(dict.fromkeys(a.source for a in self.attempts if not a.error))


def gather(
    client: AkshareClient,
    request: Request,
    *,
    on_reply: OnReply,
    on_failure: OnFailure,
    already: Collection[str] = (),
    budget: int | None = None,
    without: Collection[str] = (),
) -> Gathered:
    """Ask each fetch for the parts that no earlier one answered.

    ``on_reply`` and ``on_failure`` are called once per call that went to an upstream, as
    soon as it ended, so that a crash loses nothing that was received; an error that is a
    RejectedReplyError carries its reply. ``already`` names parts that good loads have
    answered before (``answered_before``), which makes a back-fill continue where it
    stopped. With a ``budget`` no call begins after so many requests. Sources in ``without``
    are not asked. A part that stays without an answer because the circuit of its
    host is open, or because its list cannot be asked now, is reported to ``on_failure`` once,
    without a request.
    """
    before = client.requests
    run = _Run(client, request, on_reply, on_failure, set(already))
    for fetch in fetches_for(request.dataset):
        if (fetch.cadence == "weekly" and not request.is_weekly) or fetch.source in without:
            continue
        for arguments in fetch.plan(request):
            run.wanted.update(dict.fromkeys(arguments.answers))
            if run.answered.issuperset(arguments.answers):
                continue
            if budget is not None and client.requests - before >= budget:
                continue
            error = run.cannot_ask(fetch, arguments)
            if error:
                run.refused.append((fetch, arguments, error))
            else:
                run.ask(fetch, arguments)
    run.record_refused()
    missing = tuple(part for part in run.wanted if part not in run.answered)
    return Gathered(request.dataset, tuple(run.attempts), missing)


def answered_before(
    request: Request, calls: Iterable[tuple[str, Mapping[str, object]]]
) -> frozenset[str]:
    """The parts of a request that earlier calls (function, recorded arguments) answered."""
    made = {(function, tuple(sorted(arguments.items()))) for function, arguments in calls}
    return frozenset(
        part
        for fetch in fetches_for(request.dataset)
        for arguments in fetch.plan(request)
        if (fetch.function, tuple(sorted(arguments.recorded().items()))) in made
        for part in arguments.answers
    )


@dataclass
class _Run:
    """The state of one gathering; ``circuit_open`` holds the fetches that are out."""

    client: AkshareClient
    request: Request
    on_reply: OnReply
    on_failure: OnFailure
    answered: set[str]
    wanted: dict[str, None] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    circuit_open: dict[str, YanbaoError] = field(default_factory=dict)
    refused: list[tuple[Fetch, Arguments, YanbaoError]] = field(default_factory=list)

    def cannot_ask(self, fetch: Fetch, arguments: Arguments) -> YanbaoError | None:
        """Why a call is not made, where it is not."""
        request = self.request
        if request.not_now and fetch.dated_by is None and arguments.is_stamped:
            return SourceUnavailableError(
                request.not_now,
                where=f"{fetch.label} for {request.day}",
                hint="the last good data serve, marked stale; run again after the close",
            )
        return self.circuit_open.get(fetch.label)

    def record_refused(self) -> None:
        """Leave a record for the parts that have neither an answer nor a failed call."""
        for fetch, arguments, error in self.refused:
            if not self.answered.union(self.failed).issuperset(arguments.answers):
                self.on_failure(fetch, arguments, error)
                self.failed.update(arguments.answers)

    def ask(self, fetch: Fetch, arguments: Arguments, *, again: bool = False) -> None:
        """Make one call; an open circuit ends the fetch."""
        from yanbao.sources.frames import IncompleteReplyError  # noqa: PLC0415

        before, error, rows = self.client.requests, None, 0
        try:
            reply = self.client.call(fetch, arguments)
        except YanbaoError as failure:
            error = failure
            log.warning("%s", error.line())
        else:
            rows = len(reply.frame)
            for warning in reply.warnings:
                log.warning("%s", warning)
            self.on_reply(fetch, reply)
            self.answered.update(arguments.answers)
        requests = self.client.requests - before
        line = error.line() if error else ""
        self.attempts.append(Attempt(fetch.source, fetch.cadence, rows, requests, line))
        if isinstance(error, CircuitOpenError):
            self.circuit_open[fetch.label] = error
            self.refused.append((fetch, arguments, error))
        elif error:
            self.on_failure(fetch, arguments, error)
            self.failed.update(arguments.answers)
            if isinstance(error, IncompleteReplyError) and not again:
                self.ask(fetch, arguments, again=True)
