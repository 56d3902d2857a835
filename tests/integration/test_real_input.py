"""Figures printed in real reports come out of the warehouse, digit for digit."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.conftest import RunCli
from tests.integration.conftest import Show, as_json, percent

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

Printed = Callable[[str], list[dict[str, str]]]

US_CODES = {
    "苹果": "AAPL.O",
    "英伟达": "NVDA.O",
    "特斯拉": "TSLA.O",
    "谷歌": "GOOGL.O",
    "亚马逊": "AMZN.O",
    "微软": "MSFT.O",
    "ARM": "ARM.O",
}


def test_us_index_changes_are_the_printed_ones(show: Show, printed: Printed) -> None:
    rows = {r["index_code"]: r for r in show("index_changes", "2024-04-19", "2024-04-22")}
    columns = {
        "change_this_week": "change_this_week_pct",
        "change_last_week": "change_last_week_pct",
        "change_this_month": "change_this_month_pct",
        "change_this_year": "change_this_year_pct",
        "change_prev_year": "change_2023_pct",
    }
    compared = 0
    for line in printed("000_index_weekly_change"):
        if line["index_code"] not in ("SPX.GI", "IXIC.GI"):
            continue
        for ours, theirs in columns.items():
            assert percent(rows[line["index_code"]][ours]) == line[theirs], (line, ours)
            compared += 1
    assert compared == 10


def test_us_stock_weeks_are_the_printed_ones(show: Show, printed: Printed) -> None:
    rows = {r["code"]: r for r in show("company_changes", "2024-04-19", "2024-04-22")}
    compared = 0
    for line in printed("000_company_weekly_change"):
        code = US_CODES.get(line["company"])
        if code is None:
            continue
        assert percent(rows[code]["change_week"]) == line["change_week_body_pct"], line
        assert str(rows[code]["week_start_date"]) == line["week_start_date"]
        assert str(rows[code]["week_end_date"]) == line["week_end_date"]
        compared += 1
    assert compared == len(US_CODES)


def test_us_peers_month_and_year_to_date_are_the_printed_ones(
    show: Show, printed: Printed
) -> None:
    rows = {r["code"]: r for r in show("company_changes", "2024-07-31", "2024-07-31")}
    compared = []
    for line in printed("003_overseas_ai_companies"):
        row = rows.get(line["stock_code"])
        if row is None or row["market"] != "US":
            continue
        assert str(row["session_on"]) == "2024-07-30"
        assert percent(row["change_month"]) == line["change_month_pct"], line
        assert percent(row["change_ytd"]) == line["change_ytd_pct"], line
        compared.append(line["stock_code"])
    assert sorted(compared) == ["AAPL.O", "GOOGL.O", "MSFT.O", "NVDA.O", "TSLA.O"]


def test_benchmark_windows_of_a_monday_report_end_on_friday_as_printed(
    show: Show, printed: Printed
) -> None:
    """Base dates count from the report's day, the end is the last close known before it."""
    rows = show("relative_performance", "2024-10-21", "2024-10-20")
    lines = {line["index_name"]: line for line in printed("002_relative_performance")}
    (row,) = [r for r in rows if (r["comparison"], r["line"]) == ("ai", "benchmark")]
    assert (row["index_name"], str(row["session_on"])) == ("沪深300", "2024-10-18")
    for months in (1, 3, 12):
        ours = percent(row[f"change_{months}m"], 1)
        assert ours == lines["沪深300"][f"change_{months}m_pct"]


@pytest.mark.parametrize("universe", ["computer", "computer_csi", "electronics"])
def test_rankings_of_real_bars_are_sorted_against_their_benchmark(
    show: Show, universe: str
) -> None:
    rows = [r for r in show("constituent_ranking", "2024-10-31") if r["universe"] == universe]
    months = {r["code"]: r["change_month"] for r in show("company_changes", "2024-10-31")}
    indices = {r["index_code"]: r for r in show("index_changes", "2024-10-31")}
    pool = {"computer_csi": "computer"}.get(universe, universe)
    ranked = sorted(
        (months[r["code"]], r["code"])
        for r in show("pool", "2024-10-31")
        if r["pool"] == pool and r["included"] and months.get(r["code"]) is not None
    )
    sides = {s: [r["code"] for r in rows if r["side"] == s] for s in ("top", "bottom")}
    assert sides["bottom"] == [code for _, code in ranked[:10]]
    assert sides["top"] == [c for _, c in sorted(ranked, key=lambda x: (-x[0], x[1]))[:10]]
    for row in rows:
        index = indices.get(row["benchmark_index"])
        if index is None:
            assert row["relative"] is None, "Shenwan's own index is not in the files"
            continue
        difference = months[row["code"]] - index["change_this_month"]
        assert row["relative"] == pytest.approx(difference, abs=2e-8)


def test_us_closes_of_the_day_are_not_known_in_beijing_that_day(show: Show) -> None:
    known = {r["index_code"]: r for r in show("index_changes", "2024-04-19", "2024-04-19")}
    assert str(known["SPX.GI"]["session_on"]) == "2024-04-18"
    assert str(known["000300.SH"]["session_on"]) == "2024-04-19"


