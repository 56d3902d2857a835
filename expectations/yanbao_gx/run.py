"""Runs a suite of Great Expectations on a data frame and reads what came back.

The answers are not trusted blindly: an expectation that raised, that sent no answer or two,
that did not look at every row or observed nothing did not run, and is never taken for bad
data. Only data frames are validated: over DuckDB every expectation of Great Expectations
1.24.1 came back false with an empty result.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    Expectation,
    MulticolumnMapExpectation,
)

from yanbao.base.check_result import SAMPLE_ROWS, CheckResult, Subject, first_line, reason
from yanbao.base.check_words import sample_of
from yanbao_gx.expectations import columns_of, expected, name_of, observed

COUNTS: dict[str, Any] = {"result_format": "BASIC"}
POSITIONS: dict[str, Any] = {
    "result_format": "SUMMARY",
    "partial_unexpected_count": SAMPLE_ROWS,
}
LARGE_FRAME = 50_000  # rows worth eight milliseconds to be freed before the next gate
Answer = Mapping[str, Any] | str  # what an expectation returned, or why it did not run


def run(
    suite: gx.ExpectationSuite, frame: pd.DataFrame, subject: Subject, key: Sequence[str] = ()
) -> list[CheckResult]:
    """One result per expectation, in the order of the suite; ``key`` names a row in samples."""
    names = [name_of(expectation) for expectation in suite.expectations]
    if len(set(names)) != len(names):
        raise ValueError(f"two expectations of {suite.name} have one name")
    rows = frame.set_axis(pd.RangeIndex(len(frame)))
    answers = _answers(suite.expectations, rows, COUNTS)
    broken = [one for one in suite.expectations if _unexpected(answers[name_of(one)])]
    positions = _answers(broken, rows, POSITIONS)
    results = []
    for expectation in suite.expectations:
        name = name_of(expectation)
        failing = _failing_rows(expectation, answers[name], positions.get(name), rows)
        sample = sample_of(failing, (*key, *columns_of(expectation)))
        results.append(_result(expectation, answers[name], len(failing), sample, subject))
    if len(rows) >= LARGE_FRAME:
        # Great Expectations keeps the frame that it validated last: give it an empty one.
        validate([gxe.ExpectTableRowCountToEqual(value=0)], pd.DataFrame(), COUNTS)
    return results


def _result(
    expectation: Expectation,
    answer: Answer,
    suspects: int,
    sample: list[dict[str, str]],
    subject: Subject,
) -> CheckResult:
    name, wanted = name_of(expectation), expected(expectation)
    if isinstance(answer, str):
        return subject.could_not_run(name, answer, expected=wanted)
    return subject.result(
        name,
        "pass" if answer["success"] else "fail",
        severity="warn" if expectation.severity == "warning" else "error",
        observed=observed(expectation, answer),
        expected=wanted,
        hint=str(expectation.notes or ""),
        failing_rows=_unexpected(answer) or suspects,
        sample=sample,
    )


def _unexpected(answer: Answer) -> int:
    return 0 if isinstance(answer, str) else int(answer.get("unexpected_count") or 0)


def _failing_rows(
    expectation: Expectation, answer: Answer, positions: Answer | None, frame: pd.DataFrame
) -> pd.DataFrame:
    """The first rows that break an expectation; of a median, those that lie outside."""
    if isinstance(positions, Mapping):
        return frame.loc[positions.get("partial_unexpected_index_list") or []]
    failed = isinstance(answer, Mapping) and not answer["success"]
    if failed and isinstance(expectation, gxe.ExpectColumnMedianToBeBetween):
        values = frame[expectation.column]
        inside = values.between(expectation.min_value, expectation.max_value)
        outside: pd.DataFrame = frame[values.notna() & ~inside]
        return outside
    return frame.head(0)


def _answers(
    expectations: Sequence[Expectation], frame: pd.DataFrame, result_format: dict[str, Any]
) -> dict[str, Answer]:
    """One answer per expectation, whatever the validator does."""
    returned: dict[str, list[Any]] = defaultdict(list)
    try:
        for result in validate(expectations, frame, result_format):
            returned[name_of(result.expectation_config)].append(result)
    except Exception as error:  # noqa: BLE001 - reported as checks that could not run
        return {name_of(one): reason(error) for one in expectations}
    return {
        name_of(one): _answer(one, returned[name_of(one)], len(frame)) for one in expectations
    }


def _answer(expectation: Expectation, results: list[Any], rows: int) -> Answer:
    if len(results) != 1:
        return f"{len(results)} answers came back instead of one"
    (result,) = results
    raised = _raised(result.exception_info or {})
    if raised:
        return raised
    found: dict[str, Any] = dict(result.result or {})
    is_by_row = isinstance(expectation, ColumnMapExpectation | MulticolumnMapExpectation)
    if is_by_row and found.get("element_count") != rows:
        return f"{found.get('element_count', 'none')} of {rows} rows were looked at"
    if not is_by_row and _is_missing(found.get("observed_value")):
        return "no value was observed"
    return found | {"success": bool(result.success)}


def _raised(information: Mapping[Any, Any]) -> str:
    """The message of an exception: the information is flat, or one entry per metric."""
    entries = [information] if "raised_exception" in information else list(information.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return first_line(str(entry.get("exception_message") or "it raised an error"))
    return ""


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def validate(
    expectations: Sequence[Expectation], frame: pd.DataFrame, result_format: dict[str, Any]
) -> list[Any]:
    if not expectations:
        return []
    batch = _batches().get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name="gate", expectations=list(expectations))
    return list(batch.validate(suite, result_format=result_format).results)


@cache
def _batches() -> BatchDefinition[Any]:
    """One ephemeral context per process, without telemetry, files or progress bars."""
    # Its logger of configurations sets its own level, and names a folder that it has made.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("gates")
    return source.add_dataframe_asset("batch").add_batch_definition_whole_dataframe("complete")
