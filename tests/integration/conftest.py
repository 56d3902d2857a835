"""One night on the real public data, shared by every test that reads it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetCheckEvaluation, AssetCheckKey, AssetKey
from yanbao_dagster.home import dagster_instance

from tests.conftest import MadeOnce, Ran, RunCli
from yanbao.base.errors import EXIT_PUBLISHED_STALE
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.releases.adhoc import AdHocBuilder
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.warehouse.store import Parameters

NIGHT = ("run", "--source", "import", "-q")
Rows = list[dict[str, Any]]
Show = Callable[..., Rows]


def import_files(shared: Path) -> list[str]:
    return [str(path) for path in sorted((shared / "data" / "import").glob("*"))]


@pytest.fixture(scope="session")
def real_home(shared_data: Path, run_cli: RunCli, made_once: MadeOnce) -> Path:
    """A state folder after importing all public files and one night as of 2024-10-31."""

    def night(draft: Path) -> None:
        imported = run_cli("import", *import_files(shared_data), home=draft)
        assert imported.code == 0, imported.err
        (draft / "import.log").write_text(imported.out, encoding="utf-8")
        done = run_cli("run", "--source", "import", "--as-of", "2024-10-31", home=draft)
        # The public statements end with the first quarter of 2023.
        assert done.code == EXIT_PUBLISHED_STALE, done.err
        assert done.err.splitlines()[-1].startswith("yanbao: income_statements: stale")

    return made_once("real_home", night)


@pytest.fixture(scope="session")
def real_release(real_home: Path) -> Release:
    return ReleaseStore(real_home / "releases").current()


@pytest.fixture(scope="session")
def show(real_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Show:
    """A report mart's rows for a day, as known on a day, from the real release."""
    builds = tmp_path_factory.mktemp("builds")

    def rows(mart: str, as_of: str, known_at: str | None = None) -> Rows:
        known = date.fromisoformat(known_at) if known_at else None
        parameters = Parameters(date.fromisoformat(as_of), known)
        found: Rows = AdHocBuilder(builds, real_release, parameters).table(mart).to_pylist()
        return found

    return rows


@pytest.fixture(scope="session")
def printed(shared_data: Path) -> Callable[[str], list[dict[str, str]]]:
    """A transcribed report table, as printed."""

    def table(name: str) -> list[dict[str, str]]:
        path = shared_data / "reference" / "report_tables" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return table


@pytest.fixture(scope="session")
def desk_template(run_cli: RunCli, made_once: MadeOnce) -> Path:
    """A desk's folder: the made-up market imported as files, one night to 2024-10-30."""

    def night(draft: Path) -> None:
        files = sorted((PROJECT_ROOT / "sample_data" / "made_up").glob("*.csv"))
        imported = run_cli("import", *map(str, files), home=draft)
        assert imported.code == 0, imported.err
        done = run_cli(*NIGHT, "--as-of", "2024-10-31", home=draft)
        assert done.code == 0, done.err

    return made_once("desk_home", night)


@pytest.fixture
def desk(desk_template: Path, copy_home: Callable[[Path, Path], Path], tmp_path: Path) -> Path:
    return copy_home(desk_template, tmp_path / "desk")


def latest_check(home: Path, group: str, asset: str, name: str) -> AssetCheckEvaluation:
    """What the UI shows of one check of an asset: the last evaluation that Dagster recorded."""
    key = AssetCheckKey(AssetKey([group, asset]), name)
    with dagster_instance(Settings(home)) as ours:
        found = ours.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
    assert found.event is not None
    evaluation = found.event.dagster_event.event_specific_data  # type: ignore[union-attr]
    assert isinstance(evaluation, AssetCheckEvaluation)
    return evaluation


def percent(value: float | None, decimals: int = 2) -> str | None:
    """A fraction as a report prints it, half away from zero."""
    from decimal import ROUND_HALF_UP, Decimal

    if value is None:
        return None
    quantum = Decimal(1).scaleb(-decimals)
    return str((Decimal(repr(value)) * 100).quantize(quantum, ROUND_HALF_UP))


def as_json(ran: Ran) -> Rows:
    assert ran.code == 0, ran.err
    rows: Rows = json.loads(ran.out)
    return rows


def next_day_bars(folder: Path, name: str, factor: float) -> Path:
    """The last bars again, a day later, with every price times a factor."""
    source = PROJECT_ROOT / "sample_data" / "made_up" / "a_share_bars.csv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["trade_date"] == "2024-10-31"]
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            prices = {
                column: f"{float(row[column]) * factor:.4f}"
                for column in ("open", "high", "low", "close", "reference_close")
                if row[column]
            }
            writer.writerow({**row, **prices, "trade_date": "2024-11-01"})
    return path


def bars_to(home: Path) -> str:
    import duckdb

    path = ReleaseStore(home / "releases").current().warehouse
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute(
            "select max(trade_date) from core.daily_bars where market = 'CN'"
        ).fetchone()
    assert row is not None
    return str(row[0])
