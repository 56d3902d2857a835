"""How long a pack takes: 15 tables of 29 rows and 10 charts, in every format.

``python -m benchmarks.pack`` prints the pack in a process of its own, three times, from
made-up rows, and writes the medians into docs/performance.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa

from benchmarks.measure import Cost, module, typical
from benchmarks.page import machine, markdown_table, write
from orchestration.settings import PROJECT_ROOT
from reports.build import build_pack
from reports.formats import FORMATS
from reports.origins import Origins
from reports.release_reader import Manifest, MetricDictionary

TABLES, ROWS, BARS, LINES, DOTS = 15, 29, 6, 2, 2
TARGET_SECONDS = 15.0
PAGE = PROJECT_ROOT / "docs" / "performance.md"
MARKS = ("<!-- packs: begin; written by python -m benchmarks.pack -->", "<!-- packs: end -->")
AS_OF = date(2024, 10, 31)
Rows = list[dict[str, Any]]


class MadeUp:
    """A release in memory, of companies, prices and scores that nobody has."""

    def __init__(self, tables: Mapping[str, Rows]) -> None:
        self._tables = {mart: pa.Table.from_pylist(rows) for mart, rows in tables.items()}
        self.manifest = Manifest.from_json(
            {
                "release_id": "r000001",
                "as_of_date": AS_OF.isoformat(),
                "source_mode": "sample",
                "created_at": f"{AS_OF}T20:00:00+08:00",
            },
            "benchmark",
        )
        self.metrics = MetricDictionary.from_table(pa.Table.from_pylist(_dictionary()))
        self.value_labels: Mapping[tuple[str, str], str] = {}
        self.origins = Origins([], [])

    def table(self, mart: str) -> pa.Table:
        return self._tables[mart]

    def datasets_not_loaded(self, mart: str) -> tuple[str, ...]:
        del mart
        return ()


def _dictionary() -> Rows:
    path = PROJECT_ROOT / "dbt_project" / "seeds" / "metrics.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {**row, "decimals": int(row["decimals"]) if row["decimals"] else None}
            for row in csv.DictReader(file)
        ]


def made_up() -> MadeUp:
    """The same rows each time."""
    numbers = random.Random(20241031)
    return MadeUp(
        {
            "company_changes": list(_companies(numbers)),
            "gpu_price_series": list(_prices(numbers)),
            "llm_leaderboard": list(_scores(numbers)),
        }
    )


def _companies(numbers: random.Random) -> Iterator[dict[str, Any]]:
    for segment in range(TABLES):
        for place in range(ROWS):
            changes = [numbers.gauss(0, 0.05) for _ in range(4)]
            yield {
                "as_of_date": AS_OF,
                "segment_cn": f"样例板块{segment:02d}",
                "code": f"{900000 + segment * ROWS + place}.SH",
                "company": f"样例公司{segment:02d}{place:02d}",
                "currency": "CNY",
                "close": round(numbers.uniform(5, 300), 2),
                "change_week": changes[0],
                "change_prev_week": changes[1],
                "change_month": changes[2],
                "change_ytd": changes[3],
                "source_note": "样例",
            }


def _prices(numbers: random.Random) -> Iterator[dict[str, Any]]:
    for gpu in ("样例卡A", "样例卡B", "样例卡C"):
        for day in range(60):
            yield {
                "as_of_date": AS_OF,
                "gpu": gpu,
                "marketplace": "样例",
                "condition": "new",
                "currency": "CNY",
                "quoted_on": AS_OF - timedelta(days=day),
                "price": round(numbers.uniform(9000, 12000), 2),
                "source_note": "样例",
            }


def _scores(numbers: random.Random) -> Iterator[dict[str, Any]]:
    for place in range(20):
        yield {
            "as_of_date": AS_OF,
            "board": "样例",
            "category": "overall",
            "leaderboard_date": AS_OF,
            "model": f"样例模型{place:02d}",
            "place": place + 1,
            "arena_score": 1300.0 - place * 5,
            "ci95_plus": numbers.uniform(2, 6),
            "ci95_minus": numbers.uniform(2, 6),
            "source_note": "样例",
        }


def pack_text() -> str:
    """The pack as a desk would write it: tables with a chart each for the first ten."""
    columns = ["company", "code", "currency", "close", "change_week", "change_prev_week",
               "change_month", "change_ytd"]  # fmt: skip
    charts: list[dict[str, Any]] = [
        {"chart": "bar", "mart": "company_changes", "title": f"样例板块{number:02d}本周涨跌幅",
         "filter": {"segment_cn": f"样例板块{number:02d}"}, "x": "company", "y": "change_week",
         "sort": ["-change_week"], "limit": 25}
        for number in range(BARS)
    ]  # fmt: skip
    line = {"chart": "line", "mart": "gpu_price_series", "title": "样例显卡价格",
            "x": "quoted_on", "y": "price", "series": "gpu"}  # fmt: skip
    dot = {"chart": "dot", "mart": "llm_leaderboard", "title": "样例模型分数", "x": "model",
           "y": "arena_score", "low": "ci95_minus", "high": "ci95_plus",
           "sort": ["place"]}  # fmt: skip
    charts += [line] * LINES + [dot] * DOTS
    sections = []
    for number in range(TABLES):
        name = f"样例板块{number:02d}"
        table = {"table": "company_changes", "title": name, "columns": columns,
                 "filter": {"segment_cn": name}}  # fmt: skip
        sections.append({"title": name, "items": [table, *charts[number : number + 1]]})
    # JSON is YAML, and needs no library to write.
    return json.dumps({"title": "样例周报", "sections": sections}, ensure_ascii=False)


def print_once(folder: Path) -> None:
    """Print the pack in every format; ``printed.json`` then says what each one took."""
    pack = folder / "bench.yml"
    pack.write_text(pack_text(), encoding="utf-8")
    looks = [("composing", *_clocks())]

    def note(line: str) -> None:
        for number, name in enumerate(FORMATS, start=1):
            if line.endswith(f": {name} ({number} of {len(FORMATS)})"):
                looks.append((name, *_clocks()))

    files = build_pack(str(pack), made_up(), folder / "out", FORMATS, progress=note)
    looks.append(("end", *_clocks()))
    spent = {
        name: (later_wall - wall, later_cpu - cpu)
        for (name, wall, cpu), (_, later_wall, later_cpu) in pairwise(looks)
    }
    left = {"spent": spent, "sizes": {name: _size(path) for name, path in files.items()}}
    (folder / "printed.json").write_text(json.dumps(left))


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _size(path: Path) -> int:
    parts = path.rglob("*") if path.is_dir() else (path,)
    return sum(part.stat().st_size for part in parts if part.is_file())


@dataclass(frozen=True)
class Printed:
    """One run: what the process cost, and each format's wall and CPU seconds and bytes."""

    cost: Cost
    spent: dict[str, tuple[float, float]]
    sizes: dict[str, int]


