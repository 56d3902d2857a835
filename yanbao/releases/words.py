"""The words of a release: its metric dictionary, and a comment on every table and column.

All come from the YAML beside the models and seeds; publication writes them, so that a changed
word needs no build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.marts import CONTRACTS, common_columns, metric_rows, report_marts
from yanbao.warehouse.code_version import words_version

if TYPE_CHECKING:
    import duckdb

MARTS = PROJECT_ROOT / "models" / "marts"
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds" / "_seeds.yml"
META = MARTS / "meta" / "release.yml"


@dataclass(frozen=True)
class Words:
    """Descriptions by table, and by table and column; the rows of the metric dictionary.

    ``shared`` describes columns by name alone, for tables that do not describe theirs.
    ``version`` names these words in a manifest: another one is a reason to publish.
    """

    tables: Mapping[str, str]
    columns: Mapping[tuple[str, str], str]
    shared: Mapping[str, str]
    metrics: Sequence[Mapping[str, Any]]
    version: str


def project_words() -> Words:
    """The words as the project's files say them now."""
    entries = [entry for path in _described_files() for entry in _entries(path)]
    return Words(
        tables={entry["name"]: " ".join(entry["description"].split()) for entry in entries},
        columns={
            (entry["name"], column["name"]): column["description"]
            for entry in entries
            for column in entry.get("columns", ())
            if column.get("description")
        },
        shared={name: column.description for name, column in common_columns().items()},
        metrics=metric_rows(report_marts()),
        version=words_version(),
    )


@cache
def meta_tables() -> dict[str, dict[str, str]]:
    """The types of the columns of each table that publication writes into ``meta``."""
    return {
        entry["name"]: {column["name"]: column["data_type"] for column in entry["columns"]}
        for entry in _entries(META)
    }


def write_comments(connection: duckdb.DuckDBPyConnection, words: Words) -> None:
    """Comment on every table and column of the release that has words."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where not internal"
    ).fetchall()
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal"
    ).fetchall()
    connection.execute("begin")
    for schema, table in tables:
        if text := words.tables.get(table):
            connection.execute(f'comment on table {schema}."{table}" is {_literal(text)}')
    for schema, table, column in columns:
        if text := words.columns.get((table, column)) or words.shared.get(column):
            connection.execute(
                f'comment on column {schema}."{table}"."{column}" is {_literal(text)}'
            )
    connection.execute("commit")


def _literal(text: str) -> str:
    """COMMENT takes no parameter."""
    return "'" + text.replace("'", "''") + "'"


def _described_files() -> Iterator[Path]:
    yield from sorted((MARTS / "core").glob("*.yml"))
    yield from sorted((MARTS / "meta").glob("*.yml"))
    yield from (CONTRACTS, SEEDS)


def _entries(path: Path) -> list[dict[str, Any]]:
    """The models, seeds and tables of sources that a YAML file of dbt describes."""
    content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    tables = [table for source in content.get("sources", ()) for table in source["tables"]]
    return [*content.get("models", ()), *content.get("seeds", ()), *tables]
