"""Measure what a night costs, beside raw DuckDB doing the same work in the same minutes.

Usage: ``python -m benchmarks.night [--symbols 5500] [--years 5] [--repeat 3] [--quick]``

A state folder is filled with generated history and built once; each repeat starts from a
copy of it, under the same path, so that dbt and Dagster find what they left. Night, unchanged
run and raw floor alternate, so that a busy minute hits all of them. It prints the tables
and writes them into ``docs/performance.md``; it never fails on a time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks import page
from benchmarks.market import NEW_DAY, Files, day_before_new_day
from benchmarks.measure import BenchmarkError, Cost, module, yanbao
from benchmarks.results import Results, Series, Size
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.releases.release_store import Release, ReleaseStore, remove_folder
from yanbao.warehouse.code_version import code_version

PAGE = PROJECT_ROOT / "docs" / "performance.md"
SHORTER = 4
HELP_TIMES = 7
RAW_TIMES = 3  # it takes a second or two, and its difference is smaller than its noise
KNOWN_DAYS_AGO = 7
QUICK = {"symbols": 300, "years": 1.0, "repeat": 1}


@dataclass(frozen=True)
class PackContext:
    """One size of market in its own part of the working folder."""

    folder: Path
    series: Series
    log: Path

    @property
    def files(self) -> Files:
        return Files(self.folder / "files")

    @property
    def home(self) -> Path:
        """Where every state folder of this size stands while it is used."""
        return self.folder / "home"

    @property
    def pristine(self) -> Path:
        """The state folder after the full refresh, kept unused."""
        return self.folder / "pristine"

    def command(self, *words: str) -> Cost:
        return yanbao(self.home, *words, log=self.log)

    def run_as_of(self, day: str) -> Cost:
        return self.command("run", "--source", "import", "--as-of", day)

    def release(self) -> Release:
        return ReleaseStore(Settings(self.home).releases).current()

    def build(self) -> None:
        """Generate the market, import its history and build everything for the day before."""
        kept = self.folder / "setup.json"
        size = self.series.size
        # Built by other models or another checkout, the first night would rebuild or parse.
        builder = f"{PROJECT_ROOT} {code_version()} {size.label()}"
        record = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        if record.get("builder") == builder:
            self.series.restore_setup(record)
            return
        for left in (self.home, self.pristine, self.files.folder):
            if left.exists():
                remove_folder(left)
        words = ("--symbols", str(size.symbols), "--years", str(size.years))
        module("market", str(self.files.folder), *words, log=self.log)
        history = [str(path) for path in self.files.history]
        self.series.imported = [self.command("import", *history)]
        self.series.full = [self.run_as_of(day_before_new_day().isoformat())]
        self.series.bars = _bars(self.release())
        store = Settings(self.home).work / "warehouse.duckdb"
        self.series.store_bytes = store.stat().st_size
        self.home.rename(self.pristine)
        record = {**self.series.setup_record(), "builder": builder}
        kept.write_text(json.dumps(record), encoding="utf-8")

    def night(self) -> None:
        """The new day, from the state of the day before."""
        if self.home.exists():
            remove_folder(self.home)
        copy_state(self.pristine, self.home)
        before = _bars(self.release())
        new = [str(path) for path in self.files.new_day]
        self.series.night_imports.append(self.command("import", *new))
        self.series.night_runs.append(self.run_as_of(NEW_DAY.isoformat()))
        if _bars(self.release()) <= before:
            raise BenchmarkError("the night took no bars in", where=self.series.size.label())

    def unchanged_run(self) -> None:
        """The same run again: nothing changed, and nothing is built."""
        self.series.unchanged_runs.append(self.run_as_of(NEW_DAY.isoformat()))

    def raw_nights(self) -> None:
        """The same two nights as raw SQL, on a copy of the store of the day before."""
        place = self.folder / "raw"
        place.mkdir(exist_ok=True)
        # The file's name is the catalog's, which the compiled SQL names.
        store = place / "warehouse.duckdb"
        sql = self.release().path / "sql" / "report"
        words = [str(store), str(sql), str(place / "published.duckdb"), NEW_DAY.isoformat()]
        new = [str(path) for path in self.files.new_day]
        for _ in range(RAW_TIMES):
            shutil.copyfile(Settings(self.pristine).work / store.name, store)
            self.series.raw_nights.append(module("raw_floor", *words, *new, log=self.log))
            self.series.raw_empty_nights.append(module("raw_floor", *words, log=self.log))


def copy_state(source: Path, target: Path) -> None:
    """Copy a state folder; what never changes, loads and releases, is linked, not copied."""

    def link_or_copy(old: str, new: str) -> None:
        place = Path(old).relative_to(source).parts
        if place[0] == "releases" or place[:2] == ("raw", "loads"):
            os.link(old, new)
        else:
            shutil.copy2(old, new)

    shutil.copytree(source, target, symlinks=True, copy_function=link_or_copy)


def measure(results: Results, folder: Path, repeat: int, save: Callable[[], None]) -> None:
    """Fill in the results, saving after every step: what was measured is never lost."""
    log = folder / "commands.log"
    benches = [
        PackContext(folder / name, series, log)
        for name, series in (("long", results.long), ("short", results.short))
    ]
    for bench in benches:
        _say(f"building {bench.series.size.label()}")
        bench.folder.mkdir(exist_ok=True)
        bench.build()
        save()
    long, short = benches
    for number in range(1, repeat + 1):
        _say(f"night {number}/{repeat}")
        long.night()
        long.unchanged_run()
        long.raw_nights()
        short.night()
        save()
    _say("show, help, sample")
    _shows(long, results)
    results.helps = [yanbao(long.home, "--help", log=log) for _ in range(HELP_TIMES)]
    sample = folder / "sample"
    if sample.exists():
        remove_folder(sample)
    results.sample_run = yanbao(sample, "run", "--source", "sample", log=log)
    save()


def _shows(bench: PackContext, results: Results) -> None:
    """Every mart as known another day; the first is asked twice, for it warms the store."""
    marts = sorted(path.stem for path in (bench.release().path / "sql/report").glob("*.sql"))
    for number, mart in enumerate([marts[0], *marts]):
        known = NEW_DAY - timedelta(days=KNOWN_DAYS_AGO + number)
        words = (mart, "--as-of", NEW_DAY.isoformat(), "--known-at", known.isoformat())
        results.shows[mart] = bench.command("show", *words)


def _bars(release: Release) -> int:
    return int(release.manifest["core"]["daily_bars"]["rows"])


def _say(line: str) -> None:
    print(f"{line} …", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description=__doc__)
    parser.add_argument("--symbols", type=int, default=5500)
    parser.add_argument("--years", type=float, default=5.0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a small market; writes no page")
    parser.add_argument("--folder", type=Path, help="work here, keep it; build once")
    arguments = parser.parse_args()
    if arguments.quick:
        vars(arguments).update(QUICK)
    return arguments


def main() -> None:
    arguments = _arguments()
    command = (
        f"python -m benchmarks.night --symbols {arguments.symbols}"
        f" --years {arguments.years:g} --repeat {arguments.repeat}"
    )
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="yanbao-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    results = Results(
        long=Series(Size(arguments.symbols, arguments.years)),
        short=Series(Size(arguments.symbols, arguments.years / SHORTER)),
    )

    def save() -> None:
        if not arguments.quick:
            page.write(PAGE, page.render(results, command))

    try:
        measure(results, folder.resolve(), arguments.repeat, save)
    finally:
        print(page.render(results, command))
        if arguments.folder is None:
            remove_folder(folder)


if __name__ == "__main__":
    main()
