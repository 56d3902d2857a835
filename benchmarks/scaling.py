"""Measure what grows how: a rebuild and a night on 1, 2, 4 and 8 times the data.

Usage: ``python -m benchmarks.scaling [--symbols 690] [--years 0.5] [--factors 1 2 4 8]``

Each size is a made-up market with that many times the symbols (``benchmarks/market.py``) in a
state folder of its own. Two exponents are printed for each figure: over all sizes, and of the
last doubling, in which the fixed part weighs least. 0 is a cost that does not grow, 1 grows as
the data do. It never fails on a time.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

from benchmarks.market import NEW_DAY, Files, day_before_new_day
from benchmarks.measure import Cost, module, yanbao
from yanbao.base.errors import YanbaoError
from yanbao.base.settings import Settings


@dataclass(frozen=True)
class Sized:
    """What one size of market costs."""

    symbols: int
    rebuild: Cost
    night: Cost
    store_mib: float
    release_mib: float

    def figures(self) -> dict[str, float]:
        return {
            "rebuild, CPU s": self.rebuild.cpu_seconds,
            "rebuild, peak MiB": self.rebuild.peak_mib,
            "night, CPU s": self.night.cpu_seconds,
            "night, peak MiB": self.night.peak_mib,
            "work store, MiB": self.store_mib,
            "one release, MiB": self.release_mib,
        }


def measured(folder: Path, symbols: int, years: float) -> Sized:
    """Import, rebuild and one night of a market with that many shares and funds."""
    folder.mkdir(parents=True)
    log, home, files = folder / "log.txt", folder / "home", Files(folder / "files")
    words = ("--symbols", str(symbols), "--years", str(years))
    module("market", str(files.folder), *words, log=log)
    yanbao(home, "import", *map(str, files.history), log=log)
    rebuild = _run(home, day_before_new_day().isoformat(), log)
    news = yanbao(home, "import", *map(str, files.new_day), log=log)
    night = news + _run(home, NEW_DAY.isoformat(), log)
    settings = Settings(home)
    return Sized(
        symbols=symbols,
        rebuild=rebuild,
        night=night,
        store_mib=(settings.work / "warehouse.duckdb").stat().st_size / 2**20,
        release_mib=_size(max(settings.releases.glob("r[0-9]*"))) / 2**20,
    )


def _run(home: Path, day: str, log: Path) -> Cost:
    return yanbao(home, "run", "--source", "import", "--as-of", day, log=log)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The power of the size by which a cost grows: the slope between the logarithms."""
    slope, _ = linear_regression([*map(math.log, sizes)], [*map(math.log, costs)])
    return slope


def table(found: Sequence[Sized]) -> list[str]:
    """Markdown: a row for each figure, a column for each size, and both exponents."""
    sizes = [float(one.symbols) for one in found]
    head = [f"{one.symbols:,} symbols" for one in found]
    lines = [
        f"| figure | {' | '.join(head)} | exponent | last doubling |",
        "| --- " * (len(head) + 3) + "|",
    ]
    for name in found[0].figures():
        costs = [one.figures()[name] for one in found]
        values = " | ".join(f"{cost:,.1f}" for cost in costs)
        last = exponent(sizes[-2:], costs[-2:])
        lines.append(f"| {name} | {values} | {exponent(sizes, costs):.2f} | {last:.2f} |")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what grows how.")
    parser.add_argument("--symbols", type=int, default=690, help="of the smallest market")
    parser.add_argument("--years", type=float, default=0.5)
    parser.add_argument("--factors", type=int, nargs="+", default=[1, 2, 4, 8])
    words = parser.parse_args()
    if len(words.factors) < 2:
        parser.error("an exponent needs two sizes or more")
    try:
        with tempfile.TemporaryDirectory(prefix="yanbao-scaling-") as place:
            found = []
            for factor in sorted(words.factors):
                folder = Path(place) / str(factor)
                found.append(measured(folder, words.symbols * factor, words.years))
                print(f"{factor} x: {found[-1].figures()}", file=sys.stderr, flush=True)
    except YanbaoError as error:
        print(error.line(), file=sys.stderr)
        return 1
    print("\n".join(table(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
