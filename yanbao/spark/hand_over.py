"""What Spark starts from: staging, seeds and the run parameters, as Parquet.

Staging reads raw files through DuckDB alone (docs/decisions/0010-a-second-engine.md). Every
relation becomes one folder below ``<schema>/``; ``tables.sql`` declares them on any Spark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yanbao.raw.zone import RawZone
from yanbao.warehouse.dbt_parse import dbt_manifest
from yanbao.warehouse.dbt_runner import DbtProject
from yanbao.warehouse.raw_relations import point_at
from yanbao.warehouse.store import Parameters, WorkStore, set_run_parameters

if TYPE_CHECKING:
    import duckdb

STATEMENTS = "tables.sql"


@dataclass(frozen=True)
class Relation:
    """A table or view by the names that dbt gives it, the same on both engines."""

    schema: str
    name: str


def models(layer: str) -> list[Relation]:
    """The models of a folder of ``models/``."""
    return sorted(
        (Relation(node["schema"], node["name"]) for node in _nodes("model", layer)),
        key=lambda relation: (relation.schema, relation.name),
    )


def build_on_duckdb(raw: RawZone, parameters: Parameters, folder: Path) -> WorkStore:
    """Every model from every good load, in a new store: what Spark is compared with."""
    store = WorkStore(folder)
    store.path.unlink(missing_ok=True)
    store.prepare()
    with store.connect() as connection:
        point_at(connection, [one for one in raw.loads() if one.status == "good"])
        set_run_parameters(connection, parameters)
    project = DbtProject(store)
    project.run("seed")
    project.run("run", "--full-refresh")
    return store


def hand_over(store: WorkStore, folder: Path) -> int:
    """Write Parquet and ``tables.sql`` into ``folder``; returns the number of relations."""
    statements = []
    with store.connect() as connection:
        for relation in _handed_over():
            place = folder / relation.schema / relation.name
            _copy(connection, relation, place)
            statements += [
                f"create database if not exists {relation.schema}",
                f"drop table if exists {relation.schema}.{relation.name}",
                f"create table {relation.schema}.{relation.name}"
                f" using parquet location '{place.resolve()}'",
            ]
    (folder / STATEMENTS).write_text(";\n".join(statements) + ";\n", encoding="utf-8")
    return len(statements) // 3


def _handed_over() -> Iterator[Relation]:
    yield from models("staging")
    for node in _nodes("seed", ""):
        yield Relation(node["schema"], node["name"])
    # Spark's default schema stands for DuckDB's main.
    yield Relation("default", "run_parameters")


def _copy(connection: duckdb.DuckDBPyConnection, relation: Relation, place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    schema = "main" if relation.schema == "default" else relation.schema
    connection.execute(
        f'copy (select * from {schema}."{relation.name}")'
        f" to '{place / 'rows.parquet'}' (format parquet)"
    )


def _nodes(kind: str, layer: str) -> list[dict[str, str]]:
    return [
        node
        for node in dbt_manifest()["nodes"].values()
        if node["resource_type"] == kind
        and (not layer or node["original_file_path"].startswith(f"models/{layer}/"))
    ]
