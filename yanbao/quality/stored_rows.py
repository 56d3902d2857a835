"""What the warehouse holds of the keys of a new load, for checks that compare the two.

Files that came together are judged before any of them is built: those that passed already
count as stored, in their order of arrival.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from yanbao.catalog import MERGED, Dataset
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone
from yanbao.warehouse.raw_relations import point_at, upstream_of
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

STORED = "stored_rows"  # a temporary table: key and asked columns, by their import format


def staging_of(stored: StoredLoad) -> str:
    """The staging view that reads a load."""
    return f"staging.stg_{upstream_of(stored)}__{stored.load.dataset}"


def rows_of(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object] = ()
) -> list[dict[str, Any]]:
    """The rows of a query, each by the names of its columns."""
    answer = connection.execute(query, parameters)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row)) for row in answer.fetchall()]


def stored_columns(dataset: Dataset) -> list[str]:
    """The columns of an import format that core holds as they are."""
    core = next((one for one in MERGED if one.name == dataset.core_table), dataset)
    return [n for n in dataset.column_names if dataset.core_column(n) in core.column_names]


def within(
    connection: duckdb.DuckDBPyConnection,
    stored: StoredLoad,
    dataset: Dataset,
    *,
    before: int = 0,
    after: int = 0,
) -> str:
    """The condition of the days of a load, with days before and after them."""
    day = dataset.date_column
    if day not in dataset.key:
        return "true"
    first, last = connection.execute(
        f"select min({day})::date - {before}, max({day})::date + {after}"
        f" from {staging_of(stored)}"
    ).fetchall()[0]
    return f"{day} between date '{first}' and date '{last}'" if first else "true"


def provide_stored_rows(
    connection: duckdb.DuckDBPyConnection,
    zone: RawZone,
    stored: StoredLoad,
    dataset: Dataset,
    columns: Sequence[str],
    *,
    where: str,
    derived: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Make ``stored_rows``, the last version of each key; whether it reads anything at all.

    ``where`` narrows what is read, over key and asked columns: history is long. ``derived`` are
    columns of core by the SQL over a staged row that fills them. The raw relation of the load
    points at it afterwards, as before.
    """
    parts = []
    names = ", ".join((*columns, *derived))
    if has_table(connection, "core", dataset.core_table):
        core = {
            **{name: dataset.core_column(name) for name in columns},
            **{n: n for n in derived},
        }
        ours = ", ".join(f"{column} as {name}" for name, column in core.items())
        held = f"select {ours}, version as arrival from core.{dataset.core_table}"
        parts.append(f"select * from ({held}) where {where}")
    waiting = _waiting(connection, zone, stored)
    if waiting:
        only = (upstream_of(stored), dataset.name)
        point_at(connection, waiting, only=only)
        taken = ", ".join([*columns, *(f"{sql} as {name}" for name, sql in derived.items())])
        connection.execute(
            f"create or replace temporary table waiting_rows as select {taken},"
            f" 1000000 + dense_rank() over (order by load_id) as arrival"
            f" from {staging_of(stored)} where {where}"
        )
        point_at(connection, [stored], only=only)
        parts.append(f"select {names}, arrival from waiting_rows")
    if not parts:
        return False
    key = ", ".join(dataset.key)
    connection.execute(
        f"create or replace temporary table {STORED} as"
        f" select {names} from ({' union all '.join(parts)})"
        f" qualify row_number() over (partition by {key} order by arrival desc) = 1"
    )
    return True


def _waiting(
    connection: duckdb.DuckDBPyConnection, zone: RawZone, stored: StoredLoad
) -> list[StoredLoad]:
    """Good files of the dataset that came before a file and are in no table yet."""
    if not stored.is_file:
        return []
    rows = connection.execute("select load_id from built_loads").fetchall()
    return [
        one
        for one in zone.loads(stored.load.dataset, known={row[0] for row in rows})
        if one.is_file and one.status == "good" and one.load.load_id < stored.load.load_id
    ]
