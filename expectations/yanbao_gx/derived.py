"""What rules derive from the frames of marts: columns and rows, as SQL says them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import duckdb
import pandas as pd
import pyarrow as pa


def select(query: str, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows of a query; raises ValueError for one that the frames cannot answer."""
    connection = _database()
    for name, frame in frames.items():
        # Arrow gives a column without values no type at all, which suits every rule.
        connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))
    try:
        return connection.execute(query).df()
    except duckdb.Error as error:
        raise ValueError(str(error)) from error
    finally:
        for name in frames:
            connection.unregister(name)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One empty database for all queries of a gate: to open one costs ten milliseconds."""
    return duckdb.connect(":memory:")


def with_columns(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """A frame with further columns, each named with its SQL over the others."""
    if not columns:
        return frame
    fields = ", ".join(f'{sql} as "{name}"' for name, sql in columns.items())
    mart = frame[[name for name in frame.columns if name in fields]]
    numbered = mart.assign(row_number=range(len(mart)))
    derived = select(f"select {fields} from mart order by row_number", {"mart": numbered})
    return frame.assign(**{name: derived[name].array for name in columns})
