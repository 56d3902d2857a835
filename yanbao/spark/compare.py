"""Whether a mart holds the same on both engines: rows and content hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yanbao.spark.build import WAREHOUSE
from yanbao.spark.hand_over import Relation, models
from yanbao.warehouse.content_hashes import hash_table
from yanbao.warehouse.store import WorkStore

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Compared:
    """One mart of both engines; ``differs`` names what is not the same, empty for nothing."""

    relation: Relation
    rows: int
    duckdb_hash: str
    spark_hash: str
    differs: str

    @property
    def is_equal(self) -> bool:
        return self.differs == ""


def compare(store: WorkStore, folder: Path) -> list[Compared]:
    """Every mart of core, meta and report. Spark's rows are read with DuckDB's types."""
    with store.connect() as connection:
        connection.execute("create or replace schema on_spark")
        return [_compared(connection, relation, folder) for relation in models("marts")]


def _compared(
    connection: duckdb.DuckDBPyConnection, relation: Relation, folder: Path
) -> Compared:
    name = relation.name
    ours, theirs = f'{relation.schema}."{name}"', f'on_spark."{name}"'
    rows = connection.execute(f"select count(*) from {ours}").fetchall()[0][0]
    ours_hash = hash_table(connection, relation.schema, name)
    files = folder / WAREHOUSE / f"{relation.schema}.db" / name
    if not any(files.glob("*.parquet")):
        return Compared(relation, rows, ours_hash, "", "was not built on Spark")
    types = _types(connection, ours)
    found = _types(connection, f"read_parquet('{files}/*.parquet')")
    if types.keys() != found.keys():
        odd = ", ".join(sorted(types.keys() ^ found.keys()))
        return Compared(relation, rows, ours_hash, "", f"columns of one engine alone: {odd}")
    fields = ", ".join(
        f'cast("{column}" as {kind}) as "{column}"' for column, kind in types.items()
    )
    connection.execute(
        f"create or replace table {theirs} as"
        f" select {fields} from read_parquet('{files}/*.parquet')"
    )
    theirs_hash = hash_table(connection, "on_spark", name)
    differs = "" if theirs_hash == ours_hash else _difference(connection, ours, theirs, types)
    return Compared(relation, rows, ours_hash, theirs_hash, differs)


def _types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return {row[0]: row[1] for row in described}


def _difference(
    connection: duckdb.DuckDBPyConnection, ours: str, theirs: str, columns: Iterable[str]
) -> str:
    """The columns whose values differ, with how many of ours Spark lacks."""
    found = []
    for column in columns:
        lacking = connection.execute(
            f'select count(*) from (select "{column}" from {ours}'
            f' except all select "{column}" from {theirs})'
        ).fetchall()[0][0]
        if lacking:
            found.append(f"{column} ({lacking})")
    return ", ".join(found) or "the same values in other rows"
