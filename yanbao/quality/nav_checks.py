"""Steps of a unit NAV that no portfolio makes and no other column explains.

A split without a cumulative or adjusted NAV beside it looks like a loss. Returns over it are
blank (int_nav_steps); here the desk is asked while the file is at hand. A feed of every fund is
not turned away for the split of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import Dataset
from yanbao.quality.stored_rows import STORED, provide_stored_rows, rows_of, staging_of, within
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone

if TYPE_CHECKING:
    import duckdb

NAV_STEPS = "nav_steps"
FUND_NAVS = "fund_navs"
COLUMNS = ("fund_code", "nav_date", "nav", "nav_cumulative", "nav_adjusted", "distribution")
# The widest days on record: funds of the Beijing exchange, 2025-04-07 and 2024-10-08.
LOWEST, HIGHEST = 0.81, 1.31
NEAR_DAYS = 5
HINT = (
    "find out whether units were split or put together, and send the cumulative NAV"
    " (累计净值) or the adjusted one with it; or accept the file with the reason of the step,"
    " and returns over it stay blank"
)


def nav_step_checks(
    connection: duckdb.DuckDBPyConnection,
    zone: RawZone,
    stored: StoredLoad,
    dataset: Dataset,
    subject: Subject,
) -> Iterator[CheckResult]:
    """The check of a file of NAVs that the raw relation of its dataset points at."""
    if dataset.name != FUND_NAVS or not stored.is_file:
        return
    names = ", ".join(COLUMNS)
    near = within(connection, stored, dataset, before=NEAR_DAYS, after=NEAR_DAYS)
    rows = f"select {names}, arrival_row from {staging_of(stored)}"
    if provide_stored_rows(connection, zone, stored, dataset, COLUMNS, where=near):
        rows += (
            f" union all select {names}, null from {STORED}"
            f" where fund_code in (select fund_code from {staging_of(stored)})"
            f" and (fund_code, nav_date) not in"
            f" (select (fund_code, nav_date) from {staging_of(stored)})"
        )
    found = rows_of(
        connection,
        f"""
        with steps as (
            select *, lag(arrival_row) over of_fund as earlier_row,
                lag(nav) over of_fund as earlier_nav,
                nav_date - lag(nav_date) over of_fund as days,
                nav_cumulative - lag(nav_cumulative) over of_fund as gain,
                nav_adjusted / lag(nav_adjusted) over of_fund as adjusted_growth
            from ({rows}) window of_fund as (partition by fund_code order by nav_date)
        )
        select arrival_row as row, fund_code, nav_date, earlier_nav, nav from steps
        where days <= {NEAR_DAYS} and earlier_nav > 0
            and coalesce(arrival_row, earlier_row) is not null
            and not nav / earlier_nav between {LOWEST} and {HIGHEST}
            and not coalesce(1 + gain / earlier_nav between {LOWEST} and {HIGHEST}, false)
            and not coalesce(adjusted_growth between {LOWEST} and {HIGHEST}, false)
            and not coalesce(
                (nav + distribution) / earlier_nav between {LOWEST} and {HIGHEST}, false
            )
        order by fund_code, nav_date
        """,
    )
    yield subject.rows_found(
        NAV_STEPS,
        found,
        "{fund_code} {nav_date}: {earlier_nav:.10g} to {nav:.10g}",
        otherwise="no step without its reason",
        expected=f"steps between {LOWEST} and {HIGHEST}, or a column that explains one",
        hint=HINT,
    )
