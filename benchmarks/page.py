"""The results as Markdown: targets and costs, and their place in the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import duckdb

from benchmarks.measure import Cost, typical
from benchmarks.results import Results, Series, cpu, ratio
from yanbao.base import clock

MARKS = (
    "<!-- measured: begin; written by python -m benchmarks.night -->",
    "<!-- measured: end -->",
)
NOT_YET = "–"
MIB, GIB = 2**20, 2**30


def render(results: Results, command: str) -> str:
    """The machine and the command, then the two tables."""
    return "\n\n".join((machine(command), _targets(results), _costs(results)))


def write(page: Path, text: str, marks: tuple[str, str] = MARKS) -> None:
    """Replace what stands between the marks; the page's own words stay."""
    begin, end = marks
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def machine(command: str) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    load = os.getloadavg()[0]
    return (
        f"Measured on {clock.now():%Y-%m-%d %H:%M} UTC with `{command}`:"
        f" {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB of memory,"
        f" {platform.system()}, Python {platform.python_version()}, DuckDB"
        f" {duckdb.__version__}; load average {load:.1f} when this was written,"
        " the benchmark's own work included."
    )


def _targets(results: Results) -> str:
    long, short, sample = results.long, results.short, results.sample_run
    night = cpu(long.nights)
    peak = typical(long.nights).peak_mib if long.nights else None
    growth = ratio(night, cpu(short.nights))
    slowest = max(results.shows.items(), key=lambda show: show[1].wall_seconds, default=None)
    mart, show = slowest or (NOT_YET, None)
    rows = [
        judged("night ÷ raw night, CPU", ratio(night, cpu(long.raw_nights)), 2.5),
        judged("run in which nothing changed, CPU s", cpu(long.unchanged_runs), 6),
        judged("night ÷ full refresh, CPU", ratio(night, cpu(long.full)), 0.20, "%"),
        judged("peak memory of the night, MB", _megabytes(peak), 1000, "MB"),
        judged(
            f"growth of the night from {short.size.years:g} to {long.size.years:g} years of"
            " history, CPU",
            None if growth is None else growth - 1,
            0.25,
            "%",
        ),
        judged(
            f"`show` for another known_at, slowest ({mart}), wall s",
            show.wall_seconds if show else None,
            3,
        ),
        judged(
            "`--help` of the command line, wall s",
            typical(results.helps).wall_seconds if results.helps else None,
            0.3,
        ),
        judged(
            "`yanbao run` on the sample in a new folder, wall s",
            sample.wall_seconds if sample else None,
            60,
        ),
    ]
    return markdown_table(("figure", "measured", "target", "holds"), rows)


def judged(name: str, value: float | None, target: float, unit: str = "") -> tuple[str, ...]:
    if value is None:
        return name, NOT_YET, f"≤ {_shown(target, unit)}", NOT_YET
    holds = "yes" if value <= target else "**no**"
    return name, _shown(value, unit), f"≤ {_shown(target, unit)}", holds


def _shown(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:.1%}"
    return f"{value:,.0f}" if unit == "MB" else f"{value:.2f}".rstrip("0").rstrip(".")


def _costs(results: Results) -> str:
    rows = [row for series in (results.long, results.short) for row in _series_rows(series)]
    if results.sample_run:
        rows.append(_cost("sample, new folder: `yanbao run`", [results.sample_run]))
    rows += [
        _cost(f"`show {mart}`, another known_at", [cost])
        for mart, cost in sorted(results.shows.items())
    ]
    heads = ("what", "CPU s (range)", "wall s", "peak MB", "times")
    return markdown_table(heads, rows)


def _series_rows(series: Series) -> list[tuple[str, ...]]:
    label = series.size.label()
    if series.bars:
        label += f" ({series.bars / 1e6:.1f}M bars, store {series.store_bytes / MIB:,.0f} MiB)"
    measured = (
        (f"{label}: import of the years", series.imported),
        ("the run after it: full refresh", series.full),
        ("night: import of the day", series.night_imports),
        ("night: run", series.night_runs),
        ("**night**", series.nights),
        ("**run in which nothing changed**", series.unchanged_runs),
        ("raw night", series.raw_nights),
        ("raw empty night", series.raw_empty_nights),
    )
    return [_cost(name, costs) for name, costs in measured if costs]


def _cost(name: str, costs: Sequence[Cost]) -> tuple[str, ...]:
    one = typical(costs)
    cpu = sorted(cost.cpu_seconds for cost in costs)
    spread = f" ({cpu[0]:.2f}–{cpu[-1]:.2f})" if len(cpu) > 1 else ""
    peak = _megabytes(one.peak_mib) or 0.0
    return (
        name,
        f"{one.cpu_seconds:.2f}{spread}",
        f"{one.wall_seconds:.2f}",
        f"{peak:,.0f}",
        str(len(costs)),
    )


def markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _megabytes(mib: float | None) -> float | None:
    return None if mib is None else mib * MIB / 1e6
