"""The whole market: each level-1 industry of Shenwan at four quarter ends, every sum checked.

``python -m benchmarks.whole_market FOLDER`` imports what industries are made from, runs the
night of each quarter end with every check, prints the pack of each industry as HTML, adds all
of it up again, and writes what that took into docs/performance.md. FOLDER holds real files in
the import formats; with ``--home`` the state folder is kept, with the packs and a table of the
builds (``whole_market.csv``).
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.market_sums import MARKET, Sum, sums_of
from benchmarks.measure import BenchmarkError, Cost, yanbao
from benchmarks.page import judged, machine, markdown_table, write
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.releases.release_files import remove_folder
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.reporting.build import build_pack
from yanbao.reporting.reading.release_reader import ReleaseReader

PAGE = PROJECT_ROOT / "docs" / "performance.md"
MARKS = (
    "<!-- market: begin; written by python -m benchmarks.whole_market -->",
    "<!-- market: end -->",
)
PACK, TAXONOMY = "industry", "sw_level2"
FILES = (
    *("sw_industry_codes.csv", "sw_industry_membership.csv", "securities.csv"),
    *("trading_days.csv", "income_statements.parquet"),
)
# The day on which the results of each quarter are due: what was known then.
QUARTERS = {
    "2022-03-31": "2022-04-30",
    "2022-06-30": "2022-08-31",
    "2022-09-30": "2022-10-31",
    "2022-12-31": "2023-04-30",
}
TARGET_SECONDS = 600.0
OUTCOMES = """
    select case when outcome = 'pass' or severity <> 'warn' then outcome else 'warned' end
    from meta.check_results
"""
COMPANIES = """
    select pool, label_zh, count(*) as candidates, count_if(included) as members,
        coalesce(max(quarters.companies), 0) as compared
    from report.pool
    inner join core.pools using (pool)
    left join (
        select pool, companies from report.industry_quarter where report_period = ?
    ) as quarters using (pool)
    where taxonomy = ?
    group by all order by pool
