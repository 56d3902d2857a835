"""Single quarters of the Shenwan computer pool, from 87,018 real statements."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.conftest import Show, percent
from yanbao.releases.adhoc import AdHocBuilder
from yanbao.releases.release_store import Release
from yanbao.warehouse.content_hashes import hash_table
from yanbao.warehouse.store import Parameters

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

POOL = "sw_computer"
ADDED = ("members", "companies", "companies_unreported", "companies_left_out")
SUMMED = ("revenue", "revenue_base", "net_profit_attributable", "net_profit_attributable_base")


def yi(yuan: float) -> str:
    return str((Decimal(repr(yuan)) / 10**8).quantize(Decimal("0.01"), ROUND_HALF_UP))


def quarter(
    show: Show, mart: str, as_of: str, known_at: str, period: str
) -> list[dict[str, Any]]:
    rows = show(mart, as_of, known_at)
    return [r for r in rows if r["pool"] == POOL and str(r["report_period"]) == period]


@pytest.mark.parametrize(
    ("known_at", "companies", "revenue", "growth", "profit"),
    [
        ("2022-10-31", 308, ("2712.01", "2656.13"), "2.10", ("73.66", "152.06")),
        ("2022-11-30", 309, ("2713.62", "2657.38"), "2.12", ("73.85", "152.20")),
        ("2022-10-25", 37, ("151.60", "133.31"), "13.72", ("14.58", "14.84")),
    ],
)
def test_third_quarter_of_2022_is_what_a_reader_knew_on_the_day(
    show: Show,
    known_at: str,
    companies: int,
    revenue: tuple[str, str],
    growth: str,
    profit: tuple[str, str],
) -> None:
    (row,) = quarter(show, "industry_quarter", "2022-10-31", known_at, "2022-09-30")
    assert row["companies"] == companies
    assert (yi(row["revenue"]), yi(row["revenue_base"])) == revenue
    assert percent(row["revenue_growth_yoy"]) == growth
    base = row["net_profit_attributable_base"]
    assert (yi(row["net_profit_attributable"]), yi(base)) == profit
    assert str(row["filings_to"]) <= known_at
    assert row["base_source"] == "earlier_filing"


def test_pool_has_321_members_of_which_ten_undated_names_contain_st(show: Show) -> None:
    rows = [r for r in show("pool", "2022-10-31") if r["pool"] == POOL]
    kept = [r for r in rows if r["rule"] in ("sw_level1", "st_undated_name")]
    assert len(kept) == 321
    assert sum(not r["included"] for r in kept) == 10
    assert {r["rule"] for r in rows} == {"sw_level1", "st_undated_name", "beijing", "delisted"}


def from_the_files(folder: Path, as_of: str) -> tuple[int, tuple[str, ...]]:
    """The same third quarter, read from the files by a query of its own."""
    year = int(as_of[:4])
    period = [f"{y}-{end}" for y in (year, year - 1) for end in ("09-30", "06-30")]
    query = """
        with members as (
            select code, max_by(industry_code, effective_from) as industry
            from read_csv($folder || '/sw_industry_membership.csv', all_varchar = true)
            where effective_from <= $as_of group by code
        ),
        statements as (
            select * from read_parquet($folder || '/income_statements.parquet')
            where announced_on <= $as_of
        ),
        pool as (
            select members.code from members
            join read_csv($folder || '/securities.csv', all_varchar = true) s using (code)
            where industry like '71%' and code not like '%.BJ'
                and coalesce(s.delisted_on, '9') > $as_of
                and code not in (select code from statements where upper(name) like '%ST%')
        )
        select count(*),
            sum(a.revenue_ytd - b.revenue_ytd),
            sum(c.revenue_ytd - d.revenue_ytd),
            sum(a.net_profit_attributable_ytd - b.net_profit_attributable_ytd),
            sum(c.net_profit_attributable_ytd - d.net_profit_attributable_ytd)
        from pool
        join statements a on a.code = pool.code and a.report_period = $p0
        join statements b on b.code = pool.code and b.report_period = $p1
        join statements c on c.code = pool.code and c.report_period = $p2
        join statements d on d.code = pool.code and d.report_period = $p3
    """
    told = {f"p{n}": day for n, day in enumerate(period)}
    row = duckdb.execute(query, {"folder": str(folder), "as_of": as_of, **told}).fetchone()
    assert row is not None
    return row[0], tuple(yi(value) for value in row[1:])


@pytest.mark.parametrize(
    ("as_of", "companies"), [("2022-10-31", 308), ("2021-10-31", 267), ("2020-10-31", 238)]
)
def test_third_quarters_of_three_years_with_the_pools_of_their_own_dates(
    show: Show, shared_data: Path, as_of: str, companies: int
) -> None:
    period = f"{as_of[:4]}-09-30"
    (row,) = quarter(show, "industry_quarter", as_of, as_of, period)
    expected = from_the_files(shared_data / "data" / "import", as_of)
    assert (row["companies"], tuple(yi(row[name]) for name in SUMMED)) == expected
    assert row["companies"] == companies


@pytest.mark.parametrize("as_of", ["2022-10-31", "2021-10-31", "2020-10-31"])
def test_sub_industries_of_the_quarter_add_up_to_the_pool(show: Show, as_of: str) -> None:
    period = f"{as_of[:4]}-09-30"
    (pool,) = quarter(show, "industry_quarter", as_of, as_of, period)
    parts = quarter(show, "sub_industry_quarter", as_of, as_of, period)
    named = [row for row in parts if row["sub_industry"] != "未分类"]
    assert len(named) == 25
    for name in ADDED:
        assert sum(row[name] for row in parts) == pool[name], name
    for name in SUMMED:
        total = sum(Decimal(repr(row[name])) for row in parts if row[name] is not None)
        assert abs(total - Decimal(repr(pool[name]))) < Decimal("0.05"), name
    ranked = sorted(
        (row for row in parts if row["rank_revenue_growth"]),
        key=lambda row: row["rank_revenue_growth"],
    )
    growth = [row["revenue_growth_yoy"] for row in ranked]
    assert growth == sorted(growth, reverse=True)


def test_every_company_of_the_pool_is_counted_and_the_left_out_are_named(show: Show) -> None:
    listed = quarter(show, "company_quarter", "2022-10-31", "2022-10-31", "2022-09-30")
    reasons = {r["code"]: r["missing_reason"] for r in listed if not r["is_compared"]}
    assert reasons == {
        "300330.SZ": "statement_missing",
        "301396.SZ": "statement_missing",
        "301316.SZ": "prior_quarter_missing",
    }
    counted = quarter(
        show, "company_growth_distribution", "2022-10-31", "2022-10-31", "2022-09-30"
    )
    status = [row for row in counted if row["partition_kind"] == "status"]
    assert sum(row["companies"] for row in status) == len(listed) == 311
    assert {r["class"]: r["companies"] for r in status}["不可比"] == len(reasons)


def test_three_years_of_quarters_are_printed_for_one_pool(show: Show) -> None:
    rows = show("industry_quarter", "2022-10-31", "2022-10-31")
    thirds = [
        str(row["report_period"])
        for row in rows
        if row["pool"] == POOL and row["report_period"].month == 9
    ]
    assert thirds == ["2022-09-30", "2021-09-30", "2020-09-30"]


@pytest.mark.parametrize(
    "mart",
    [
        "industry_quarter",
        "sub_industry_quarter",
        "company_growth_distribution",
        "company_quarter",
    ],
)
def test_the_same_build_twice_gives_the_same_hash(real_release: Release, mart: str) -> None:
    day = Parameters(date(2021, 10, 31), date(2021, 10, 31))
    hashes = set()
    for _ in range(2):
        table = AdHocBuilder(Path("unused"), real_release, day).table(mart)
        assert table.num_rows > 0
        with duckdb.connect(":memory:") as connection:
            connection.execute("create schema report")
            connection.register("built", table)
            connection.execute(f'create table report."{mart}" as from built')
            hashes.add(hash_table(connection, "report", mart))
    assert len(hashes) == 1
