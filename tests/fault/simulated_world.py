"""What all seeds of a simulation share, made once: caches and a folder to begin with."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dbt.adapters.duckdb
import dbt.cli.main  # noqa: F401
import pytest

from tests.fault.live_nights import LiveNights, live_nights
from tests.fault.simulated_market import INDICES, SimulatedMarket
from tests.fault.simulated_night import handler
from tests.fault.simulated_script import FIRST
from tests.fault.small_project import MARTS, small_manifest
from yanbao.catalog.marts import report_marts
from yanbao.nightly import breaking_loads, release, release_gate
from yanbao.sources import gather
from yanbao.sources.akshare_library import Library
from yanbao.sources.traffic import Pace
from yanbao.warehouse import dbt_runner, dbt_selection

ANOTHER_MARKET = "eastmoney_overseas"  # asks for an index of New York each night


@dataclass
class World:
    """What all seeds share: the market, dbt's small project, and a folder after one night."""

    nights: LiveNights
    market: SimulatedMarket
    manifest: Any
    template: Path


@contextmanager
def world(library: Library, folder: Path) -> Iterator[World]:
    """Imports and caches are warm afterwards, so that forks are cheap."""
    import dbt.adapters.duckdb
    import dbt.cli.main  # noqa: F401

    import yanbao.cli.import_files
    import yanbao.cli.run

    market = SimulatedMarket()
    manifest = small_manifest(folder / "dbt")
    graph, words = manifest.writable_manifest().to_dict(), release.project_words()
    fetches = gather.fetches_for
    with live_nights(library, market, INDICES) as nights, pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt_runner, "dbt_manifest_object", lambda target: manifest)
        patch.setattr(dbt_runner.DbtProject, "released_sql", lambda project: {})
        for module in (breaking_loads, dbt_selection, release):
            patch.setattr(module, "dbt_manifest", lambda: graph)
        patch.setattr(release, "project_words", lambda: words)
        marts = {name: report_marts()[name] for name in MARTS}
        for module in (breaking_loads, release_gate):
            patch.setattr(module, "report_marts", lambda: marts)
        patch.setattr(
            gather,
            "fetches_for",
            lambda dataset: [one for one in fetches(dataset) if one.source != ANOTHER_MARKET],
        )
        patch.setattr(yanbao.cli.run, "handle", handler())
        template = folder / "template"
        nights.evening_of(FIRST)
        code, _, error = nights.command(template, "run", "-q")
        assert code == 0, error
        gc.collect()
        gc.freeze()
        yield World(nights, market, manifest, template)


def quiet_library() -> Library:
    os.environ["TQDM_DISABLE"] = "1"  # read once, when akshare is imported
    return Library(Pace(seconds=0, jitter=0, backoff_seconds=0))
