"""One dropped file to checked rows: the entry of the inbox.

Every row of the file ends in exactly one of three places: accepted, quarantined with a
reason, or collapsed into an identical row. The sum is checked, not assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import Dataset
from yanbao.catalog.cell_rules import ROW, Form, fits, form_of
from yanbao.catalog.terms import Terms
from yanbao.inbox.checks import bad_cells, checking, formula_warnings
from yanbao.inbox.columns import plan_columns
from yanbao.inbox.csv_sheet import CsvSheet
from yanbao.inbox.findings import BadCell, BadRow, shown
from yanbao.inbox.fitting import fitted
from yanbao.inbox.intake import Content, Limits, take_in
from yanbao.inbox.known import detected_mapping
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.parquet_sheet import ParquetSheet
from yanbao.inbox.received import Received, Sheet
from yanbao.inbox.repairs import apply_mapping
from yanbao.inbox.repeats import find_repeats
from yanbao.inbox.reshape import reshaped, reshaped_headers
from yanbao.inbox.unit_mentions import require_declared_units
from yanbao.inbox.xlsx_sheet import XlsxSheet

HOLD_ABOVE = 0.20
_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class ReadFile:
    """A file's rows after all checks.

    ``table`` holds the accepted rows: the received columns that the dataset knows, with
    their received types (CSV cells as text), the mapping's constants as text, and
    ``_row``, the row number that a person sees. ``bad_rows`` are the quarantined rows'
    cells as received, under ``headers``; where a mapping makes several rows of one row of
    the file, that row comes back whole. ``units`` are the units that were converted, by
    column. ``must_hold`` says why the file has to wait for a decision.
    rows_in = accepted + quarantined_rows + collapsed_rows.
    """

    file: str
    dataset: Dataset
    table: pa.Table
    rows_in: int
    quarantined: tuple[BadCell, ...]
    quarantined_rows: int
    collapsed_rows: int
    encoding: str
    content_sha256: str
    size_bytes: int
    ignored_columns: tuple[str, ...] = ()
    must_hold: str | None = None
    warnings: tuple[str, ...] = ()
    mapping: str | None = None
    headers: tuple[str, ...] = ()
    bad_rows: tuple[BadRow, ...] = field(default=(), repr=False)
    units: dict[str, str] = field(default_factory=dict)
    mapping_sha256: str | None = None
    terms: Terms | None = None
    sheet: str | None = None
    title: tuple[str, ...] = ()
    header_rows: int = 1


def read_file(
    path: Path,
    dataset: Dataset | None = None,
    mapping: Mapping | None = None,
    *,
    today: date,
    limits: Limits = _DEFAULT_LIMITS,
    known: Sequence[Mapping] = (),
) -> ReadFile:
    """Read, check and account for every row of one file.

    Without ``dataset`` or ``mapping`` the file is compared with the ``known`` mappings,
    then the dataset is recognised from the file's name, else from its header. ``today`` is the
    last day that a past date may carry. Raises FileRefusedError, before anything is kept,
    where the file as a whole cannot be read.
    """
    content = take_in(path, limits)
    if mapping is None and known:
        mapping = detected_mapping(path, known, dataset, partial(_opened, content, limits))
    sheet = _opened(content, limits, mapping)
    headers = sheet.headers
    if mapping is not None:
        mapping = fitted(mapping, path, headers, sheet.title)
        require_declared_units(path, mapping, headers, sheet.title, partial(_place, sheet))
        headers = reshaped_headers(path, headers, mapping)
    plan = plan_columns(path, headers, dataset, mapping)
    in_file = sheet.load()
    received = in_file if mapping is None else reshaped(path, in_file, mapping)
    rows = received.table.select(list(plan.sources.values()))
    rows = rows.rename_columns(list(plan.sources))
    workbook = isinstance(sheet, XlsxSheet)
    used = mapping or Mapping(dataset=plan.dataset)
    rows = apply_mapping(rows, used, percents=workbook)
    forms = _forms(path, plan.dataset, rows)
    rows = rows.append_column(ROW, received.numbers)
    checker = _Checker(path, plan.dataset, forms, today, limits.bad_cells, _kept(used))
    checked = checker.check(rows, received)
    bad = {cell.row for cell in checked.quarantined}
    quarantined = _named_by_file_row(checked.quarantined, received)
    if isinstance(sheet, XlsxSheet):
        quarantined = _addressed(quarantined, sheet, plan.sources)
    return ReadFile(
        file=path.name,
        dataset=plan.dataset,
        table=_numbered_by_file_row(checked.accepted, received),
        rows_in=received.rows_in,
        quarantined=quarantined,
        quarantined_rows=len(bad),
        collapsed_rows=checked.collapsed,
        encoding=sheet.encoding,
        content_sha256=content.sha256,
        size_bytes=len(content.data),
        ignored_columns=plan.ignored,
        must_hold=_hold_reason(checked.quarantined, len(bad), received.rows_in),
        warnings=(*_unsettled(used), *received.warnings, *plan.warnings, *checked.warnings),
        mapping=used.name or None,
        mapping_sha256=used.sha256 or None,
        terms=used.terms,
        sheet=sheet.sheet.name if isinstance(sheet, XlsxSheet) else None,
        title=sheet.title,
        header_rows=_header_rows(used),
        headers=sheet.headers,
        bad_rows=_returned_rows(in_file, {cell.row for cell in quarantined}),
        units=_named_units(used),
    )


def _named_units(mapping: Mapping) -> dict[str, str]:
    """What was converted, as it is kept with the load; a duration has no multiplier."""
    return {k: word for k, word in mapping.unit_words.items() if k not in mapping.durations}


def _place(sheet: Sheet, text: str) -> str:
    """Where on its sheet a line of the title or a header stands, for an error."""
    if isinstance(sheet, XlsxSheet):
        return f" (cell {sheet.address_of(text)})"
    line = sheet.title.index(text) + 1 if text in sheet.title else len(sheet.title) + 1
    return f" (line {line})"


def _unsettled(mapping: Mapping) -> tuple[str, ...]:
    if not mapping.unsettled:
        return ()
    return (
        f"mapping {mapping.name} has {mapping.unsettled} TODO not settled: what they ask may"
        " change values; settle each, delete its comment, and import the file again",
    )


def _header_rows(mapping: Mapping) -> int:
    first, last = mapping.header_lines or (1, 1)
    return last - first + 1


def _opened(content: Content, limits: Limits, mapping: Mapping | None) -> Sheet:
    if content.suffix == ".parquet":
        return ParquetSheet(content)
    if content.suffix == ".xlsx":
        return XlsxSheet(content, limits, mapping)
    lines = (mapping.header_row, mapping.header_end) if mapping else (None, None)
    return CsvSheet(content, limits, *lines)


@dataclass(frozen=True, eq=False)
class _Checked:
    accepted: pa.Table
    quarantined: tuple[BadCell, ...]
    collapsed: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Checker:
    """All checks of one file; ``most`` is the number of bad cells that it may have.

    ``kept`` are words per column that the mapping writes itself.
    """

    path: Path
    dataset: Dataset
    forms: dict[str, Form]
    today: date
    most: int
    kept: dict[str, tuple[str, ...]]

    def check(self, rows: pa.Table, received: Received) -> _Checked:
        """Cells first; then keys, among the rows whose cells are all good."""
        try:
            return self._check(rows, received)
        except duckdb.OutOfMemoryException as error:
            raise FileRefusedError.of(
                self.path,
                f"checking {received.rows_in:,} rows needs more memory than there is",
                "split the file by date",
            ) from error

    def _check(self, rows: pa.Table, received: Received) -> _Checked:
        found = [row.finding for row in received.broken]
        with checking() as connection:
            connection.register("received", rows)
            found += bad_cells(
                connection, self.dataset, self.forms, self.today, self.most, kept=self.kept
            )
            warnings = formula_warnings(connection, self.dataset, self.forms)
            self._bound(found)
            accepted = _without(rows, _row_numbers(found))
            connection.register("received", accepted)
            repeats = find_repeats(
                connection, self.dataset, self.forms, self.most, received.row_of
            )
        found += repeats.contradicting
        self._bound(found)
        accepted = _without(accepted, _row_numbers(repeats.contradicting))
        accepted = _without(accepted, repeats.collapsed)
        found.sort(key=lambda cell: cell.row)
        collapsed = len(repeats.collapsed)
        _prove_no_row_lost(received.rows_in, accepted.num_rows, found, collapsed)
        return _Checked(accepted, tuple(found), collapsed, tuple(warnings))

    def _bound(self, found: list[BadCell]) -> None:
        """A file with a million bad cells has one mistake, reported once."""
        if len(found) > self.most:
            first = found[0]
            raise FileRefusedError.of(
                self.path,
                f"more than {self.most:,} cells are bad; the first is row {first.row},"
                f" {first.column or 'the row'}: {first.value!r} ({first.rule})",
                first.hint,
            )


def _kept(mapping: Mapping) -> dict[str, tuple[str, ...]]:
    words = {name: (value,) for name, value in mapping.constants.items()}
    return words | {name: tuple(words_of.values()) for name, words_of in mapping.values.items()}


def _forms(path: Path, dataset: Dataset, rows: pa.Table) -> dict[str, Form]:
    """How each column is held; refuses a Parquet column that can hold no valid cell."""
    forms: dict[str, Form] = {}
    for name in rows.column_names:
        column, kind = dataset.column(name), rows.schema.field(name).type
        form = form_of(kind)
        if form is None or not fits(column, form):
            raise FileRefusedError.of(
                path,
                f"column {name} holds {kind}, where {dataset.name} has a {column.kind}",
                "store it as text or in its own type",
            )
        forms[name] = form
    return forms


def _row_numbers(cells: Iterable[BadCell]) -> pa.Array:
    return pa.array({cell.row for cell in cells}, pa.int64())


def _without(rows: pa.Table, numbers: pa.Array | pa.ChunkedArray) -> pa.Table:
    if len(numbers) == 0:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows.column(ROW), value_set=numbers)))


def _prove_no_row_lost(
    rows_in: int, accepted: int, found: list[BadCell], collapsed: int
) -> None:
    quarantined = len({cell.row for cell in found})
    if rows_in != accepted + quarantined + collapsed:
        raise AssertionError(
            f"{rows_in} rows came in, but {accepted} accepted, {quarantined} quarantined"
            f" and {collapsed} collapsed rows came out"
        )


def _hold_reason(quarantined: tuple[BadCell, ...], bad: int, rows_in: int) -> str | None:
    if bad <= rows_in * HOLD_ABOVE:
        return None
    rules = [cell.rule for cell in quarantined]
    worst = max(sorted(set(rules)), key=rules.count)
    return (
        f"{bad:,} of {rows_in:,} rows are bad ({bad / rows_in:.0%}, more than"
        f" {HOLD_ABOVE:.0%}), most by rule {worst}"
    )


def _named_by_file_row(found: tuple[BadCell, ...], received: Received) -> tuple[BadCell, ...]:
    if received.origins is None:
        return found
    hinted = []
    for cell in found:
        row, header = received.origins[cell.row - 1]
        hint = f"{cell.hint} (column {shown(header)!r})" if header else cell.hint
        hinted.append(replace(cell, row=row, hint=hint))
    return tuple(hinted)


def _addressed(
    found: tuple[BadCell, ...], sheet: XlsxSheet, sources: dict[str, str]
) -> tuple[BadCell, ...]:
    """The findings with the address of their cell, where one cell is at fault."""
    places = {
        ours: sheet.column_of(header)
        for ours, header in sources.items()
        if header in sheet.headers
    }
    return tuple(
        replace(cell, cell=f"{places[cell.column]}{cell.row}")
        if cell.column in places
        else cell
        for cell in found
    )


def _numbered_by_file_row(rows: pa.Table, received: Received) -> pa.Table:
    if received.origins is None:
        return rows
    numbers = [received.row_of(number) for number in rows.column(ROW).to_pylist()]
    position = rows.schema.get_field_index(ROW)
    return rows.set_column(position, ROW, pa.array(numbers, pa.int64()))


def _returned_rows(received: Received, bad: set[int]) -> tuple[BadRow, ...]:
    """The quarantined rows' cells as received, in the order of the file."""
    returned = [row.returned for row in received.broken if row.finding.row in bad]
    unbroken = sorted(bad - {row.row for row in returned})
    if unbroken:
        chosen = pc.is_in(received.numbers, value_set=pa.array(unbroken, pa.int64()))
        columns = received.table.filter(chosen).columns
        cells = zip(*(column.to_pylist() for column in columns))
        returned += [
            BadRow(row, tuple("" if cell is None else str(cell) for cell in values))
            for row, values in zip(unbroken, cells, strict=True)
        ]
    return tuple(sorted(returned, key=lambda row: row.row))
