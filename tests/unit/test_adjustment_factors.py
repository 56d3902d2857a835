"""Ratio steps of unadjusted prices, told once from the two prices that make them.

The core models are rendered as dbt renders them and run on DuckDB over hand-made bars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import prod

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_macros import as_dbt_renders
from yanbao.base.settings import PROJECT_ROOT

pytestmark = [pytest.mark.slow]

UNIONED = "int_daily_bars_unioned"
COLUMNS = (
    "code varchar, trade_date date, open double, high double, low double, close double,"
    " close_adjusted double, reference_close double, change_ratio double,"
    " volume_shares double, amount double,"
    " market_cap double, pb double, market varchar, adjustment varchar, source_note varchar,"
    " landed_at timestamp, load_id varchar, arrival_row bigint, not_carried varchar"
)
# Two weeks with a holiday in the middle, as the calendar has them.
SESSIONS = [date(2024, 9, d) for d in (26, 27, 30)] + [date(2024, 10, d) for d in (8, 9, 10)]
SEEN = datetime(2024, 10, 1)


@dataclass(frozen=True)
class Bar:
    session: int
    close: float
    reference: float | None
    code: str = "600001.SH"
    adjustment: str = "none"


Load = tuple[Bar, ...]


def sql_of(model: str, *, incremental: bool) -> str:
    path = PROJECT_ROOT / "models" / "marts" / "core" / f"{model}.sql"
    return as_dbt_renders(
        path.read_text(encoding="utf-8"),
        ref=lambda name: name,
        is_incremental=lambda: incremental,
        this=model,
    )


SQL = {
    (model, incremental): sql_of(model, incremental=incremental)
    for model in ("daily_bars", "adjustment_factors")
    for incremental in (False, True)
}


@contextmanager
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set asof_loop_join_threshold = 0")
        connection.execute(f"create table {UNIONED} ({COLUMNS})")
        connection.execute("create table trading_days (market varchar, trade_date date)")
        connection.executemany(
            "insert into trading_days values ('CN', ?)", [[d] for d in SESSIONS]
        )
        yield connection


def build(
    connection: duckdb.DuckDBPyConnection,
    numbered: Sequence[tuple[int, Load]],
    *,
    is_first: bool,
) -> None:
    """One build over a batch of loads, as a night does it."""
    connection.execute(f"delete from {UNIONED}")
    for number, load in numbered:
        for row, bar in enumerate(load, start=1):
            connection.execute(
                f"insert into {UNIONED} (code, trade_date, close, reference_close, market,"
                " adjustment, landed_at, load_id, arrival_row)"
                " values (?, ?, ?, ?, 'CN', ?, ?, ?, ?)",
                [
                    bar.code,
                    SESSIONS[bar.session],
                    bar.close,
                    bar.reference,
                    bar.adjustment,
                    SEEN + timedelta(hours=number),
                    f"load-{number:03d}",
                    row,
                ],
            )
    for model in ("daily_bars", "adjustment_factors"):
        target = f"create table {model} as" if is_first else f"insert into {model}"
        connection.execute(f"{target} {SQL[model, not is_first]}")


def built(loads: Sequence[Load], *, nightly: bool) -> list[tuple[object, ...]]:
    numbered = list(enumerate(loads))
    with warehouse() as connection:
        if nightly:
            for number, load in numbered:
                build(connection, [(number, load)], is_first=number == 0)
        else:
            build(connection, numbered, is_first=True)
        return steps(connection)


def steps(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select code, ex_date, close_before, reference_close, factor_step, version"
        " from adjustment_factors order by code, ex_date, version"
    ).fetchall()


PLAIN = (
    (Bar(0, 10.0, 9.9),),
    (Bar(1, 10.2, 10.0),),
    (Bar(2, 10.1, 10.2),),
)
DIVIDEND = (Bar(3, 9.95, 9.8),)  # ex-right by 0.30 on a close of 10.10


def test_a_dividend_adds_one_step_and_touches_no_stored_price() -> None:
    """R6: only the factor changes; unadjusted facts stay byte for byte."""
    with warehouse() as connection:
        for number, load in enumerate(PLAIN):
            build(connection, [(number, load)], is_first=number == 0)
        before = connection.execute("select * from daily_bars order by all").fetchall()
        assert steps(connection) == []
        build(connection, [(3, DIVIDEND)], is_first=False)
        after = connection.execute(
            "select * from daily_bars where load_id < 'load-003' order by all"
        ).fetchall()
        assert after == before
        assert steps(connection) == [
            ("600001.SH", date(2024, 10, 8), 10.1, 9.8, round(10.1 / 9.8, 10), 1)
        ]


def test_price_change_times_the_steps_is_the_total_return_of_the_references() -> None:
    loads = [*PLAIN, DIVIDEND, (Bar(4, 5.0, 4.975),), (Bar(5, 5.1, 5.0),)]
    bars = [bar for load in loads for bar in load]
    chained = prod(bar.close / (bar.reference or 0) for bar in bars[1:])
    factors = prod(float(str(row[4])) for row in built(loads, nightly=True))
    assert bars[-1].close / bars[0].close * factors == pytest.approx(chained, rel=1e-9)


def test_a_suspended_share_takes_its_step_from_its_last_close() -> None:
    other = [(Bar(n, 20.0, 20.0, "600002.SH"),) for n in range(6)]
    mine = [(Bar(0, 10.0, 10.0),), (Bar(4, 6.0, 5.0),)]
    (row,) = built([*other, *mine], nightly=True)
    assert row[:5] == ("600001.SH", SESSIONS[4], 10.0, 5.0, 2.0)


def test_a_missing_night_is_no_step_and_a_late_one_brings_no_other() -> None:
    late = (Bar(1, 10.5, 10.0),)
    without = [(Bar(0, 10.0, 9.9),), (Bar(2, 10.6, 10.5),)]
    assert built(without, nightly=True) == []
    assert built([*without, late], nightly=True) == []


def test_a_night_of_funds_alone_does_not_stand_for_one_of_shares() -> None:
    funds = [(Bar(n, 1.0, 1.0, "510300.SH"),) for n in range(3)]
    shares = [(Bar(0, 10.0, 9.9),), (Bar(2, 10.6, 10.5),)]
    assert built([*funds, *shares], nightly=True) == []


def test_imported_adjusted_series_give_no_step() -> None:
    adjusted = [(Bar(n, 10.0 + n, 10.0, adjustment="forward_ratio"),) for n in range(3)]
    assert built([*adjusted, (Bar(3, 30.0, 29.0),), (Bar(4, 30.5, 30.0),)], nightly=True) == []


def test_corrected_close_gives_a_new_version_of_the_step() -> None:
    loads = [*PLAIN, DIVIDEND, (Bar(2, 9.8, 10.2),)]
    found = built(loads, nightly=True)
    assert [(row[4], row[5]) for row in found] == [(round(10.1 / 9.8, 10), 1), (1.0, 2)]
    assert built(loads, nightly=False) == found


histories = st.lists(
    st.lists(
        st.builds(
            Bar,
            session=st.integers(0, 5),
            close=st.sampled_from([9.8, 10.0, 10.1]),
            reference=st.sampled_from([9.8, 10.0, None]),
            code=st.sampled_from(["600001.SH", "600002.SH", "510300.SH"]),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda bar: (bar.code, bar.session),
    ).map(tuple),
    min_size=1,
    max_size=3,
)


@settings(max_examples=10)
@given(corrections=histories)
def test_nights_give_the_steps_of_one_full_refresh(corrections: list[Load]) -> None:
    """Every session first, in order; then any corrections of any of their bars."""
    nights = [
        tuple(
            Bar(n, 10.0 + n % 2, 10.0, code) for code in ("600001.SH", "600002.SH", "510300.SH")
        )
        for n in range(len(SESSIONS))
    ]
    loads = [*nights, *corrections]
    assert built(loads, nightly=True) == built(loads, nightly=False)
