"""All checks of one file's rows: cells, then keys; every row is accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import Dataset
from yanbao.catalog.cell_rules import ROW, Form, fits, form_of
from yanbao.inbox.checks import bad_cells, checking, formula_warnings
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.received import Received
from yanbao.inbox.repeats import find_repeats


@dataclass(frozen=True, eq=False)
class Checked:
    """``accepted`` rows have the number of their row in the file, as findings have."""

    accepted: pa.Table
    quarantined: list[BadCell]
    quarantined_rows: int
    collapsed: int
    warnings: list[str]


@dataclass(frozen=True, eq=False)
class Checker:
    """All checks of one file; ``most`` is the number of bad cells that it may have.

    While they are checked, rows are counted from 1: several may be of one row of the file.
    """

    dataset: Dataset
    today: date
    most: int
    received: Received

    def check(self, rows: pa.Table, kept: Mapping[str, Sequence[str]]) -> Checked:
        """Cells first; then keys, among the rows whose cells are all good.

        ``kept`` are words per column that the mapping writes itself.
        """
        forms = _forms(self.dataset, rows)
        rows = rows.append_column(ROW, pa.array(np.arange(1, rows.num_rows + 1)))
        try:
            with checking() as connection:
                connection.register("received", rows)
                found = bad_cells(
                    connection, self.dataset, forms, self.today, self.most, kept=kept
                )
                warnings = formula_warnings(connection, self.dataset, forms, self._row_of)
                self._bound(found)
                good = _without(rows, _numbers_of(found))
                connection.register("received", good)
                contradicting, repeated = find_repeats(
                    connection, self.dataset, forms, self.most, self._row_of
                )
        except duckdb.OutOfMemoryException as error:
            raise FileRefusedError(
                f"checking {self.received.rows_in:,} rows needs more memory than there is",
                "split the file by date",
            ) from error
        found += contradicting
        self._bound(found)
        accepted = _without(_without(good, _numbers_of(contradicting)), repeated)
        bad = len(self.received.broken) + len(_numbers_of(found))
        self._prove_no_row_lost(accepted.num_rows, bad, len(repeated))
        return Checked(
            self._numbered(accepted), self._named(found), bad, len(repeated), warnings
        )

    def _row_of(self, position: int) -> int:
        """The row of the file, as a person counts it."""
        return int(self.received.numbers[position - 1].as_py())

    def _numbered(self, rows: pa.Table) -> pa.Table:
        positions = pc.subtract(rows.column(ROW), 1)
        numbers = self.received.numbers.take(positions)
        return rows.set_column(rows.schema.get_field_index(ROW), ROW, numbers)

    def _named(self, found: list[BadCell]) -> list[BadCell]:
        """All findings by the row of the file, and by the cell where it became several rows."""
        headers = self.received.cell_headers
        named = [row.finding for row in self.received.broken]
        for cell in sorted(found, key=lambda cell: cell.row):
            of = f" (column {shown(headers[cell.row - 1])!r})" if headers else ""
            named.append(replace(cell, row=self._row_of(cell.row), hint=f"{cell.hint}{of}"))
        return sorted(named, key=lambda cell: cell.row)

    def _bound(self, found: list[BadCell]) -> None:
        """A file with a million bad cells has one mistake, reported once."""
        if len(self.received.broken) + len(found) > self.most:
            first = [row.finding for row in self.received.broken[:1]] or self._named(found[:1])
            raise FileRefusedError(
                f"more than {self.most:,} cells are bad; the first is row {first[0].row},"
                f" {first[0].column or 'the row'}: {first[0].value!r} ({first[0].rule})",
                first[0].hint,
            )

    def _prove_no_row_lost(self, accepted: int, quarantined: int, collapsed: int) -> None:
        if self.received.rows_in != accepted + quarantined + collapsed:
            raise AssertionError(
                f"{self.received.rows_in} rows came in, but {accepted} accepted,"
                f" {quarantined} quarantined and {collapsed} collapsed rows came out"
            )


def _forms(dataset: Dataset, rows: pa.Table) -> dict[str, Form]:
    """How each column is held; refuses a Parquet column that can hold no valid cell."""
    forms: dict[str, Form] = {}
    for name in rows.column_names:
        column, kind = dataset.column(name), rows.schema.field(name).type
        form = form_of(kind)
        if form is None or not fits(column, form):
            raise FileRefusedError(
                f"column {name} holds {kind}, where {dataset.name} has a {column.kind}",
                "store it as text or in its own type",
            )
        forms[name] = form
    return forms


def _numbers_of(found: Iterable[BadCell]) -> pa.Array:
    return pa.array({cell.row for cell in found}, pa.int64())


def _without(rows: pa.Table, numbers: pa.Array | pa.ChunkedArray) -> pa.Table:
    if len(numbers) == 0:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows.column(ROW), value_set=numbers)))
