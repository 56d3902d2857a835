"""What a check found. Three outcomes, never two: a check that could not run is not bad data.

Only ``pass`` lets anything through. ``could_not_run`` outranks ``fail``: as long as one
check did not happen, nobody knows what else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["pass", "fail", "could_not_run"]
Severity = Literal["error", "warn"]

SAMPLE_ROWS = 20
NAMED_ROWS = 5
REASON_LENGTH = 160
UNCHECKED_HINT = "repair the check or its input and run again; do not publish unchecked"


@dataclass(frozen=True)
class CheckResult:
    """One check of one subject: a dataset's load, a mart, or a test of dbt.

    ``message`` is one English line without Chinese: subject, day, rule, observed, expected,
    rows and what to do. ``sample`` holds at most twenty of the failing rows, every cell as
    text. A passing check of a feed may still count ``failing_rows`` within its tolerance:
    those rows are set aside.
    """

    gate: str
    subject: str
    check: str
    outcome: Outcome
    severity: Severity
    observed: str
    expected: str
    failing_rows: int
    sample: tuple[dict[str, str], ...]
    message: str

    @property
    def blocks(self) -> bool:
        """A failed warning lets through; a check that did not happen never does."""
        return self.outcome == "could_not_run" or (
            self.outcome == "fail" and self.severity == "error"
        )

    def to_record(self) -> dict[str, Any]:
        """The result for JSON and for ``meta.check_results``, whose columns these are."""
        record = vars(self) | {"check_name": self.check, "sample": list(self.sample)}
        del record["check"]
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> CheckResult:
        fields = {name: value for name, value in record.items() if name != "check_name"}
        return cls(
            **fields | {"check": record["check_name"], "sample": tuple(record["sample"])}
        )


@dataclass(frozen=True)
class Subject:
    """What is checked at a gate; ``where`` opens every message: the subject and its day."""

    gate: str
    name: str
    where: str

    def result(
        self,
        check: str,
        outcome: Outcome,
        *,
        observed: str,
        expected: str,
        hint: str,
        severity: Severity = "error",
        failing_rows: int = 0,
        sample: Sequence[dict[str, str]] = (),
    ) -> CheckResult:
        """A result with its message composed."""
        observed_line, expected_line = _without_chinese(observed), _without_chinese(expected)
        if outcome == "pass":
            message = f"{check} holds: {observed_line}, expected {expected_line}"
        elif outcome == "fail":
            plural = "" if failing_rows == 1 else "s"
            rows = f" ({failing_rows:,} row{plural})" if failing_rows else ""
            message = (
                f"rule {check} failed: observed {observed_line},"
                f" expected {expected_line}{rows} → {hint}"
            )
        else:
            message = (
                f"rule {check} could not be checked: {observed_line};"
                f" this says nothing about the data → {hint}"
            )
        return CheckResult(
            self.gate,
            self.name,
            check,
            outcome,
            severity,
            observed,
            expected,
            failing_rows,
            tuple(sample[:SAMPLE_ROWS]),
            f"{self.where}: {message}",
        )

    def rows_found(
        self,
        check: str,
        found: Sequence[Mapping[str, object]],
        words: str,
        *,
        otherwise: str,
        expected: str,
        hint: str,
        fails: bool | None = None,
        severity: Severity = "error",
    ) -> CheckResult:
        """The result of a check that looks for wrong rows, the first ones named.

        Each of ``found`` holds its number as ``row`` and the values that ``words`` tells;
        ``otherwise`` is observed where there is none. ``fails`` unless any row does.
        """
        named = ["row {row} ".format(**one) + words.format(**one) for one in found[:NAMED_ROWS]]
        rows = len({one["row"] for one in found})
        return self.result(
            check,
            "fail" if (bool(found) if fails is None else fails) else "pass",
            observed=name_rows(named, len(found)) or otherwise,
            expected=expected,
            hint=hint,
            severity=severity,
            failing_rows=rows,
            sample=[
                {name: _as_text(value) for name, value in one.items()}
                for one in found[:SAMPLE_ROWS]
            ],
        )

    def could_not_run(
        self, check: str, why: str, *, expected: str = "", hint: str = UNCHECKED_HINT
    ) -> CheckResult:
        """The result of a check that did not happen."""
        return self.result(check, "could_not_run", observed=why, expected=expected, hint=hint)

    def attempt(
        self, check: str, judge: Callable[[], Iterable[CheckResult]]
    ) -> tuple[CheckResult, ...]:
        """What ``judge`` finds; columns that are absent or of the wrong type make all of it
        one check that could not run.
        """
        try:
            return tuple(judge())
        except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
            return (self.could_not_run(check, reason(error)),)


@dataclass(frozen=True)
class GateResult:
    """All checks of one load, of one mart, or of the agreement between marts."""

    gate: str
    subject: str
    results: tuple[CheckResult, ...]

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.results)

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        return blocking(self.results)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        failing = [result for result in self.results if result.outcome == "fail"]
        return tuple(result for result in failing if not result.blocks)


def blocking(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The checks that block, those that could not run first."""
    found = [result for result in results if result.blocks]
    return tuple(sorted(found, key=lambda result: result.outcome != "could_not_run"))


def outcome_of(results: Sequence[CheckResult]) -> Outcome:
    """No results means that nothing was checked, which is not a pass."""
    if not results:
        return "could_not_run"
    return next((result.outcome for result in blocking(results)), "pass")


def name_rows(named: Sequence[str], rows: int) -> str:
    """The first failing rows in words, and how many more there are."""
    more = f"; and {rows - len(named):,} more" if rows > len(named) else ""
    return "; ".join(named) + more


def _as_text(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def reason(error: BaseException) -> str:
    """The first line of an error, without the trace and without a local path."""
    if isinstance(error, OSError) and error.filename:
        return f"{Path(str(error.filename)).name}: {error.strerror}"
    return first_line(f"{type(error).__name__}: {error}")


def first_line(text: str) -> str:
    lines = text.strip().splitlines() or ["no message"]
    return lines[0][:REASON_LENGTH]


def _without_chinese(text: str) -> str:
    """One line without Chinese; the untouched text stays in its own field."""
    words = [word if _is_latin(word) else "…" for word in text.split()]
    return " ".join(words)


def _is_latin(word: str) -> bool:
    return all(ord(character) < 0x2E80 for character in word)
