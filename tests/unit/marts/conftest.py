"""Compiles the report marts once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MadeOnce
from tests.unit.marts.mart_harness import Harness
from yanbao.catalog import DATASETS
from yanbao.warehouse.dbt_parse import dbt_manifest
from yanbao.warehouse.dbt_runner import DbtProject
from yanbao.warehouse.store import WorkStore

COMPILED = (
    "marts",
    "intermediate",
    "announcements_are_usable",
    "taxonomy_codes_are_known",
)
ARRIVAL = {"load_id": "varchar", "landed_at": "timestamp", "arrival_row": "bigint"}


@pytest.fixture(scope="session")
def mart(made_once: MadeOnce) -> Harness:
    """Rows of a mart, step or test: ``mart("pool", "2024-10-31", securities=[...], ...)``."""
    return compiled_harness(made_once("compiled", compile_marts))


def compile_marts(folder: Path) -> None:
    """What dbt makes of the marts and their steps, in a folder of its own."""
    DbtProject(WorkStore(folder)).run("compile", "--select", *COMPILED)


def compiled_harness(compiled: Path) -> Harness:
    """The harness over a folder that ``compile_marts`` filled."""
    folder = compiled / "dbt" / "compiled"
    sql = {path.stem: path.read_text(encoding="utf-8") for path in folder.rglob("*.sql")}
    columns = {}
    for node in dbt_manifest()["nodes"].values():
        if node["resource_type"] == "seed":
            columns[node["name"]] = node["config"]["column_types"]
        elif node["resource_type"] == "model" and node["schema"] == "core":
            columns[node["name"]] = {
                name: column["data_type"] for name, column in node["columns"].items()
            }
    for dataset in DATASETS:
        declared = {column.name: column.sql_type for column in dataset.columns}
        for source in ("inbox", *dataset.upstream):
            columns[f"stg_{source}__{dataset.name}"] = {**declared, **ARRIVAL}
    return Harness(sql, columns)
