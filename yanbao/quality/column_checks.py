"""Columns that a file lacks and the stored rows of its keys have.

A version holds what its file says, so that a file without a column would leave a blank where a
value was, and nobody would have asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import Dataset
from yanbao.catalog.declaration import SOURCE_NOTE
from yanbao.quality.price_checks import LABEL
from yanbao.quality.stored_rows import (
    STORED,
    provide_stored_rows,
    staging_of,
    stored_columns,
    within,
)
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone

if TYPE_CHECKING:
    import duckdb

COLUMNS = "stored_columns"


def stored_column_checks(
    connection: duckdb.DuckDBPyConnection,
    zone: RawZone,
    stored: StoredLoad,
    dataset: Dataset,
    subject: Subject,
) -> Iterator[CheckResult]:
    """The check of a file that the raw relation of its dataset points at."""
    absent = _absent(stored, dataset) if stored.is_file else []
    if not absent:
        return
    columns, where = (*dataset.key, *absent), within(connection, stored, dataset)
    if not provide_stored_rows(connection, zone, stored, dataset, columns, where=where):
        return
    same = " and ".join(f"f.{name} is not distinct from s.{name}" for name in dataset.key)
    filled = ", ".join(f"count(s.{name})" for name in absent)
    counts = connection.execute(
        f"select {filled} from {staging_of(stored)} as f inner join {STORED} as s on {same}"
    ).fetchall()[0]
    lost = {name: number for name, number in zip(absent, counts) if number}
    told = ", ".join(f"{name} of {number:,}" for name, number in lost.items())
    yield subject.result(
        COLUMNS,
        "fail" if lost else "pass",
        observed=f"no column for {told} stored rows" if lost else "none that is missed",
        expected="the columns that the stored rows of these keys have",
        hint="export the file with these columns, or accept it with a reason to blank them",
        failing_rows=max(lost.values(), default=0),
    )


def _absent(stored: StoredLoad, dataset: Dataset) -> list[str]:
    """Columns that could be in the file; those with a meaning when empty left out."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    received = pq.read_schema(stored.frame_path).names
    implied = (SOURCE_NOTE.name, LABEL, *dataset.key, *dataset.filled)
    return [
        name
        for name in stored_columns(dataset)
        if name not in received and name not in implied and not dataset.column(name).required
    ]
