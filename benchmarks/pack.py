"""How long a pack takes: 15 tables of 29 rows and 10 charts, in every format.

``python -m benchmarks.pack`` prints the pack from made-up rows, three times in all formats and
once in each alone, and writes what that took into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.measure import Cost, module, typical
from benchmarks.page import judged, machine, markdown_table, write
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.marts import metric_rows, report_marts
from yanbao.reporting.build import build_pack
from yanbao.reporting.formats import FORMATS
from yanbao.reporting.reading.origins import Origins
from yanbao.reporting.reading.release_reader import Manifest, MetricDictionary, ReleaseReader

TABLES, ROWS, BARS, LINES, DOTS = 15, 29, 6, 2, 2
TARGET_SECONDS = 12.0
HTML_SECONDS = 4
PAGE = PROJECT_ROOT / "docs" / "performance.md"
MARKS = ("<!-- packs: begin; written by python -m benchmarks.pack -->", "<!-- packs: end -->")
AS_OF = date(2024, 10, 31)
Rows = list[dict[str, Any]]


class MadeUp(ReleaseReader):
    """A release in memory, of made-up companies, prices and scores."""

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
        self.metrics = MetricDictionary(metric_rows(report_marts()))
        self.value_labels = {}
        self.origins = Origins([], [])

    def table(self, mart: str) -> pa.Table:
        return self._tables[mart]

    def datasets_not_loaded(self, mart: str) -> tuple[str, ...]:
        del mart
        return ()


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
    """A pack as analysts write it: tables, the first ten with a chart each."""
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


def print_once(folder: Path, formats: Sequence[str]) -> None:
    """Print the pack into a folder."""
    pack = folder / "bench.yml"
    pack.write_text(pack_text(), encoding="utf-8")
    build_pack(str(pack), made_up(), folder / "out", formats)


def measure(formats: Sequence[str]) -> Cost:
    """What a process of its own costs that prints some formats."""
    with tempfile.TemporaryDirectory() as name:
        words = ("--into", name, "--formats", ",".join(formats))
        return module("pack", *words, log=Path(name) / "log")


def render(
    together: Sequence[Cost], html: Sequence[Cost], alone: Mapping[str, Cost], command: str
) -> str:
    """The machine and the command, the targets, and each format printed by itself."""
    total = typical(together)
    target = markdown_table(
        ("figure", "measured", "target", "holds"),
        [
            judged("pack in HTML, wall s", typical(html).wall_seconds, HTML_SECONDS),
            judged("pack in all formats, wall s", total.wall_seconds, TARGET_SECONDS),
        ],
    )
    rows = [
        _row(f"**all, in one command** (median of {len(together)})", total),
        *(_row(name, cost) for name, cost in alone.items()),
    ]
    heads = ("formats", "wall s", "CPU s", "peak MB")
    return "\n\n".join((machine(command), target, markdown_table(heads, rows)))


def _row(name: str, cost: Cost) -> tuple[str, ...]:
    return name, f"{cost.wall_seconds:.2f}", f"{cost.cpu_seconds:.2f}", f"{cost.peak_mib:.0f}"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--formats", default=",".join(FORMATS), help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    if arguments.into is not None:
        print_once(arguments.into, arguments.formats.split(","))
        return
    command = f"python -m benchmarks.pack --repeat {arguments.repeat}"
    together = [measure(FORMATS) for _ in range(arguments.repeat)]
    html = [measure(("html",)) for _ in range(arguments.repeat)]
    text = render(together, html, {name: measure((name,)) for name in FORMATS}, command)
    print(text)
    if not arguments.dry:
        write(PAGE, text, MARKS)


if __name__ == "__main__":
    main()