def test_ten_year_yield_and_fixing_move_as_printed(show: Show) -> None:
    rows = {r["series_id"]: r for r in show("rates_fx", "2024-04-19")}
    assert (rows["us_10y"]["level"], rows["us_10y"]["change"]) == (4.62, 12)
    assert rows["us_10y"]["change_unit"] == "bp"
    assert (rows["usd_cny"]["level"], rows["usd_cny"]["change"]) == (7.1046, 79)
    assert rows["usd_cny"]["change_unit"] == "pip"
    assert str(rows["us_10y"]["base_on"]) == "2024-04-12"


@pytest.mark.parametrize(
    ("as_of", "table"),
    [("2024-10-31", "001_theme_funds"), ("2024-07-31", "003_theme_funds")],
)
def test_theme_fund_navs_and_returns_are_the_printed_ones(
    show: Show, printed: Printed, as_of: str, table: str
) -> None:
    rows = {r["fund_code"][:6]: r for r in show("theme_fund_returns", as_of, as_of)}
    navs = returns = 0
    for line in printed(table):
        row = rows[line["fund_code"][:6]]
        if row["nav"] is None:
            continue
        nav = Decimal(repr(row["nav"])).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert str(nav) == line["close_cny"], line
        navs += 1
        for months in (1, 3, 6):
            assert percent(row[f"return_{months}m"]) == line[f"return_{months}m_pct"], line
            returns += 1
    assert (navs, returns) == (10, 30)


def test_computer_pool_has_337_names_before_st_and_additions(show: Show) -> None:
    rows = [r for r in show("pool", "2024-10-31") if r["pool"] == "computer"]
    kept = [r for r in rows if r["rule"] in ("sw_level1", "st", "st_undated_name")]
    assert len(kept) == 337
    assert sum(r["rule"] == "named_addition" for r in rows) == 8
    assert all(r["included"] == (r["rule"] in ("sw_level1", "named_addition")) for r in rows)


def test_every_bar_is_loaded_or_quarantined(real_home: Path) -> None:
    log = (real_home / "import.log").read_text(encoding="utf-8")
    line = next(text for text in log.splitlines() if text.startswith("a_share_bars.parquet"))
    found = re.search(r"(\d+) rows in = (\d+) loaded \+ (\d+) quarantined", line)
    assert found is not None
    rows_in, loaded, quarantined = (int(number) for number in found.groups())
    assert rows_in == 929_652 == loaded + quarantined


def test_the_command_line_shows_the_same_rows(
    real_home: Path, run_cli: RunCli, show: Show
) -> None:
    words = ("show", "rates_fx", "--as-of", "2024-04-19", "--format", "json")
    shown = as_json(run_cli(*words, home=real_home))
    ours = show("rates_fx", "2024-04-19")
    assert [r["change"] for r in shown] == [r["change"] for r in ours]


def test_a_release_answers_for_its_own_day_as_an_adhoc_build_does(
    show: Show, real_home: Path
) -> None:
    """The nightly build and the compiled path of show give the same content."""
    import duckdb

    from yanbao.releases.release_store import ReleaseStore
    from yanbao.warehouse.content_hashes import hash_table

    release = ReleaseStore(real_home / "releases").current()
    for mart, entry in release.manifest["marts"].items():
        table = _built_on_the_release(release, mart)
        with duckdb.connect(":memory:") as connection:
            connection.execute("create schema report")
            connection.register("built", table)
            connection.execute(f'create table report."{mart}" as from built')
            assert hash_table(connection, "report", mart) == entry["content_hash"], mart


def _built_on_the_release(release: object, mart: str) -> object:
    from yanbao.releases.adhoc import AdHocBuilder, released_parameters

    parameters = released_parameters(release)  # type: ignore[arg-type]
    return AdHocBuilder(Path("unused"), release, parameters).table(mart)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("as_of", "sub_industries"), [("2018-12-28", 23), ("2022-10-31", 24), ("2024-10-31", 25)]
)
def test_every_company_of_the_computer_pool_stands_in_one_sub_industry(
    show: Show, as_of: str, sub_industries: int
) -> None:
    """低空经济 begins in 2024 and 华为鸿蒙 in 2021; before, their companies stand elsewhere."""
    places = [r for r in show("pool_sub_industries", as_of) if r["pool"] == "computer"]
    pool = {r["code"] for r in show("pool", as_of) if r["pool"] == "computer" and r["included"]}
    assert sorted(r["code"] for r in places) == sorted(pool)
    assert [r["code"] for r in places if r["is_unmapped"]] == []
    assert len({r["sub_industry"] for r in places}) == sub_industries


def test_second_theme_divides_its_own_pool(show: Show) -> None:
    rows = [
        r for r in show("pool_sub_industries", "2024-10-31") if r["pool"] == "semiconductor"
    ]
    assert {r["taxonomy"] for r in rows} == {"semiconductor"}
    assert len({r["sub_industry"] for r in rows}) == 8
    assert [r["code"] for r in rows if r["is_unmapped"]] == []


@pytest.mark.parametrize(
    ("as_of", "models"),
    [("2024-09-20", 141), ("2024-10-18", 148), ("2024-10-25", 153), ("2024-11-10", 157)],
)
def test_ranks_of_whole_boards_follow_from_bounds_within_rounding(
    show: Show, as_of: str, models: int
) -> None:
    rows = show("llm_leaderboard", as_of)
    checks = [row["rank_check"] for row in rows]
    assert len(checks) == models
    assert checks.count("differs") == 0
    assert checks.count("same") > 0.75 * models
