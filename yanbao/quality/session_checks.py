"""Bars of days on which their exchange was closed.

A base of a window is the last close before it: a close of a Saturday, of a holiday or of a day
that was read in the wrong order of day and month would become one, and make a wrong change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import Dataset
from yanbao.catalog.market_facts import MARKET_CLOSURES
from yanbao.quality.stored_rows import rows_of, staging_of
from yanbao.raw.load import StoredLoad
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

SESSIONS = "sessions"
# By the end of a code; of indices of other exchanges weekends alone are known.
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

    A day that a calendar covers is a session where it is listed; elsewhere weekends and known
    closures are none.
    """
    day = dataset.date_column
    if not stored.is_file or not {"close", day} <= {*dataset.column_names}:
        return
    entity = next(name for name in dataset.key if name != day)
    found = rows_of(
        connection,
        f"""
        with {calendar_of(connection)},
        told as (
            select arrival_row, {entity} as code, {day}::date as day,
                {market_of(entity)} as market
            from {staging_of(stored)}
        )
        select arrival_row as row, code, day, dayname(day) as weekday from told
        where not {is_session("told")}
        order by arrival_row
        """,
        [str(MARKET_CLOSURES)],
    )
    yield subject.rows_found(
        SESSIONS,
        found,
        "{code} {day} ({weekday})",
        otherwise="sessions alone",
        expected="days on which the exchange of each code traded",
        hint=HINT,
    )


def market_of(code: str) -> str:
    """SQL for the market of a code; null for an exchange without a calendar."""
    suffixes = " ".join(
        f"when regexp_extract({code}, '[^.]*$') in ({', '.join(map(repr, ends))})"
        f" then '{market}'"
        for market, ends in _MARKETS.items()
    )
    return f"case {suffixes} end"


def calendar_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Common table expressions for ``is_session``; its parameter is MARKET_CLOSURES."""
    calendar = "select null as market, null::date as trade_date where false"
    if has_table(connection, "core", "trading_days"):
        calendar = "select market, trade_date from core.trading_days"
    return f"""calendar as ({calendar}),
        covered as (
            select market, min(trade_date) as first_on, max(trade_date) as last_on
            from calendar group by market
        ),
        closures as (select market, closed_on from read_csv(?))"""


def is_session(row: str) -> str:
    """SQL for whether a ``row`` with market and day is of a session, as far as is known."""
    return f"""case
            when exists (
                from covered as c
                where c.market = {row}.market and {row}.day between c.first_on and c.last_on
            ) then exists (
                from calendar as c
                where c.market = {row}.market and c.trade_date = {row}.day
            )
            else isodow({row}.day) < 6 and not exists (
                from closures as c
                where c.market = {row}.market and c.closed_on = {row}.day
            )
        end"""
