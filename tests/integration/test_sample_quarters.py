"""Single quarters of the embedded sample: every result known in closed form."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import RunCli
from tests.integration.conftest import as_json
from tests.unit import sample_oracle
from tests.unit.sample_files import statements
from yanbao.releases.adhoc import AdHocBuilder
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.warehouse.store import Knowledge, Parameters

pytestmark = [pytest.mark.slow]

Rows = list[dict[str, Any]]
Show = Callable[..., Rows]
POOL = "computer"
AS_OF = date(2024, 10, 31)
PERIODS = [date(year, 9, 30) for year in (2024, 2023, 2022)]


@pytest.fixture(scope="module")
def release(sample_home_template: Path) -> Release:
    return ReleaseStore(sample_home_template / "releases").current()


@pytest.fixture(scope="module")
def show(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Show:
    """The rows of the pool in a report mart, as known on a day."""
    builds = tmp_path_factory.mktemp("builds")

    def rows(
        mart: str, known_at: date | None = None, knowledge: Knowledge = "announced"
    ) -> Rows:
        builder = AdHocBuilder(builds, release, Parameters(AS_OF, known_at, knowledge))
        found: Rows = builder.table(mart).to_pylist()
        return [row for row in found if row["pool"] == POOL]

    return rows


def codes(show: Show) -> list[str]:
    """Companies of the pool that file statements; the eight real names have none here."""
    pool = {row["code"] for row in show("pool") if row["included"]}
    return [code for code in statements.COMPANIES if code in pool]


def test_pool_sums_and_growth_are_those_of_the_closed_form(show: Show) -> None:
    members = codes(show)
    rows = {row["report_period"]: row for row in show("industry_quarter")}
    assert len(members) == 15
    for period in PERIODS:
        row, quarter = rows[period], (period.year, period.month // 3)
        for column in ("revenue", "net_profit_attributable"):
            now, base = (
                sum(
                    sample_oracle.expected_quarter(c, year, quarter[1])[column] for c in members
                )
                for year in (quarter[0], quarter[0] - 1)
            )
            assert (row[column], row[f"{column}_base"]) == (now, base)
            growth = "revenue_growth_yoy" if column == "revenue" else "net_profit_growth_yoy"
            assert row[growth] == pytest.approx(now / base - 1, abs=1e-8)
        assert (row["companies"], row["members"]) == (15, 23)
        assert row["source_note"] == "样例：虚构数据"


def test_status_of_every_company_is_that_of_the_closed_form(show: Show) -> None:
    listed = [row for row in show("company_quarter") if row["report_period"] == PERIODS[0]]
    statuses = {row["code"]: row["profit_status"] for row in listed if row["is_compared"]}
    expected = {code: statements.profit_status(code) for code in codes(show)}
    assert statuses == expected
    counted = {
        row["class"]: row["companies"]
        for row in show("company_growth_distribution")
        if row["report_period"] == PERIODS[0] and row["partition_kind"] == "status"
    }
    # All seven words are printed, and the eight companies without statements are counted.
    assert counted == {**Counter(expected.values()), "不可比": 8}


def test_restated_half_year_moves_its_second_quarter_from_the_day_it_was_announced(
    show: Show,
) -> None:
    restated, old_year = statements.RESTATEMENTS
    assert old_year.announced_on > restated.announced_on

    def quarter(known_at: date | None, period: date, code: str) -> dict[str, Any]:
        (row,) = [
            row
            for row in show("company_quarter", known_at)
            if (row["code"], row["report_period"]) == (code, period)
        ]
        return row

    day_before = date(2024, 10, 14)
    before = quarter(day_before, restated.period, restated.code)
    after = quarter(restated.announced_on, restated.period, restated.code)
    assert after["revenue"] - before["revenue"] == restated.revenue_change
    assert after["revenue"] == sample_oracle.expected_quarter(restated.code, 2024, 2)["revenue"]
    assert str(after["filings_to"]) == str(restated.announced_on)
    # An old year that is restated later takes its change out of its own fourth quarter.
    now = quarter(None, old_year.period, old_year.code)
    known = quarter(date(2024, 10, 30), old_year.period, old_year.code)
    assert now["revenue"] - known["revenue"] == old_year.revenue_change
    third = quarter(None, PERIODS[0], old_year.code)
    assert third == quarter(date(2024, 10, 30), PERIODS[0], old_year.code) | {"known_at": None}


def test_strict_knowledge_counts_a_filing_from_the_day_it_was_seen(
    show: Show, release: Release
) -> None:
    query = "select distinct cast(first_seen_at + interval 8 hour as date) from core.%s"
    with duckdb.connect(str(release.warehouse), read_only=True) as connection:
        (seen_on,) = connection.execute(query % "income_statements").fetchone() or (None,)
    rows = show("industry_quarter", date(2100, 1, 1), "seen")
    third = next(row for row in rows if row["report_period"] == PERIODS[0])
    assert (third["companies"], third["filings_to"]) == (15, seen_on)
    announced = next(
        row for row in show("industry_quarter") if row["report_period"] == PERIODS[0]
    )
    assert third["revenue"] == announced["revenue"]
    # Nothing was seen on the day of the report: there is no pool and no quarter.
    assert show("industry_quarter", AS_OF, "seen") == []


def test_sub_industries_are_printed_and_add_up(show: Show) -> None:
    (pool,) = [r for r in show("industry_quarter") if r["report_period"] == PERIODS[0]]
    parts = [r for r in show("sub_industry_quarter") if r["report_period"] == PERIODS[0]]
    assert len({row["sub_industry"] for row in parts} - {"未分类"}) == 25
    for column in ("members", "companies", "revenue", "net_profit_attributable"):
        assert sum(row[column] or 0 for row in parts) == pool[column]


def test_both_restatements_are_listed_with_the_figures_before(
    sample_home_template: Path, run_cli: RunCli
) -> None:
    shown = as_json(
        run_cli("show", "restatements", "--format", "json", home=sample_home_template)
    )
    found = {
        (row["code"], row["report_period"], row["announced_on"]): (
            row["revenue_ytd"] - row["revenue_ytd_before"],
            row["net_profit_attributable_ytd"] - row["net_profit_attributable_ytd_before"],
        )
        for row in shown
    }
    assert found == {
        (one.code, str(one.period), str(one.announced_on)): (
            one.revenue_change,
            one.profit_change,
        )
        for one in statements.RESTATEMENTS
    }
    assert {row["change"] for row in shown} == {"restated"}


@pytest.mark.parametrize(
    ("test", "mart", "change"),
    [
        ("sums_equal_sub_industry", "sub_industry_quarter", "revenue = revenue + 0.01"),
        ("parts_sum_to_industry", "industry_quarter", "companies = companies + 1"),
        ("classes_sum_to", "company_growth_distribution", "companies = companies + 1"),
    ],
)
def test_sum_that_is_off_fails_its_structure_test(
    sample_home_template: Path, tmp_path: Path, test: str, mart: str, change: str
) -> None:
    """The tests that dbt compiled for the night, on a copy that is spoilt in one quarter."""
    work = sample_home_template / "work"
    (compiled,) = (
        path
        for path in (work / "dbt" / "compiled").rglob("*.sql")
        if path.name.startswith(test)
    )
    shutil.copy(work / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        sql = compiled.read_text(encoding="utf-8")
        assert connection.execute(sql).fetchall() == []
        connection.execute(
            f"update report.{mart} set {change} where pool = ? and report_period = ?",
            [POOL, PERIODS[0]],
        )
        assert connection.execute(sql).fetchall() != []
