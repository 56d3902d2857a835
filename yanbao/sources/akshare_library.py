"""akshare itself behind the watched HTTP clients: the only module that imports it."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

from yanbao.sources.failures import Failure
from yanbao.sources.frames import to_arrow
from yanbao.sources.task import Answer, Task
from yanbao.sources.traffic import KEPT_BODY, Pace, Traffic, WireError

if TYPE_CHECKING:
    import pyarrow as pa

MESSAGE_LENGTH = 300


class Library:
    """akshare behind the watched HTTP clients; in the worker, or in a contract test."""

    def __init__(self, pace: Pace, *, route_to: str | None = None) -> None:
        import akshare  # noqa: PLC0415 - the import costs two CPU seconds

        self._akshare = akshare
        self.traffic = Traffic(pace, route_to=route_to)
        self.version: str = akshare.__version__

    def perform(
        self, task: Task, on_request: Callable[[int, str], None] | None = None
    ) -> Answer:
        """Run one function and say what became of it; only the parent judges."""
        watching = self.traffic.watching(
            announces=task.announces, reads_html=task.reads_html, on_request=on_request
        )
        frame, failure = None, None
        with watching as ledger:
            try:
                frame = self._frame(task)
            except Exception as error:  # noqa: BLE001 - it raises any type; all are reported
                failure = _failure(error, ledger.last_body)
        return Answer(
            frame=frame,
            failure=failure,
            requests=ledger.requests,
            announced=ledger.announced,
            host=ledger.last_host,
            library_version=self.version,
        )

    def _frame(self, task: Task) -> pa.Table:
        import pandas as pd  # noqa: PLC0415 - the command line starts without it

        # A function of the library's front, or one deeper inside (``futures.cons.x``).
        function = attrgetter(task.function)(self._akshare)
        received = function(**task.arguments)
        if received is None:
            raise ValueError("the library returned nothing")
        if isinstance(received, list):  # the bundled calendar
            received = pd.DataFrame({"value": received})
        if task.beside and len(received):
            second = function(**{**task.arguments, **task.beside})
            received = received.merge(second, how="left") if len(second) else received
        kept = received.drop(columns=[n for n in task.withheld if n in received.columns])
        return to_arrow(kept, task.columns)


def _failure(error: Exception, last_body: bytes) -> Failure:
    body = last_body.decode("utf-8", errors="replace")[:KEPT_BODY]
    if isinstance(error, WireError):
        return Failure("wire", str(error), banned=error.banned, body=body)
    message = " ".join(str(error).split())[:MESSAGE_LENGTH]
    return Failure("parser", message, exception=type(error).__name__, body=body)
