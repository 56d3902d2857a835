"""One call as it crosses to the process that runs akshare, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from yanbao.sources.failures import Failure

if TYPE_CHECKING:
    import pyarrow as pa

    from yanbao.sources.call import RawKind


@dataclass(frozen=True)
class Task:
    """One call as it crosses to the worker; ``columns`` are kinds by the names of a reply.

    ``beside`` holds the arguments that a second call changes (see ``Arguments``).
    """

    function: str
    arguments: Mapping[str, str]
    columns: Mapping[str, RawKind]
    announces: str | None = None
    reads_html: bool = False
    withheld: Sequence[str] = ()
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What became of a task: a frame or a failure, and what it cost on the wire."""

    frame: pa.Table | None = None
    failure: Failure | None = None
    requests: int = 0
    announced: int | None = None
    host: str = ""
    library_version: str = ""


class Runner(Protocol):
    """Runs tasks; the client does not care in which process."""

    def run(self, task: Task, deadline_seconds: float) -> Answer: ...

    def close(self) -> None: ...
