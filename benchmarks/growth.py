"""How a state folder grows over nights: sizes of its parts, and CPU of each night.

Usage: ``python -m benchmarks.growth [--nights 60]``

Nights of the sample, one per weekday of a clock that runs ahead (``faketime``, a Debian
package: Dagster's history asks the clock by itself). Each publishes another day, so that no
night is one in which nothing changed. It prints the tables and never fails on a figure.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measure import YANBAO, BenchmarkError, Cost, run
from yanbao.base.errors import EXIT_PUBLISHED_STALE

LAST_SAMPLE_DAY = date(2024, 10, 31)
FIRST_NIGHT = date(
    2027, 1, 4
)  # a Monday after the day of this measurement, so no file is newer
PARTS = ("raw", "work", "dagster", "releases", "reports")
MIB = 2**20
PUBLISHED = (0, EXIT_PUBLISHED_STALE)  # the day before the sample's lacks some of its files
TARGET_MIB, TARGET_CPU = 300, 1.1


def weekdays(first: date) -> Iterator[date]:
    day = first
    while True:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def sizes(home: Path) -> dict[str, float]:
    """Disk space of the parts in MiB; what hard links share counts once."""
    found, seen = dict.fromkeys(PARTS, 0), set[int]()
    for part in PARTS:
        for path in (home / part).rglob("*"):
            stat = path.lstat()
            if stat.st_ino not in seen:
                seen.add(stat.st_ino)
                found[part] += stat.st_blocks * 512
    return {part: size / MIB for part, size in found.items()}


def main(nights: int) -> int:
    if shutil.which("faketime") is None:
        raise BenchmarkError("there is no faketime", hint="apt-get install faketime")
    costs: list[Cost] = []
    print(f"{'night':>5} {'CPU s':>7} {'total':>7}", *(f"{part:>9}" for part in PARTS), "MiB")
    with tempfile.TemporaryDirectory(prefix="yanbao-growth-") as folder:
        home, log = Path(folder) / "data", Path(folder) / "log"
        for number, night in enumerate(weekdays(FIRST_NIGHT), 1):
            # Days of the sample in turn: no night finds its day published last.
            as_of = LAST_SAMPLE_DAY - timedelta(days=number % 2)
            words = (*YANBAO, "--home", str(home), "run", "-q", "--as-of", str(as_of))
            costs.append(run(("faketime", f"{night} 20:00:00", *words), log, PUBLISHED))
            size = sizes(home)
            cells = (f"{size[part]:9.1f}" for part in PARTS)
            print(
                f"{number:5} {costs[-1].cpu_seconds:7.1f} {sum(size.values()):7.1f}",
                *cells,
                flush=True,
            )
            if number == nights:
                break
    total, ratio = sum(size.values()), costs[-1].cpu_seconds / costs[0].cpu_seconds
    print(f"{nights} nights: {total:.0f} MiB (target {TARGET_MIB}), the last night costs")
    print(f"{ratio:.2f} of the first (target {TARGET_CPU})")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=60)
    sys.exit(main(parser.parse_args().nights))
