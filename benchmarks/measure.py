"""What a command costs: CPU and wall clock of its process tree, memory of its largest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from yanbao.base.errors import YanbaoError
from yanbao.base.settings import PROJECT_ROOT

YANBAO = (sys.executable, "-m", "yanbao.cli.main")


class BenchmarkError(YanbaoError):
    """A measured command failed, so its cost means nothing."""


@dataclass(frozen=True)
class Cost:
    """CPU is user and system time; the peak is the largest process's resident memory."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float

    def __add__(self, other: Cost) -> Cost:
        """One after the other: times add up, the peak is the higher of the two."""
        return Cost(
            self.cpu_seconds + other.cpu_seconds,
            self.wall_seconds + other.wall_seconds,
            max(self.peak_mib, other.peak_mib),
        )


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each quantity, and the highest peak."""
    return Cost(
        median(cost.cpu_seconds for cost in costs),
        median(cost.wall_seconds for cost in costs),
        max(cost.peak_mib for cost in costs),
    )


def run(words: Sequence[str], log: Path, ends: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end, its output to ``log``; raises where it ends otherwise."""
    os.sync()  # what the last command left to be written would slow this one
    # Our own bytecode is cached on a user's machine, whatever the shell of the benchmark says.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(words)}\n".encode())
        output.flush()
        started = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=PROJECT_ROOT, env=environment, stdout=output, stderr=output
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ends:
        end = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1]
        raise BenchmarkError(
            f"a measured command ended with code {process.returncode}: {end[:300]}",
            where=" ".join(words[1:5]),
            hint="its output is in the log; a cost is only measured of what succeeds",
        )
    # Linux counts ru_maxrss in KiB.
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def yanbao(home: Path, *words: str, log: Path) -> Cost:
    """Run one command of the command line on a state folder."""
    return run([*YANBAO, "--home", str(home), *words], log)


def module(name: str, *words: str, log: Path) -> Cost:
    """Run one of the benchmark's own modules in a process of its own."""
    return run([sys.executable, "-m", f"benchmarks.{name}", *words], log)
