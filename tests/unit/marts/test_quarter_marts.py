"""Single quarters of pools: one company set, growth with signs, and nobody left unnamed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.marts.mart_harness import Harness, Row, seed_rows

POOL: Row = {
    "pool": "widgets",
    "label_zh": "样例",
    "kind": "sw_industry",
    "selector": "71",
    "taxonomy": "widgets",
    "excludes_beijing": True,
    "excludes_st": True,
    "includes_unlisted": False,
}
AS_OF = "2029-10-31"
PERIOD = "2029-09-30"

SUB_INDUSTRIES: list[Row] = [
    {
        "taxonomy": "widgets",
        "sub_industry": name,
        "label_zh": name,
        "label_en": name,
        "sort_order": number,
        "valid_from": "2018-01-01",
    }
    for number, name in enumerate(("甲", "乙", "丙"), start=1)
]


def code(number: int) -> str:
    return f"99{number:04d}.SH"


def filed(number: int, period: str, revenue: float, profit: float, **fields: Any) -> Row:
    return {
        "code": code(number),
        "report_period": period,
        "announced_on": period,
        "available_on": period,
        "revenue_ytd": revenue,
        "net_profit_attributable_ytd": profit,
        **fields,
    }


def third_quarter(number: int, year: int, revenue: float, profit: float) -> list[Row]:
    """A half-year of 100 and 10, and nine months that leave the given third quarter."""
    return [
        filed(number, f"{year}-06-30", 100, 10),
        filed(number, f"{year}-03-31", 50, 5),
        filed(number, f"{year}-09-30", 100 + revenue, 10 + profit),
    ]


def both_years(
    number: int, current: tuple[float, float], base: tuple[float, float]
) -> list[Row]:
    return [*third_quarter(number, 2029, *current), *third_quarter(number, 2028, *base)]


def rows(
    mart: Harness,
    name: str,
    companies: int,
    statements: list[Row],
    known_at: str | None = None,
) -> list[Row]:
    codes = [code(number) for number in range(companies)]
    tables: dict[str, list[Row]] = {
        "pools": [POOL],
        "pool_additions": [],
        "sw_industry_membership": [
            {"code": one, "industry_code": "710101", "effective_from": "2021-01-01"}
            for one in codes
        ],
        "securities": [
            {"code": one, "name": "样例", "listed_on": "2010-01-01"} for one in codes
        ],
        "income_statements": statements,
    }
    if name in ("sub_industry_quarter", "company_quarter"):
        tables["taxonomy_sub_industries"] = SUB_INDUSTRIES
        tables["taxonomy_members"] = [
            {"taxonomy": "widgets", "sub_industry": "甲乙"[number % 2], "code": one}
            | {"valid_from": "2018-01-01", "reason": "样例"}
            for number, one in enumerate(codes[:4])
        ]
    found = mart(name, AS_OF, known_at, **tables)
    return [row for row in found if str(row["report_period"]) == PERIOD]


def test_growth_is_that_of_the_companies_with_both_years(mart: Harness) -> None:
    statements = [
        *both_years(0, (120, 30), (100, 20)),
        *both_years(1, (80, -5), (100, 10)),
        *third_quarter(2, 2029, 1_000, 100),  # listed since: no year before
        *third_quarter(3, 2028, 5_000, 500),  # has not reported yet
    ]
    (row,) = rows(mart, "industry_quarter", 4, statements)
    assert (row["members"], row["companies"]) == (4, 2)
    assert (row["companies_unreported"], row["companies_left_out"]) == (1, 1)
    assert (row["revenue"], row["revenue_base"]) == (200, 200)
    assert (row["revenue_growth_yoy"], row["base_source"]) == (0, "earlier_filing")
    assert (row["net_profit_attributable"], row["net_profit_attributable_base"]) == (25, 30)
    assert row["net_profit_growth_yoy"] == pytest.approx(-1 / 6, abs=1e-8)
    assert row["profit_status"] == "利润下滑"


def test_companies_left_out_are_listed_with_the_reason(mart: Harness) -> None:
    half_missing = [
        row for row in both_years(3, (1, 1), (1, 1)) if row["report_period"] != "2029-06-30"
    ]
    statements = [
        *both_years(0, (120, 30), (100, 20)),
        *third_quarter(1, 2029, 1, 1),
        *third_quarter(2, 2028, 1, 1),
        *half_missing,
        *(row for row in both_years(4, (1, 1), (1, 1)) if row["report_period"] != "2028-06-30"),
    ]
    got = {row["code"]: row for row in rows(mart, "company_quarter", 5, statements)}
    assert {one: row["missing_reason"] for one, row in got.items()} == {
        code(0): None,
        code(1): "base_statement_missing",
        code(2): "statement_missing",
        code(3): "prior_quarter_missing",
        code(4): "base_prior_quarter_missing",
    }
    words = {row["missing_reason"]: row["label_zh"] for row in seed_rows("quarter_gaps")}
    for row in got.values():
        assert row["is_compared"] == (row["missing_reason"] is None)
        assert row["missing_reason_zh"] == words.get(row["missing_reason"])
    assert got[code(3)]["revenue"] is None


def test_base_is_the_comparative_of_the_current_filing_where_it_is_whole(
    mart: Harness,
) -> None:
    adjusted = [
        filed(0, period, revenue, 10, announced_on=day, statement_kind="adjusted")
        for period, revenue, day in (
            ("2028-06-30", 110, "2029-08-20"),
            ("2028-09-30", 260, "2029-10-20"),
        )
    ]
    for row in adjusted:
        row["available_on"] = row["announced_on"]
    statements = [*both_years(0, (120, 30), (100, 20)), *adjusted]
    # Without a first quarter the comparative has no second one, but a third it has.
    (after,) = rows(mart, "industry_quarter", 1, statements)
    assert (after["revenue_base"], after["base_source"]) == (150, "comparative")
    (before,) = rows(mart, "industry_quarter", 1, statements, "2029-10-19")
    assert (before["revenue_base"], before["base_source"]) == (100, "earlier_filing")
    mixed = [*statements, *both_years(1, (1, 1), (1, 1))]
    assert rows(mart, "industry_quarter", 2, mixed)[0]["base_source"] == "mixed"


def test_line_that_one_company_lacks_has_no_sum(mart: Harness) -> None:
    with_line = [{**row, "net_profit_ytd": 3.0} for row in both_years(0, (9, 9), (9, 9))]
    (alone,) = rows(mart, "industry_quarter", 1, with_line)
    assert alone["net_profit_total"] == 0
    (row,) = rows(mart, "industry_quarter", 2, [*with_line, *both_years(1, (9, 9), (9, 9))])
    assert (row["net_profit_total"], row["net_profit_deducted"]) == (None, None)


def test_growth_on_a_base_of_zero_or_less_is_null_and_never_infinite(mart: Harness) -> None:
    statements = [
        *both_years(0, (0, 5), (0, 0)),
        *both_years(1, (10, 5), (10, -20)),
    ]
    got = {row["code"]: row for row in rows(mart, "company_quarter", 2, statements)}
    assert got[code(0)]["revenue_growth_yoy"] is None
    assert got[code(0)]["net_profit_growth_yoy"] is None
    assert got[code(0)]["net_profit_growth_abs_base"] is None
    assert got[code(1)]["net_profit_growth_yoy"] is None
    assert got[code(1)]["net_profit_growth_abs_base"] == 1.25
    assert {row["net_profit_bucket"] for row in got.values()} == {"base_not_positive"}


def test_restatement_reaches_this_quarter_and_the_growth_of_the_next_year(
    mart: Harness,
) -> None:
    statements = [
        *both_years(0, (120, 30), (100, 20)),
        filed(0, "2028-06-30", 130, 10, announced_on="2029-10-15", available_on="2029-10-15"),
    ]
    (before,) = rows(mart, "industry_quarter", 1, statements, "2029-10-14")
    (after,) = rows(mart, "industry_quarter", 1, statements, "2029-10-15")
    assert (before["revenue_base"], after["revenue_base"]) == (100, 70)
    assert str(before["filings_to"]) == "2029-09-30"
    assert str(after["filings_to"]) == "2029-10-15"


def test_sub_industries_add_up_to_the_pool_and_the_empty_one_is_printed(
    mart: Harness,
) -> None:
    statements = [row for n in range(5) for row in both_years(n, (100 + n, n), (100, 1))]
    got = {
        row["sub_industry"]: row for row in rows(mart, "sub_industry_quarter", 6, statements)
    }
    (pool,) = rows(mart, "industry_quarter", 6, statements)
    assert [(name, row["companies"]) for name, row in got.items()] == [
        ("甲", 2),
        ("乙", 2),
        ("丙", 0),
        ("未分类", 1),
    ]
    assert (got["未分类"]["members"], got["丙"]["revenue"]) == (2, None)
    for column in ("members", "companies", "companies_unreported", "revenue", "revenue_base"):
        assert sum(row[column] or 0 for row in got.values()) == pool[column], column


def test_sub_industries_are_ranked_by_growth_and_ties_by_name(mart: Harness) -> None:
    statements = [
        *both_years(0, (110, 5), (100, -1)),
        *both_years(1, (120, 2), (100, 1)),
        *both_years(4, (900, 9), (100, 1)),
    ]
    got = {
        row["sub_industry"]: row for row in rows(mart, "sub_industry_quarter", 5, statements)
    }
    ranks = {
        name: (r["rank_revenue_growth"], r["rank_profit_growth"]) for name, r in got.items()
    }
    assert ranks == {"甲": (2, None), "乙": (1, 1), "丙": (None, None), "未分类": (None, None)}
    tied = [*both_years(0, (110, 2), (100, 1)), *both_years(1, (110, 2), (100, 1))]
    got = {row["sub_industry"]: row for row in rows(mart, "sub_industry_quarter", 2, tied)}
    assert (got["乙"]["rank_revenue_growth"], got["甲"]["rank_revenue_growth"]) == (1, 2)


def test_sub_industries_stand_in_the_class_of_their_growth_or_say_why_not(
    mart: Harness,
) -> None:
    statements = [
        *both_years(0, (120, 1), (100, 1)),
        *both_years(1, (50, 1), (0, 1)),
        *both_years(4, (201, 1), (100, 1)),
    ]
    got = {
        row["sub_industry"]: row["revenue_growth_class"]
        for row in rows(mart, "sub_industry_quarter", 5, statements)
    }
    assert got == {
        "甲": "0至20%（含）", "乙": "基数非正", "丙": "不可比", "未分类": "100%以上",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("current", "bucket"),
    [
        (100, "not_growing"),
        (100.01, "to_20"),
        (120, "to_20"),
        (120.01, "to_50"),
        (150, "to_50"),
        (150.01, "to_100"),
        (200, "to_100"),
        (200.01, "above_100"),
        (-5, "not_growing"),
    ],
)
def test_bound_of_a_bucket_belongs_to_the_lower_one(
    mart: Harness, current: float, bucket: str
) -> None:
    (row,) = rows(mart, "company_quarter", 1, both_years(0, (current, 1), (100, 1)))
    assert row["revenue_bucket"] == bucket


money = st.integers(-300, 300).map(lambda cents: cents / 100)
company = st.one_of(
    st.tuples(st.tuples(money, money), st.tuples(money, money)),
    st.tuples(st.tuples(money, money), st.none()),
    st.none(),
)


@settings(max_examples=8)
@given(companies=st.lists(company, min_size=1, max_size=8))
def test_counts_partition_the_pool_and_agree_with_the_list(
    mart: Harness, companies: list[Any]
) -> None:
    statements = [filed(99, PERIOD, 1, 1)]
    for number, figures in enumerate(companies):
        if figures is not None:
            statements += third_quarter(number, 2029, *figures[0])
            if figures[1] is not None:
                statements += third_quarter(number, 2028, *figures[1])
    if all(figures is None for figures in companies):
        return
    listed = rows(mart, "company_quarter", len(companies), statements)
    counted = rows(mart, "company_growth_distribution", len(companies), statements)
    (pool,) = rows(mart, "industry_quarter", len(companies), statements)
    assert len(listed) == len(companies) == pool["members"]
    assert sum(row["is_compared"] for row in listed) == pool["companies"]
    for measure, kind, column in (
        ("net_profit_attributable", "status", "profit_status"),
        ("net_profit_attributable", "growth", "net_profit_bucket"),
        ("revenue", "growth", "revenue_bucket"),
    ):
        counts = {
            row["class"]: row["companies"]
            for row in counted
            if (row["measure"], row["partition_kind"]) == (measure, kind)
        }
        assert sum(counts.values()) == len(companies)
        assert {c: n for c, n in counts.items() if n} == Counter(r[column] for r in listed)
    growing = sum(row["profit_status"] == "正增长" for row in listed)
    buckets = ("to_20", "to_50", "to_100", "above_100")
    assert growing == sum(row["net_profit_bucket"] in buckets for row in listed)