"""


@dataclass(frozen=True)
class Build:
    """One industry at one quarter end, and what its pack took."""

    pool: str
    label: str
    candidates: int
    members: int
    compared: int
    sums: Counter[bool]
    seconds: float


@dataclass(frozen=True)
class Quarter:
    """One night, its checks by outcome, its builds, and the sums of the market."""

    end: str
    night: Cost
    packs: Cost
    checks: Counter[str]
    builds: Sequence[Build]
    sums: Counter[bool]

    @property
    def failed(self) -> int:
        """Checks that did not pass and would block, and sums that do not hold."""
        sums = self.sums + sum((build.sums for build in self.builds), Counter())
        return self.bad_checks + sums[False]

    @property
    def bad_checks(self) -> int:
        return self.checks.total() - self.checks["pass"] - self.checks["warned"]


def build_quarter(home: Path, folder: Path, end: str, known: str, log: Path) -> Quarter:
    """The night of a quarter end, then the pack and the sums of each industry."""
    days = ("--as-of", end, "--known-at", known)
    night = yanbao(home, "run", "--source", "import", *days, log=log)
    release = ReleaseStore(Settings(home).releases).current()
    with duckdb.connect(str(release.warehouse), read_only=True) as connection:
        outcomes = connection.execute(OUTCOMES).fetchall()
        pools = connection.execute(COMPANIES, [end, TAXONOMY]).fetchall()
    wall, cpu = time.perf_counter(), time.process_time()
    took = {pool: print_pack(release, home, pool) for pool, *_ in pools}
    packs = Cost(time.process_time() - cpu, time.perf_counter() - wall, 0)
    sums = sums_of(release, folder, TAXONOMY, end, known)
    builds = [
        Build(pool, label, candidates, members, compared, held(sums, pool), took[pool])
        for pool, label, candidates, members, compared in pools
    ]
    checks = Counter(outcome for (outcome,) in outcomes)
    return Quarter(end, night, packs, checks, builds, held(sums, MARKET))


def print_pack(release: Release, home: Path, pool: str) -> float:
    """Seconds that the pack of one pool took."""
    started = time.perf_counter()
    out = Settings(home).reports / f"{PACK}-{release.manifest['as_of_date']}"
    build_pack(PACK, ReleaseReader(release.path), out, ("html",), given={"pool": pool})
    return time.perf_counter() - started


def held(sums: Sequence[Sum], pool: str) -> Counter[bool]:
    for one in sums:
        if one.pool == pool and not one.holds:
            print(f"{pool}: not so: {one.what}")
    return Counter(one.holds for one in sums if one.pool == pool)


def render(imported: Cost, quarters: Sequence[Quarter], seconds: float, command: str) -> str:
    """The machine and the command, the target, a row per night and a row per industry."""
    builds = sum(len(quarter.builds) for quarter in quarters)
    target = markdown_table(
        ("figure", "measured", "target", "holds"),
        [judged(f"{builds} builds with every check and pack, wall s", seconds, TARGET_SECONDS)],
    )
    heads = ("night", "industries", "companies", "compared", "checks and sums", "warned",
             "failed", "CPU s", "wall s", "packs: CPU s", "wall s")  # fmt: skip
    nights = markdown_table(heads, [*map(_night, quarters)])
    pools = {build.pool: build.label for quarter in quarters for build in quarter.builds}
    industries = markdown_table(
        ("industry", "", *(quarter.end for quarter in quarters)),
        [
            (pool, label, *(_companies(pool, quarter) for quarter in quarters))
            for pool, label in pools.items()
        ],
    )
    took = f"Import: {imported.cpu_seconds:.1f} CPU s, {imported.wall_seconds:.1f} s."
    shown = "Companies compared of the companies in the pool:"
    return "\n\n".join((machine(command), target, nights, took, shown, industries))


def _night(quarter: Quarter) -> tuple[str, ...]:
    builds = quarter.builds
    sums = quarter.sums.total() + sum(build.sums.total() for build in builds)
    return (
        quarter.end,
        str(len(builds)),
        f"{sum(build.members for build in builds):,}",
        f"{sum(build.compared for build in builds):,}",
        f"{quarter.checks.total():,} + {sums:,}",
        str(quarter.checks["warned"]),
        str(quarter.failed),
        *(f"{c:.1f}" for c in (quarter.night.cpu_seconds, quarter.night.wall_seconds)),
        *(f"{c:.1f}" for c in (quarter.packs.cpu_seconds, quarter.packs.wall_seconds)),
    )


def _companies(pool: str, quarter: Quarter) -> str:
    found = [build for build in quarter.builds if build.pool == pool]
    return f"{found[0].compared} of {found[0].members}" if found else "–"


def write_builds(path: Path, quarters: Sequence[Quarter]) -> None:
    """A row per build: industry and quarter, companies, checks, sums and seconds."""
    heads = ("quarter", "pool", "industry", "candidates", "companies", "compared",
             "checks_of_release", "sums", "failed", "seconds")  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(heads)
        for quarter in quarters:
            for b in quarter.builds:
                facts = (b.pool, b.label, b.candidates, b.members, b.compared)
                checks = (
                    quarter.checks.total(),
                    b.sums.total(),
                    quarter.bad_checks + b.sums[False],
                )
                rows.writerow((quarter.end, *facts, *checks, f"{b.seconds:.2f}"))


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_market")
    parser.add_argument("folder", type=Path, help=f"holds {', '.join(FILES)}")
    parser.add_argument("--home", type=Path, help="a new state folder, which is kept")
    parser.add_argument("--dry", action="store_true", help="print the tables, write nothing")
    told = parser.parse_args(words)
    missing = [name for name in FILES if not (told.folder / name).is_file()]
    if missing:
        raise SystemExit(f"{told.folder} lacks {', '.join(missing)}")
    home = told.home or Path(tempfile.mkdtemp()) / "home"
    if home.exists():
        raise SystemExit(f"{home} is there already: name a folder that does not exist yet")
    home.mkdir(parents=True)
    log = home / "benchmark.log"
    started = time.perf_counter()
    imported = yanbao(home, "import", *(str(told.folder / name) for name in FILES), log=log)
    quarters = [build_quarter(home, told.folder, *days, log) for days in QUARTERS.items()]
    seconds = time.perf_counter() - started
    write_builds(home / "whole_market.csv", quarters)
    if told.home is None:
        remove_folder(home)
    text = render(imported, quarters, seconds, "python -m benchmarks.whole_market FOLDER")
    print(text)
    if not told.dry:
        write(PAGE, text, MARKS)
    if any(quarter.failed for quarter in quarters):
        raise BenchmarkError("not everything adds up", hint="the lines above name it")


if __name__ == "__main__":
    main()
