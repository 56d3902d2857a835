"""What a check says. Three outcomes, never two: a check that could not run is not bad data.

Only ``pass`` lets anything through. ``could_not_run`` outranks ``fail``: as long as one
check did not happen, nobody knows what else is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pass", "fail", "could_not_run"]
Severity = Literal["error", "warn"]

SAMPLE_ROWS = 20


@dataclass(frozen=True)
class CheckResult:
    """One check of one subject.

    ``message`` is one English line without Chinese: subject, day, rule, observed,
    expected, rows and what to do. ``sample`` holds at most twenty of the failing rows,
    every cell as text. A passing check of a feed may still count ``failing_rows`` within
    its tolerance: those cells are for quarantine.
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


@dataclass(frozen=True)
class GateResult:
    """All checks of one dataset's batch, of one mart, or of the agreement between marts."""

    gate: str
    subject: str
    results: tuple[CheckResult, ...]

    @property
    def outcome(self) -> Outcome:
        """No results means that nothing was checked, which is not a pass."""
        blocking = {result.outcome for result in self.failed}
        if not self.results or "could_not_run" in blocking:
            return "could_not_run"
        return "fail" if blocking else "pass"

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that block, those that could not run first."""
        blocking = [result for result in self.results if result.blocks]
        return tuple(sorted(blocking, key=lambda result: result.outcome != "could_not_run"))

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        failing = [result for result in self.results if result.outcome == "fail"]
        return tuple(result for result in failing if not result.blocks)

    def lines(self) -> tuple[str, ...]:
        """One line per check that did not pass, blocking ones first; else one line."""
        if not self.results:
            return (f"COULD NOT CHECK {self.subject}: no check was evaluated",)
        lines = [
            *(f"{_word(result)} {result.message}" for result in self.failed),
            *(f"WARNING {result.message}" for result in self.warnings),
        ]
        if not self.failed:
            passed = sum(result.outcome == "pass" for result in self.results)
            lines.append(f"PASSED {self.subject}: {passed} of {len(self.results)} checks")
        return tuple(lines)


def _word(result: CheckResult) -> str:
    return "COULD NOT CHECK" if result.outcome == "could_not_run" else "FAILED"


def verdict(
    gate: str,
    subject: str,
    where: str,
    check: str,
    *,
    outcome: Outcome,
    severity: Severity = "error",
    observed: str,
    expected: str,
    hint: str,
    failing_rows: int = 0,
    sample: tuple[dict[str, str], ...] = (),
) -> CheckResult:
    """A result with its message composed; ``where`` is the subject and its day."""
    observed_line, expected_line = _plain(observed), _plain(expected)
    if outcome == "pass":
        message = f"{where}: {check} holds: {observed_line}, expected {expected_line}"
    elif outcome == "fail":
        plural = "" if failing_rows == 1 else "s"
        rows = f" ({failing_rows:,} row{plural})" if failing_rows else ""
        message = (
            f"{where}: rule {check} failed: observed {observed_line},"
            f" expected {expected_line}{rows} → {hint}"
        )
    else:
        message = (
            f"{where}: rule {check} could not be checked: {observed_line};"
            f" this says nothing about the data → {hint}"
        )
    return CheckResult(
        gate,
        subject,
        check,
        outcome,
        severity,
        observed,
        expected,
        failing_rows,
        sample[:SAMPLE_ROWS],
        message,
    )


def _plain(text: str) -> str:
    """One line without Chinese; the untouched text stays in its own field."""
    words = [word if _is_latin(word) else "…" for word in text.split()]
    return " ".join(words)


def _is_latin(word: str) -> bool:
    return all(ord(character) < 0x2E80 for character in word)
