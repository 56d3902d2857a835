"""akshare in the process of the test, where its HTTP can be replaced."""

from __future__ import annotations

import sys

from yanbao.sources.akshare_library import Library
from yanbao.sources.task import Answer, Task


class InProcess:
    """Runs tasks here, for tests that replace HTTP; it cannot enforce deadlines."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def run(self, task: Task, deadline_seconds: float) -> Answer:
        del deadline_seconds
        clear_library_caches()
        return self._library.perform(task)

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
