"""Measure what a night costs, beside raw DuckDB doing the same work in the same minutes.

Usage: ``python -m benchmarks.night [--symbols 5500] [--years 5] [--repeat 3] [--quick]``

A state folder is filled with generated history and built; each repeat starts from a copy of
it, under the same path, so that dbt and Dagster find what they left. Full refresh and raw full
refresh alternate, and so do night, unchanged run and raw nights: a busy minute hits all of
them. It prints the tables and writes them into ``docs/performance.md``; it never fails on a
time.
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
from datetime import date, timedelta
from pathlib import Path

from benchmarks import page
from benchmarks.market import NEW_DAY, Files, day_before_new_day
from benchmarks.measure import BenchmarkError, Cost, module, yanbao
from benchmarks.peers import Work, compare
from benchmarks.results import Results, Series, Size
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.releases.release_files import remove_folder
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.warehouse.code_version import code_version

PAGE = PROJECT_ROOT / "docs" / "performance.md"
# Of history: what a company has, and what one has that never threw anything away.
YEARS, MANY_YEARS = 5.0, 20.0
FEWER = 4  # symbols where only the length of history is in question
HELP_TIMES, SHOW_TIMES = 7, 3
STORE = "warehouse.duckdb"  # the file's name is the catalog's, which compiled SQL names
RAW_TIMES = 3  # it takes a second or two, and its difference is smaller than its noise
KNOWN_DAYS_AGO = 7
QUICK = {"symbols": 300, "years": 1.0, "repeat": 1, "years_apart": 4.0}


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

    def build(self, times: int, *, with_peers: bool = False) -> None:
        """Generate the market, import its history and build everything for the day before.

        As often as asked, each from nothing, and each beside a raw full refresh.
        """
        kept = self.folder / "setup.json"
        size = self.series.size
        # Built by other models or another checkout, the first night would rebuild or parse.
        builder = f"{PROJECT_ROOT} {code_version()} {size.label()}"
        record = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        if record.get("builder") == builder:
            self.series.restore_setup(record)
            return
        _remove(self.files.folder)
        words = ("--symbols", str(size.symbols), "--years", str(size.years))
        module("market", str(self.files.folder), *words, log=self.log)
        history = [str(path) for path in self.files.history]
        for _ in range(times):
            _remove(self.home)
            self.series.imported.append(self.command("import", *history))
            self.series.full.append(self.run_as_of(day_before_new_day().isoformat()))
            _remove(self.pristine)
            self.home.rename(self.pristine)
            self._raw_full_refresh()
            if with_peers:
                self._peers()
        release = ReleaseStore(Settings(self.pristine).releases).current()
        self.series.bars = _bars(release)
        self.series.store_bytes = (Settings(self.pristine).work / STORE).stat().st_size
        record = {**self.series.setup_record(), "builder": builder}
        kept.write_text(json.dumps(record), encoding="utf-8")

    def night(self) -> None:
        """The new day, from the state of the day before."""
        _remove(self.home)
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

    def _raw(self, kind: str, store: Path, day: date) -> tuple[str, ...]:
        """The words of a raw floor that reads a store and publishes beside its own."""
        place = self.folder / "raw"
        place.mkdir(exist_ok=True)
        sql = ReleaseStore(Settings(self.pristine).releases).current().path / "sql" / "report"
        return kind, str(store), str(sql), str(place / "published.duckdb"), day.isoformat()

    def _raw_full_refresh(self) -> None:
        """The full refresh as raw SQL: the same files, core tables and marts."""
        words = self._raw("full", Settings(self.pristine).work / STORE, day_before_new_day())
        history = str(self.files.folder / "history")
        for _ in range(RAW_TIMES):
            self.series.raw_full.append(module("raw_floor", *words, history, log=self.log))

    def _peers(self) -> None:
        """The full refresh's work by other tools."""
        _, store, sql, _, day = self._raw(
            "full", Settings(self.pristine).work / STORE, day_before_new_day()
        )
        history = self.files.folder / "history"
        work = Work(Path(store), Path(sql), history, date.fromisoformat(day))
        for tool, engine, cost in compare(work, self.folder, self.log):
            self.series.peers.setdefault(f"{tool}, {engine}", []).append(cost)

    def raw_nights(self) -> None:
        """The same two nights as raw SQL, on a copy of the store of the day before."""
        store = self.folder / "raw" / STORE
        words = self._raw("night", store, NEW_DAY)
        new = [str(path) for path in self.files.new_day]
        for _ in range(RAW_TIMES):
            shutil.copyfile(Settings(self.pristine).work / STORE, store)
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


def _remove(place: Path) -> None:
    if place.exists():
        remove_folder(place)


def measure(results: Results, folder: Path, repeat: int, save: Callable[[], None]) -> None:
    """Fill in the results, saving after every step: what was measured is never lost."""
    log = folder / "commands.log"
    benches = [
        PackContext(folder / name, series, log)
        for name, series in (
            ("long", results.long),
            ("five", results.short),
            ("twenty", results.many_years),
        )
    ]
    for bench in benches:
        _say(f"building {bench.series.size.label()}")
        bench.folder.mkdir(exist_ok=True)
        is_long = bench is benches[0]
        bench.build(repeat if is_long else 1, with_peers=is_long)
        save()
    long, short, many_years = benches
    for number in range(1, repeat + 1):
        _say(f"night {number}/{repeat}")
        long.night()
        long.unchanged_run()
        long.raw_nights()
        short.night()
        many_years.night()
        save()
    _say("show, help, sample")
    _shows(long, results)
    results.helps = [yanbao(long.home, "--help", log=log) for _ in range(HELP_TIMES)]
    sample = folder / "sample"
    for _ in range(repeat):
        _remove(sample)
        results.sample_runs.append(yanbao(sample, "run", "--source", "sample", log=log))
        save()


def _shows(bench: PackContext, results: Results) -> None:
    """Every mart as known on other days: no answer stands from an earlier one."""
    marts = sorted(path.stem for path in (bench.release().path / "sql/report").glob("*.sql"))
    for number in range(SHOW_TIMES):
        known = (NEW_DAY - timedelta(days=KNOWN_DAYS_AGO + number)).isoformat()
        for mart in marts:
            words = (mart, "--as-of", NEW_DAY.isoformat(), "--known-at", known)
            results.shows.setdefault(mart, []).append(bench.command("show", *words))


def _bars(release: Release) -> int:
    return int(release.manifest["core"]["daily_bars"]["rows"])


def _say(line: str) -> None:
    print(f"{line} …", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description=__doc__)
    parser.add_argument("--symbols", type=int, default=5500)
    parser.add_argument("--years", type=float, default=YEARS)
    parser.add_argument("--years-apart", type=float, default=MANY_YEARS, help="of history")
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
        f" --years {arguments.years:g} --years-apart {arguments.years_apart:g}"
        f" --repeat {arguments.repeat}"
    )
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="yanbao-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    results = Results(
        long=Series(Size(arguments.symbols, arguments.years)),
        short=Series(Size(arguments.symbols // FEWER, arguments.years)),
        many_years=Series(Size(arguments.symbols // FEWER, arguments.years_apart)),
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
