"""The raw gate's checks of single cells, by the rules that dropped files are judged by too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from yanbao.base.check_result import CheckResult, Subject, reason
from yanbao.base.check_words import between, rows_with_examples, sample_of
from yanbao.catalog import Column, Dataset
from yanbao.catalog.cell_rules import GARBLED_RULE, ROW, broken_cells, form_of, rules_of

CELLS = "correct the cells at the source, or quarantine them and load the rest"
CLOCK = "the source's clock or date format is wrong; do not shift the dates"
# The rules of cells by the gate's check. How a cell is written is a matter of dropped files:
# staging has cast it by now.
CHECKS = {
    "filled": ("required",),
    "range": ("not_finite", "magnitude", "minimum", "maximum"),
    "order": ("order",),
    "vocabulary": ("allowed",),
    "pattern": ("code_pattern",),
    "not_in_future": ("not_in_future",),
    "readable": (GARBLED_RULE,),
}
STAGED_FORMS = {
    "code": ("text",),
    "text": ("text", "boolean"),
    "date": ("date", "moment"),
    "decimal": ("number", "integer"),
    "integer": ("number", "integer"),
    "boolean": ("boolean",),
}


@dataclass(frozen=True)
class CellChecks:
    """A batch as staging reads it, whose index counts its rows from 0."""

    dataset: Dataset
    frame: pd.DataFrame
    today: date

    @property
    def bad_rows(self) -> list[int]:
        """The rows that hold a cell that breaks a rule."""
        return sorted({row for rows in self._broken.values() for row in rows})

    def results(self, subject: Subject, kept: pd.Index, mostly: float) -> Iterator[CheckResult]:
        """One result per column and check, over the rows that are ``kept``.

        ``mostly`` is the share of the filled cells that must keep a rule.
        """
        share = "" if mostly == 1 else f" in at least {mostly:.4g} of the rows"
        rows = self.frame.loc[kept]
        for column in self._present:
            for check, expected in self._checks_of(column):
                name = f"{check}({column.name})"
                unreadable = self._unreadable.get(column.name)
                if unreadable:
                    yield subject.could_not_run(name, unreadable, expected=expected)
                    continue
                bad = rows.loc[kept.intersection(self._broken[column.name, check])]
                judged = len(rows) if check == "filled" else rows[column.name].count()
                holds = not judged or (judged - len(bad)) / judged >= mostly
                yield subject.result(
                    name,
                    "pass" if holds else "fail",
                    observed=f"{len(bad):,} of {len(rows):,} cells empty"
                    if check == "filled"
                    else rows_with_examples(len(bad), len(rows), bad[column.name]),
                    expected=f"{expected}{share}",
                    hint=CLOCK if check == "not_in_future" else CELLS,
                    failing_rows=len(bad),
                    sample=sample_of(bad, (*self.dataset.key, column.name)),
                )

    @property
    def _present(self) -> list[Column]:
        return [one for one in self.dataset.columns if one.name in self.frame.columns]

    def _checks_of(self, column: Column) -> Iterator[tuple[str, str]]:
        """The checks that a column's declaration implies, with what each expects."""
        if column.required:
            yield "filled", "no empty cell"
        if column.kind in ("decimal", "integer"):
            yield "range", between(column.minimum, column.maximum)
        if column.not_before in self.frame.columns:
            yield "order", f"on or after {column.not_before}"
        if column.allowed:
            yield "vocabulary", f"one of {', '.join(column.allowed)}"
        if column.pattern:
            yield "pattern", f"the form {column.pattern}"
        if column.kind == "text" and not column.allowed:
            yield "readable", "text, and not what another encoding makes of it"
        # An announcement of the evening carries the next day's date at its source.
        if column.name == self.dataset.date_column and not self.dataset.future_allowed:
            yield "not_in_future", f"on or before {self.today}"

    @cached_property
    def _cells(self) -> dict[str, pa.Array | str]:
        """The cells of each column, or why they cannot be judged."""
        return {column.name: self._cells_of(column) for column in self._present}

    def _cells_of(self, column: Column) -> pa.Array | str:
        try:
            cells = pa.array(self.frame[column.name], from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            return reason(error)
        if form_of(cells.type) in ("nothing", *STAGED_FORMS[column.kind]):
            return cells
        return f"the column holds {cells.type}, where a {column.kind} is declared"

    @property
    def _unreadable(self) -> dict[str, str]:
        return {name: why for name, why in self._cells.items() if isinstance(why, str)}

    @cached_property
    def _broken(self) -> dict[tuple[str, str], list[int]]:
        """The rows whose cell breaks a rule, by column and check."""
        found: dict[tuple[str, str], list[int]] = {}
        cells = {n: one for n, one in self._cells.items() if not isinstance(one, str)}
        batch = pa.table({ROW: pa.array(np.arange(len(self.frame))), **cells})
        with duckdb.connect(":memory:") as connection:
            connection.register("batch", batch)
            for column in self._present:
                if column.name in cells:
                    found |= self._broken_of(connection, column, cells[column.name].type)
        return found

    def _broken_of(
        self, connection: duckdb.DuckDBPyConnection, column: Column, held: pa.DataType
    ) -> dict[tuple[str, str], list[int]]:
        check_of = {rule: name for name, _ in self._checks_of(column) for rule in CHECKS[name]}
        form = form_of(held) or "nothing"
        rules = [
            rule
            for rule in rules_of(self.dataset, column, form, self.today)
            if rule.name in check_of
        ]
        found: dict[tuple[str, str], list[int]] = {
            (column.name, check): [] for check in check_of.values()
        }
        for row, _, rule in broken_cells(connection, "batch", column.name, rules):
            found[column.name, check_of[rule]].append(row)
        return found
