"""The only way to call akshare: one call at a time, in a worker process, never a host whose
circuit is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from yanbao.base.errors import SourceSchemaError, SourceUnavailableError
from yanbao.sources.breaker import Breaker, CircuitOpenError
from yanbao.sources.call import Reply
from yanbao.sources.failures import STALE_HINT, as_error, means_no_rows
from yanbao.sources.frames import check_contract
from yanbao.sources.task import Answer, Runner, Task
from yanbao.sources.traffic import host_family
from yanbao.sources.worker import WorkerProcess

if TYPE_CHECKING:
    from yanbao.sources.call import Arguments, Fetch


class AkshareClient:
    """Calls fetches one at a time, within their deadlines, and never a host that is out.

    ``requests`` counts every HTTP request of this client, those of failed calls included.
    """

    def __init__(
        self,
        *,
        deadline_seconds: float | None = None,
        breaker: Breaker | None = None,
        runner: Runner | None = None,
    ) -> None:
        self.requests = 0
        self._runner = runner or WorkerProcess()
        self._deadline_seconds = deadline_seconds
        self._breaker = breaker or Breaker()

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
            columns={column.name: column.kind for column in fetch.columns},
            announces=fetch.announces,
            reads_html=fetch.reads_html,
            withheld=fetch.withheld,
            beside=dict(arguments.beside),
        )
        answer = self._runner.run(task, self._deadline_seconds or fetch.deadline_seconds)
        host = answer.host or fetch.host
        self.requests += answer.requests
        try:
            if answer.failure is not None and not means_no_rows(fetch, answer.failure):
                if answer.failure.kind in ("wire", "deadline"):
                    for family in {host_family(host), host_family(fetch.host)}:
                        self._breaker.note_failure(family, banned=answer.failure.banned)
                raise as_error(fetch, answer.failure)
            self._breaker.note_success(host)
            return self._checked(fetch, arguments, answer)
        except (SourceUnavailableError, SourceSchemaError) as error:
            error.requests = answer.requests
            raise

    def close(self) -> None:
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *of_error: object) -> None:
        self.close()

    def _refuse_if_open(self, fetch: Fetch) -> None:
        until = self._breaker.open_until(fetch.host)
        if until is not None:
            raise CircuitOpenError(
                f"the circuit of {fetch.host} is open until {until:%Y-%m-%d %H:%M} UTC",
                where=fetch.label,
                hint=STALE_HINT,
            )

    def _checked(self, fetch: Fetch, arguments: Arguments, answer: Answer) -> Reply:
        import pandas as pd  # noqa: PLC0415 - the command line starts without it

        frame = pd.DataFrame() if answer.frame is None else answer.frame.to_pandas()
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
        return check_contract(fetch, reply)
