"""The expectations of this project: Great Expectations' own, named and worded for a reader.

``meta["check"]`` is the name of a check within its gate, ``description`` what is expected,
``notes`` what to do when it fails, ``meta["shows"]`` further columns of the sample, such as
those that a derived column was computed from. An expectation without them is taken as well:
it is named by its type and its column.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation

from yanbao.base import check_words
from yanbao.base.check_words import rows_with_examples, shown

TRACE = (
    "find the load_id of these rows in core with yanbao sql; correct the source or the model"
)
Shows = str | Sequence[str]  # names of columns, in a text with blanks between them
LARGEST = sys.float_info.max


def between(
    column: str,
    low: float | None = None,
    high: float | None = None,
    *,
    check: str = "",
    shows: Shows = (),
    exclusive: bool = False,
    mostly: float = 1.0,
    severity: str = "critical",
    hint: str = TRACE,
) -> Expectation:
    """Numbers between bounds, inclusive unless ``exclusive``; infinity never passes."""
    share = "" if mostly == 1 else f" in at least {mostly:.4g} of the rows"
    return gxe.ExpectColumnValuesToBeBetween(
        column=column,
        min_value=-LARGEST if low is None else low,
        max_value=LARGEST if high is None else high,
        strict_min=exclusive and low is not None,
        strict_max=exclusive and high is not None,
        mostly=mostly,
        severity=severity,
        **named(
            check or f"range({column})",
            check_words.between(low, high, exclusive=exclusive) + share,
            hint,
            shows,
        ),
    )


def holds(
    check: str,
    column: str,
    statement: str,
    *,
    shows: Shows = (),
    mostly: float = 1.0,
    hint: str = TRACE,
) -> Expectation:
    """A derived yes-or-no column is yes; the statement says what that means."""
    share = "" if mostly == 1 else f" in at least {mostly:.4g} of the rows"
    return gxe.ExpectColumnValuesToBeInSet(
        column=column,
        value_set=[True],
        mostly=mostly,
        **named(check, statement + share, hint, shows),
    )


def unique(key: Sequence[str], *, hint: str) -> Expectation:
    """No key twice; two empty cells count as equal."""
    columns = ", ".join(key)
    words = named(f"unique({columns})", f"one row per {columns}", hint)
    if len(key) == 1:
        return gxe.ExpectColumnValuesToBeUnique(column=key[0], **words)
    return gxe.ExpectCompoundColumnsToBeUnique(
        column_list=list(key), ignore_row_if="never", **words
    )


def named(check: str, expected: str, hint: str, shows: Shows = ()) -> dict[str, Any]:
    """The arguments that name and word any expectation.

    ``meta`` is kept small: Great Expectations copies it a hundred times while it validates.
    """
    names = shows if isinstance(shows, str) else " ".join(shows)
    meta = {"check": check, "shows": names} if names else {"check": check}
    return {"description": expected, "notes": hint, "meta": meta}


def name_of(expectation: Any) -> str:
    """The name of a check; takes an expectation or the configuration of a result."""
    named = (expectation.meta or {}).get("check")
    if named:
        return str(named)
    kind = getattr(expectation, "expectation_type", None) or expectation.type
    fields = getattr(expectation, "kwargs", None) or vars(expectation)
    return f"{kind}({fields.get('column') or ', '.join(fields.get('column_list', ()))})"


def expected(expectation: Expectation) -> str:
    return str(expectation.description or expectation.expectation_type)


def columns_of(expectation: Any) -> list[str]:
    """The columns that a failing row is shown with; empty for the complete batch."""
    shows = (expectation.meta or {}).get("shows", "").split()
    column = getattr(expectation, "column", None)
    return [*shows, *([column] if column else getattr(expectation, "column_list", []))]


def observed(expectation: Expectation, result: Mapping[str, Any]) -> str:
    """What was found, in words."""
    if isinstance(expectation, gxe.ExpectTableColumnsToMatchSet):
        return _columns_observed(expectation, result["observed_value"])
    if "element_count" not in result:
        counted = isinstance(expectation, gxe.ExpectTableRowCountToBeBetween)
        return shown(result["observed_value"]) + (" rows" if counted else "")
    rows, broken = result["element_count"], result["unexpected_count"]
    examples = result["partial_unexpected_list"]
    if isinstance(expectation, gxe.ExpectColumnValuesToBeInSet):
        return f"{broken:,} of {rows:,} rows without"
    if isinstance(
        expectation, gxe.ExpectColumnValuesToBeUnique | gxe.ExpectCompoundColumnsToBeUnique
    ):
        return _keys_observed(rows, broken, examples)
    return rows_with_examples(broken, rows, examples)


def _keys_observed(rows: int, broken: int, examples: Sequence[Any]) -> str:
    if not broken:
        return f"{rows:,} different keys"
    cells = examples[0].values() if isinstance(examples[0], dict) else examples[:1]
    example = " ".join(shown(cell) for cell in cells)
    return f"{broken:,} rows share a key, such as {example}"


def _columns_observed(expectation: Any, got: list[str]) -> str:
    if expectation.exact_match:
        added = sorted(set(got) - set(expectation.column_set))
        return f"also {', '.join(added)}" if added else "none"
    missing = sorted(set(expectation.column_set) - set(got))
    if not missing:
        return "all of them"
    return "without " + ", ".join(_with_nearest(name, got) for name in missing)


def _with_nearest(name: str, got: list[str]) -> str:
    near = get_close_matches(name, got, n=1)
    return f"{name} (nearest: {near[0]})" if near else name
