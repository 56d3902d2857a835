"""Three outcomes: how they combine and how they read."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from yanbao.base.check_result import CheckResult, GateResult, Outcome, Severity, Subject
from yanbao.base.check_words import sample_of

BARS = Subject("raw", "bars", "bars 2024-10-31")


def result(outcome: Outcome, severity: Severity = "error", observed: str = "3") -> CheckResult:
    return BARS.result(
        f"{outcome}_{severity}",
        outcome,
        severity=severity,
        observed=observed,
        expected="1–2",
        hint="look again",
        failing_rows=4,
        sample=tuple({"row": str(number)} for number in range(30)),
    )


@pytest.mark.parametrize(
    ("outcomes", "combined"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "fail"], "fail"),
        (["fail", "could_not_run", "pass"], "could_not_run"),
    ],
)
def test_could_not_run_beats_fail_beats_pass(outcomes, combined):
    gate = GateResult("raw", "bars", tuple(result(outcome) for outcome in outcomes))
    assert gate.outcome == combined


def test_nothing_evaluated_is_not_a_pass():
    gate = GateResult("raw", "bars", ())
    assert gate.outcome == "could_not_run"


def test_failed_warning_lets_through_and_is_still_listed():
    gate = GateResult("raw", "bars", (result("fail", "warn"), result("pass")))
    assert gate.outcome == "pass"
    assert gate.failed == ()
    assert [one.check for one in gate.warnings] == ["fail_warn"]


def test_warning_that_could_not_run_blocks():
    gate = GateResult("raw", "bars", (result("could_not_run", "warn"), result("pass")))
    assert gate.outcome == "could_not_run"


def test_the_three_outcomes_read_differently():
    gate = GateResult("raw", "bars", (result("fail"), result("could_not_run")))
    unchecked, failed = gate.failed
    assert "could not be checked" in unchecked.message
    assert "says nothing about the data" in unchecked.message
    assert "failed" in failed.message
    assert "holds" in result("pass").message


def test_message_names_subject_day_rule_both_numbers_rows_and_hint():
    assert result("fail").message == (
        "bars 2024-10-31: rule fail_error failed: observed 3, expected 1–2 (4 rows)"
        " → look again"
    )


def test_message_has_one_line_and_no_chinese_but_the_field_keeps_it():
    worded = result("fail", observed="样例\nvalue")
    assert "observed … value," in worded.message
    assert worded.observed == "样例\nvalue"


def test_sample_holds_at_most_twenty_rows():
    assert len(result("fail").sample) == 20


@pytest.mark.parametrize("outcome", ["pass", "fail", "could_not_run"])
def test_result_survives_its_record(outcome):
    found = result(outcome, "warn", observed="样例")
    record = json.loads(json.dumps(found.to_record()))
    assert record["check_name"] == f"{outcome}_warn"
    assert CheckResult.from_record(record) == found


def test_part_that_cannot_be_prepared_could_not_run_and_names_no_path(tmp_path):
    def judge() -> list[CheckResult]:
        (tmp_path / "rules.csv").read_text()
        raise AssertionError

    (found,) = BARS.attempt("rules", judge)
    assert found.outcome == "could_not_run"
    assert "rules.csv" in found.message
    assert str(tmp_path) not in found.message


def test_failing_rows_show_their_numbers_with_all_digits() -> None:
    rows = pd.DataFrame({"code": ["999001.CSI"], "close": [419363.15]})
    assert sample_of(rows, ["code", "close"]) == [{"code": "999001.CSI", "close": "419363.15"}]
