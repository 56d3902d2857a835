"""The list of restatements: every later word on a reported period, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.unit.marts.mart_harness import Harness, Row


def version(announced: str | None, revenue: float, **fields: Any) -> Row:
    return {
        "code": "999001.SH",
        "report_period": "2024-06-30",
        "announced_on": announced,
        "available_on": announced or "2025-01-01",
        "revenue_ytd": revenue,
        **fields,
    }


def listed(mart: Harness, versions: list[Row]) -> list[tuple[Any, ...]]:
    rows = mart("restatements", "2030-01-01", income_statements=versions)
    rows.sort(key=lambda row: str(row["available_on"]))
    return [
        (row["change"], row["revenue_ytd_before"], row["revenue_ytd"], str(row["announced_on"]))
        for row in rows
    ]


def test_later_announcement_is_listed_with_both_figures(mart: Harness) -> None:
    versions = [version("2024-08-14", 100), version("2024-10-15", 90)]
    assert listed(mart, versions) == [("restated", 100, 90, "2024-10-15")]


def test_other_values_under_one_announcement_are_a_correction_by_the_source(
    mart: Harness,
) -> None:
    versions = [version("2024-08-14", 100), version("2024-08-14", 101, version=2)]
    assert listed(mart, versions) == [("corrected_by_source", 100, 101, "2024-08-14")]


def test_comparative_of_a_later_filing_is_listed_where_it_differs(mart: Harness) -> None:
    versions = [
        version("2024-08-14", 100),
        version("2025-08-20", 97, statement_kind="adjusted"),
    ]
    assert listed(mart, versions) == [("comparative", 100, 97, "2025-08-20")]


def test_repeated_figures_and_other_periods_are_no_restatement(mart: Harness) -> None:
    versions = [
        version("2024-08-14", 100),
        version("2024-10-15", 100, updated_on="2024-10-16"),
        version("2024-10-20", 120, report_period="2024-09-30"),
    ]
    assert listed(mart, versions) == []


def test_each_step_of_a_chain_is_compared_with_the_one_before(mart: Harness) -> None:
    versions = [version(f"2024-{month}-01", 10 * month) for month in (10, 11, 12)]
    assert [row[1:3] for row in listed(mart, versions)] == [(100, 110), (110, 120)]
