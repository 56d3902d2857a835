"""Marts that contradict each other within one release."""

from __future__ import annotations

import pandas as pd
import pytest
from gate_cases import failing, named, release
from yanbao_gx import agreement

from yanbao.catalog.marts import report_marts

AGREEING = (
    "company_changes",
    "company_growth_distribution",
    "company_quarter",
    "constituent_ranking",
    "index_changes",
    "industry_quarter",
    "market_cap_moves",
    "member_extremes",
    "pool",
    "sub_industry_quarter",
    "theme_fund_returns",
)


@pytest.fixture
def marts(marts):
    """Only the marts that are compared: the others cost time and prove nothing here."""
    return {name: marts[name] for name in AGREEING}


@pytest.mark.parametrize("stated", agreement.AGREEMENTS, ids=lambda one: one.name)
def test_query_fits_the_columns_that_the_marts_declare(stated):
    """Made-up rows have fewer columns: a name that two real marts share shows only here."""
    types = {"double": float, "boolean": bool, "date": "datetime64[us]", "varchar": object}
    empty = {
        name: pd.DataFrame(
            {n: pd.Series(dtype=types.get(c.type, "int64")) for n, c in mart.columns.items()}
        )
        for name, mart in report_marts().items()
    }
    suite, frame = stated.suite(empty)
    assert suite.expectations
    assert frame.empty


def test_marts_in_agreement_pass(marts):
    result = release(marts)["agreement"]
    assert {one.check for one in result.results} == {
        "present",
        *(one.name for one in agreement.AGREEMENTS),
    }
    assert {one.outcome for one in result.results} == {"pass"}


def test_total_that_is_not_the_sum_is_rejected(marts):
    marts["market_cap_moves"].loc[2, ["market_cap", "change", "change_cny"]] += 1e9
    result = release(marts)["agreement"]
    assert failing(result) == {"total_is_sum"}
    assert named(result, "total_is_sum").failing_rows == 1


def test_total_without_its_rows_is_rejected(marts):
    marts["market_cap_moves"] = marts["market_cap_moves"].tail(1)
    assert failing(release(marts)["agreement"]) == {"total_is_sum"}


def test_rows_of_another_currency_are_not_summed(marts):
    caps = marts["market_cap_moves"]
    dollars = caps.head(1).assign(currency="USD", code="SAMPLE.O")
    marts["market_cap_moves"] = pd.concat([caps, dollars], ignore_index=True)
    assert release(marts)["agreement"].outcome == "pass"


@pytest.mark.parametrize("window", ["return_1m", "return_3m", "return_6m"])
def test_c_class_ahead_of_a_class_warns(marts, window):
    marts["theme_fund_returns"].loc[1, window] += 0.01
    result = release(marts)["agreement"]
    assert result.outcome == "pass"
    assert [one.check for one in result.warnings] == ["a_class_leads_c_class"]
    assert result.warnings[0].sample[0]["fund_code_c"] == "900002.OF"


def test_c_class_ahead_by_rounding_is_in_order(marts):
    marts["theme_fund_returns"].loc[1, "return_1m"] = 0.02105
    assert release(marts)["agreement"].warnings == ()


@pytest.mark.parametrize(
    ("row", "rule"), [(0, "st"), (0, "invented"), (0, None), (1, "named_addition")]
)
def test_company_in_by_an_out_rule_is_rejected_and_the_reverse(marts, row, rule):
    marts["pool"].loc[row, "rule"] = rule
    assert failing(release(marts)["agreement"]) == {"pool_rule"}


def test_pool_rules_that_cannot_be_read_could_not_be_checked(marts, monkeypatch, tmp_path):
    monkeypatch.setattr(agreement, "SEEDS", tmp_path)
    result = release(marts)["agreement"]
    assert result.outcome == "could_not_run"
    assert [one.check for one in result.failed] == ["pool_rule"]


def test_cap_that_does_not_follow_the_price_warns(marts):
    del marts["member_extremes"]
    marts["company_changes"].loc[0, ["change_week", "change_price_week"]] = [-0.05, -0.05]
    result = release(marts)["agreement"]
    assert result.outcome == "pass"
    assert [one.check for one in result.warnings] == ["cap_moves_with_price"]


def test_total_return_stands_in_where_there_is_no_price_change(marts):
    del marts["member_extremes"]
    marts["company_changes"].loc[0, ["change_week", "change_price_week"]] = [-0.05, None]
    warned = {one.check for one in release(marts)["agreement"].warnings}
    assert warned == {"cap_moves_with_price"}


def test_caps_of_other_days_are_not_compared_with_the_price(marts):
    marts["company_changes"].loc[0, "change_price_week"] = -0.5
    marts["company_changes"]["week_start_date"] = pd.Timestamp("2024-10-18")
    assert release(marts)["agreement"].warnings == ()


@pytest.mark.parametrize(
    ("mart", "column", "rule"),
    [
        ("constituent_ranking", "change_month", "one_month_return"),
        ("member_extremes", "change_week", "one_week_return"),
    ],
)
def test_two_returns_of_one_company_in_one_window_are_rejected(marts, mart, column, rule):
    marts[mart].loc[0, column] += 0.01
    result = release(marts)["agreement"]
    assert failing(result) == {rule}
    assert named(result, rule).sample[0]["code"] == "000001.SZ"


def test_benchmark_that_moves_otherwise_than_its_index_is_rejected(marts):
    marts["constituent_ranking"]["benchmark_change_month"] += 0.01
    assert failing(release(marts)["agreement"]) == {"one_benchmark_month"}


def test_agreement_without_its_mart_could_not_be_checked(marts):
    expected = list(marts)
    del marts["company_changes"]
    result = release(marts, expected=expected)["agreement"]
    assert {one.check for one in result.failed} == {
        "present",
        "cap_moves_with_price",
        "one_month_return",
        "one_week_return",
    }
    assert result.outcome == "could_not_run"


def test_agreement_on_absent_columns_could_not_be_checked(marts):
    marts["market_cap_moves"] = marts["market_cap_moves"].drop(columns="change_cny")
    result = release(marts)["agreement"]
    assert result.outcome == "could_not_run"
    assert [one.check for one in result.failed] == ["total_is_sum"]


@pytest.mark.parametrize("column", ["revenue", "net_profit_attributable_base", "companies"])
def test_sub_industries_that_do_not_add_up_to_their_pool_are_rejected(marts, column):
    marts["sub_industry_quarter"].loc[0, column] += 2
    assert failing(release(marts)["agreement"]) == {"sub_industries_add_up"}


def test_sub_industries_of_a_quarter_without_its_pool_are_rejected(marts):
    other = marts["sub_industry_quarter"].assign(report_period=pd.Timestamp("2024-06-30"))
    marts["sub_industry_quarter"] = other
    assert failing(release(marts)["agreement"]) == {"sub_industries_add_up"}


@pytest.mark.parametrize("column", ["revenue", "net_profit_attributable"])
def test_companies_that_do_not_add_up_to_their_pool_are_rejected(marts, column):
    marts["company_quarter"].loc[0, column] += 2
    assert failing(release(marts)["agreement"]) == {"listed_companies_add_up"}


def test_company_that_is_not_listed_is_missed(marts):
    marts["company_quarter"] = marts["company_quarter"].head(1)
    assert failing(release(marts)["agreement"]) == {"listed_companies_add_up"}


def test_classes_that_do_not_count_every_company_are_rejected(marts):
    marts["company_growth_distribution"].loc[0, "companies"] = 0
    assert failing(release(marts)["agreement"]) == {"counts_partition_the_pool"}
