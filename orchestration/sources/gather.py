"""One dataset of one run: its fetches in fallback order until every part is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.errors import YanbaoError
from orchestration.sources import fetches_for
from orchestration.sources.breaker import HostLeftAloneError

if TYPE_CHECKING:
    from orchestration.sources.akshare_client import AkshareClient
    from orchestration.sources.call import Arguments, Fetch, Reply, Request

log = logging.getLogger(__name__)

OnReply = Callable[["Fetch", "Reply"], None]
OnFailure = Callable[["Fetch", "Arguments", YanbaoError], None]


@dataclass(frozen=True)
class Attempt:
    """One call that was made or refused; ``error`` is empty where it gave an answer."""

    source: str
    function: str
    answers: tuple[str, ...]
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

    @property
    def fell_back(self) -> bool:
        """Whether any part that was asked of one source was answered by another."""
        failed = {part for a in self.attempts if a.error for part in a.answers}
        answered = {part for a in self.attempts if not a.error for part in a.answers}
        return bool(failed & answered)


def gather(
    client: AkshareClient,
    request: Request,
    *,
    on_reply: OnReply,
    on_failure: OnFailure,
) -> Gathered:
    """Ask each fetch for the parts that no earlier one answered.

    ``on_reply`` and ``on_failure`` are called once per call that went to an upstream, as
    soon as it ended, so that a crash loses nothing that was received. An error that is a
    RejectedReplyError carries the reply. A host that is left alone costs no record.
    """
    wanted: dict[str, None] = {}
    answered: set[str] = set()
    attempts: list[Attempt] = []
    for fetch in fetches_for(request.dataset):
        for arguments in fetch.plan(request):
            wanted.update(dict.fromkeys(arguments.answers))
            if answered.issuperset(arguments.answers):
                continue
            before = client.requests
            try:
                reply = client.call(fetch, arguments)
            except YanbaoError as error:
                spent = client.requests - before
                attempts.append(_failed(fetch, arguments, error, spent))
                if isinstance(error, HostLeftAloneError):
                    break
                on_failure(fetch, arguments, error)
                continue
            on_reply(fetch, reply)
            answered.update(arguments.answers)
            attempts.append(_good(fetch, arguments, reply))
    missing = tuple(part for part in wanted if part not in answered)
    return Gathered(request.dataset, tuple(attempts), missing)


def _good(fetch: Fetch, arguments: Arguments, reply: Reply) -> Attempt:
    for warning in reply.warnings:
        log.warning("%s", warning)
    rows = len(reply.frame)
    return Attempt(fetch.source, fetch.function, arguments.answers, rows, reply.requests)


def _failed(fetch: Fetch, arguments: Arguments, error: YanbaoError, spent: int) -> Attempt:
    log.warning("%s", error.line())
    line = error.line()
    return Attempt(fetch.source, fetch.function, arguments.answers, 0, spent, line)
