"""Rows of a mart as a pack asks for them: filtered, latest only, sorted, limited.

In Python on purpose: the 384 selections of the shipped packs take 0.1 CPU seconds on the
sample, their filters and orders alone as queries of DuckDB 0.8 to 1.0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yanbao.base.errors import PackError
from yanbao.reporting.grammar.fact_spec import COMPARISONS, Condition
from yanbao.reporting.grammar.item_spec import ROW_COUNT
from yanbao.reporting.grammar.row_spec import Filters, Scalar, Selection, SortKey
from yanbao.reporting.styling.formatting import date_text, plain_text, to_decimal

Row = Mapping[str, object]


@dataclass(frozen=True)
class Selected:
    """``total`` counts the rows before the limit was applied.

    ``emptied_by`` is the filtered column that left no row of a mart that has some.
    """

    rows: tuple[Row, ...]
    total: int
    emptied_by: str = ""


def select_rows(rows: Iterable[Row], selection: Selection, key: Sequence[str]) -> Selected:
    """Filter, keep the latest date, sort (ties by key), then limit."""
    chosen, emptied_by = _matching(list(rows), selection.filters)
    if column := selection.latest or selection.same_period:
        last = max((text for row in chosen if (text := _day(row[column]))), default="")
        since = len("2024-") if selection.same_period else 0
        chosen = [row for row in chosen if _day(row[column])[since:] == last[since:]]
    if selection.prefer:
        preferred = [row for row in chosen if not is_missing(row[selection.prefer])]
        chosen = preferred or chosen
    chosen, emptied_late = _matching(chosen, selection.among)
    if selection.distinct:
        first = {row_key(row, selection.distinct): row for row in reversed(chosen)}
        chosen = [row for row in chosen if first[row_key(row, selection.distinct)] is row]
    ordered = sort_rows(chosen, selection.sort, key)
    return Selected(tuple(ordered[: selection.limit]), len(ordered), emptied_by or emptied_late)


def _matching(rows: list[Row], filters: Filters) -> tuple[list[Row], str]:
    """The rows that meet all filters, and the column whose filter left none, if one did."""
    emptied_by = ""
    for column, allowed in filters:
        wanted = {comparable(value) for value in allowed}
        kept = [row for row in rows if comparable(row[column]) in wanted]
        if rows and not kept:
            emptied_by = column
        rows = kept
    return rows, emptied_by


def sort_rows(rows: Iterable[Row], sort: Sequence[SortKey], key: Sequence[str]) -> list[Row]:
    """Sorted by unrounded values; without a sort the mart's own order stays."""
    ordered = list(rows)
    if not sort:
        return ordered
    by_priority = (*sort, *(SortKey(column, descending=False) for column in key))
    for one in reversed(by_priority):
        # Stable sorts, the least important first; the missing go behind the others.
        ordered.sort(key=_value(one.column, _orderable), reverse=one.descending)
        ordered.sort(key=_value(one.column, is_missing))
    return ordered


def _value(column: str, seen_by: Callable[[object], Any]) -> Callable[[Row], Any]:
    return lambda row: seen_by(row[column])


def count_rows_by(rows: Iterable[Row], columns: Sequence[str]) -> list[Row]:
    """One row per combination with its number of rows: by the first column, most first."""
    counts = Counter(tuple(row[column] for column in columns) for row in rows)

    def order(entry: tuple[tuple[object, ...], int]) -> tuple[str, int, list[str]]:
        texts = [plain_text(value) for value in entry[0]]
        return (texts[0] if len(texts) > 1 else "", -entry[1], texts)

    ordered = sorted(counts.items(), key=order)
    return [{**dict(zip(columns, values)), ROW_COUNT: count} for values, count in ordered]


def row_key(row: Row, key: Sequence[str]) -> str:
    """The key as ``trace`` takes it: the key columns joined with |."""
    return "|".join("" if row[name] is None else plain_text(row[name]) for name in key)


def require_unique(rows: Iterable[Row], key: Sequence[str], mart: str) -> None:
    """Refuses a key that names two rows: a trace would lead to the wrong one."""
    counts = Counter(row_key(row, key) for row in rows)
    for text, count in counts.items():
        if count > 1:
            raise PackError(
                f"the key {', '.join(key)} of {mart} names {count} rows ({text})",
                where=f"keys.{mart}",
                hint="list every key column of the mart",
            )


def holds(condition: Condition, value: object) -> bool:
    """Whether a stored value meets the condition; a missing number meets none."""
    if not condition.test:
        return True
    if condition.test in ("present", "missing"):
        return is_missing(value) == (condition.test == "missing")
    if condition.test in ("true", "false"):
        return value is (condition.test == "true")
    number = to_decimal(value)
    return number is not None and COMPARISONS[condition.test](number, condition.bound)


def is_missing(value: object) -> bool:
    if value is None or value == "":
        return True
    return isinstance(value, float | Decimal) and to_decimal(value) is None


def comparable(value: object | Scalar) -> object:
    """Equal for equal facts: dates as ISO text, numbers as decimals, truth as itself."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, date | datetime):
        return date_text(value)
    number = to_decimal(value)
    return value if number is None else number


def _day(value: object) -> str:
    return "" if is_missing(value) else date_text(value)


def _orderable(value: object) -> tuple[int, Decimal, str]:
    """Numbers and truth values by size, everything else as text."""
    if isinstance(value, bool):
        return (0, Decimal(int(value)), "")
    number = to_decimal(value)
    if number is not None:
        return (0, number, "")
    return (1, Decimal(0), date_text(value))
