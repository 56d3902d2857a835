"""The embedded sample: results known in closed form, and nothing twice."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.conftest import latest_check
from tests.unit import sample_oracle
from tests.unit.sample_files import market, reference
from yanbao.catalog.marts import report_marts
from yanbao.releases.release_store import Release, ReleaseStore

pytestmark = [pytest.mark.slow]

ROUNDED_AT = 5e-9
FUND_WINDOWS = ("return_1m", "return_3m", "return_6m")
INDEX_WINDOWS = (
    "change_this_week",
    "change_last_week",
    "change_this_month",
    "change_this_year",
    "change_prev_year",
)


@pytest.fixture(scope="module")
def release(sample_home_template: Path) -> Release:
    return ReleaseStore(sample_home_template / "releases").current()


def rows(release: Release, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(release.warehouse), read_only=True) as connection:
        found: list[dict[str, Any]] = connection.execute(query).to_arrow_table().to_pylist()
    return found


def assert_close(ours: float | None, expected: object, where: object) -> None:
    if expected is None:
        assert ours is None, where
    else:
        assert ours is not None, where
        assert math.isclose(ours, float(str(expected)), abs_tol=ROUNDED_AT), where


def test_index_changes_are_those_of_the_closed_form(release: Release) -> None:
    expected = sample_oracle.expected_index_changes()
    ours = {r["index_code"]: r for r in rows(release, "from report.index_changes")}
    assert set(ours) == set(expected)
    for code, changes in expected.items():
        for window in INDEX_WINDOWS:
            assert_close(ours[code][window], changes[window], (code, window))


def test_stock_returns_are_total_returns_of_the_closed_form(release: Release) -> None:
    expected = sample_oracle.expected_stock_changes()
    ours = {r["code"]: r for r in rows(release, "from report.company_changes")}
    windows = {
        "change_week": "change_this_week",
        "change_month": "change_this_month",
        "change_ytd": "change_this_year",
    }
    for code, changes in expected.items():
        for column, window in windows.items():
            assert_close(ours[code][column], changes[window], (code, column))


def test_members_are_ranked_by_the_closed_form_against_their_benchmark(
    release: Release,
) -> None:
    stocks = sample_oracle.expected_stock_changes()
    benchmark = sample_oracle.expected_index_changes()["999902.SI"]["change_this_month"]
    months = {code: stocks[code]["change_this_month"] for code in reference.INDEX_MEMBERS}
    ranked = sorted((code for code in months if months[code] is not None), key=months.get)
    query = "from report.constituent_ranking where universe = 'sample_ai'"
    ours = rows(release, f"{query} order by side, rank_order")
    found = {
        side: [row["code"] for row in ours if row["side"] == side] for side in ("bottom", "top")
    }
    assert found == {"bottom": ranked[:10], "top": ranked[::-1][:10]}
    for row in ours:
        assert_close(row["change_month"], months[row["code"]], row["code"])
        difference = months[row["code"]] - benchmark
        assert math.isclose(row["relative"], difference, abs_tol=2 * ROUNDED_AT), row["code"]


def test_limit_up_streaks_are_the_two_that_were_built_in(release: Release) -> None:
    query = "select code, limit_up_streak from report.company_changes where limit_up_streak > 0"
    ours = {row["code"]: row["limit_up_streak"] for row in rows(release, query)}
    assert ours == {code: length for code, (length, _) in market.prices.STREAKS.items()}


def test_market_marts_of_the_week_have_rows(release: Release) -> None:
    for mart, lines in (
        ("relative_performance", 3),
        ("index_daily_extremes", 6),
        ("member_extremes", 2),
    ):
        assert len(rows(release, f"from report.{mart}")) >= lines, mart


def test_forward_pe_is_the_close_over_the_closed_form_of_eps(release: Release) -> None:
    ours = {r["code"]: r for r in rows(release, "from report.forward_valuation")}
    form = market.valuation_form
    assert set(ours) == set(form.FORECAST_CODES)
    for code, row in ours.items():
        close = market.close_on(code, sample_oracle.last_traded(code, sample_oracle.AS_OF))
        for number, (year, _) in enumerate(form.FORECAST_YEARS):
            assert_close(row[f"pe_y{number}"], close / form.eps(code, year), (code, year))


def test_peers_are_valued_by_the_closed_forms(release: Release) -> None:
    ours = {r["code"]: r for r in rows(release, "from report.a_share_peers")}
    code = "999001.SH"
    cap = market.prices.market_cap_on(
        code, sample_oracle.last_traded(code, sample_oracle.AS_OF)
    )
    line = market.statements_form.revenue_line(code)
    assert_close(ours[code]["ps_lyr"], cap / line.cumulative(2023, 4), code)
    abroad = {r["code"]: r for r in rows(release, "from report.overseas_peers")}
    cap = market.prices.market_cap_on(
        "ZZB.O", sample_oracle.last_traded("ZZB.O", sample_oracle.AS_OF)
    )
    trailing = sample_oracle.trailing
    assert_close(abroad["ZZB.O"]["ps_ttm"], cap / trailing("ZZB.O", "revenue"), "ZZB.O")
    assert_close(abroad["ZZB.O"]["pe_ttm"], cap / trailing("ZZB.O", "profit"), "ZZB.O")
    # Statements in yuan, a cap in dollars: the fixing of the period's end stands between.
    assert abroad["ZZD.O"]["reporting_currency"] == "CNY"
    assert abroad["ZZD.O"]["ps_ttm"] is not None


def test_profiles_count_every_member_on_one_board(release: Release) -> None:
    profiles = rows(release, "from report.index_profile where pool = 'sample_ai'")
    assert {(r["method"], r["loss_rule"]) for r in profiles} == {
        (method, rule)
        for method in ("aggregate", "mean", "median")
        for rule in ("included", "excluded")
    }
    assert all(r["pe_ttm"] is not None and r["constituents_count"] == 11 for r in profiles)


def test_fund_returns_are_those_of_the_closed_form(release: Release) -> None:
    expected = sample_oracle.expected_fund_returns()
    ours = {r["fund_code"]: r for r in rows(release, "from report.theme_fund_returns")}
    compared = 0
    for code, returns in expected.items():
        if ours[code]["is_stale"]:
            assert all(ours[code][window] is None for window in FUND_WINDOWS)
            continue
        for window in FUND_WINDOWS:
            assert_close(ours[code][window], returns[window], (code, window))
            compared += 1
    assert compared >= 12


def test_made_up_rows_say_so_in_the_marts(release: Release) -> None:
    funds = rows(release, "from report.theme_fund_returns where nav is not null")
    assert funds
    assert all("样例" in r["fund_name"] and "样例" in r["source_note"] for r in funds)
    indices = rows(release, "from report.index_changes")
    assert all("样例" in r["index_name"] and "样例" in r["source_note"] for r in indices)


def test_real_facts_name_their_report(release: Release) -> None:
    traffic = rows(release, "from report.web_traffic_week")
    assert len(traffic) == 13
    assert all(r["source_note"].startswith("002") for r in traffic)
    top = {r["app"]: r["rank_visits"] for r in traffic if r["rank_visits"] <= 3}
    assert top == {"ChatGPT": 1, "Bing": 2, "Canva": 3}


def test_dagster_shows_what_judged_a_mart_and_a_dataset_on_their_own_pages(
    sample_home: Path, release: Release
) -> None:
    for mart in ("index_changes", "pool"):
        check = latest_check(sample_home, "report", mart, "release_gate")
        assert check.passed
        records = [record.data for record in check.metadata["rules"].value.records]  # type: ignore[union-attr]
        assert len(records) == check.metadata["evaluated"].value > 0
        assert {"rows", "parameters"} <= {one["rule"] for one in records}
    test = "unique_on_index_changes_index_code"
    assert latest_check(sample_home, "report", "index_changes", test).passed
    raw = latest_check(sample_home, "raw", "a_share_bars", "raw_gate")
    assert raw.metadata["evaluated"].value


def test_release_carries_what_the_raw_gate_found_of_every_load_that_is_new_in_it(
    release: Release,
) -> None:
    loads = {r["dataset"] for r in rows(release, "from meta.loads")}
    judged = rows(release, "from meta.check_results where gate = 'raw'")
    assert {r["subject"] for r in judged} == loads


def test_a_bi_client_reads_the_release_and_cannot_write(release: Release) -> None:
    with duckdb.connect(str(release.warehouse), read_only=True) as connection:
        (count,) = connection.execute("select count(*) from report.pool").fetchone() or (0,)
        assert count > 0
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("create table report.mine as select 1")


def test_every_table_and_every_column_of_the_release_has_a_comment(release: Release) -> None:
    tables = rows(release, "select table_name, comment from duckdb_tables()")
    columns = rows(
        release,
        "select table_name, column_name, comment from duckdb_columns() where not internal",
    )
    assert len(tables) > 90
    assert [one["table_name"] for one in tables if not one["comment"]] == []
    silent = [one for one in columns if not one["comment"]]
    assert [f"{one['table_name']}.{one['column_name']}" for one in silent] == [], (
        "describe the column in the YAML of its model, seed or table (docs/add_a_mart.md)"
    )


def test_key_and_names_of_every_mart_are_unique(release: Release) -> None:
    doubled = {
        f"{name}: {', '.join(columns)}"
        for name, mart in report_marts().items()
        for columns in {mart.key, mart.row_names}
        if rows(
            release,
            f"select 1 from report.{name} group by {', '.join(columns)} having count(*) > 1",
        )
    }
    assert doubled == set()
