"""Some formats of a pack in a process of their own: drawing keeps a whole core busy.

The other process gets the composed pack, prints its formats and says line by line, as JSON,
what it did. Nothing is composed or computed there.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from yanbao.base.errors import YanbaoError
from yanbao.reporting.printed.pack import PrintedPack, Progress

# These take about as long as all other formats together.
_BESIDE = frozenset({"pdf", "png"})
_DRAWN = frozenset({"html", "docx"})
# Fewer are drawn before another process has started.
FEW_CHARTS = 4


def divided(formats: Sequence[str], charts: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is printed here, and what beside it; one process where little is drawn."""
    beside = tuple(name for name in formats if name in _BESIDE)
    here = tuple(name for name in formats if name not in _BESIDE)
    is_much = charts >= FEW_CHARTS and beside and _DRAWN & set(here)
    return (here, beside) if is_much and (os.cpu_count() or 1) > 1 else (tuple(formats), ())


class Beside:
    """The other process at work; leaving the block without ``finish`` ends it."""

    def __init__(
        self, pack: PrintedPack, stem: Path, formats: Sequence[str], report: Progress
    ) -> None:
        self._formats = formats
        self._report = report
        self.files: dict[str, Path] = {}
        self.failures: dict[str, Exception] = {}
        home = Path(__file__).parents[1]
        paths = os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "yanbao.reporting.second_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._reader = threading.Thread(target=self._listen, args=(self._process.stdout,))
        self._reader.start()
        # A process that is gone already says so by its code.
        with contextlib.suppress(BrokenPipeError):
            assert self._process.stdin is not None  # noqa: S101 (a pipe was asked for)
            with self._process.stdin as stdin:
                pickle.dump((pack, stem, tuple(formats)), stdin)

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()

    def finish(self) -> None:
        """Wait for it; a format of which it said nothing has failed with it."""
        code = self._process.wait()
        self._reader.join()
        for name in self._formats:
            if name not in self.files and name not in self.failures:
                self.failures[name] = YanbaoError(f"its process ended with code {code}")

    def _listen(self, lines: IO[bytes] | None) -> None:
        for line in lines or ():
            said: dict[str, Any] = json.loads(line)
            if "progress" in said:
                self._report(said["progress"])
            elif "path" in said:
                self.files[said["name"]] = Path(said["path"])
            else:
                self.failures[said["name"]] = YanbaoError(said["reason"])


def main() -> None:
    # Read at once: the other process waits at the pipe until all is taken.
    job = sys.stdin.buffer.read()

    from yanbao.reporting.build import reason_of, render_formats  # noqa: PLC0415 (they start this)

    # What a library prints must not mix with what is said here.
    out, sys.stdout = sys.stdout, sys.stderr

    def say(**said: str) -> None:
        out.write(f"{json.dumps(said)}\n")
        out.flush()

    # Written by the process that started this one, and by nobody else.
    pack, stem, formats = pickle.loads(job)  # noqa: S301
    files, failures = render_formats(pack, stem, formats, lambda line: say(progress=line))
    for name, path in files.items():
        say(name=name, path=str(path))
    for name, error in failures.items():
        say(name=name, reason=reason_of(error))


if __name__ == "__main__":
    main()
