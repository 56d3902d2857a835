"""The only place that imports akshare, and the only way to call it.

``AkshareClient`` asks; ``Library`` is the asking itself, inside the worker process.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from yanbao.base.errors import SourceSchemaError, SourceUnavailableError
from yanbao.sources.breaker import Breaker, CircuitOpenError
from yanbao.sources.call import Reply
from yanbao.sources.failures import STALE_HINT, Failure, as_error, means_no_rows
from yanbao.sources.frames import check_complete, check_contract, to_arrow
from yanbao.sources.traffic import KEPT_BODY, Ledger, Pace, Traffic, WireError, host_family
from yanbao.sources.worker import Answer, Progress, Runner, Task, WorkerProcess, raw_columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from yanbao.sources.call import Arguments, Fetch

log = logging.getLogger(__name__)
MESSAGE_LENGTH = 300


class AkshareClient:
    """Calls fetches one at a time, within their deadlines, and never a host that is out.

    ``requests_by_host`` counts every HTTP request of this client, those of failed calls
    included.
    """

    def __init__(
        self,
        *,
        pace: Pace | None = None,
        route_to: str | None = None,
        deadline_seconds: float | None = None,
        breaker: Breaker | None = None,
        runner: Runner | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.requests_by_host: Counter[str] = Counter()
        self._runner = runner or WorkerProcess(pace or Pace(), route_to)
        self._deadline_seconds = deadline_seconds
        self._breaker = breaker or Breaker()
        self._progress = progress

    @property
    def requests(self) -> int:
        return self.requests_by_host.total()

    def call(self, fetch: Fetch, arguments: Arguments) -> Reply:
        """One reply, possibly without rows where the fetch allows it.

        Raises SourceUnavailableError where nothing usable came in time, and
        RejectedReplyError (a SourceSchemaError that carries the reply) or
        SourceSchemaError where something came that is not the declared contract.
        """
        self._refuse_if_open(fetch)
        task = Task(
            function=fetch.function,
            arguments=dict(arguments.call),
            columns=tuple((column.name, column.kind) for column in fetch.columns),
            label=fetch.label,
            announces=fetch.announces,
            reads_html=fetch.reads_html,
            withheld=fetch.withheld,
        )
        deadline = self._deadline_seconds or fetch.deadline_seconds
        answer = self._runner.run(task, deadline, self._progress)
        self.requests_by_host[answer.host or fetch.host] += answer.requests
        try:
            if answer.failure is not None and not means_no_rows(fetch, answer.failure):
                raise self._failed(fetch, answer.failure)
            self._breaker.note_success(answer.host or fetch.host)
            return self._checked(fetch, arguments, answer)
        except (SourceUnavailableError, SourceSchemaError) as error:
            error.requests = answer.requests
            raise

    def close(self) -> None:
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _refuse_if_open(self, fetch: Fetch) -> None:
        until = self._breaker.open_until(fetch.host)
        if until is not None:
            raise CircuitOpenError(
                f"{fetch.host} is left alone until {until:%Y-%m-%d %H:%M} UTC",
                where=fetch.label,
                hint=STALE_HINT,
            )

    def _failed(self, fetch: Fetch, failure: Failure) -> Exception:
        if failure.kind in ("wire", "deadline"):
            for family in {
                host_family(failure.host or fetch.host),
                host_family(fetch.host),
            }:
                self._breaker.note_failure(family, banned=failure.banned)
        return as_error(fetch, failure)

    def _checked(self, fetch: Fetch, arguments: Arguments, answer: Answer) -> Reply:
        frame = _as_pandas(answer)
        reply = Reply(
            source=fetch.source,
            dataset=fetch.dataset,
            function=fetch.function,
            arguments=arguments.recorded(),
            frame=frame,
            announced_total=answer.announced,
            library_version=answer.library_version,
            host=answer.host or fetch.host,
            requests=answer.requests,
            answers=arguments.answers,
        )
        if frame.empty:
            if fetch.may_be_empty:
                return reply
            raise SourceUnavailableError(
                "the upstream answered without any row", where=fetch.label, hint=STALE_HINT
            )
        reply = check_contract(fetch, reply)
        check_complete(fetch, reply)
        return reply


def _as_pandas(answer: Answer) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - the command line starts without it

    return pd.DataFrame() if answer.frame is None else answer.frame.to_pandas()


def _as_frame(values: list[str]) -> pd.DataFrame:
    """The bundled calendar is a plain list."""
    import pandas as pd  # noqa: PLC0415 - the command line starts without it

    return pd.DataFrame({"value": values})


class Library:
    """akshare behind the wrapped HTTP clients; in the worker, or in a contract test."""

    def __init__(self, pace: Pace, *, route_to: str | None = None) -> None:
        import akshare  # noqa: PLC0415 - the import costs two CPU seconds

        self._akshare = akshare
        self.traffic = Traffic(pace, route_to=route_to)
        self.version: str = akshare.__version__

    def perform(self, task: Task, progress: Progress | None = None) -> Answer:
        """Run one function and say what became of it; only the parent judges."""
        watching = self.traffic.watching(
            announces=task.announces, reads_html=task.reads_html, on_request=progress
        )
        with watching as ledger:
            try:
                frame = self._frame(task)
            except Exception as error:  # noqa: BLE001 - it raises any type; all are reported
                return self._answer(ledger, failure=_failure(error, ledger))
        return self._answer(ledger, frame=frame)

    def _frame(self, task: Task) -> pa.Table:
        received = self._find(task.function)(**task.arguments)
        if received is None:
            raise ValueError("the library returned nothing")
        frame = _as_frame(received) if isinstance(received, list) else received
        kept = frame.drop(columns=[name for name in task.withheld if name in frame.columns])
        return to_arrow(kept, raw_columns(task))

    def _find(self, name: str) -> Callable[..., Any]:
        """A function of the library's front, or one deeper inside (``futures.cons.x``)."""
        place: Any = self._akshare
        for part in name.split("."):
            place = getattr(place, part)
        found: Callable[..., Any] = place
        return found

    def _answer(
        self, ledger: Ledger, *, frame: pa.Table | None = None, failure: Failure | None = None
    ) -> Answer:
        return Answer(
            frame=frame,
            failure=failure,
            requests=ledger.requests,
            announced=ledger.announced,
            host=ledger.last_host,
            library_version=self.version,
        )


class InProcess:
    """Runs tasks here, for tests that replace HTTP; it cannot enforce deadlines."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def run(self, task: Task, deadline_seconds: float, progress: Progress | None) -> Answer:
        del deadline_seconds
        clear_library_caches()
        return self._library.perform(task, progress)

    def close(self) -> None:
        """There is no process to end."""


def clear_library_caches() -> None:
    """Forget what akshare memoises (lists of codes and boards), wherever it hides it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("akshare"):
            for member in vars(module).values():
                clear = getattr(member, "cache_clear", None)
                if callable(clear):
                    clear()


def _failure(error: Exception, ledger: Ledger) -> Failure:
    body = ledger.last_body.decode("utf-8", errors="replace")[:KEPT_BODY]
    message = " ".join(str(error).split())[:MESSAGE_LENGTH]
    if isinstance(error, WireError):
        return Failure(
            "wire",
            "WireError",
            f"{error.host}: {error.why}",
            host=error.host,
            banned=error.banned,
            body=body,
        )
    return Failure("parser", type(error).__name__, message, host=ledger.last_host, body=body)
