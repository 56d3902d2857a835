"""What loads changed in core: the keys that they brought, and the values that they replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yanbao.catalog import BY_NAME
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

BOOKKEEPING = frozenset({"available_on", "first_seen_at", "load_id", "version", "is_ours"})
MOST_ROWS = 10_000  # restated keys that are compared column by column


@dataclass(frozen=True)
class ValueChange:
    """A stored value that a load replaces; ``key`` in words."""

    table: str
    key: str
    column: str
    stored: Any
    new: Any


@dataclass(frozen=True)
class TableChange:
    """What loads did to one core table. ``values`` are those of the first restated keys."""

    table: str
    new_keys: int
    restated_keys: int
    values: tuple[ValueChange, ...]


def core_changes(
    connection: duckdb.DuckDBPyConnection, load_ids: Collection[str]
) -> Iterator[TableChange]:
    """One entry for each core table that holds rows of the loads."""
    datasets = dict.fromkeys(load_id.rsplit("-", 1)[1] for load_id in load_ids)
    keys = {BY_NAME[name].core_table: BY_NAME[name].key for name in datasets}
    for table, key in keys.items():
        if has_table(connection, "core", table):
            yield _table_change(connection, table, key, [*load_ids])


def _table_change(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: tuple[str, ...],
    load_ids: list[str],
) -> TableChange:
    same = " and ".join(f"new.{name} is not distinct from stored.{name}" for name in key)
    names = ", ".join(key)
    pairs = f"""
        with split as (
            select *, list_contains(?::varchar[], load_id) as is_ours from core."{table}"
        ),
        last as (
            select * from split
            qualify row_number() over (partition by {names}, is_ours order by version desc) = 1
        )
        select new, stored
        from (select * from last where is_ours) as new
        left join (select * from last where not is_ours) as stored on {same}
        order by {", ".join(f"new.{name}" for name in key)}
    """
    new_keys, restated = connection.execute(
        f"select count(*) filter (where stored.load_id is null),"
        f" count(*) filter (where stored.load_id is not null) from ({pairs})",
        [load_ids],
    ).fetchall()[0]
    rows = connection.execute(
        f"select new, stored from ({pairs}) where stored.load_id is not null limit {MOST_ROWS}",
        [load_ids],
    ).fetchall()
    values = [
        ValueChange(table, " ".join(str(new[name]) for name in key), column, was, new[column])
        for new, stored in rows
        for column, was in stored.items()
        if column not in BOOKKEEPING and was != new[column]
    ]
    return TableChange(table, new_keys, restated, tuple(values))
