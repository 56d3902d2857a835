"""Runs rules on a data frame through Great Expectations and reads what came back.

Only this module imports Great Expectations, and only when a gate runs: the import costs
seconds. Its answer is not trusted on its word: an expectation that raised, that sent no
answer or two, that did not look at every row or observed nothing did not run, and is
never taken for bad data. Only data frames are validated: over DuckDB every expectation of
Great Expectations 1.24.1 came back false with an empty result.
"""

from __future__ import annotations

import gc
import os
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from yanbao_gx.kept_configurations import configurations_kept
from yanbao_gx.lazy_import import put_off
from yanbao_gx.outcome import SAMPLE_ROWS, CheckResult, Outcome, verdict
from yanbao_gx.rules import Rule
from yanbao_gx.wording import shown

CHECK = "check"
COUNTS: dict[str, Any] = {"result_format": "BASIC"}
POSITIONS: dict[str, Any] = {
    "result_format": "SUMMARY",
    "partial_unexpected_count": SAMPLE_ROWS,
}
REASON_LENGTH = 160
LARGE_FRAME = 50_000  # rows worth eight milliseconds to be freed before the next gate
UNCHECKED_HINT = "repair the check or its input and run again; do not publish unchecked"


@dataclass(frozen=True)
class Target:
    """What is checked: ``where`` opens every message, ``key`` names a row in samples."""

    gate: str
    subject: str
    where: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Answer:
    """What one expectation returned; ``unchecked`` is the reason if it did not run."""

    success: bool
    result: Mapping[str, Any]
    unchecked: str = ""


@dataclass(frozen=True)
class _Stack:
    suite: Any
    expectation_class: Any
    expectations: Any
    batches: Any


def evaluate(
    rules: Sequence[Rule], frame: pd.DataFrame, target: Target
) -> tuple[CheckResult, ...]:
    """One result per rule, in the order of the rules."""
    if len({rule.check for rule in rules}) != len(rules):
        raise ValueError(f"two rules of {target.subject} have one name")
    rows = frame.reset_index(drop=True)
    answers = _ask(rules, rows, COUNTS)
    broken = [rule for rule in rules if answers[rule.check].result.get("unexpected_count")]
    positions = _ask(broken, rows, POSITIONS) if broken else {}
    results = []
    for rule in rules:
        failing = _failing_rows(rule, answers[rule.check], positions.get(rule.check), rows)
        results.append(_judge(rule, answers[rule.check], failing, target))
    if len(rows) >= LARGE_FRAME:
        _let_go()
    return tuple(results)


def evaluate_part(
    name: str,
    build: Callable[[], tuple[Sequence[Rule], pd.DataFrame]],
    target: Target,
) -> tuple[CheckResult, ...]:
    """Prepare rules and frame, then evaluate; columns that are absent or of the wrong type
    make the whole part a check that could not run.
    """
    try:
        rules, frame = build()
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        return (could_not_run(target, name, reason(error)),)
    return evaluate(rules, frame, target) if rules else ()


def could_not_run(
    target: Target, check: str, why: str, *, expected: str = "", hint: str = UNCHECKED_HINT
) -> CheckResult:
    """The result of a check that did not happen."""
    return verdict(
        target.gate,
        target.subject,
        target.where,
        check,
        outcome="could_not_run",
        observed=why,
        expected=expected,
        hint=hint,
    )


def reason(error: BaseException) -> str:
    """The first line of an error, without the trace and without a local path."""
    if isinstance(error, OSError) and error.filename:
        return f"{Path(str(error.filename)).name}: {error.strerror}"
    return _first_line(f"{type(error).__name__}: {error}")


def _judge(
    rule: Rule, answer: _Answer, failing: tuple[int, pd.DataFrame], target: Target
) -> CheckResult:
    if answer.unchecked:
        return could_not_run(target, rule.check, answer.unchecked, expected=rule.expected)
    count, rows = failing
    outcome: Outcome = "pass" if answer.success else "fail"
    return verdict(
        target.gate,
        target.subject,
        target.where,
        rule.check,
        outcome=outcome,
        severity=rule.severity,
        observed=rule.observed(answer.result),
        expected=rule.expected,
        hint=rule.hint,
        failing_rows=count,
        sample=_sample(rows, (*target.key, *rule.columns)),
    )


