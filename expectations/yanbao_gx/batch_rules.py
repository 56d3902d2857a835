"""Named rules about a batch as a whole: its columns, its size, its typical value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, ClassVar

import pandas as pd

from yanbao_gx.rules import Evidence, Rule
from yanbao_gx.wording import between, midnight, shown


@dataclass(frozen=True, kw_only=True)
class BatchRule(Rule):
    """A rule about the batch as a whole."""

    evidence: ClassVar[Evidence] = "value"

    @property
    def columns(self) -> tuple[str, ...]:
        return ()

    def observed(self, result: Mapping[str, Any]) -> str:
        return shown(result["observed_value"])


@dataclass(frozen=True, kw_only=True)
class HasColumns(BatchRule):
    """Every required column is there."""

    name: str = "columns"
    required: tuple[str, ...]

    @property
    def expected(self) -> str:
        return f"the columns {', '.join(self.required)}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectTableColumnsToMatchSet(
            column_set=list(self.required), exact_match=False, meta=meta
        )

    def observed(self, result: Mapping[str, Any]) -> str:
        got = result["observed_value"]
        missing = sorted(set(self.required) - set(got))
        if not missing:
            return "all of them"
        return "without " + ", ".join(_with_nearest(name, got) for name in missing)


@dataclass(frozen=True, kw_only=True)
class OnlyColumns(BatchRule):
    """No column beyond ``declared``, the declared ones that are there."""

    name: str = "added_columns"
    declared: tuple[str, ...]

    @property
    def expected(self) -> str:
        return "no other columns"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectTableColumnsToMatchSet(
            column_set=list(self.declared), exact_match=True, meta=meta
        )

    def observed(self, result: Mapping[str, Any]) -> str:
        added = sorted(set(result["observed_value"]) - set(self.declared))
        return f"also {', '.join(added)}" if added else "none"


@dataclass(frozen=True, kw_only=True)
class RowCount(BatchRule):
    """So many rows; ``because`` says where the numbers come from."""

    low: int | None = None
    high: int | None = None
    because: str = ""

    @property
    def expected(self) -> str:
        return f"{between(self.low, self.high)} rows{self.because}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectTableRowCountToBeBetween(
            min_value=self.low, max_value=self.high, meta=meta
        )

    def observed(self, result: Mapping[str, Any]) -> str:
        return f"{result['observed_value']:,} rows"


@dataclass(frozen=True, kw_only=True)
class MedianWithin(BatchRule):
    """The median of a derived column. ``of`` says what it is a multiple of, ``shows`` are
    the columns it was computed from.
    """

    column: str
    low: float
    high: float
    of: str = ""
    shows: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.shows, self.column)

    @property
    def check(self) -> str:
        return self.name

    @property
    def expected(self) -> str:
        return f"{between(self.low, self.high)}{self.of}"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectColumnMedianToBeBetween(
            column=self.column, min_value=self.low, max_value=self.high, meta=meta
        )

    def suspects(self, frame: pd.DataFrame) -> pd.Series[bool] | None:
        values = frame[self.column]
        return values.notna() & ~values.between(self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class Reaches(BatchRule):
    """The latest date of a column is at least a day."""

    name: str = "freshness"
    column: str
    day: date

    @property
    def check(self) -> str:
        return f"{self.name}({self.column})"

    @property
    def expected(self) -> str:
        return f"{self.day} or later"

    def expectation(self, gxe: Any, meta: dict[str, str]) -> Any:
        return gxe.ExpectColumnMaxToBeBetween(
            column=self.column, min_value=midnight(self.day), meta=meta
        )


def _with_nearest(name: str, got: list[str]) -> str:
    near = get_close_matches(name, got, n=1)
    return f"{name} (nearest: {near[0]})" if near else name
