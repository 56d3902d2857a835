"""The suite of a mart: the bounds of its columns, and its rules, as its YAML declares them.

Grain, keys, vocabularies and contracts are proven by dbt and are not repeated. Bounds are wide
on purpose: they catch a unit, a sign or a base date, never an unusual market.
"""

from __future__ import annotations

import re

import great_expectations as gx
import pandas as pd
from great_expectations.expectations.expectation import Expectation

from yanbao.catalog.marts import Bounded, MartRule, report_marts
from yanbao_gx.derived import with_columns
from yanbao_gx.expectations import Shows, between, holds


def mart_suite(mart: str, frame: pd.DataFrame) -> tuple[gx.ExpectationSuite, pd.DataFrame]:
    """The suite of a mart, and its frame with a column for each rule."""
    declared = report_marts().get(mart)
    if declared is None:
        return gx.ExpectationSuite(mart), frame
    bounded = {
        name: column
        for name, column in declared.columns.items()
        if {*column.excluded, *column.included} != {None}
    }
    expectations = [
        *(_within(name, f"range({name})", column) for name, column in bounded.items()),
        *(_kept(name, rule) for name, rule in declared.rules.items()),
    ]
    derived = {
        name: f"coalesce({rule.sql}, false)" if rule.says else rule.sql
        for name, rule in declared.rules.items()
    }
    return gx.ExpectationSuite(mart, expectations), with_columns(frame, derived)


def _kept(name: str, rule: MartRule) -> Expectation:
    """A condition that is null is not kept; a sample shows what the rule reads."""
    shows = re.findall(r"[a-z]\w+", rule.sql)
    if rule.says:
        return holds(name, name, rule.says, shows=shows)
    return _within(name, name, rule, shows)


def _within(column: str, check: str, bounds: Bounded, shows: Shows = ()) -> Expectation:
    is_exclusive = {*bounds.excluded} != {None}
    low, high = bounds.excluded if is_exclusive else bounds.included
    return between(column, low, high, check=check, shows=shows, exclusive=is_exclusive)
