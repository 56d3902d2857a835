"""100,000 random company-days: what the steps call visible, against a slow and obvious oracle.

Histories hold restatements announced late, early announcements of later periods, statements
that were never announced, and gaps. The oracle reads a company's versions one by one.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tests.unit.marts.mart_harness import Harness
from yanbao.warehouse.compiled_sql import STEPS, relations_behind
from yanbao.warehouse.store import Parameters, set_run_parameters

SEED = 20221031
LOOK_BACK_YEARS = 6
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True)
class Version:
    """One version of a cumulative statement; revenue in cents."""

    code: str
    period: date
    announced_on: date | None
    available_on: date
    cents: int | None


View = tuple[date, int | None, date | None, int | None]
History = dict[str, list[Version]]


def view(versions: list[Version], day: date) -> View | None:
    """Latest visible period, its twelve months, the last full year and its revenue."""
    visible: dict[date, Version] = {}
    oldest = day.replace(year=day.year - LOOK_BACK_YEARS)
    for one in versions:
        if one.available_on > day or not oldest <= one.period <= day:
            continue
        held = visible.get(one.period)
        if held is None or one.available_on > held.available_on:
            visible[one.period] = one
    if not visible:
        return None
    latest = max(visible)
    years = [period for period in visible if period.month == 12]
    last_year = max(years) if years else None
    if latest.month == 12:
        parts = [visible[latest]]
        months = parts[0].cents
    else:
        ends = (date(latest.year - 1, 12, 31), latest.replace(year=latest.year - 1))
        parts = [visible[end] for end in ends if end in visible]
        year_and_base = [one.cents for one in parts]
        now = visible[latest].cents
        if len(year_and_base) < 2 or None in (*year_and_base, now):
            months = None
        else:
            months = now + year_and_base[0] - year_and_base[1]  # type: ignore[operator]
    return latest, months, last_year, visible[last_year].cents if last_year else None


def made_up_history(chance: random.Random, companies: int) -> History:
    history: History = {}
    for number in range(companies):
        code = f"99{number:04d}.SH"
        versions = []
        for year in range(2017, 2024):
            for month, last in QUARTER_ENDS:
                if chance.random() < 0.12:
                    continue
                period = date(year, month, last)
                filed = period + timedelta(days=chance.randint(10, 120))
                cents = None if chance.random() < 0.02 else chance.randint(-(10**9), 10**12)
                undated = chance.random() < 0.03
                versions.append(Version(code, period, None if undated else filed, filed, cents))
        history[code] = versions
    return history


def real_history(path: Path) -> History:
    history: History = defaultdict(list)
    rows = duckdb.execute(
        "select code, cast(report_period as date), cast(announced_on as date),"
        " cast(round(revenue_ytd * 100) as hugeint) from read_parquet(?)",
        [str(path)],
    ).fetchall()
    for code, period, announced_on, cents in rows:
        history[code].append(Version(code, period, announced_on, announced_on, cents))
    return history


def with_restatements(chance: random.Random, history: History, times: int) -> History:
    """The same history, some of its statements announced again later with other figures."""
    restated = {code: [*versions] for code, versions in history.items()}
    codes = sorted(code for code, versions in history.items() if versions)
    for code in chance.choices(codes, k=times):
        again = chance.choice(history[code])
        later = again.available_on + timedelta(days=chance.randint(1, 900))
        if all(
            one.available_on != later for one in restated[code] if one.period == again.period
        ):
            cents = chance.randint(1, 10**12)
            change = replace(again, announced_on=later, available_on=later, cents=cents)
            restated[code].append(change)
    return restated


@contextmanager
def core(harness: Harness, history: History) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = [one for versions in history.values() for one in versions]
    table = pa.table(
        {
            "code": [one.code for one in rows],
            "report_period": [one.period for one in rows],
            "announced_on": pa.array([one.announced_on for one in rows], pa.date32()),
            "available_on": [one.available_on for one in rows],
            "revenue_ytd": [None if one.cents is None else one.cents / 100 for one in rows],
            "net_profit_attributable_ytd": [1.0] * len(rows),
        }
    )
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("use warehouse")
        connection.execute("create schema core")
        for name in ("income_statements", "code_changes", "known_code_changes"):
            columns = ", ".join(f"{c} {kind}" for c, kind in harness.columns[name].items())
            connection.execute(f"create table core.{name} ({columns})")
        connection.register("rows", table)
        connection.execute(
            "insert into core.income_statements by name select *, 1 as version,"
            " 'load-001' as load_id, timestamp '2030-01-01' as first_seen_at from rows"
            " order by report_period, code"
        )
        yield connection


def views(
    harness: Harness, connection: duckdb.DuckDBPyConnection, day: date
) -> dict[str, View]:
    set_run_parameters(connection, Parameters(day, day))
    connection.execute(f"create schema if not exists {STEPS}")
    for schema, name in relations_behind(harness.sql["int_trailing_figures"], harness.sql):
        if schema == STEPS:
            connection.execute(f"create or replace view {STEPS}.{name} as {harness.sql[name]}")
    rows = connection.execute(
        "select code, latest_period, ttm_revenue, lyr_period, lyr_revenue"
        f" from ({harness.sql['int_trailing_figures']})"
    ).fetchall()

    def cents(amount: Decimal | None) -> int | None:
        return None if amount is None else int(amount * 100)

    return {row[0]: (row[1], cents(row[2]), row[3], cents(row[4])) for row in rows}


def wrong_company_days(
    harness: Harness, history: History, chance: random.Random, days: int, companies: int
) -> tuple[int, list[object]]:
    """How many company-days were compared, and those that the oracle sees otherwise."""
    codes = sorted(history)
    moments = sorted(
        date(2018, 1, 1) + timedelta(days=chance.randrange(365 * 6)) for _ in range(days)
    )
    wrong: list[object] = []
    latest: dict[str, date] = {}
    compared = 0
    with core(harness, history) as connection:
        for day in moments:
            seen = views(harness, connection, day)
            for code in chance.sample(codes, companies):
                compared += 1
                if seen.get(code) != view(history[code], day):
                    wrong.append((code, day, seen.get(code), view(history[code], day)))
            # No older period ever replaces a newer one.
            back = [(c, day) for c, v in seen.items() if v[0] < latest.get(c, v[0])]
            wrong += back
            latest |= {code: found[0] for code, found in seen.items()}
    return compared, wrong


def test_made_up_company_days_are_seen_as_the_oracle_sees_them(mart: Harness) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same days on every run
    history = with_restatements(chance, made_up_history(chance, 300), 900)
    compared, wrong = wrong_company_days(mart, history, chance, days=25, companies=200)
    assert (compared, wrong[:3], len(wrong)) == (5_000, [], 0)


@pytest.mark.real_data
def test_100_000_real_company_days_are_seen_as_the_oracle_sees_them(
    mart: Harness, shared_data: Path
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same days on every run
    path = shared_data / "data" / "import" / "income_statements.parquet"
    history = with_restatements(chance, real_history(path), 5_000)
    compared, wrong = wrong_company_days(mart, history, chance, days=50, companies=2_000)
    assert (compared, wrong[:3], len(wrong)) == (100_000, [], 0)


@pytest.mark.real_data
def test_restatement_announced_later_changes_later_views_alone(
    mart: Harness, shared_data: Path
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same days on every run
    path = shared_data / "data" / "import" / "income_statements.parquet"
    plain = real_history(path)
    restated = with_restatements(chance, plain, 2_000)
    told = {
        code: min(one.available_on for one in versions[len(plain[code]) :])
        for code, versions in restated.items()
        if len(versions) > len(plain[code])
    }
    changed = 0
    with core(mart, plain) as before, core(mart, restated) as after:
        for day in (date(2019, 6, 1), date(2020, 11, 5), date(2022, 10, 31), date(2023, 5, 31)):
            first, second = views(mart, before, day), views(mart, after, day)
            differing = {code for code in first if first[code] != second[code]}
            assert {code for code in differing if told.get(code, date.max) > day} == set()
            changed += len(differing)
    assert changed > 100
