"""Results season: the disclosure calendar decides what is due; three days per statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.dbt_macros import as_dbt_renders
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.intake.season import disclosing
from yanbao.nightly.steps import NightlySteps
from yanbao.sources import fetches_for
from yanbao.sources.call import Request

Q2, Q3 = date(2024, 6, 30), date(2024, 9, 30)
Entry = tuple[str, date, date | None, date | None, int]


@pytest.fixture
def steps(tmp_path: Path) -> NightlySteps:
    steps = NightlySteps(Settings(tmp_path), "live")
    steps.recover()
    return steps


def calendar(steps: NightlySteps, *entries: Entry) -> None:
    with steps.store.connect() as connection:
        connection.execute("create schema if not exists core")
        connection.execute(
            "create table core.disclosure_dates (code varchar, report_period date,"
            " planned_on date, announced_on date, version integer)"
        )
        for entry in entries:
            connection.execute(
                "insert into core.disclosure_dates values (?, ?, ?, ?, ?)", entry
            )


def planned(day: date, announced: date | None = None, *, period: date = Q3) -> Entry:
    return ("600001.SH", period, day, announced, 1)


def asked(steps: NightlySteps, day: date) -> list[str]:
    """The periods of the calls that a run makes for statements."""
    found = disclosing(steps, "income_statements", day)
    request = Request("income_statements", day, disclosing=found)
    (statements, _) = fetches_for("income_statements")
    return [one.stamp["report_period"] for one in statements.plan(request)]


@pytest.mark.parametrize(
    ("day", "entry", "periods"),
    [
        (date(2024, 10, 10), planned(date(2024, 10, 22)), []),
        (date(2024, 10, 22), planned(date(2024, 10, 22)), ["2024-09-30"]),
        (date(2024, 11, 20), planned(date(2024, 10, 22)), ["2024-09-30"]),
        (date(2024, 11, 22), planned(date(2024, 10, 22)), []),
        (
            date(2024, 11, 5),
            planned(date(2024, 10, 22), date(2024, 10, 22)),
            ["2024-09-30"],
        ),
        (date(2024, 11, 6), planned(date(2024, 10, 22), date(2024, 10, 22)), []),
        (date(2024, 12, 2), planned(date(2024, 12, 2), period=Q2), ["2024-06-30"]),
    ],
    ids=[
        "no company is due yet although the window is open",
        "on the planned day",
        "while it is overdue",
        "no longer than a month",
        "two weeks after the disclosure",
        "not after that",
        "a late filer out of season",
    ],
)
def test_calendar_decides_which_statements_are_asked(
    steps: NightlySteps, day: date, entry: Entry, periods: list[str]
) -> None:
    calendar(steps, entry)
    assert asked(steps, day) == periods


def test_last_version_of_a_plan_counts(steps: NightlySteps) -> None:
    first, moved = planned(date(2024, 10, 10)), planned(date(2024, 10, 30))
    calendar(steps, first, (*moved[:4], 2))
    assert asked(steps, date(2024, 10, 12)) == []


@pytest.mark.parametrize("entries", [(), (planned(date(2024, 8, 20), period=Q2),)])
def test_window_decides_for_a_period_that_the_calendar_does_not_know(
    steps: NightlySteps, entries: Iterable[Entry]
) -> None:
    calendar(steps, *entries)
    assert asked(steps, date(2024, 10, 9)) == ["2024-09-30"]
    assert asked(steps, date(2024, 12, 9)) == []


def test_before_the_first_build_and_for_other_datasets_the_window_decides(
    steps: NightlySteps,
) -> None:
    assert disclosing(steps, "income_statements", date(2024, 10, 9)) is None
    assert disclosing(steps, "earnings_flashes", date(2024, 10, 9)) is None


UNIONED = (
    "code varchar, report_period date, announced_on date, name varchar, company_type varchar,"
    " updated_on date, currency varchar, revenue_ytd double, operating_revenue_ytd double,"
    " net_profit_ytd double, net_profit_attributable_ytd double,"
    " net_profit_deducted_ytd double, statement_kind varchar, source_note varchar,"
    " landed_at timestamp, load_id varchar, arrival_row bigint, not_carried varchar"
)


def core_statements(*rows: tuple[str, date | None, date | None, datetime]) -> list[tuple]:  # type: ignore[type-arg]
    """Rows of (code, announced_on, updated_on, landed_at) through the core model."""
    path = PROJECT_ROOT / "models" / "marts" / "core" / "income_statements.sql"
    sql = as_dbt_renders(
        path.read_text("utf-8"), ref=lambda name: name, is_incremental=lambda: False
    )
    with duckdb.connect() as connection:
        connection.execute(f"create table int_income_statements_unioned ({UNIONED})")
        for number, (code, announced, updated, landed) in enumerate(rows):
            connection.execute(
                "insert into int_income_statements_unioned (code, report_period,"
                " announced_on, updated_on, landed_at, load_id, arrival_row, revenue_ytd)"
                " values (?, ?, ?, ?, ?, ?, 1, 5)",
                [code, Q3, announced, updated, landed, f"load-{number}"],
            )
        return connection.execute(
            "select code, report_period, announced_on, available_on, first_seen_at, version"
            f" from ({sql}) order by all"
        ).fetchall()


def test_every_statement_keeps_its_period_announcement_and_first_sight() -> None:
    seen = datetime(2024, 10, 29, 11)
    announced = date(2024, 10, 28)
    assert core_statements(("600001.SH", announced, None, seen)) == [
        ("600001.SH", Q3, announced, announced, seen, 1)
    ]


def test_last_update_of_the_results_table_is_never_an_announcement() -> None:
    """最新公告日期 moves when the next year restates the period: a year later, or earlier."""
    first, again = datetime(2024, 11, 1, 11), datetime(2025, 10, 31, 11)
    rows = core_statements(
        ("920001.BJ", None, date(2024, 10, 28), first),
        ("920001.BJ", None, date(2025, 10, 28), again),
    )
    assert rows == [
        ("920001.BJ", Q3, None, date(2024, 11, 1), first, 1),
        ("920001.BJ", Q3, None, date(2025, 10, 31), again, 2),
    ]


def test_no_model_reads_the_last_update_but_as_the_day_of_an_update() -> None:
    reads = {
        line.strip()
        for path in (PROJECT_ROOT / "models").rglob("*.sql")
        for line in path.read_text("utf-8").splitlines()
        if "最新公告日期" in line and not line.startswith("--")
    }
    assert reads == {"cast(最新公告日期 as date) as updated_on,"}
