"""A frame whose text is held once is DuckDB's own frame otherwise."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from yanbao.warehouse.interned_frame import interned_frame

KINDS = (
    "select * from (values"
    " ('600000.SH', 1.5::decimal(9, 4), date '2024-01-02', 1, true, 2.0::double, 'a'),"
    " (null, null, null, null, null, null, null),"
    " ('600000.SH', 2.5, date '2024-01-03', 2, false, null, 'b'))"
    " as kinds (code, price, trade_date, volume, is_open, ratio, name)"
)


@pytest.mark.parametrize(
    "query",
    [
        KINDS,
        f"{KINDS} where false",
        "select 'only text' as name",
        "select 1 as number",
        "select timestamp '2024-01-02 03:04:05' as seen_at, 'a' as code",
    ],
)
def test_rows_types_and_order_are_those_of_duckdb_s_frame(query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create view kinds as {query}")
        ours = interned_frame(connection, "kinds")
        theirs = connection.execute("select * from kinds").df()
    pd.testing.assert_frame_equal(ours, theirs)


def test_equal_texts_are_one_object() -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create view kinds as {KINDS}")
        frame = interned_frame(connection, "kinds")
    assert frame["code"][0] is frame["code"][2]


def test_a_cell_that_cannot_be_read_raises_duckdb_s_own_error() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create view bad as select cast(x as date) d from (values ('z')) t(x)"
        )
        with pytest.raises(duckdb.ConversionException, match="z"):
            interned_frame(connection, "bad")
