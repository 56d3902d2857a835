"""Steps of an unadjusted price that no trading makes: who knows the action says it.

A split or a consolidation that nothing in the data tells from a move of the price would be
printed as one. A row is explained by its reference price, by the change that the source
printed, or by a known action.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import Dataset
from yanbao.catalog.market_facts import BOARD_CODES, PRICE_LIMITS
from yanbao.quality.price_checks import CLOSE, LABEL, UNADJUSTED
from yanbao.quality.stored_rows import STORED, provide_stored_rows, rows_of, staging_of
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

STEPS = "price_steps"
WITNESSES = ("reference_close", "change_ratio")
# 5:4 is the smallest usual split; it shows on a day that moves up to 8 % against it. Where a
# board has a daily limit, nothing moves further than that.
FREE_STEP = 0.156
FAR_DAYS = 5  # apart, a price may move by more than a day's limit
FAR_STEP = 0.4
FUND_LIMIT = 0.2  # funds follow boards of 10 and of 20 %
HINT = (
    "find out whether shares were split or put together: accept the file with --action"
    " split:CODE:DAY:NEW:OLD (10:1 for ten new shares per old one),"
    " consolidation:CODE:DAY:OLD:NEW, or move:CODE:DAY where the price did move"
)


def step_checks(
    connection: duckdb.DuckDBPyConnection,
    zone: RawZone,
    stored: StoredLoad,
    dataset: Dataset,
    subject: Subject,
) -> Iterator[CheckResult]:
    """The check of a load of bars that the raw relation of its dataset points at.

    Each share has the limit of its board, for its name of the day may not be known yet: the
    narrower one of special treatment would hold files that are right.
    """
    if not {CLOSE, LABEL, *WITNESSES} <= {*dataset.column_names}:
        return
    witness = " and ".join(f"{name} is null" for name in WITNESSES)
    unadjusted = f"coalesce({LABEL}, '{UNADJUSTED}') = '{UNADJUSTED}'"
    if "adjusted_close" in dataset.column_names:
        unadjusted += f" and not ({LABEL} is null and adjusted_close is not null)"
    # Rows with a witness explain themselves: the history of the other codes alone is read.
    connection.execute(
        f"create or replace temporary table bare_codes as select distinct code"
        f" from {staging_of(stored)} where {witness} and {unadjusted}"
    )
    bare_alone = "code in (select code from bare_codes)"
    columns = (*dataset.key, CLOSE, LABEL)
    before = "select null as code, null::date as trade_date, null::double as close where false"
    if provide_stored_rows(connection, zone, stored, dataset, columns, where=bare_alone):
        before = (
            f"select code, trade_date, close from {STORED}"
            f" where coalesce({LABEL}, '{UNADJUSTED}') = '{UNADJUSTED}'"
            f" and (code, trade_date) not in"
            f" (select (code, trade_date) from {staging_of(stored)} where {bare_alone})"
        )
    known = "select null as code, null::date as ex_date where false"
    if has_table(connection, "core", "corporate_actions"):
        known = "select code, ex_date from core.corporate_actions"
    found = rows_of(
        connection,
        f"""
        with bars as (
            select code, trade_date, close, arrival_row, {witness} as is_bare
            from {staging_of(stored)} where {unadjusted} and {bare_alone}
            union all
            select code, trade_date, close, null as arrival_row, false as is_bare
            from ({before})
        ),
        steps as (
            select *, lag(close) over of_code as previous_close,
                lag(trade_date) over of_code as previous_on,
                row_number() over of_code as row_of_code
            from bars window of_code as (partition by code order by trade_date)
        ),
        limits as (
            select listing_board, valid_from, limit_ratio, free_sessions
            from read_csv(?) where not is_st
        ),
        limited as (
            select steps.*, limits.free_sessions,
                case when code like '%.S_' or code like '%.BJ'
                    then coalesce(limits.limit_ratio, {FUND_LIMIT}) end as daily_limit
            from steps asof left join limits
                on {_board()} = limits.listing_board
                and steps.trade_date >= limits.valid_from
        )
        select arrival_row as row, code, trade_date, previous_close, close from limited
        where is_bare and close > 0 and previous_close > 0
            and not (daily_limit is not null and row_of_code <= coalesce(free_sessions, 1))
            and not exists (
                select 1 from ({known}) as actions
                where actions.code = limited.code
                    and actions.ex_date > limited.previous_on
                    and actions.ex_date <= limited.trade_date
            )
            and case
                when trade_date - previous_on > {FAR_DAYS}
                    then close / previous_close < 1 - {FAR_STEP}
                        or (daily_limit is null and close / previous_close > 1 + {FAR_STEP})
                when daily_limit is null
                    then abs(ln(close / previous_close)) > ln(1 + {FREE_STEP})
                when trade_date - previous_on > 1 and close > previous_close
                    then ln(close / previous_close)
                        > (trade_date - previous_on) * ln(1.001 + daily_limit)
                else abs(close - previous_close) > daily_limit * previous_close + 0.0051
            end
        order by code, trade_date
        """,
        [str(PRICE_LIMITS)],
    )
    yield subject.rows_found(
        STEPS,
        found,
        "{code} {trade_date}: {previous_close:.10g} to {close:.10g}",
        otherwise="no step without its reason",
        expected="steps of a day's trading, or the action behind a larger one",
        hint=HINT,
    )


def _board() -> str:
    """The board of a code; null for what is no A-share."""
    cases = []
    for board, patterns in BOARD_CODES.items():
        fits = " or ".join(f"code like '{one}'" for one in patterns)
        cases.append(f"when {fits} then '{board}'")
    return f"case {' '.join(cases)} end"
