"""Statements with three clocks: what was visible, single quarters, trailing figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.marts.mart_harness import Harness, Row

CODE = "999001.SH"
QUARTER_ENDS = ("03-31", "06-30", "09-30", "12-31")
ALL_KNOWN = "2030-01-01"
PERIOD = "2029-09-30"
FLAG = "announcements_are_usable"


def filed(
    period: str, revenue: float | None, announced: str | None = None, **fields: Any
) -> Row:
    """A cumulative statement; profit is a tenth of revenue unless it is given."""
    day = announced or period
    return {
        "code": CODE,
        "report_period": period,
        "announced_on": day,
        "available_on": day,
        "revenue_ytd": revenue,
        "net_profit_attributable_ytd": None if revenue is None else revenue / 10,
        **fields,
    }


def quarters(
    mart: Harness, statements: list[Row], known_at: str | None = None
) -> dict[str, Row]:
    rows = mart("int_single_quarters", ALL_KNOWN, known_at, income_statements=statements)
    return {str(row["report_period"]): row for row in rows}


def trailing(mart: Harness, statements: list[Row], known_at: str | None = None) -> Row:
    rows = mart("int_trailing_figures", ALL_KNOWN, known_at, income_statements=statements)
    (row,) = rows
    return row


YEAR = [filed(f"2029-{end}", 10.0 * (n + 1) ** 2) for n, end in enumerate(QUARTER_ENDS)]


amounts = st.one_of(st.none(), st.integers(-(10**12), 10**12).map(lambda n: n / 100))


@settings(max_examples=25)
@given(values=st.lists(amounts, min_size=4, max_size=4), filings=st.sets(st.integers(0, 3)))
def test_single_quarters_sum_to_the_year_or_say_why_they_do_not(
    mart: Harness, values: list[float | None], filings: set[int]
) -> None:
    statements = [filed(f"2029-{QUARTER_ENDS[n]}", values[n]) for n in sorted(filings)]
    got = quarters(mart, statements)
    assert len(got) == len(filings)
    for n in filings:
        row = got[f"2029-{QUARTER_ENDS[n]}"]
        prior_is_there = n == 0 or (n - 1 in filings and values[n - 1] is not None)
        assert (row["missing_reason"] is None) == (prior_is_there and values[n] is not None)
        if row["missing_reason"] is not None:
            assert row["revenue"] is None
    if len(filings) == 4 and None not in values:
        assert sum(row["revenue"] for row in got.values()) == Decimal(f"{values[3]:.2f}")


def test_restated_half_year_moves_the_second_and_the_third_quarter(mart: Harness) -> None:
    statements = [*YEAR[:3], filed("2029-06-30", 45, "2029-11-15")]
    before = quarters(mart, statements, "2029-11-14")
    after = quarters(mart, statements, "2029-11-15")
    assert [before[f"2029-{end}"]["revenue"] for end in QUARTER_ENDS[:3]] == [10, 30, 50]
    assert [after[f"2029-{end}"]["revenue"] for end in QUARTER_ENDS[:3]] == [10, 35, 45]


def test_late_restatement_of_an_old_period_does_not_regress_the_view(mart: Harness) -> None:
    statements = [
        filed("2028-09-30", 60),
        filed("2028-12-31", 100),
        filed("2029-09-30", 90),
        filed("2028-12-31", 80, "2029-12-15"),
    ]
    row = trailing(mart, statements)
    assert (str(row["latest_period"]), row["ttm_revenue"]) == ("2029-09-30", 90 + 80 - 60)
    assert (str(row["lyr_period"]), row["lyr_revenue"]) == ("2028-12-31", 80)
    before = trailing(mart, statements, "2029-12-14")
    assert (before["ttm_revenue"], before["lyr_revenue"]) == (90 + 100 - 60, 100)


def test_statement_without_a_usable_announcement_waits_for_first_sight(
    mart: Harness,
) -> None:
    """Core gives such a row the day on which it landed; no announcement is believed."""
    early = filed("2029-06-30", 55, "2029-06-01", available_on="2029-09-02")
    undated = filed("2029-09-30", 90, announced_on=None, available_on="2029-11-20")
    statements = [filed("2029-03-31", 10), early, undated]
    assert str(trailing(mart, statements, "2029-09-01")["latest_period"]) == "2029-03-31"
    assert str(trailing(mart, statements, "2029-09-02")["latest_period"]) == "2029-06-30"
    assert str(trailing(mart, statements, "2029-11-20")["latest_period"]) == "2029-09-30"


def test_latest_period_ends_by_the_day_of_the_report(mart: Harness) -> None:
    (row,) = mart("int_trailing_figures", "2029-11-30", income_statements=YEAR)
    assert str(row["latest_period"]) == "2029-09-30"


def abroad(period: str, months: int, revenue: float, **fields: Any) -> Row:
    return {
        "code": "ZZA.O",
        "report_period": period,
        "months": months,
        "announced_on": period,
        "available_on": period,
        "currency": "USD",
        "revenue": revenue,
        "net_profit_attributable": revenue / 10,
        **fields,
    }


QUARTERLY = [
    abroad("2028-01-30", 12, 100),
    abroad("2028-05-01", 3, 20),
    abroad("2028-07-31", 3, 30),
    abroad("2028-10-30", 3, 40),
    abroad("2029-01-29", 3, 50),
]
HALF_YEARLY = [abroad("2028-06-30", 6, 40), abroad("2028-12-31", 12, 100)]


@pytest.mark.parametrize(
    ("statements", "expected", "reason"),
    [
        (QUARTERLY, 140, None),
        ([*QUARTERLY, abroad("2029-01-29", 12, 141)], 141, None),
        ([*HALF_YEARLY, abroad("2029-06-30", 6, 55)], 115, None),
        ([*QUARTERLY[2:]], None, "twelve_months_missing"),
        ([HALF_YEARLY[1], abroad("2029-06-30", 6, 55)], None, "twelve_months_missing"),
        (
            [*HALF_YEARLY, abroad("2029-06-30", 6, 55, currency="HKD")],
            None,
            "currency_changed",
        ),
    ],
    ids=["four quarters", "full year", "half years", "three quarters", "no base", "currency"],
)
def test_twelve_months_of_an_overseas_company(
    mart: Harness, statements: list[Row], expected: float | None, reason: str | None
) -> None:
    (row,) = mart(
        "int_trailing_figures_overseas", ALL_KNOWN, overseas_income_statements=statements
    )
    assert (row["ttm_revenue"], row["ttm_missing_reason"]) == (expected, reason)


def test_last_full_year_overseas_is_the_latest_of_twelve_months(mart: Harness) -> None:
    (row,) = mart(
        "int_trailing_figures_overseas", ALL_KNOWN, overseas_income_statements=QUARTERLY
    )
    assert (str(row["lyr_period"]), row["lyr_revenue"]) == ("2028-01-30", 100)


@pytest.mark.parametrize(
    ("announced_on", "available_on"),
    [
        ("2029-10-28", "2029-10-28"),
        ("2029-09-30", "2029-09-30"),
        ("2029-09-29", "2029-11-06"),
        (None, "2029-11-06"),
    ],
    ids=["announced", "on the last day", "before the period ended", "never announced"],
)
def test_announcement_that_cannot_be_leaves_the_day_of_landing(
    mart: Harness, announced_on: str | None, available_on: str
) -> None:
    """Landed at eight in the evening UTC, which is the next day in Beijing."""
    landing = {"landed_at": "2029-11-05 20:00:00", "load_id": "load-001", "arrival_row": 1}
    statement = {"code": CODE, "report_period": PERIOD, "announced_on": announced_on}
    (row,) = mart(
        "income_statements",
        ALL_KNOWN,
        stg_inbox__income_statements=[{**statement, "revenue_ytd": 90.0, **landing}],
    )
    assert str(row["available_on"]) == available_on
    assert str(row["announced_on"]) == str(announced_on)


def test_announcement_before_the_period_ended_is_flagged(mart: Harness) -> None:
    statements = [
        filed(PERIOD, 90, "2029-09-29", available_on="2029-11-06"),
        filed(PERIOD, 90, "2029-10-28"),
        filed(PERIOD, 90, announced_on=None, available_on="2029-11-06"),
    ]
    flagged = mart(FLAG, ALL_KNOWN, income_statements=statements)
    assert sorted(str(row["announced_on"]) for row in flagged) == ["2029-09-29", "None"]
