"""Where the CPU of an empty night goes, by part: the real job, with its steps timed.

Every step function of the night is wrapped in a lap of ``time.process_time``; a lap that
runs inside another is taken from it, so that the parts add up to the whole. What no lap
claims is Dagster's: events, storage, and the plan of the run.

Usage: ``python -m benchmarks.parts HOME --as-of DATE --out FILE``
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

from yanbao.base.settings import Settings

ORCHESTRATION = "orchestration"
DBT, VALIDATION, PUBLISH, PACK, STORE = "dbt", "validation", "publish", "pack", "store and raw"
INTERPRETER = "interpreter and libraries"
PARTS = (ORCHESTRATION, DBT, VALIDATION, PUBLISH, PACK, STORE, INTERPRETER)

# Imported first and in this order, so that each part pays for its own libraries once. Great
# Expectations and the charts are imported by their steps, inside these steps' laps.
LIBRARIES = (
    (INTERPRETER, ("pandas", "pyarrow.parquet", "duckdb")),
    (DBT, ("dbt.cli.main", "dbt.adapters.duckdb")),
    (ORCHESTRATION, ("dagster",)),
)
# Where the night's steps are called from: the module or class, the name, and its part.
STEPS = (
    ("yanbao.warehouse.dbt_runner", "DbtProject.run", DBT),
    ("yanbao.nightly.steps", "DbtProject.manifest", DBT),
    ("yanbao_dagster.gate_assets", "gate_pending", VALIDATION),
    ("yanbao.nightly.steps", "NightlySteps.release_checks", VALIDATION),
    ("yanbao.nightly.steps", "NightlySteps.publish", PUBLISH),
    ("yanbao.nightly.steps", "refresh_partitions", PUBLISH),
    ("yanbao_dagster.release_assets", "print_nightly_packs", PACK),
    ("yanbao.nightly.steps", "NightlySteps.recover", STORE),
    ("yanbao.nightly.steps", "NightlySteps.prepare_models", STORE),
    ("yanbao.nightly.steps", "NightlySteps.pending", STORE),
    ("yanbao.nightly.steps", "NightlySteps.stale", STORE),
    ("yanbao_dagster.raw_assets", "ingest", STORE),
    ("yanbao.nightly.steps", "point_at", STORE),
    ("yanbao.nightly.steps", "code_version", STORE),
)


class Laps:
    """CPU seconds by part; the innermost running lap is the one that pays."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._running = [INTERPRETER]
        self._since = 0.0  # the process's CPU clock starts with the interpreter

    def _pay(self) -> None:
        now = time.process_time()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    @contextmanager
    def lap(self, part: str) -> Iterator[None]:
        self._pay()
        self._running.append(part)
        try:
            yield
        finally:
            self._pay()
            self._running.pop()

    def wrapped(self, part: str, step: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(step)
        def timed(*arguments: Any, **words: Any) -> Any:
            with self.lap(part):
                return step(*arguments, **words)

        return timed


def measure(home: Path, as_of: date) -> dict[str, float]:
    """Run one night on a state folder; returns CPU seconds by part."""
    laps = Laps()
    for part, names in LIBRARIES:
        with laps.lap(part):
            for name in names:
                importlib.import_module(name)
    with laps.lap(ORCHESTRATION):
        # Imported here, for the import is part of what is measured.
        from yanbao_dagster.nightly_run import NightlyRequest, run_nightly  # noqa: PLC0415

        _wrap_steps(laps)
        run_nightly(NightlyRequest(Settings(home.resolve()), mode="import", as_of=as_of))
    return dict(laps.seconds)


def _wrap_steps(laps: Laps) -> None:
    for place, name, part in STEPS:
        owner: Any = importlib.import_module(place)
        *holders, attribute = name.split(".")
        for holder in holders:
            owner = getattr(owner, holder)
        setattr(owner, attribute, laps.wrapped(part, getattr(owner, attribute)))


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of an empty night by part.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    seconds = measure(arguments.home, arguments.as_of)
    arguments.out.write_text(json.dumps(seconds, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
