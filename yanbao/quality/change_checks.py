"""Printed changes of a session against the closes on both sides of it.

A return may stand on the change that a file prints, which proves the reference price of an
ex-right day. So a change that is wrong, of another day or of another share would be printed
too. Where a row has its reference price, the inbox compares the three; here the close of the
session before is the witness, from the file or from the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import Dataset
from yanbao.catalog.market_facts import MARKET_CLOSURES
from yanbao.quality.price_checks import CLOSE, LABEL, UNADJUSTED
from yanbao.quality.session_checks import calendar_of, is_session, market_of
from yanbao.quality.stored_rows import STORED, provide_stored_rows, rows_of, staging_of, within
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

CHANGES, EX_RIGHTS = "printed_changes", "printed_ex_rights"
CHANGE, REFERENCE = "change_ratio", "reference_close"
NEAR_DAYS = 12  # no holidays of a market are longer
DIGITS = 6  # of a fraction; what comes after them is noise of binary numbers
HALF_PLACE = 0.51  # of the last place that the column prints
# New shares for old, or old for new; mainland shares are transferred by tenths.
USUAL_RATIOS = (1.25, 1.5, *map(float, range(2, 51)))
TENTHS = tuple(round(1 + n / 10, 1) for n in range(1, 31))
# A dividend lowers the reference price, and nothing in the file tells it from a wrong change:
# it is one where the rest of the column agrees with the closes.
HIGHEST_YIELD = 0.15
ROWS_PER_DIVIDEND = 40  # of a share
CODES_ON_A_DAY, CODES_PER_DIVIDEND = 20, 10
HINT = (
    "correct the change or the close, or the column that the mapping takes for one of them; on"
    " an ex-right day export the previous close (前收盘价) with it, or accept the file with the"
    " dividend as the reason"
)


def change_checks(
    connection: duckdb.DuckDBPyConnection,
    zone: RawZone,
    stored: StoredLoad,
    dataset: Dataset,
    subject: Subject,
) -> Iterator[CheckResult]:
    """The check of a file of bars that the raw relation of its dataset points at.

    A row is compared where no session lies between it and the one before: what a lost day
    changed is not in the file. A change of an adjusted series that was adjusted by amounts is
    another number.
    """
    if not stored.is_file or not {CLOSE, LABEL, CHANGE, REFERENCE} <= {*dataset.column_names}:
        return
    staging = staging_of(stored)
    printed = connection.execute(f"select count({CHANGE}) from {staging}").fetchall()
    if not printed[0][0]:
        return
    basis = dataset.as_merged[LABEL]
    connection.execute(
        f"create or replace temporary table change_bars as"
        f" select arrival_row, code, trade_date, close, {CHANGE}, {REFERENCE}, {basis} as basis"
        f" from {staging}"
    )
    near = within(connection, stored, dataset, before=NEAR_DAYS)
    columns = (*dataset.key, CLOSE)
    derived = {LABEL: basis}
    if provide_stored_rows(
        connection, zone, stored, dataset, columns, where=near, derived=derived
    ):
        connection.execute(
            f"insert into change_bars"
            f" select null, code, trade_date, close, null, null, {LABEL} from {STORED}"
            f" where code in (select code from change_bars)"
            f" and (code, trade_date) not in (select (code, trade_date) from change_bars)"
        )
    found = rows_of(connection, _contradictions(connection), [str(MARKET_CLOSURES)])
    for check, is_dividend in ((CHANGES, False), (EX_RIGHTS, True)):
        yield subject.rows_found(
            check,
            [one for one in found if one["is_dividend"] is is_dividend],
            "{code} {trade_date} change_ratio: {printed:+.4%} is printed, the closes"
            " {previous_close:.10g} and {close:.10g} make {computed:+.4%}",
            otherwise="changes that the closes make",
            expected="close over the close of the session before, but for rounding",
            hint=HINT,
            severity="warn" if is_dividend else "error",
        )


def _contradictions(connection: duckdb.DuckDBPyConnection) -> str:
    actions = "select null as code, null::date as ex_date where false"
    if has_table(connection, "core", "corporate_actions"):
        actions = "select code, ex_date from core.corporate_actions"
    places = f"length(rtrim(split_part(format('{{:.{DIGITS}f}}', %s), '.', 2), '0'))"
    return f"""
        with steps as (
            select *, {market_of("code")} as market,
                lag(close) over of_code as previous_close,
                lag(trade_date) over of_code as previous_on,
                10.0 ** -max({places % CHANGE}) over () as place,
                -- A quoted price is exact; what an adjustment made was rounded.
                case when basis = '{UNADJUSTED}' then 0
                    else 0.5 * 10.0 ** -max({places % CLOSE}) over () end as price_slack
            from change_bars
            window of_code as (partition by code, basis order by trade_date)
        ),
        compared as (
            select *, close / previous_close - 1 as computed,
                previous_close * (1 + {CHANGE}) / close as ratio,
                {HALF_PLACE} * place + 1e-9
                    + price_slack * (1 + close / previous_close) / previous_close as slack
            from steps
            where arrival_row is not null and {CHANGE} > -1 and {REFERENCE} is null
                and basis <> 'forward_additive' and close > 0 and previous_close > 0
                and trade_date - previous_on <= {NEAR_DAYS}
        ),
        judged as (
            select *, abs(computed - {CHANGE}) > slack as is_odd from compared
        ),
        {calendar_of(connection)},
        between_days as (
            select arrival_row, market,
                unnest(range(previous_on + 1, trade_date, interval 1 day))::date as day
            from judged where is_odd
        ),
        behind_others as (
            select arrival_row from between_days as told where {is_session("told")}
        ),
        odd as (
            select * from judged where is_odd
                and arrival_row not in (from behind_others)
                and not exists (
                    select 1 from ({actions}) as actions
                    where actions.code = judged.code and actions.ex_date > previous_on
                        and actions.ex_date <= trade_date
                )
                and not (basis in ('{UNADJUSTED}', 'split') and {_is_usual()})
        ),
        agreeing as (
            select code, count(*) as rows from judged where not is_odd group by code
        ),
        on_day as (
            select trade_date, count(*) as codes from judged where not is_odd
            group by trade_date
        )
        select odd.arrival_row as row, odd.code, odd.trade_date, odd.previous_close, odd.close,
            odd.{CHANGE} as printed, odd.computed,
            basis in ('{UNADJUSTED}', 'split') and ratio between 1 and 1 / (1 - {HIGHEST_YIELD})
            and (
                count(*) over (partition by odd.code) * {ROWS_PER_DIVIDEND}
                    <= coalesce(agreeing.rows, 0)
                or (
                    coalesce(on_day.codes, 0) >= {CODES_ON_A_DAY}
                    and count(*) over (partition by odd.trade_date) * {CODES_PER_DIVIDEND}
                        <= on_day.codes
                )
            ) as is_dividend
        from odd
        left join agreeing on odd.code = agreeing.code
        left join on_day on odd.trade_date = on_day.trade_date
        order by odd.arrival_row
    """


def _is_usual() -> str:
    """Whether the closes differ from the change by a usual number of new shares for old."""
    near = "abs({} / {} - 1) <= slack + 0.006 / close"
    tenths = " or ".join(near.format("ratio", one) for one in TENTHS)
    others = " or ".join(
        f"{near.format('ratio', one)} or {near.format('(1 / ratio)', one)}"
        for one in USUAL_RATIOS
    )
    return f"case when market = 'CN' then {tenths} else {others} end"
