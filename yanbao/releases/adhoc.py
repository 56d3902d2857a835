"""Any report mart for any day and knowledge, from a release, without the writer.

Runs the compiled SQL that the nightly build ran, on an in-memory DuckDB with the release
attached read-only. Results are cached in the layout of a release by (as_of, known_at, core
hash, code and words version).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanbao.base.durable import write_json
from yanbao.base.errors import UsageError
from yanbao.quality.data_through import MART, judged
from yanbao.releases.release_store import Release
from yanbao.warehouse.compiled_sql import STEPS, relations_behind
from yanbao.warehouse.store import Parameters, set_run_parameters

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def released_parameters(release: Release) -> Parameters:
    """The one (as_of, known_at) that a release's own report marts were built for."""
    known = release.manifest["known_at"]
    return Parameters(
        date.fromisoformat(release.manifest["as_of_date"]),
        date.fromisoformat(known) if known else None,
        release.manifest["knowledge"],
    )


def report_marts(release: Release) -> list[str]:
    return sorted(path.stem for path in (release.path / "sql" / "report").glob("*.sql"))


class AdHocBuilder:
    """Builds report marts from one release for one set of parameters."""

    def __init__(self, builds: Path, release: Release, parameters: Parameters) -> None:
        self.release = release
        self.parameters = parameters
        manifest = release.manifest
        versions = manifest["code_version"][:8] + manifest.get("words_version", "")[:8]
        key = f"{release.core_hash[:12]}_{versions}"
        self.folder = builds / f"{parameters.slug()}_{key}"

    @property
    def is_released(self) -> bool:
        """Whether the release itself holds its marts for these parameters."""
        return self.parameters == released_parameters(self.release)

    @cached_property
    def stale(self) -> list[dict[str, Any]]:
        """What is stale on the day: what ends too early, and from the day of the release on
        what did not pass there."""
        recorded: list[dict[str, Any]] = self.release.manifest["stale"]
        if self.is_released or MART not in report_marts(self.release):
            return recorded
        from yanbao.quality.staleness import ended  # noqa: PLC0415

        asked = self.parameters
        day = min(asked.as_of, asked.known_at or asked.as_of)
        late = judged(self.table(MART).to_pylist())
        found = [ended(one, day).record() for one in late.values()]
        if asked.as_of >= released_parameters(self.release).as_of:
            found += [one for one in recorded if one["dataset"] not in late]
        return found

    def stale_behind(self, mart: str) -> list[dict[str, Any]]:
        """What is stale of the datasets behind a mart."""
        import pyarrow.parquet as pq  # noqa: PLC0415

        pairs = pq.ParquetFile(self.release.path / "parquet" / "meta" / "lineage.parquet")
        rows = pairs.read().to_pylist()
        behind = {row["dataset"] for row in rows if row["mart"] == mart}
        return [one for one in self.stale if one["dataset"] in behind]

    def build_all(self) -> Path:
        """Every report mart and the metric dictionary; returns a folder like a release."""
        for mart in report_marts(self.release):
            self.parquet(mart)
        meta = self.folder / "parquet" / "meta"
        if not meta.exists():
            shutil.copytree(self.release.path / "parquet" / "meta", meta)
        return self.folder

    def parquet(self, mart: str) -> Path:
        """The cached Parquet of a mart, built now if it is not there yet."""
        if self.is_released:
            return self.release.path / "parquet" / "report" / f"{mart}.parquet"
        path = self.folder / "parquet" / "report" / f"{mart}.parquet"
        if not path.exists():
            self._write(path, self.table(mart))
        return path

    def table(self, mart: str) -> pa.Table:
        """Build a mart now; raises UsageError for a mart that the release does not have."""
        known = report_marts(self.release)
        if mart not in known:
            raise UsageError.unknown_name("report mart", mart, known)
        sql = _sql_of(self.release, "report")[mart]
        with attached(self.release, self.parameters) as connection:
            _provide_relations(connection, sql, _sql_of(self.release, STEPS))
            return connection.execute(sql).to_arrow_table()

    def _write(self, path: Path, table: pa.Table) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415

        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        pq.write_table(table, draft)
        draft.replace(path)
        write_json(
            self.folder / "manifest.json",
            {
                "release_id": self.release.release_id,
                "as_of_date": self.parameters.as_of.isoformat(),
                "known_at": self.parameters.known_at,
                "knowledge": self.parameters.knowledge,
                "source_mode": self.release.manifest["source_mode"],
                "created_at": self.release.manifest["created_at"],
                "stale": self.stale,
                "marts": {},
            },
        )


def attached(
    release: Release, parameters: Parameters | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the release attached read-only and nothing else allowed.

    The release is the catalog ``warehouse``. With parameters, that is an empty one for the
    relations of a query over ``release``. External access is off and the configuration is
    locked: the connection can read the release and nothing besides.
    """
    import duckdb  # noqa: PLC0415

    connection = duckdb.connect(":memory:")
    path = str(release.warehouse).replace("'", "''")
    catalog = "warehouse" if parameters is None else "release"
    connection.execute(f"attach '{path}' as {catalog} (read_only)")
    connection.execute("set timezone = 'UTC'")
    # As profiles.yml sets them, where the reasons are.
    connection.execute("set asof_loop_join_threshold = 0")
    connection.execute("set disabled_optimizers = 'common_subplan'")
    if parameters is not None:
        set_run_parameters(connection, parameters, temporary=True)
        connection.execute("attach ':memory:' as warehouse")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _provide_relations(
    connection: duckdb.DuckDBPyConnection, sql: str, steps: Mapping[str, str]
) -> None:
    """What a mart reads, under the names of the work store: a release holds no views."""
    for schema, name in relations_behind(sql, steps):
        query = steps[name] if schema == STEPS else f'select * from release."{schema}"."{name}"'
        connection.execute(f'create schema if not exists warehouse."{schema}"')
        connection.execute(f'create view warehouse."{schema}"."{name}" as {query}')


def _sql_of(release: Release, layer: str) -> dict[str, str]:
    folder = release.path / "sql" / layer
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")}
