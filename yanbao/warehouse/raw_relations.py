"""The relations that staging reads: one per source and dataset, over pending loads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from yanbao.catalog import DATASETS
from yanbao.raw.load import StoredLoad

if TYPE_CHECKING:
    import duckdb

LANDING = (
    ("_load_id", "varchar"),
    ("_landed_at", "timestamp"),
    ("_row", "bigint"),
    ("_arguments", "varchar"),
)
RAW_TYPES = {"text": "varchar", "number": "double", "date": "date"}


def raw_contracts() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """The columns (name, SQL type) that staging may read, by upstream and dataset."""
    from yanbao.sources import SOURCES  # noqa: PLC0415 - sources are optional here

    contracts: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
        ("inbox", dataset.name): tuple((c.name, c.sql_type) for c in dataset.columns)
        for dataset in DATASETS
    }
    for fetch in SOURCES:
        columns = tuple((c.name, RAW_TYPES[c.kind]) for c in fetch.columns)
        key = (fetch.source, fetch.dataset)
        contracts[key] = tuple(dict((*contracts.get(key, ()), *columns)).items())
    return contracts


def upstream_of(stored: StoredLoad) -> str:
    """Sample files and analysts' files share the import format, hence one relation."""
    return "inbox" if stored.is_file else stored.load.source


def point_at(
    connection: duckdb.DuckDBPyConnection,
    loads: Sequence[StoredLoad],
    only: tuple[str, str] | None = None,
) -> None:
    """Let raw relations read exactly the given loads; a relation without any is empty.

    ``only`` names the one (upstream, dataset) to point; by default all of them are.
    """
    by_relation: dict[tuple[str, str], list[StoredLoad]] = {}
    for stored in loads:
        by_relation.setdefault((upstream_of(stored), stored.load.dataset), []).append(stored)
    for (upstream, dataset), columns in raw_contracts().items():
        if only is not None and only != (upstream, dataset):
            continue
        chosen = by_relation.get((upstream, dataset), [])
        query = _reading(connection, columns, chosen) if chosen else _empty(columns)
        connection.execute(f'create or replace view raw."{upstream}__{dataset}" as {query}')


def _empty(columns: Sequence[tuple[str, str]]) -> str:
    fields = ", ".join(f'null::{kind} as "{name}"' for name, kind in (*columns, *LANDING))
    return f"select {fields} where false"


def _reading(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[tuple[str, str]],
    loads: Sequence[StoredLoad],
) -> str:
    files = ", ".join(_quoted(str(stored.frame_path)) for stored in loads)
    scan = f"read_parquet([{files}], union_by_name = true)"
    described = connection.execute(f"describe select * from {scan}").fetchall()
    received = {row[0] for row in described}
    fields = ", ".join(
        f'"{name}"' if name in received else f'null::{kind} as "{name}"'
        for name, kind in (*columns, *LANDING)
    )
    query = f"select {fields} from {scan}{_without_quarantined(loads)}"
    accepted = [stored for stored in loads if stored.decided_at]
    return f"select * replace ({_seen_at(accepted)}) from ({query})" if accepted else query


def _without_quarantined(loads: Sequence[StoredLoad]) -> str:
    """Rows that the raw gate set aside stay in raw; no model reads them."""
    aside = [
        f"(_load_id = {_quoted(stored.load.load_id)} and _row in ({_numbers(stored)}))"
        for stored in loads
        if stored.quarantined
    ]
    return f" where not ({' or '.join(aside)})" if aside else ""


def _numbers(stored: StoredLoad) -> str:
    return ", ".join(str(row) for row in stored.quarantined)


def _seen_at(accepted: Sequence[StoredLoad]) -> str:
    """A load that a person accepted counts as seen at the decision, and so after any load
    that was taken in while it waited."""
    cases = " ".join(
        f"when {_quoted(stored.load.load_id)}"
        f" then {_quoted(_utc(stored.decided_at))}::timestamp"
        for stored in accepted
    )
    return f"case _load_id {cases} else _landed_at end as _landed_at"


def _utc(instant: str | None) -> str:
    moment = datetime.fromisoformat(instant or "").astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(sep=" ")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
