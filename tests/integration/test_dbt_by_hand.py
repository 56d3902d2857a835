"""A dbt user with a fresh clone and a raw zone: ``dbt deps``, ``dbt build``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import MadeOnce
from tests.limits import HANG_SECONDS
from yanbao.base.settings import PROJECT_ROOT
from yanbao.releases.release_store import ReleaseStore
from yanbao.warehouse.dbt_parse import dbt_manifest

pytestmark = [pytest.mark.slow]

CLONE = ("dbt_project.yml", "profiles.yml", ".dbtignore", "dbt_project", "models")
DBT = str(Path(sys.executable).parent / "dbt")


def run_dbt(clone: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "YANBAO_HOME": str(home), "DO_NOT_TRACK": "1"}
    return subprocess.run(
        [DBT, *words],
        cwd=clone,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_SECONDS,
    )


@pytest.fixture(scope="module")
def clone(made_once: MadeOnce, sample_home_template: Path) -> Path:
    """What git gives of the dbt project, after ``dbt deps`` and ``dbt build``."""

    def build(draft: Path) -> None:
        draft.mkdir()
        for name in CLONE:
            source = PROJECT_ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, draft / name)
        for command in ("deps", "build"):
            done = run_dbt(draft, sample_home_template, command)
            assert done.returncode == 0, done.stdout[-4000:]

    return made_once("dbt_clone", build)


@pytest.fixture
def built(clone: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = str(clone / "target" / "warehouse.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def results(clone: Path) -> list[dict[str, Any]]:
    text = (clone / "target" / "run_results.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["results"]
    return found


def test_every_declared_unit_test_was_run_and_passed(clone: Path) -> None:
    ended = {one["unique_id"]: one["status"] for one in results(clone)}
    declared = dbt_manifest()["unit_tests"]
    assert {ended.get(name) for name in declared} == {"pass"}


def test_report_tables_by_hand_are_those_of_the_release(
    built: duckdb.DuckDBPyConnection, sample_home_template: Path
) -> None:
    release = ReleaseStore(sample_home_template / "releases").current()
    built.execute(f"attach '{release.warehouse}' as released (read_only)")
    marts = built.execute(
        "select table_name from duckdb_tables()"
        " where database_name = 'released' and schema_name = 'report'"
    ).fetchall()
    assert marts
    for (mart,) in marts:
        sides = (f'warehouse.report."{mart}"', f'released.report."{mart}"')
        for one, other in (sides, sides[::-1]):
            rows = f"from (from {one} except all from {other})"
            assert built.execute(f"select count(*) {rows}").fetchone() == (0,), mart


def test_every_relation_and_column_that_dbt_makes_is_described(
    built: duckdb.DuckDBPyConnection,
) -> None:
    silent = built.execute(
        "select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()"
        " where not internal and schema_name not in ('raw', 'main') and comment is null"
        " union all select schema_name || '.' || table_name from duckdb_tables()"
        " where not internal and schema_name <> 'main' and comment is null"
        " union all select schema_name || '.' || view_name from duckdb_views()"
        " where not internal and schema_name <> 'raw' and comment is null"
    ).fetchall()
    assert silent == []


def test_every_column_of_a_source_is_described(built: duckdb.DuckDBPyConnection) -> None:
    described = {
        (source["identifier"], name)
        for source in dbt_manifest()["sources"].values()
        for name, column in source["columns"].items()
        if column["description"]
    }
    columns = built.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw'"
    ).fetchall()
    assert columns
    assert {*columns} - described == set()


def test_the_state_folder_is_left_alone(clone: Path, sample_home_template: Path) -> None:
    """dbt by hand writes beside its own project; ``clone`` has run by now."""
    assert (clone / "target" / "warehouse.duckdb").is_file()
    store = sample_home_template / "work" / "warehouse.duckdb"
    with duckdb.connect(str(store), read_only=True) as connection:
        rows = connection.execute(
            "select count(*) from duckdb_columns() where schema_name = 'report'"
            " and comment is not null"
        ).fetchone()
    assert rows == (0,)


def test_without_a_release_the_next_step_is_named(tmp_path: Path, clone: Path) -> None:
    done = run_dbt(clone, tmp_path / "home", "run", "--select", "int_windows")
    assert done.returncode != 0
    assert "publish one with yanbao run" in done.stdout
