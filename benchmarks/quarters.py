"""What it costs to ask for the quarter marts, on a state folder that holds real statements.

Run with ``python -m benchmarks.quarters HOME``: each mart as the release holds it, and built
for another known_at with nothing kept from before.
"""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measure import Cost, typical, yanbao

MARTS = (
    "industry_quarter",
    "sub_industry_quarter",
    "company_growth_distribution",
    "company_quarter",
)
TIMES = 3


def main() -> None:
    """Print a line per mart and way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quarters")
    parser.add_argument("home", type=Path, help="a state folder with a release")
    told = parser.parse_args()
    manifest = json.loads((told.home / "releases/current/manifest.json").read_text("utf-8"))
    as_of = date.fromisoformat(manifest["as_of_date"])
    print(f"release {manifest['release_id']}, as of {as_of}, median of {TIMES}")
    for mart in MARTS:
        held = typical([_show(told.home, mart, as_of) for _ in range(TIMES)])
        built = typical(
            # Each day is asked for once, so that none is answered by an earlier build.
            [_show(told.home, mart, as_of, as_of - timedelta(n + 1)) for n in range(TIMES)]
        )
        for way, cost in (("held by the release", held), ("built for a known_at", built)):
            print(f"{mart:30}{way:24}{cost.cpu_seconds:6.2f} CPU s{cost.wall_seconds:7.2f} s")


def _show(home: Path, mart: str, as_of: date, known_at: date | None = None) -> Cost:
    words = ["show", mart, "--as-of", as_of.isoformat(), "--format", "json"]
    if known_at is not None:
        words += ["--known-at", known_at.isoformat()]
        shutil.rmtree(home / "work" / "builds", ignore_errors=True)
    return yanbao(home, *words, log=home / "benchmark.log")


if __name__ == "__main__":
    main()
