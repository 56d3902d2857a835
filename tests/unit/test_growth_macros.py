"""Growth and status words for every pair of figures, against their own table of rules."""

from __future__ import annotations

import csv
import itertools
import math
from collections import Counter
from fractions import Fraction

import duckdb
import jinja2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yanbao.base.settings import PROJECT_ROOT

MACRO = PROJECT_ROOT / "dbt_project" / "macros" / "domain" / "growth.sql"
SEED = PROJECT_ROOT / "dbt_project" / "seeds" / "profit_statuses.csv"
Amount = float | None


def vocabulary() -> list[dict[str, str]]:
    with SEED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rendered(call: str) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 - SQL
    text = MACRO.read_text(encoding="utf-8") + "{{ " + call + " }}"
    return f"select {environment.from_string(text).render().strip()} from pair"


STATUS = rendered("profit_status('current', 'base')")
YOY = rendered("growth_yoy('current', 'base')")
YOY_ABS = rendered("growth_yoy_abs_base('current', 'base')")


def evaluate(sql: str, base: Amount, current: Amount) -> str | float | None:
    pair = "with pair as (select ?::decimal(24, 2) as base, ?::decimal(24, 2) as current)"
    (found,) = duckdb.execute(f"{pair} {sql}", [base, current]).fetchone() or (None,)
    result: str | float | None = found
    return result


def holds(rule: str, amount: Amount, base: Amount) -> bool:
    """One cell of the seed's table of rules, such as ``>= 0 and < base``."""
    if rule == "any":
        return amount is not None
    if rule in ("missing", "or missing"):
        return amount is None
    if amount is None or base is None:
        return False
    compare = {
        ">": amount.__gt__,
        ">=": amount.__ge__,
        "<": amount.__lt__,
        "<=": amount.__le__,
        "=": amount.__eq__,
    }
    parts = (part.split() for part in rule.split(" and "))
    return all(compare[sign](base if bound == "base" else 0.0) for sign, bound in parts)


def words_that_hold(base: Amount, current: Amount) -> list[str]:
    found = []
    for row in vocabulary():
        on_base = holds(row["base_rule"], base, base)
        on_current = holds(row["current_rule"], current, base)
        either = row["is_comparable"] == "false"
        if (on_base or on_current) if either else (on_base and on_current):
            found.append(row["status"])
    return found


amounts = st.one_of(
    st.none(), st.sampled_from([0.0, 1.0, -1.0]), st.integers(-(10**6), 10**6).map(float)
)


@given(base=amounts, current=amounts)
@example(base=0.0, current=0.0)
@example(base=0.0, current=-1.0)
@example(base=-1.0, current=0.0)
@example(base=1.0, current=0.0)
@example(base=-1.0, current=-1.0)
def test_exactly_one_status_word_holds_and_it_is_the_macros(
    base: Amount, current: Amount
) -> None:
    assert words_that_hold(base, current) == [evaluate(STATUS, base, current)]


def test_every_word_of_the_vocabulary_occurs_and_no_other() -> None:
    cases = itertools.product((None, -2.0, -1.0, 0.0, 1.0, 2.0), repeat=2)
    found = {evaluate(STATUS, base, current) for base, current in cases}
    assert found == {row["status"] for row in vocabulary()}


@given(base=amounts, current=amounts)
def test_growth_is_null_without_a_positive_base_and_exact_with_one(
    base: Amount, current: Amount
) -> None:
    growth = evaluate(YOY, base, current)
    on_amount = evaluate(YOY_ABS, base, current)
    if base is None or current is None or base <= 0:
        assert growth is None
    else:
        assert isinstance(growth, float)
        assert math.isclose(growth, Fraction(current) / Fraction(base) - 1, abs_tol=1e-8)
        assert growth == pytest.approx(on_amount, abs=1e-8)
    if base and current is not None:
        assert isinstance(on_amount, float)
        assert math.isfinite(on_amount)
        assert (on_amount > 0) == (current > base) or abs(current - base) < abs(base) * 1e-8
    else:
        assert on_amount is None


# 001 on the third quarter of 2024: companies by class of attributable profit, sub-industries by
# status, and the growth buckets of the growing companies.
PRINTED_COMPANIES = (69, 85, 84, 58, 37)
PRINTED_POOL = 333
PRINTED_SUB_INDUSTRIES = {
    "正增长": 8,
    "增速下滑": 8,
    "扭亏": 2,
    "转亏": 1,
    "亏损收窄": 3,
    "亏损扩大": 3,
}
PRINTED_BUCKETS = (18, 13, 20, 18)


def company_classes(row: dict[str, str]) -> set[str]:
    """The classes of the print's company statement in which a status of ours may stand."""
    return {*filter(None, row["galaxy_company_label"].split("|"))}


def test_prints_company_statement_merges_turned_to_loss_into_one_of_two_classes() -> None:
    assert sum(PRINTED_COMPANIES) == PRINTED_POOL
    assert sum(PRINTED_BUCKETS) == PRINTED_COMPANIES[0]
    comparable = {row["status"]: row for row in vocabulary() if row["is_comparable"] == "true"}
    own = {s: company_classes(row) for s, row in comparable.items()}
    classes = set().union(*own.values())
    assert len(classes) == len(PRINTED_COMPANIES)
    assert {s for s, found in own.items() if len(found) > 1} == {"转亏"}
    assert own["转亏"] == {"增速下滑", "亏损扩大"}
    assert own["利润下滑"] == {"增速下滑"}
    # What never occurred in print has no class of its own.
    assert {s for s, found in own.items() if not found} == {"持平"}


def test_sub_industry_statement_prints_turned_to_loss_apart() -> None:
    assert sum(PRINTED_SUB_INDUSTRIES.values()) == 25
    labels = [row["galaxy_label"] for row in vocabulary() if row["galaxy_label"]]
    assert sorted(labels) == sorted(PRINTED_SUB_INDUSTRIES)


@given(st.lists(st.sampled_from([row["status"] for row in vocabulary()[:7]]), max_size=40))
def test_merged_classes_still_count_every_company_whichever_way_they_merge(
    statuses: list[str],
) -> None:
    classes = {row["status"]: sorted(company_classes(row)) for row in vocabulary()}
    ways = [
        Counter(classes[s][way % len(classes[s])] for s in statuses if classes[s])
        for way in (0, 1)
    ]
    unchanged = Counter(s for s in statuses if s == "持平").total()
    assert {way.total() + unchanged for way in ways} == {len(statuses)}
    moved = statuses.count("转亏")
    for name in ("正增长", "扭亏", "亏损收窄"):
        assert ways[0][name] == ways[1][name]
    assert abs(ways[0]["增速下滑"] - ways[1]["增速下滑"]) == moved
