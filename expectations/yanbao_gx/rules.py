"""Named rules: each builds one Great Expectations expectation and words its verdict.

A rule knows how its expectation proves that it was evaluated (``evidence``): a rule over
rows must have counted every row, a rule over the batch must have observed a value.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import pandas as pd

from yanbao_gx.outcome import Severity
from yanbao_gx.wording import between, midnight, shown

Evidence = Literal["rows", "value"]
EXAMPLES = 3
LARGEST = sys.float_info.max


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """``name`` is what messages call the rule, ``hint`` is what to do when it fails."""

    name: str
    hint: str
    severity: Severity = "error"
    evidence: ClassVar[Evidence] = "rows"

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns that a failing row is shown with; empty for the whole batch."""

    @property
    @abstractmethod
    def expected(self) -> str: ...

    @abstractmethod
    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any: ...

    @property
    def check(self) -> str:
        """The name within a gate, unique there: ``range(close)``."""
        return f"{self.name}({', '.join(self.columns)})" if self.columns else self.name

    def observed(self, result: Mapping[str, Any]) -> str:
        """How many rows broke the rule, with examples of what they hold."""
        rows, broken = result["element_count"], result["unexpected_count"]
        if not broken:
            return f"{rows:,} rows in order"
        examples = ", ".join(
            shown(value) for value in result["partial_unexpected_list"][:EXAMPLES]
        )
        return f"{broken:,} of {rows:,} rows such as {examples}"

    def suspects(self, frame: pd.DataFrame) -> pd.Series[bool] | None:
        """Which rows to show when a rule over the whole batch fails."""
        return None


@dataclass(frozen=True, kw_only=True)
class OneColumnRule(Rule):
    """``mostly`` is the share of filled cells that must keep the rule.

    ``shows`` are further columns for the sample, such as those it was derived from.
    """

    column: str
    mostly: float = 1.0
    shows: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.shows, self.column)

    @property
    def check(self) -> str:
        return f"{self.name}({self.column})"

    @property
    def _share(self) -> str:
        return "" if self.mostly == 1 else f" in at least {self.mostly:.4g} of the rows"


@dataclass(frozen=True, kw_only=True)
class Filled(OneColumnRule):
    """The column has no nulls."""

    name: str = "filled"

    @property
    def expected(self) -> str:
        return f"no empty cell{self._share}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectColumnValuesToNotBeNull(
            column=self.column, mostly=self.mostly, meta=meta
        )

    def observed(self, result: Mapping[str, Any]) -> str:
        return f"{result['unexpected_count']:,} of {result['element_count']:,} cells empty"


@dataclass(frozen=True, kw_only=True)
class Within(OneColumnRule):
    """Numbers between bounds, inclusive unless ``exclusive``; infinity never passes."""

    name: str = "range"
    low: float | None = None
    high: float | None = None
    exclusive: bool = False

    @property
    def expected(self) -> str:
        return f"{between(self.low, self.high, exclusive=self.exclusive)}{self._share}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectColumnValuesToBeBetween(
            column=self.column,
            min_value=-LARGEST if self.low is None else self.low,
            max_value=LARGEST if self.high is None else self.high,
            strict_min=self.exclusive and self.low is not None,
            strict_max=self.exclusive and self.high is not None,
            mostly=self.mostly,
            meta=meta,
        )


@dataclass(frozen=True, kw_only=True)
class Proof(Within):
    """Bounds of a derived column; the check goes by the name of what is proven."""

    name: str

    @property
    def check(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class OnOrBefore(OneColumnRule):
    """Dates up to a day, that day included."""

    name: str = "not_in_future"
    day: date

    @property
    def expected(self) -> str:
        return f"on or before {self.day}{self._share}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectColumnValuesToBeBetween(
            column=self.column, max_value=midnight(self.day), mostly=self.mostly, meta=meta
        )


@dataclass(frozen=True, kw_only=True)
class NoneLater(OnOrBefore):
    """The latest of a row's dates, derived; the check goes by its name alone."""

    name: str

    @property
    def check(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class OneOf(OneColumnRule):
    """Values of a declared vocabulary."""

    name: str = "vocabulary"
    values: tuple[str, ...]

    @property
    def expected(self) -> str:
        return f"one of {', '.join(self.values)}{self._share}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectColumnValuesToBeInSet(
            column=self.column, value_set=list(self.values), mostly=self.mostly, meta=meta
        )


@dataclass(frozen=True, kw_only=True)
class Matches(OneColumnRule):
    """Codes that match a pattern from end to end."""

    name: str = "pattern"
    pattern: str

    @property
    def expected(self) -> str:
        return f"the form {self.pattern}{self._share}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        # $ would accept a trailing line break, \Z does not.
        whole = rf"^(?:{self.pattern})\Z"
        return gxe.ExpectColumnValuesToMatchRegex(
            column=self.column, regex=whole, mostly=self.mostly, meta=meta
        )


@dataclass(frozen=True, kw_only=True)
class Holds(OneColumnRule):
    """A derived yes-or-no column is yes; the statement says what that means."""

    statement: str

    @property
    def check(self) -> str:
        return self.name

    @property
    def expected(self) -> str:
        return f"{self.statement}{self._share}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectColumnValuesToBeInSet(
            column=self.column, value_set=[True], mostly=self.mostly, meta=meta
        )

    def observed(self, result: Mapping[str, Any]) -> str:
        return f"{result['unexpected_count']:,} of {result['element_count']:,} rows without"


@dataclass(frozen=True, kw_only=True)
class Unique(Rule):
    """No key twice; two empty cells count as equal."""

    name: str = "unique"
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.key

    @property
    def expected(self) -> str:
        return f"one row per {', '.join(self.key)}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        if len(self.key) == 1:
            return gxe.ExpectColumnValuesToBeUnique(column=self.key[0], meta=meta)
        return gxe.ExpectCompoundColumnsToBeUnique(
            column_list=list(self.key), ignore_row_if="never", meta=meta
        )

    def observed(self, result: Mapping[str, Any]) -> str:
        broken = result["unexpected_count"]
        if not broken:
            return f"{result['element_count']:,} different keys"
        first = result["partial_unexpected_list"][0]
        cells = first.values() if isinstance(first, dict) else (first,)
        example = " ".join(shown(cell) for cell in cells)
        return f"{broken:,} rows share a key, such as {example}"
