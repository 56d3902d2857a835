"""akshare itself behind the wrapped HTTP clients: the only module that imports it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yanbao.sources.failures import Failure
from yanbao.sources.frames import to_arrow
from yanbao.sources.task import Answer, Progress, Task, raw_columns
from yanbao.sources.traffic import KEPT_BODY, Ledger, Pace, Traffic, WireError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MESSAGE_LENGTH = 300


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


def _as_frame(values: list[str]) -> pd.DataFrame:
    """The bundled calendar is a plain list."""
    import pandas as pd  # noqa: PLC0415 - the command line starts without it

    return pd.DataFrame({"value": values})