def _failing_rows(
    rule: Rule, answer: _Answer, positions: _Answer | None, frame: pd.DataFrame
) -> tuple[int, pd.DataFrame]:
    """How many rows break the rule, and the first of them."""
    if positions is not None:
        found = positions.result.get("partial_unexpected_index_list") or []
        return int(answer.result["unexpected_count"]), frame.loc[found[:SAMPLE_ROWS]]
    suspects = None if answer.unchecked or answer.success else rule.suspects(frame)
    if suspects is None:
        return 0, frame.head(0)
    return int(suspects.sum()), frame[suspects].head(SAMPLE_ROWS)


def _sample(rows: pd.DataFrame, columns: Iterable[str]) -> tuple[dict[str, str], ...]:
    if rows.empty:
        return ()
    kept = [name for name in dict.fromkeys(columns) if name in rows.columns]
    records = rows[kept].astype(object).to_dict("records")
    return tuple(
        {str(name): "" if pd.isna(cell) else shown(cell) for name, cell in record.items()}
        for record in records
    )


def _ask(
    rules: Sequence[Rule], frame: pd.DataFrame, result_format: dict[str, Any]
) -> dict[str, _Answer]:
    """One answer per rule, whatever the validator does."""
    returned: dict[str, list[Any]] = defaultdict(list)
    unbuilt: dict[str, str] = {}
    expectations = []
    for rule in rules:
        try:
            expectations.append(rule.expectation(_stack().expectations, {CHECK: rule.check}))
        except Exception as error:  # noqa: BLE001 - reported as a check that could not run
            unbuilt[rule.check] = reason(error)
    try:
        for result in _validate(expectations, frame, result_format):
            returned[result.expectation_config.meta[CHECK]].append(result)
    except Exception as error:  # noqa: BLE001 - reported as checks that could not run
        unbuilt = {rule.check: reason(error) for rule in rules} | unbuilt
    return {
        rule.check: _Answer(False, {}, unbuilt[rule.check])
        if rule.check in unbuilt
        else _read(rule, returned[rule.check], len(frame))
        for rule in rules
    }


def _read(rule: Rule, results: list[Any], rows: int) -> _Answer:
    if len(results) != 1:
        return _Answer(False, {}, f"{len(results)} answers came back instead of one")
    (result,) = results
    raised = _raised(result.exception_info or {})
    found: Mapping[str, Any] = result.result or {}
    if raised:
        return _Answer(False, {}, raised)
    if rule.evidence == "rows" and found.get("element_count") != rows:
        looked_at = found.get("element_count", "none")
        return _Answer(False, {}, f"{looked_at} of {rows} rows were looked at")
    if rule.evidence == "value" and _is_missing(found.get("observed_value")):
        return _Answer(False, {}, "no value was observed")
    return _Answer(bool(result.success), found)


def _raised(information: Mapping[Any, Any]) -> str:
    """The message of an exception: the information is flat, or one entry per metric."""
    entries = [information] if "raised_exception" in information else list(information.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return _first_line(str(entry.get("exception_message") or "it raised an error"))
    return ""


def _first_line(text: str) -> str:
    lines = text.strip().splitlines() or ["no message"]
    return lines[0][:REASON_LENGTH]


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _validate(
    expectations: list[Any], frame: pd.DataFrame, result_format: dict[str, Any]
) -> list[Any]:
    if not expectations:
        return []
    stack = _stack()
    batch = stack.batches.get_batch({"dataframe": frame})
    with warnings.catch_warnings(), configurations_kept(stack.expectation_class):
        # Declared patterns contain groups; pandas advises against them in str.contains.
        warnings.filterwarnings("ignore", message=".*has match groups")
        suite = stack.suite(name="gate", expectations=expectations)
        validated = batch.validate(suite, result_format=result_format)
    return list(validated.results)


def _let_go() -> None:
    """Great Expectations keeps the frame that it validated last; hand it an empty one."""
    nothing = _stack().expectations.ExpectTableRowCountToEqual(value=0)
    _validate([nothing], pd.DataFrame(), COUNTS)


@cache
def _stack() -> _Stack:
    """One ephemeral context per process, without telemetry, files or progress bars."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    put_off("scipy", "stats")  # a fifth of the import, for three expectations no rule here is
    collecting = gc.isenabled()
    gc.disable()  # about a tenth of the import is otherwise spent looking for garbage
    try:
        import great_expectations  # noqa: PLC0415 - seconds that only gates should pay
        from great_expectations import expectations  # noqa: PLC0415
        from great_expectations.expectations.expectation import Expectation  # noqa: PLC0415
    finally:
        if collecting:
            gc.enable()
    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batches = (
        context.data_sources.add_pandas("gates")
        .add_dataframe_asset("batch")
        .add_batch_definition_whole_dataframe("whole")
    )
    return _Stack(great_expectations.ExpectationSuite, Expectation, expectations, batches)
