"""Running a suite: what counts as evaluated, and what a failing row looks like."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import numpy as np
import pandas as pd
import pytest
from great_expectations.expectations.expectation import Expectation
from yanbao_gx import run as runner
from yanbao_gx.expectations import between, holds, name_of, named, unique

from yanbao.base.check_result import CheckResult, Subject

pytestmark = [pytest.mark.slow]

THINGS = Subject("raw", "things", "things 2024-10-31")
POSITIVE = between("size", 0, hint="weigh again")
DAYS_FILLED = gxe.ExpectColumnValuesToNotBeNull(column="day")


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


def run(expectations: list[Expectation], frame: pd.DataFrame) -> list[CheckResult]:
    return runner.run(gx.ExpectationSuite("things", expectations), frame, THINGS, ("name",))


def only(expectation: Expectation, frame: pd.DataFrame) -> CheckResult:
    (result,) = run([expectation], frame)
    return result


@pytest.mark.parametrize(
    ("expectation", "rows"),
    [
        (gxe.ExpectColumnValuesToNotBeNull(column="name"), 1),
        (between("size", 0), 2),
        (between("size", -2, 1, exclusive=True), 3),
        (holds("good", "is_good", "good"), 1),
        (unique(("day",), hint="h"), 2),
        (gxe.ExpectTableColumnsToMatchSet(column_set=["name", "sizes"], exact_match=False), 0),
        (gxe.ExpectTableColumnsToMatchSet(column_set=["name", "day"]), 0),
        (gxe.ExpectTableRowCountToBeBetween(min_value=5), 0),
        (gxe.ExpectColumnMedianToBeBetween(column="size", min_value=2, max_value=3), 3),
        (gxe.ExpectColumnMaxToBeBetween(column="day", min_value=datetime(2024, 11, 3)), 0),
    ],
    ids=lambda value: name_of(value) if isinstance(value, Expectation) else str(value),
)
def test_each_expectation_fails_on_the_rows_that_break_it(things, expectation, rows):
    result = only(expectation, things)
    assert (result.outcome, result.failing_rows) == ("fail", rows)
    assert len(result.sample) == rows
    assert "things 2024-10-31" in result.message


@pytest.mark.parametrize(
    "expectation",
    [
        DAYS_FILLED,
        between("size", -2, mostly=0.6),
        unique(("name", "day"), hint="h"),
        gxe.ExpectTableColumnsToMatchSet(column_set=["name"], exact_match=False),
        gxe.ExpectTableRowCountToBeBetween(min_value=4),
        gxe.ExpectColumnMedianToBeBetween(column="size", min_value=0, max_value=1),
        gxe.ExpectColumnMaxToBeBetween(column="day", min_value=datetime(2024, 11, 2)),
    ],
    ids=name_of,
)
def test_each_expectation_passes_where_it_is_kept(things, expectation):
    assert only(expectation, things).outcome == "pass"


def test_nulls_of_a_key_count_as_equal():
    frame = pd.DataFrame({"name": ["a", "a", "b"], "size": [np.nan, np.nan, 1.0]})
    assert only(unique(("name", "size"), hint="h"), frame).failing_rows == 2


def test_sample_shows_key_and_column_of_the_failing_rows(things):
    result = only(POSITIVE, things)
    assert result.sample == ({"name": "b", "size": "-2"}, {"name": "c\n", "size": "inf"})


def test_rename_is_reported_with_the_nearest_column(things):
    words = named("columns", "the columns names", "map the columns")
    renamed = gxe.ExpectTableColumnsToMatchSet(column_set=["names"], exact_match=False, **words)
    assert only(renamed, things).message == (
        "things 2024-10-31: rule columns failed: observed without names (nearest: name),"
        " expected the columns names → map the columns"
    )


def test_a_plain_expectation_is_named_by_its_type_and_column(things):
    result = only(DAYS_FILLED, things)
    assert result.check == "expect_column_values_to_not_be_null(day)"
    assert result.observed == "4 rows in order"


def test_expectation_on_a_missing_column_could_not_run(things):
    result = only(between("weight", 0), things)
    assert result.outcome == "could_not_run"
    assert "weight" in result.message


def test_expectation_that_raises_is_not_bad_data(things):
    result = only(between("name", 0), things)
    assert result.outcome == "could_not_run"
    assert result.failing_rows == 0


def test_one_broken_expectation_leaves_the_others_evaluated(things):
    results = run([between("weight", 0), POSITIVE, DAYS_FILLED], things)
    assert [one.outcome for one in results] == ["could_not_run", "fail", "pass"]


def test_median_of_nothing_could_not_run(things):
    nothing = gxe.ExpectColumnMedianToBeBetween(column="nothing", min_value=0, max_value=1)
    assert only(nothing, things).outcome == "could_not_run"


def test_warning_fails_without_blocking(things):
    result = only(between("size", 0, severity="warning"), things)
    assert (result.outcome, result.severity, result.blocks) == ("fail", "warn", False)


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
    monkeypatch.setattr(runner, "validate", lambda *_: answers)
    assert only(POSITIVE, things).outcome == "could_not_run"


def test_validator_that_breaks_makes_every_check_could_not_run(things, monkeypatch):
    def breaks(*_: object) -> list[Any]:
        raise RuntimeError("list index out of range\nand a trace")

    monkeypatch.setattr(runner, "validate", breaks)
    result = only(POSITIVE, things)
    assert result.outcome == "could_not_run"
    assert "list index out of range" in result.message
    assert "\n" not in result.message


def test_two_expectations_of_one_name_are_refused(things):
    with pytest.raises(ValueError, match="one name"):
        run([POSITIVE, POSITIVE], things)


def test_a_large_frame_is_freed(things, monkeypatch):
    validate, seen = runner.validate, []

    def noticed(expectations: list[Any], frame: pd.DataFrame, form: dict[str, Any]) -> Any:
        seen.append(weakref.ref(frame))
        return validate(expectations, frame, form)

    monkeypatch.setattr(runner, "validate", noticed)
    monkeypatch.setattr(runner, "LARGE_FRAME", len(things))
    run([POSITIVE], things)
    gc.collect()
    counted, positioned, _ = seen
    assert counted() is None
    assert positioned() is None


def test_a_run_with_nothing_to_judge_does_not_import_great_expectations():
    modules = "yanbao.quality.gating, yanbao.quality.quality_page, yanbao.nightly.release"
    code = f"import sys, {modules}; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_first_validation_logs_nothing():
    code = (
        "import logging; logging.basicConfig();"
        " import pandas, great_expectations as gx, great_expectations.expectations as gxe;"
        " from yanbao_gx.run import validate, COUNTS;"
        " validate([gxe.ExpectTableRowCountToEqual(value=0)], pandas.DataFrame(), COUNTS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
