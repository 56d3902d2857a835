"""Publish: copy the work store, prove it, write it down, swap the pointer.

The order of the steps is the release protocol; a process killed between any two of them
leaves ``current`` where it was, and the next run removes the draft.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanbao.base import clock
from yanbao.base.check_result import CheckResult, blocking
from yanbao.base.disk import require_room
from yanbao.base.durable import fsync_file, fsync_folder, write_json
from yanbao.base.errors import ReleaseError
from yanbao.base.faults import fault_point
from yanbao.releases.datapackage import describe
from yanbao.releases.provenance import fallbacks, mart_sources
from yanbao.releases.redistribution import dataset_terms
from yanbao.releases.release_files import (
    make_read_only,
    once,
    remove_folder,
    share,
)
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.releases.value_labels import value_labels
from yanbao.releases.words import Words, meta_tables, write_comments
from yanbao.warehouse.content_hashes import (
    PERIODS,
    WHOLE,
    combine,
    core_partitions,
    hash_table,
    tables_in,
)
from yanbao.warehouse.store import Parameters, WorkStore

if TYPE_CHECKING:
    import duckdb

WORK_ONLY_SCHEMAS = ("raw", "staging", "intermediate")


@dataclass(frozen=True)
class Contents:
    """What goes into a release besides the tables: evidence and context."""

    parameters: Parameters
    source_mode: str
    code_version: str
    run_id: str
    compiled: Mapping[str, str]
    lineage: Sequence[tuple[str, str]]
    loads: Sequence[Mapping[str, Any]]
    checks: Sequence[CheckResult]
    words: Words
    stale: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    served: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    differences: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    quality_page: str = ""


def publish(releases: ReleaseStore, store: WorkStore, contents: Contents) -> Release:
    """Write a release from the work store and make it current; returns it."""
    _require_evidence(contents)
    previous = releases.current_or_none()
    release_id = releases.next_id()
    draft = releases.root / f"{release_id}.tmp"
    _require_room(releases.root, store)
    draft.mkdir(parents=True)
    try:
        _write_files(draft, store, contents, previous)
    except Exception:
        remove_folder(draft)
        raise
    fault_point("publish.before_rename")
    final = releases.root / release_id
    make_read_only(draft)
    os.rename(draft, final)  # noqa: PTH104 - a rename of a folder
    fsync_folder(releases.root)
    fault_point("publish.before_pointer")
    releases.point_to(release_id)
    fault_point("publish.after_pointer")
    return releases.release(release_id)


def _write_files(
    draft: Path, store: WorkStore, contents: Contents, previous: Release | None
) -> None:
    """Everything of a release, its manifest last."""
    _copy_store(store, draft / "warehouse.duckdb")
    fault_point("publish.copied")
    manifest = _fill(draft, draft.stem, contents, previous)
    fault_point("publish.filled")
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    for path in files:
        fsync_file(path)
    known = previous.manifest["files"] if previous else {}
    before = previous.path if previous else draft
    manifest["files"] = {}
    for path in files:
        name = str(path.relative_to(draft))
        kept = before / name
        manifest["files"][name] = once(path, kept, known.get(name), draft.parent)
    write_json(draft / "manifest.json", manifest)
    fsync_folder(draft)


def _require_evidence(contents: Contents) -> None:
    """Only evaluated, passed checks let a release out; their absence does not."""
    if not contents.checks:
        raise ReleaseError("no check was evaluated", hint="run the release gate first")
    bad = blocking(contents.checks)
    if any(check.gate == "release" for check in bad):
        raise ReleaseError(bad[0].message, hint="correct the input and run again")


def _require_room(root: Path, store: WorkStore) -> None:
    root.mkdir(parents=True, exist_ok=True)
    require_room(root, 2 * store.path.stat().st_size, "a release")


def _copy_store(store: WorkStore, target: Path) -> None:
    """Copy the checkpointed store byte by byte; a log beside it means it is not whole."""
    with store.connect() as connection:
        connection.execute("checkpoint")
    if store.path.with_name(f"{store.path.name}.wal").exists():
        raise ReleaseError(
            "the work store still has a write-ahead log", hint="run again to rebuild it"
        )
    shutil.copyfile(store.path, target)


def _fill(
    draft: Path, release_id: str, contents: Contents, previous: Release | None
) -> dict[str, Any]:
    import duckdb  # noqa: PLC0415

    parameters = contents.parameters
    identity = {
        "release_id": release_id,
        "as_of_date": parameters.as_of.isoformat(),
        "known_at": parameters.known_at.isoformat() if parameters.known_at else None,
        "knowledge": parameters.knowledge,
        "source_mode": contents.source_mode,
        "created_at": clock.now().isoformat(),
        "run_id": contents.run_id,
        "code_version": contents.code_version,
    }
    with duckdb.connect(str(draft / "warehouse.duckdb")) as connection:
        core = core_partitions(connection)
        _drop_work_only(connection)
        _write_meta(connection, identity, contents)
        write_comments(connection, contents.words)
        marts = {
            table: {
                "rows": _count(connection, "report", table),
                "content_hash": hash_table(connection, "report", table),
            }
            for table in tables_in(connection, "report")
        }
        fault_point("publish.hashed")
        _export_core(connection, draft, core, previous)
        for schema in ("report", "meta"):
            folder = draft / "parquet" / schema
            folder.mkdir(parents=True)
            for table in tables_in(connection, schema):
                _copy_out(connection, f'{schema}."{table}"', folder / f"{table}.parquet")
        columns = {
            mart: connection.execute(f'describe report."{mart}"').fetchall() for mart in marts
        }
        connection.execute("checkpoint")
    if (draft / "warehouse.duckdb.wal").exists():
        raise ReleaseError("the release was not written whole", hint="run again")
    package = describe(columns, contents.words)
    texts = {
        "datapackage.json": json.dumps(package, ensure_ascii=False, indent=1),
        "quality.html": contents.quality_page,
        # The compiled SQL of report marts and their steps: what builds them for any other day.
        **{f"sql/{name}.sql": sql for name, sql in contents.compiled.items()},
    }
    for name, text in texts.items():
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).write_text(text, encoding="utf-8")
    core_tables = {
        table: {
            "rows": sum(rows for rows, _ in months.values()),
            "content_hash": combine((m, h) for m, (_, h) in months.items()),
            "partitions": {m: h for m, (_, h) in months.items()},
        }
        for table, months in core.items()
    }
    return {
        **identity,
        "words_version": contents.words.version,
        "previous": previous.release_id if previous else None,
        "stale": list(contents.stale),
        "fallbacks": fallbacks(contents.served),
        "source_differences": Counter(str(one["dataset"]) for one in contents.differences),
        "marts": marts,
        "core": core_tables,
        "core_hash": combine((t, str(c["content_hash"])) for t, c in core_tables.items()),
    }


def _drop_work_only(connection: duckdb.DuckDBPyConnection) -> None:
    for schema in WORK_ONLY_SCHEMAS:
        connection.execute(f"drop schema if exists {schema} cascade")
    for table in tables_in(connection, "main"):
        connection.execute(f'drop table main."{table}"')


def _write_meta(
    connection: duckdb.DuckDBPyConnection, identity: Mapping[str, Any], contents: Contents
) -> None:
    import pyarrow as pa  # noqa: PLC0415

    terms = dataset_terms(contents.loads)
    rows: dict[str, Sequence[Mapping[str, Any]]] = {
        "releases": [identity],
        "loads": contents.loads,
        "check_results": [one.to_record() for one in contents.checks],
        "staleness": contents.stale,
        "sources_served": contents.served,
        "mart_sources": mart_sources(contents.served, contents.lineage, terms),
        "source_differences": contents.differences,
        "lineage": [{"mart": mart, "dataset": dataset} for mart, dataset in contents.lineage],
        "value_labels": value_labels(connection),
        "metrics": contents.words.metrics,
    }
    for table, records in rows.items():
        columns = meta_tables()[table]
        texts = pa.table(
            {c: pa.array([_plain(one.get(c)) for one in records], pa.string()) for c in columns}
        )
        casts = ", ".join(f'"{c}"::{kind} as "{c}"' for c, kind in columns.items())
        connection.register("texts", texts)
        connection.execute(f"create or replace table meta.{table} as select {casts} from texts")
        connection.unregister("texts")


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _export_core(
    connection: duckdb.DuckDBPyConnection,
    draft: Path,
    core: Mapping[str, Mapping[str, tuple[int, str]]],
    previous: Release | None,
) -> None:
    """Parquet by month; a month whose hash did not change is shared, and not written again."""
    for table, months in core.items():
        folder = draft / "parquet" / "core" / table
        folder.mkdir(parents=True)
        before = previous.manifest["core"].get(table, {}) if previous else {}
        for month, (_, content) in months.items():
            target = folder / f"{month}.parquet"
            if previous and before.get("partitions", {}).get(month) == content:
                kept = previous.path / target.relative_to(draft)
                if kept.exists():
                    known = previous.manifest["files"][str(target.relative_to(draft))]
                    share(kept, target, draft.parent, known["sha256"])
                    continue
            period = PERIODS.get(table)
            where = ""
            if period and month != WHOLE:
                where = (
                    f" where {period} >= date '{month}-01'"
                    f" and {period} < date '{month}-01' + interval 1 month"
                )
            _copy_out(connection, f'core."{table}"{where}', target)


def _copy_out(connection: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    path = str(target).replace("'", "''")
    # Higher levels take longer and save nothing on prices.
    how = "format parquet, compression zstd, compression_level 1"
    connection.execute(f"copy (from {rows}) to '{path}' ({how})")


def _count(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    row = connection.execute(f'select count(*) from {schema}."{table}"').fetchone()
    return int(row[0]) if row else 0
