"""The engine: what counts as evaluated, and what a failing row looks like."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from yanbao_gx import engine
from yanbao_gx.batch_rules import HasColumns, MedianWithin, OnlyColumns, Reaches, RowCount
from yanbao_gx.engine import Target, evaluate, evaluate_part
from yanbao_gx.rules import Filled, Holds, Matches, OneOf, OnOrBefore, Rule, Unique, Within

TARGET = Target("raw", "things", "things 2024-10-31", ("name",))
POSITIVE = Within(column="size", low=0, hint="weigh again")


@pytest.fixture
def things() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["a", "b", None, "c\n"],
            "day": pd.to_datetime(["2024-10-30", "2024-10-31", "2024-10-31", "2024-11-02"]),
            "size": [1.0, -2.0, np.nan, np.inf],
            "is_good": [True, False, True, True],
            "nothing": [np.nan] * 4,
        },
        index=[7, 7, 8, 9],
    )


def only(rule: Rule, frame: pd.DataFrame):
    (result,) = evaluate([rule], frame, TARGET)
    return result


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        (Filled(column="name", hint="h"), 1),
        (Within(column="size", low=0, hint="h"), 2),
        (Within(column="size", low=-2, high=1, exclusive=True, hint="h"), 3),
        (OnOrBefore(column="day", day=date(2024, 10, 31), hint="h"), 1),
        (OneOf(column="name", values=("a", "b"), hint="h"), 1),
        (Matches(column="name", pattern="a|b|c", hint="h"), 1),
        (Holds(name="good", column="is_good", statement="good", hint="h"), 1),
        (Unique(key=("day",), hint="h"), 2),
        (HasColumns(required=("name", "sizes"), hint="h"), 0),
        (OnlyColumns(declared=("name", "day"), hint="h"), 0),
        (RowCount(name="rows", low=5, hint="h"), 0),
        (MedianWithin(name="median", column="size", low=2, high=3, hint="h"), 3),
        (Reaches(column="day", day=date(2024, 11, 3), hint="h"), 0),
    ],
    ids=lambda value: value.name if isinstance(value, Rule) else str(value),
)
def test_each_rule_fails_on_the_rows_that_break_it(things, rule, rows):
    result = only(rule, things)
    assert (result.outcome, result.failing_rows) == ("fail", rows)
    assert len(result.sample) == rows
    assert "things 2024-10-31" in result.message


@pytest.mark.parametrize(
    "rule",
    [
        Filled(column="day", hint="h"),
        Within(column="size", low=-2, hint="h", mostly=0.6),
        OnOrBefore(column="day", day=date(2024, 11, 2), hint="h"),
        Unique(key=("name", "day"), hint="h"),
        HasColumns(required=("name",), hint="h"),
        RowCount(name="rows", low=4, high=4, hint="h"),
        MedianWithin(name="median", column="size", low=0, high=1, hint="h"),
        Reaches(column="day", day=date(2024, 11, 2), hint="h"),
    ],
    ids=lambda rule: rule.name,
)
def test_each_rule_passes_where_it_is_kept(things, rule):
    assert only(rule, things).outcome == "pass"


def test_nulls_of_a_key_count_as_equal():
    frame = pd.DataFrame({"name": ["a", "a", "b"], "size": [np.nan, np.nan, 1.0]})
    assert only(Unique(key=("name", "size"), hint="h"), frame).failing_rows == 2


def test_sample_shows_key_and_column_of_the_failing_rows(things):
    result = only(POSITIVE, things)
    assert result.sample == ({"name": "b", "size": "-2"}, {"name": "c\n", "size": "inf"})


def test_rename_is_reported_with_the_nearest_column(things):
    result = only(HasColumns(required=("names",), hint="h"), things)
    assert "names (nearest: name)" in result.message


def test_expectation_on_a_missing_column_could_not_run(things):
    result = only(Within(column="weight", low=0, hint="h"), things)
    assert result.outcome == "could_not_run"
    assert "weight" in result.message


def test_expectation_that_raises_is_not_bad_data(things):
    result = only(Within(column="name", low=0, hint="h"), things)
    assert result.outcome == "could_not_run"
    assert result.failing_rows == 0


def test_one_broken_expectation_leaves_the_others_evaluated(things):
    broken = Within(column="weight", low=0, hint="h")
    results = evaluate([broken, POSITIVE, Filled(column="day", hint="h")], things, TARGET)
    assert [one.outcome for one in results] == ["could_not_run", "fail", "pass"]


def test_median_of_nothing_could_not_run(things):
    rule = MedianWithin(name="median", column="nothing", low=0, high=1, hint="h")
    assert only(rule, things).outcome == "could_not_run"


def test_expectation_that_cannot_be_built_could_not_run(things):
    @dataclass(frozen=True, kw_only=True)
    class Broken(Within):
        def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
            return gxe.ExpectColumnValuesToBeBetween(column=self.column, mostly=7, meta=meta)

    broken = Broken(name="broken", column="size", hint="h")
    results = evaluate([broken, POSITIVE], things, TARGET)
    assert [one.outcome for one in results] == ["could_not_run", "fail"]


def answer(check: str, success: bool, result: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        success=success,
        result=result,
        exception_info={"raised_exception": False},
        expectation_config=SimpleNamespace(meta={"check": check}),
    )


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [answer("range(size)", True, {"element_count": 4})] * 2,
        [answer("range(size)", False, {})],
        [answer("range(size)", True, {"element_count": 3, "unexpected_count": 0})],
    ],
    ids=["no answer", "two answers", "false with an empty result", "a row not looked at"],
)
def test_answer_without_evidence_could_not_run(things, monkeypatch, answers):
    monkeypatch.setattr(engine, "_validate", lambda *_: answers)
    assert only(POSITIVE, things).outcome == "could_not_run"


def test_validator_that_breaks_makes_every_check_could_not_run(things, monkeypatch):
    def breaks(*_: object) -> list[Any]:
        raise RuntimeError("list index out of range\nand a trace")

    monkeypatch.setattr(engine, "_validate", breaks)
    result = only(POSITIVE, things)
    assert result.outcome == "could_not_run"
    assert "list index out of range" in result.message
    assert "\n" not in result.message


def test_two_rules_of_one_name_are_refused(things):
    with pytest.raises(ValueError, match="one name"):
        evaluate([POSITIVE, POSITIVE], things, TARGET)


def test_part_that_cannot_be_prepared_could_not_run_and_names_no_path(tmp_path):
    def build() -> tuple[list[Rule], pd.DataFrame]:
        (tmp_path / "rules.csv").read_text()
        raise AssertionError

    (result,) = evaluate_part("rules", build, TARGET)
    assert result.outcome == "could_not_run"
    assert "rules.csv" in result.message
    assert str(tmp_path) not in result.message


def test_engine_lets_go_of_a_large_frame(things, monkeypatch):
    validate, seen = engine._validate, []

    def noticed(expectations: list[Any], frame: pd.DataFrame, form: dict[str, Any]) -> Any:
        seen.append(weakref.ref(frame))
        return validate(expectations, frame, form)

    monkeypatch.setattr(engine, "_validate", noticed)
    monkeypatch.setattr(engine, "LARGE_FRAME", len(things))
    evaluate([POSITIVE], things, TARGET)
    gc.collect()
    counted, positioned, _ = seen
    assert counted() is None
    assert positioned() is None


def test_a_gate_does_not_load_the_statistics_that_no_rule_uses():
    code = (
        "import sys; from yanbao_gx import engine; engine._stack();"
        " assert 'scipy.stats._stats_py' not in sys.modules;"
        " from scipy import stats; assert stats.norm.cdf(0) == 0.5;"
        " import scipy.stats as again; assert again is stats"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_the_gates_does_not_import_great_expectations():
    modules = "yanbao_gx.raw_gate, yanbao_gx.release_gate, yanbao.quality.quality_page"
    code = f"import sys, {modules}; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_expectation_is_configured_once_and_its_answers_are_the_same(
    things: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [
        Filled(column="name", hint="h"),
        Within(column="size", low=0, high=3, hint="h"),
        OneOf(column="name", values=("a", "b"), hint="h"),
        Unique(key=("day",), hint="h"),
        RowCount(name="rows", low=5, hint="h"),
    ]
    expectation = engine._stack().expectation_class
    own = expectation.configuration
    made: list[int] = []

    def counted(one: Any) -> Any:
        made.append(id(one))
        return own.fget(one)

    monkeypatch.setattr(expectation, "configuration", property(counted))
    kept = evaluate(rules, things, TARGET)
    assert expectation.configuration.fget is counted
    times_kept = len(made)
    monkeypatch.setattr(engine, "configurations_kept", lambda _: nullcontext())
    assert evaluate(rules, things, TARGET) == kept
    assert times_kept * 5 < len(made) - times_kept
