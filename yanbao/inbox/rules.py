"""The rules of a column as SQL: which cells break which rule first.

Each rule is a condition over the cell, named ``cell`` in the query; values go in as
parameters. The first condition that holds names the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from yanbao.catalog import Column
from yanbao.inbox.summary_rows import SUMMARY_CELL

Form = Literal["text", "integer", "number", "date", "moment", "boolean", "nothing"]

NUMBER_PATTERN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?"
WHOLE_PATTERN = r"[+-]?\d+(\.0*)?"
NOT_FINITE_PATTERN = r"(?i)[+-]?(nan|inf|infinity)"
FORMULA_PATTERN = r"[=@+\-].+"
# What a spreadsheet shows where a formula failed; never a name or a code.
_ERROR_VALUES = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
EARLIEST_DAY = date(1900, 1, 1)

# A Parquet column in another form can hold no valid cell, so the file is refused.
_FORMS_THAT_FIT: dict[str, tuple[Form, ...]] = {
    "code": ("text", "integer"),
    "text": ("text", "integer", "number", "boolean"),
    "date": ("text", "date", "moment"),
    "decimal": ("text", "integer", "number"),
    "integer": ("text", "integer", "number"),
    "boolean": ("text", "boolean"),
}


@dataclass(frozen=True)
class Rule:
    """``condition`` is true for the cells that break the rule called ``name``."""

    name: str
    condition: str
    values: tuple[object, ...] = ()


def form_of(kind: pa.DataType) -> Form | None:
    """How the cells of an Arrow column are held; ``None`` for forms that are never read."""
    types = pa.types
    forms: tuple[tuple[Form, bool], ...] = (
        ("nothing", types.is_null(kind)),
        ("text", types.is_string(kind) or types.is_large_string(kind)),
        ("integer", types.is_integer(kind)),
        (
            "number",
            types.is_float32(kind) or types.is_float64(kind) or types.is_decimal(kind),
        ),
        ("date", types.is_date(kind)),
        ("moment", types.is_timestamp(kind) and kind.tz is None),
        ("boolean", types.is_boolean(kind)),
    )
    return next((form for form, holds in forms if holds), None)


def fits(column: Column, form: Form | None) -> bool:
    return form == "nothing" or form in _FORMS_THAT_FIT[column.kind]


def typed(column: Column, form: Form, cell: str) -> str:
    """SQL for the cell's value in the column's type; null where it has none."""
    if column.kind in ("code", "text", "boolean"):
        return f"cast({cell} as varchar)"
    return f"try_cast({cell} as {column.sql_type})"


def rules_of(column: Column, form: Form, latest: date | None) -> Iterator[Rule]:
    """The rules of a column in order; ``latest`` is the last day that a date may be."""
    if column.required:
        yield Rule("required", "cell is null")
    if form == "nothing":
        return
    if column.kind == "decimal":
        yield from _number_rules(column, form)
    elif column.kind == "integer":
        yield from _whole_rules(column, form)
    elif column.kind == "date":
        yield from _date_rules(form, latest)
    else:
        yield from _text_rules(column, form)


def summary_rule(kept: Sequence[str]) -> Rule:
    """The rule of a name in the key: 合计 and Total are none, but for the words ``kept``."""
    is_total = "length(cell) < 24 and regexp_full_match(cell, ?)"
    condition = f"{is_total} and not list_contains(cast(? as varchar[]), cell)"
    return Rule("summary_row", condition, (SUMMARY_CELL, list(kept)))


def _number_rules(column: Column, form: Form) -> Iterator[Rule]:
    value = typed(column, form, "cell")
    if form == "text":
        yield Rule("not_finite", "regexp_full_match(cell, ?)", (NOT_FINITE_PATTERN,))
        yield Rule("type", "not regexp_full_match(cell, ?)", (NUMBER_PATTERN,))
    yield Rule("not_finite", f"cell is not null and coalesce(not isfinite({value}), true)")
    yield from _bounds(column, value)


def _whole_rules(column: Column, form: Form) -> Iterator[Rule]:
    value = typed(column, form, "cell")
    if form == "text":
        yield Rule("not_finite", "regexp_full_match(cell, ?)", (NOT_FINITE_PATTERN,))
        yield Rule("type", "not regexp_full_match(cell, ?)", (WHOLE_PATTERN,))
    elif form == "number":
        number = "cast(cell as double)"
        yield Rule("not_finite", f"not isfinite({number})")
        yield Rule("type", f"{number} <> trunc({number})")
    yield Rule("type", f"cell is not null and {value} is null")
    yield from _bounds(column, value)


def _bounds(column: Column, value: str) -> Iterator[Rule]:
    if column.minimum is not None:
        yield Rule("minimum", f"{value} < ?", (column.minimum,))
    if column.maximum is not None:
        yield Rule("maximum", f"{value} > ?", (column.maximum,))


def _date_rules(form: Form, latest: date | None) -> Iterator[Rule]:
    value = "try_cast(cell as date)"
    if form == "text":
        yield Rule("type", r"not regexp_full_match(cell, '\d{4}-\d{2}-\d{2}')")
        yield Rule("type", f"cell is not null and {value} is null")
    if form == "moment":
        yield Rule("type", "cell <> date_trunc('day', cell)")
    yield Rule("minimum", f"{value} < ?", (EARLIEST_DAY,))
    if latest is not None:
        yield Rule("not_in_future", f"{value} > ?", (latest,))


def _text_rules(column: Column, form: Form) -> Iterator[Rule]:
    value = "cast(cell as varchar)"
    if form == "text":
        marks = ", ".join("?" for _ in _ERROR_VALUES)
        yield Rule("error_value", f"cell in ({marks})", _ERROR_VALUES)
    if column.kind == "code":
        yield Rule("code_pattern", f"not regexp_full_match({value}, ?)", (column.pattern,))
    elif form == "number":
        yield Rule("type", "cell is not null")
    if column.kind == "boolean" and form == "text":
        yield Rule("type", "cell not in ('true', 'false')")
    if column.allowed:
        marks = ", ".join("?" for _ in column.allowed)
        yield Rule("allowed", f"{value} not in ({marks})", column.allowed)
