"""The rules of a dataset's cells, and the one query that finds the cells that break them.

A rule is an SQL condition over the cell, named ``cell`` in the query; values go in as
parameters. The first condition that holds names the rule. Dropped files, feeds and files at
the raw gate are all judged by these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from yanbao.catalog.declaration import Column, Dataset
from yanbao.catalog.garbled import GARBLED

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Form = Literal["text", "integer", "number", "date", "moment", "boolean", "nothing"]

NUMBER_PATTERN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?"
WHOLE_PATTERN = r"[+-]?\d+(\.0*)?"
NOT_FINITE_PATTERN = r"(?i)[+-]?(nan|inf|infinity)"
FORMULA_PATTERN = r"[=@+\-].+"
# What a spreadsheet shows where a formula failed; never a name or a code.
_ERROR_VALUES = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
GARBLED_RULE = "garbled"
ROW = "_row"
BAD_CELL_SHARE = 0.001  # more than one bad cell in a thousand rejects a feed's batch
EARLIEST_DAY = date(1900, 1, 1)
# No number of a market is larger, in any currency; decimal(24, 2) holds sums of them.
LARGEST = 1e16

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
class CellRule:
    """``condition`` is true for the cells that break the rule called ``name``.

    It may use ``other``, the cell of the column ``beside`` in the same row.
    """

    name: str
    condition: str
    values: tuple[object, ...] = ()
    beside: str = ""


def form_of(kind: pa.DataType) -> Form | None:
    """How the cells of an Arrow column are held; ``None`` for forms that are never read."""
    from pyarrow import types  # noqa: PLC0415 - the command line starts without it

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


def rules_of(dataset: Dataset, column: Column, form: Form, today: date) -> Iterator[CellRule]:
    """The rules of a column in order; ``today`` is the last day that has come."""
    if column.required:
        yield CellRule("required", "cell is null")
    if form == "nothing":
        return
    if column.kind in ("decimal", "integer"):
        yield from _numeric_rules(column, form)
    elif column.kind == "date":
        latest = today if _is_known_past(dataset, column.name) else None
        yield from _date_rules(form, latest)
        if column.not_before:
            order = "try_cast(cell as date) < try_cast(other as date)"
            yield CellRule("order", order, beside=column.not_before)
    else:
        yield from _text_rules(column, form)


def broken_cells(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    column: str,
    rules: Sequence[CellRule],
    most: int | None = None,
) -> list[tuple[int, str, str]]:
    """Row number, text and broken rule of each cell that breaks a rule, in order of rows.

    The relation numbers its rows in ``_row``; at most ``most`` cells are returned.
    """
    present = {name for name, *_ in connection.execute(f"describe {relation}").fetchall()}
    rules = [rule for rule in rules if not rule.beside or rule.beside in present]
    if not rules:
        return []
    branches = " ".join(f"when {rule.condition} then '{rule.name}'" for rule in rules)
    beside = {quoted(rule.beside) for rule in rules if rule.beside} or {"null"}
    query = f"""
        with cells as (
            select {ROW}, {quoted(column)} as cell, {", ".join(beside)} as other
            from {relation}
        ),
        judged as (select {ROW}, cell, case {branches} end as rule from cells)
        select {ROW}, coalesce(cast(cell as varchar), ''), rule
        from judged where rule is not null order by {ROW}
        {"" if most is None else f"limit {most}"}
    """
    values = [value for rule in rules for value in rule.values]
    return connection.execute(query, values).fetchall()


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_known_past(dataset: Dataset, name: str) -> bool:
    """Whether a day in this column lies in the past by its meaning.

    An announcement has happened even where a dataset's own periods may lie ahead.
    """
    if name == "announced_on":
        return True
    return name == dataset.date_column and not dataset.future_allowed


def _numeric_rules(column: Column, form: Form) -> Iterator[CellRule]:
    value, is_whole = typed(column, form, "cell"), column.kind == "integer"
    if form == "text":
        pattern = WHOLE_PATTERN if is_whole else NUMBER_PATTERN
        yield CellRule("not_finite", "regexp_full_match(cell, ?)", (NOT_FINITE_PATTERN,))
        yield CellRule("type", "not regexp_full_match(cell, ?)", (pattern,))
    if is_whole and form == "number":
        number = "cast(cell as double)"
        yield CellRule("not_finite", f"not isfinite({number})")
        yield CellRule("type", f"{number} <> trunc({number})")
    if is_whole:
        yield CellRule("type", f"cell is not null and {value} is null")
    else:
        is_finite = f"coalesce(isfinite({value}), false)"
        yield CellRule("not_finite", f"cell is not null and not {is_finite}")
    if column.minimum is not None:
        yield CellRule("minimum", f"{value} < ?", (column.minimum,))
    if column.maximum is not None:
        yield CellRule("maximum", f"{value} > ?", (column.maximum,))
    yield CellRule("magnitude", f"abs({value}) > ?", (LARGEST,))


def _date_rules(form: Form, latest: date | None) -> Iterator[CellRule]:
    value = "try_cast(cell as date)"
    if form == "text":
        yield CellRule("type", r"not regexp_full_match(cell, '\d{4}-\d{2}-\d{2}')")
        yield CellRule("type", f"cell is not null and {value} is null")
    if form == "moment":
        yield CellRule("type", "cell <> date_trunc('day', cell)")
    yield CellRule("minimum", f"{value} < ?", (EARLIEST_DAY,))
    if latest is not None:
        yield CellRule("not_in_future", f"{value} > ?", (latest,))


def _text_rules(column: Column, form: Form) -> Iterator[CellRule]:
    value = "cast(cell as varchar)"
    if form == "text":
        marks = ", ".join("?" for _ in _ERROR_VALUES)
        yield CellRule("error_value", f"cell in ({marks})", _ERROR_VALUES)
    if column.kind == "text" and form == "text":
        # Most cells are plain ASCII, which is told much faster than by the whole pattern.
        is_found = "not regexp_full_match(cell, '[ -}]*') and regexp_matches(cell, ?)"
        yield CellRule(GARBLED_RULE, is_found, (GARBLED,))
    if column.kind == "code":
        yield CellRule("code_pattern", f"not regexp_full_match({value}, ?)", (column.pattern,))
    elif form == "number":
        yield CellRule("type", "cell is not null")
    if column.kind == "boolean" and form == "text":
        yield CellRule("type", "cell not in ('true', 'false')")
    if column.allowed:
        marks = ", ".join("?" for _ in column.allowed)
        yield CellRule("allowed", f"{value} not in ({marks})", column.allowed)
