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
    tables = (_targets(results), _peers(results.long), _costs(results))
    return "\n\n".join((machine(command), *tables))


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
    long = results.long
    night, short, many = (cpu(one.nights) for one in (long, results.short, results.many_years))
    shows = {mart: typical(costs).wall_seconds for mart, costs in results.shows.items()}
    slowest = max(shows, key=shows.__getitem__, default=NOT_YET)
    years = f"{results.many_years.size.years:g} years of history ÷ {long.size.years:g}"
    rows = [
        judged(
            "full refresh ÷ raw full refresh, CPU",
            ratio(cpu(long.refreshes), cpu(long.raw_full)),
            3,
        ),
        judged("peak memory of the full refresh, MB", _peak(long.refreshes), 2000, "MB"),
        judged("night ÷ raw night, CPU", ratio(night, cpu(long.raw_nights)), 2.5),
        judged("peak memory of the night, MB", _peak(long.nights), 1000, "MB"),
        judged("run in which nothing changed, CPU s", cpu(long.unchanged_runs), 6),
        judged("its peak memory, MB", _peak(long.unchanged_runs), 1000, "MB"),
        judged("night ÷ full refresh, CPU", ratio(night, cpu(long.refreshes)), 0.20, "%"),
        judged(f"night with {years}, CPU", ratio(many, short), 1.15),
        judged(
            f"`show` for another known_at, slowest ({slowest}), wall s", shows.get(slowest), 1
        ),
        judged("`--help` of the command line, wall s", _wall(results.helps), 0.3),
        judged(
            "`yanbao run` on the sample in a new folder, wall s",
            _wall(results.sample_runs),
            25,
        ),
    ]
    return markdown_table(("figure", "measured", "target", "holds"), rows)


def _peers(series: Series) -> str:
    """The full refresh's work by other tools, and against the raw floor of the same run."""
    rows = [
        _compared("raw DuckDB", series.raw_full, series.peers.get("raw, DuckDB 2"), series),
        _compared("Yanbao, with gates, versions and release", series.refreshes, None, series),
    ]
    for name, costs in series.peers.items():
        tool, _, engine = name.rpartition(", ")
        if engine == "DuckDB 1":
            rows.append(_compared(tool, costs, series.peers.get(f"{tool}, DuckDB 2"), series))
    heads = (
        "the same files and marts by",
        "CPU s",
        "÷ raw",
        "wall s",
        "peak MB",
        "DuckDB 2: CPU s",
    )
    return markdown_table(heads, rows)


def _compared(
    name: str,
    costs: Sequence[Cost | None],
    on_two: Sequence[Cost | None] | None,
    series: Series,
) -> tuple[str, ...]:
    ran = [cost for cost in costs if cost]
    other = [cost for cost in on_two or () if cost]
    two = f"{cpu(other):.2f}" if other else ("fails" if on_two else NOT_YET)
    if not ran:
        return name, "fails" if costs else NOT_YET, *(NOT_YET,) * 3, two
    one = typical(ran)
    times = ratio(one.cpu_seconds, cpu(series.raw_full))
    return (
        name,
        f"{one.cpu_seconds:.2f}",
        NOT_YET if times is None else f"{times:.2f}",
        f"{one.wall_seconds:.2f}",
        f"{one.peak_mib * MIB / 1e6:,.0f}",
        two,
    )


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
    measured = (results.long, results.short, results.many_years)
    rows = [row for series in measured for row in _series_rows(series)]
    if results.sample_runs:
        rows.append(_cost("sample, new folder: `yanbao run`", results.sample_runs))
    rows += [
        _cost(f"`show {mart}`, another known_at", costs)
        for mart, costs in sorted(results.shows.items())
    ]
    heads = ("what", "CPU s (range)", "wall s", "peak MB", "times")
    return markdown_table(heads, rows)


def _series_rows(series: Series) -> list[tuple[str, ...]]:
    label = series.size.label()
    if series.bars:
        label += f" ({series.bars / 1e6:.1f}M bars, store {series.store_bytes / MIB:,.0f} MiB)"
    measured = (
        (f"{label}: import of the years", series.imported),
        ("the run after it", series.full),
        ("**full refresh**", series.refreshes),
        ("raw full refresh", series.raw_full),
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
    return (
        name,
        f"{one.cpu_seconds:.2f}{spread}",
        f"{one.wall_seconds:.2f}",
        f"{one.peak_mib * MIB / 1e6:,.0f}",
        str(len(costs)),
    )


def markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _wall(costs: Sequence[Cost]) -> float | None:
    return typical(costs).wall_seconds if costs else None


def _peak(costs: Sequence[Cost]) -> float | None:
    return typical(costs).peak_mib * MIB / 1e6 if costs else None
