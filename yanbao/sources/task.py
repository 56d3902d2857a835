"""One call as it crosses to the process that runs akshare, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from yanbao.sources.call import RawColumn
from yanbao.sources.failures import Failure

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class Task:
    """One call as it crosses to the worker."""

    function: str
    arguments: dict[str, str]
    columns: tuple[tuple[str, str], ...]
    label: str
    announces: str | None = None
    reads_html: bool = False
    withheld: tuple[str, ...] = ()


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

    def run(self, task: Task, deadline_seconds: float, progress: Progress | None) -> Answer: ...

    def close(self) -> None: ...


def raw_columns(task: Task) -> tuple[RawColumn, ...]:
    return tuple(RawColumn(name, kind) for name, kind in task.columns)  # type: ignore[arg-type]
