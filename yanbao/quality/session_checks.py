"""Bars of days on which their exchange was closed.

A base of a window is the last close before it: a close of a Saturday, of a holiday or of a day
that was read in the wrong order of day and month would become one, and make a wrong change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yanbao.base.check_result import NAMED_ROWS, SAMPLE_ROWS, CheckResult, Subject, name_rows
from yanbao.catalog import Dataset
from yanbao.catalog.market_facts import MARKET_CLOSURES
from yanbao.quality.stored_rows import staging_of
from yanbao.raw.load import StoredLoad
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

SESSIONS = "sessions"
# By the end of a code; indices of other exchanges follow calendars that nobody keeps here.
_MARKETS = {"CN": ("SH", "SZ", "BJ"), "HK": ("HK",), "US": ("O", "N", "A")}
HINT = (
    "find the row whose day is wrong, or its order of day and month; where the exchange did"
    " trade, bring its calendar up to date with trading_days, or accept the file with a reason"
)


def session_checks(
    connection: duckdb.DuckDBPyConnection,
    stored: StoredLoad,
    dataset: Dataset,
    subject: Subject,
) -> Iterator[CheckResult]:
    """The check of a file of closes that the raw relation of its dataset points at.

    Weekends and known closures are no session, nor is a day that a calendar covers and lacks.
    """
    day = dataset.date_column
    if not stored.is_file or not {"close", day} <= {*dataset.column_names}:
        return
    entity = next(name for name in dataset.key if name != day)
    suffixes = " ".join(
        f"when suffix in ({', '.join(map(repr, ends))}) then '{market}'"
        for market, ends in _MARKETS.items()
    )
    calendar = "select null as market, null::date as trade_date where false"
    if has_table(connection, "core", "trading_days"):
        calendar = "select market, trade_date from core.trading_days"
    found = connection.execute(
        f"""
        with bars as (
            select arrival_row, {entity} as code, {day}::date as day,
                regexp_extract({entity}, '[^.]*$') as suffix
            from {staging_of(stored)}
        ),
        told as (select *, case {suffixes} end as market from bars),
        calendar as ({calendar}),
        covered as (
            select market, min(trade_date) as first_on, max(trade_date) as last_on
            from calendar group by market
        ),
        closures as (select market, closed_on from read_csv(?))
        select arrival_row, code, day from told
        where market is not null and (
            isodow(day) > 5
            or exists (from closures as c where c.market = told.market and c.closed_on = day)
            or (
                exists (
                    from covered as c
                    where c.market = told.market and day between c.first_on and c.last_on
                )
                and not exists (
                    from calendar as c where c.market = told.market and c.trade_date = day
                )
            )
        )
        order by arrival_row
        """,
        [str(MARKET_CLOSURES)],
    ).fetchall()
    named = [f"row {row} {code} {on} ({on:%a})" for row, code, on in found[:NAMED_ROWS]]
    yield subject.result(
        SESSIONS,
        "fail" if found else "pass",
        observed=name_rows(named, len(found)) or "sessions alone",
        expected="days on which the exchange of each code traded",
        hint=HINT,
        failing_rows=len(found),
        sample=[
            {"row": str(row), entity: code, day: str(on)}
            for row, code, on in found[:SAMPLE_ROWS]
        ],
    )