def measure(times: int) -> list[Printed]:
    runs = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            cost = module("pack", "--into", str(folder), log=folder / "log")
            left = json.loads((folder / "printed.json").read_text())
            runs.append(Printed(cost, left["spent"], left["sizes"]))
    return runs


def render(runs: Sequence[Printed], command: str) -> str:
    """The machine and the command, then a row per format and the whole process."""
    total = typical([run.cost for run in runs])
    spent = {
        name: tuple(median(run.spent[name][clock] for run in runs) for clock in (0, 1))
        for name in runs[0].spent
    }
    rows = [
        (name, f"{wall:.2f}", f"{cpu:.2f}", _megabytes(runs[0].sizes.get(name)))
        for name, (wall, cpu) in spent.items()
    ]
    holds = "yes" if total.wall_seconds <= TARGET_SECONDS else "**no**"
    process = f"{total.wall_seconds:.2f}", f"{total.cpu_seconds:.2f}", ""
    rows.append(("**the whole process, its start included**", *process))
    table = markdown_table(("part, in the order of printing", "wall s", "CPU s", "MB"), rows)
    target = markdown_table(
        ("figure", "measured", "target", "holds"),
        [("pack in all formats, wall s", process[0], f"≤ {TARGET_SECONDS:.0f}", holds),
         ("peak memory, MB", f"{total.peak_mib:.0f}", "", "")],
    )  # fmt: skip
    return "\n\n".join((machine(command), target, table))


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:.2f}"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    if arguments.into is not None:
        print_once(arguments.into)
        return
    command = f"python -m benchmarks.pack --repeat {arguments.repeat}"
    text = render(measure(arguments.repeat), command)
    print(text)
    if not arguments.dry:
        write(PAGE, text, MARKS)


if __name__ == "__main__":
    main()
