"""Rows that share a key: identical ones collapse, contradicting ones are quarantined."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from yanbao.catalog import Dataset
from yanbao.catalog.cell_rules import ROW, Form, quoted, typed
from yanbao.inbox.findings import BadCell, shown


def find_repeats(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    forms: dict[str, Form],
    most: int,
    row_of: Callable[[int], int],
) -> tuple[list[BadCell], pa.ChunkedArray]:
    """The rows of ``received`` that contradict another of their key, and those to collapse.

    Where rows of one key differ in any value, none of them can be trusted; where they are
    the same, the first stays. Values are compared in their type (12.30 equals 12.3), and an
    empty key cell equals an empty one. Only good rows belong in ``received``: a row with a
    bad cell has no say. ``row_of`` gives the file's row of a number, for the hint. Stops
    after ``most`` + 1 contradicting keys: the caller then refuses the file.
    """
    keys = [name for name in dataset.key if name in forms]
    _group_repeats(connection, dataset, forms, keys)
    contradictions = connection.execute(f"""
        select key_text, numbers from groups where versions > 1
        order by numbers[1] limit {most + 1}
    """).fetchall()
    collapsed = connection.execute(
        "select unnest(numbers[2:]) as number from groups where versions = 1"
    ).to_arrow_table()
    cells = [
        BadCell(row, ", ".join(keys), shown(key), "duplicate_key", _hint(row, numbers, row_of))
        for key, numbers in contradictions
        for row in numbers
    ]
    return cells, collapsed.column("number")


def _group_repeats(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    forms: dict[str, Form],
    keys: list[str],
) -> None:
    """Fill ``groups``: one row per key that occurs more than once.

    Two passes, because almost no key repeats: the first looks at keys alone, the second
    compares whole rows of the few keys that it found.
    """
    values = ", ".join(
        f"{typed(dataset.column(name), form, quoted(name))} as {quoted(name)}"
        for name, form in forms.items()
    )
    key_list = ", ".join(quoted(name) for name in keys)
    same = " and ".join(
        f"t.{quoted(name)} is not distinct from r.{quoted(name)}" for name in keys
    )
    key_text = " || ', ' || ".join(
        f"coalesce(cast({quoted(name)} as varchar), '(empty)')" for name in keys
    )
    compared = ", ".join(quoted(name) for name in forms)
    connection.execute(f"create temp view typed_rows as select {ROW}, {values} from received")
    connection.execute(f"""
        create temp table repeated as
        select {key_list} from typed_rows group by {key_list} having count(*) > 1
    """)
    connection.execute(f"""
        create temp table groups as
        select {key_text} as key_text, count(distinct row({compared})) as versions,
            list_sort(list({ROW})) as numbers
        from (select t.* from typed_rows as t inner join repeated as r on {same})
        group by {key_list}
    """)


def _hint(row: int, numbers: list[int], row_of: Callable[[int], int]) -> str:
    other = numbers[1] if row == numbers[0] else numbers[0]
    return f"row {row_of(other)} has the same key and other values; keep the right one"
