"""The floor: the night's data work in one DuckDB process, without anything around it.

It reads the new day's files, inserts them into copies of the native core tables, runs the
compiled SQL of every report mart, checkpoints, and publishes by copying the database. It
checks, versions, hashes and exports nothing. Without files it is the floor's empty night.

Usage: ``python -m benchmarks.raw_floor STORE SQL_FOLDER PUBLISHED AS_OF [BARS NAVS]``
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

BARS = """
    insert into core.daily_bars by name
    select code, trade_date, 'CN' as market, open, high, low, close, reference_close,
        volume_shares, amount_cny as amount, adjustment, trade_date as available_on,
        now()::timestamp as first_seen_at, 'raw-floor' as load_id, 1 as version
    from read_parquet(?)
"""
NAVS = """
    insert into core.fund_navs by name
    select fund_code, nav_date, nav, nav_cumulative, nav_date + 1 as available_on,
        now()::timestamp as first_seen_at, 'raw-floor' as load_id, 1 as version
    from read_parquet(?)
"""


def raw_night(store: Path, sql: Path, published: Path, as_of: str, new: list[str]) -> None:
    """One night on a copy of the work store; ``new`` holds the bars' and the NAVs' file."""
    with duckdb.connect(str(store)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("begin")
        for statement, file in zip((BARS, NAVS), new):
            connection.execute(statement, [file])
        connection.execute(
            "create or replace table run_parameters as select ?::date as as_of_date,"
            " null::date as known_at, 'announced' as knowledge",
            [as_of],
        )
        for path in sorted(sql.glob("*.sql")):
            query = path.read_text(encoding="utf-8")
            connection.execute(f'create or replace table report."{path.stem}" as {query}')
        connection.execute("commit")
        connection.execute("checkpoint")
    shutil.copyfile(store, published)


if __name__ == "__main__":
    places = [Path(word) for word in sys.argv[1:4]]
    raw_night(places[0], places[1], places[2], sys.argv[4], sys.argv[5:])
