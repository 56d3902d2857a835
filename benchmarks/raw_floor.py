"""The floor: the data work of a night or of a full refresh in one DuckDB process.

It reads files, inserts them into native core tables, runs the compiled SQL of every report
mart, checkpoints, and publishes by copying the database. It checks, versions, hashes and
exports nothing. A night starts from a copy of the work store and brings the new day; without
files it is the floor's empty night. A full refresh starts from an empty database: it loads the
same history into the same core tables, in the same order of rows, and works out the ex-right
steps; what is small (seeds, calendars) it copies from the built store.

Usage: ``python -m benchmarks.raw_floor night STORE SQL_FOLDER PUBLISHED AS_OF [BARS NAVS]``
or ``python -m benchmarks.raw_floor full BUILT_STORE SQL_FOLDER PUBLISHED AS_OF HISTORY_FOLDER``
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

# The rows of each core table that is loaded, from the files that stand for the question mark.
BARS = """
    select code, trade_date, 'CN' as market, open, high, low, close, reference_close,
        volume_shares, amount_cny as amount, adjustment, trade_date as available_on,
        now()::timestamp as first_seen_at, 'raw-floor' as load_id, 1 as version
    from read_parquet(?) order by trade_date, code
"""
NAVS = """
    select fund_code, nav_date, nav, nav_cumulative, nav_date + 1 as available_on,
        now()::timestamp as first_seen_at, 'raw-floor' as load_id, 1 as version
    from read_parquet(?) order by nav_date, fund_code
"""
STEPS = """
    select code, trade_date as ex_date, close_on, close_before, reference_close,
        round(close_before / reference_close, 10) as factor_step, 'reference_price' as basis,
        available_on, first_seen_at, load_id, 1 as version
    from (
        select *, lag(close) over of_code as close_before,
            lag(trade_date) over of_code as close_on
        from core.daily_bars window of_code as (partition by code order by trade_date)
    )
    where close_before <> reference_close order by ex_date, code
"""
FILES = {"daily_bars": "a_share_bars_*.parquet", "fund_navs": "fund_navs_*.parquet"}
LOADED = {"daily_bars": BARS, "fund_navs": NAVS, "adjustment_factors": STEPS}


def raw_night(store: Path, sql: Path, published: Path, as_of: str, new: list[str]) -> None:
    """One night on a copy of the work store; ``new`` holds the bars' and the NAVs' file."""
    with duckdb.connect(str(store)) as connection:
        _configure(connection)
        connection.execute("begin")
        for table, file in zip(LOADED, new):
            _load(connection, table, file)
        _build_marts(connection, sql, as_of)
        connection.execute("commit")
        connection.execute("checkpoint")
    shutil.copyfile(store, published)


def raw_full_refresh(
    built: Path, sql: Path, published: Path, as_of: str, history: Path
) -> None:
    """Everything from the files, in an empty database beside ``published``."""
    # The file's name is the catalog's, which the compiled SQL names.
    store = published.parent / "warehouse.duckdb"
    store.unlink(missing_ok=True)
    with duckdb.connect(str(store)) as connection:
        _configure(connection)
        connection.execute(f"attach '{built}' as built (read_only)")
        _copy_all_but_loaded(connection, sql)
        for table, files in FILES.items():
            _load(connection, table, str(history / files))
        _load(connection, "adjustment_factors")
        _build_marts(connection, sql, as_of)
        connection.execute("detach built")
        connection.execute("checkpoint")
    shutil.copyfile(store, published)


def _configure(connection: duckdb.DuckDBPyConnection) -> None:
    """As profiles.yml does, but for the limit of memory."""
    connection.execute("set timezone = 'UTC'")
    connection.execute("set asof_loop_join_threshold = 0")
    connection.execute("set disabled_optimizers = 'common_subplan'")


def _load(connection: duckdb.DuckDBPyConnection, table: str, *files: str) -> None:
    connection.execute(f"insert into core.{table} by name {LOADED[table]}", files)


def _copy_all_but_loaded(connection: duckdb.DuckDBPyConnection, sql: Path) -> None:
    """Every other table of the built store, and the empty ones that are loaded; then views."""
    connection.execute("create schema core; create schema intermediate; create schema report")
    connection.execute("create table run_parameters as from built.run_parameters limit 0")
    tables = connection.execute(
        "select table_name from duckdb_tables()"
        " where database_name = 'built' and schema_name = 'core'"
    ).fetchall()
    for (table,) in tables:
        rows = " limit 0" if table in LOADED else ""
        connection.execute(f'create table core."{table}" as from built.core."{table}"{rows}')
    steps = sorted((sql.parent / "intermediate").glob("*.sql"))
    left = [
        f'create view intermediate."{path.stem}" as {path.read_text(encoding="utf-8")}'
        for path in steps
    ]
    while left:  # a view may read another that comes later
        later = [text for text in left if not _created(connection, text)]
        if len(later) == len(left):
            raise ValueError(f"a shared step cannot be made: {later[0][:200]}")
        left = later


def _created(connection: duckdb.DuckDBPyConnection, statement: str) -> bool:
    try:
        connection.execute(statement)
    except duckdb.Error:
        return False
    return True


def _build_marts(connection: duckdb.DuckDBPyConnection, sql: Path, as_of: str) -> None:
    connection.execute(
        "create or replace table run_parameters as select ?::date as as_of_date,"
        " null::date as known_at, 'announced' as knowledge",
        [as_of],
    )
    for path in sorted(sql.glob("*.sql")):
        query = path.read_text(encoding="utf-8")
        connection.execute(f'create or replace table report."{path.stem}" as {query}')


if __name__ == "__main__":
    kind, *words = sys.argv[1:]
    places = [Path(word) for word in words[:3]]
    if kind == "full":
        raw_full_refresh(places[0], places[1], places[2], words[3], Path(words[4]))
    else:
        raw_night(places[0], places[1], places[2], words[3], words[4:])
