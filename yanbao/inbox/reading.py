"""One dropped file to checked rows: the entry of the inbox.

Every row of the file ends in exactly one of three places: accepted, quarantined with a
reason, or collapsed into an identical row. The sum is checked, not assumed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import DATASETS, Dataset
from yanbao.inbox.checker import Checker
from yanbao.inbox.columns import Plan, dataset_of_stem, is_unnamed, plan_columns
from yanbao.inbox.csv_sheet import CsvSheet
from yanbao.inbox.decimal_commas import require_points
from yanbao.inbox.doubts import without_doubts, without_rows
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.fitting import fitted
from yanbao.inbox.intake import Content, Limits, take_in
from yanbao.inbox.known import detected_mapping, in_import_format
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.named_currencies import require_named_currencies
from yanbao.inbox.parquet_sheet import ParquetSheet
from yanbao.inbox.received import Received, Sheet
from yanbao.inbox.repairs import apply_mapping
from yanbao.inbox.reshape import reshaped, reshaped_headers
from yanbao.inbox.self_description import parameter_notes
from yanbao.inbox.unit_mentions import require_declared_units, require_units_below
from yanbao.inbox.witness import contradicted
from yanbao.inbox.words import Words
from yanbao.inbox.xlsx_sheet import XlsxSheet

HOLD_ABOVE = 0.20
MOST_TITLE_LINES = 5
# What a file remarks below its table; not where it comes from.
_REMARK = re.compile(r"\*?[(（]?(?:注|备注|说明|note\\b)", re.IGNORECASE)
_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class ReadFile:
    """A file's rows after all checks.

    ``table`` holds the accepted rows: the received columns that the dataset knows, with
    their received types (CSV cells as text), the mapping's constants as text, and
    ``_row``, the row number that a person sees. ``bad_rows`` are the quarantined rows'
    cells as received by row, under ``headers``; where a mapping makes several rows of one
    row of the file, that row comes back whole. ``mapping`` is the one that was used, fitted to
    the file; without a name where the file needs none. ``must_hold`` says why the file has to
    wait for a decision, ``notes`` what it remarks below its rows.
    rows_in = accepted + quarantined_rows + collapsed_rows.
    """

    dataset: Dataset
    mapping: Mapping
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
    headers: tuple[str, ...] = ()
    bad_rows: dict[int, tuple[str, ...]] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()
    sheet: str | None = None
    title: tuple[str, ...] = ()


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
    with FileRefusedError.named(path):
        content = take_in(path, limits)
        if mapping is None and known:
            mapping = detected_mapping(
                content.named.stem, known, dataset, partial(_opened, content, limits)
            )
        return _read(content, dataset, mapping, today, limits)


def _opened(content: Content, limits: Limits, mapping: Mapping | None) -> Sheet:
    if content.suffix == ".parquet":
        return ParquetSheet(content.data)
    if content.suffix == ".xlsx":
        return XlsxSheet(content, limits, mapping)
    return CsvSheet(content, limits, mapping)


def _below_titles(
    content: Content, limits: Limits, dataset: Dataset | None, sheet: Sheet
) -> Sheet:
    """The sheet with the header of an import format that stands below lines of one cell."""
    stem, found = content.named.stem, sheet
    # Which dataset it is of plays no part in opening a file.
    meant = dataset or dataset_of_stem(stem) or DATASETS[0]
    for line in range(2, 2 + MOST_TITLE_LINES):
        if in_import_format(stem, found.headers, dataset):
            return found
        if sum(not is_unnamed(header) for header in found.headers) > 1:
            return sheet
        try:
            found = _opened(content, limits, Mapping(dataset=meant, header_row=(line, line)))
        except FileRefusedError:
            return sheet
    return found if in_import_format(stem, found.headers, dataset) else sheet


def _read(
    content: Content,
    dataset: Dataset | None,
    mapping: Mapping | None,
    today: date,
    limits: Limits,
) -> ReadFile:
    sheet = _opened(content, limits, mapping)
    if mapping is None:
        sheet = _below_titles(content, limits, dataset, sheet)
    plan, used = _fitted(content.named, sheet, dataset, mapping)
    received = sheet.load()
    notes = (*received.notes(), *parameter_notes(received, used))
    if notes:
        plan, used = _fitted(content.named, sheet, dataset, mapping, notes)
    require_units_below(used, received)
    columns = set(plan.sources.values())
    in_file = without_doubts(received, used, columns, sheet.address)
    received = reshaped(in_file, used)
    rows = received.table.select(list(plan.sources.values()))
    rows = rows.rename_columns(list(plan.sources))
    if sheet.may_have_decimal_commas:
        for column in plan.dataset.columns:
            if column.name in rows.column_names and column.kind in ("decimal", "integer"):
                require_points(column, rows.column(column.name), received.numbers)
    # In a workbook a unit is the cell's format, not something that a person typed.
    rows = apply_mapping(rows, used, own_units=isinstance(sheet, XlsxSheet))
    require_named_currencies(used, Words(content.named, sheet, notes), rows, received.numbers)
    if bad_rows := contradicted(rows, received.numbers):
        good = pc.invert(pc.is_in(received.numbers, value_set=pa.array(bad_rows, pa.int64())))
        rows, received = rows.filter(good), without_rows(received, bad_rows)
    checked = Checker(plan.dataset, today, limits.bad_cells, received).check(rows, _kept(used))
    quarantined = tuple(
        replace(cell, cell=sheet.address(plan.sources[cell.column], cell.row))
        if plan.sources.get(cell.column) in sheet.headers
        else cell
        for cell in checked.quarantined
    )
    bad = checked.quarantined_rows
    return ReadFile(
        dataset=plan.dataset,
        mapping=used,
        table=checked.accepted,
        rows_in=received.rows_in,
        quarantined=quarantined,
        quarantined_rows=bad,
        collapsed_rows=checked.collapsed,
        encoding=sheet.encoding,
        content_sha256=content.sha256,
        size_bytes=len(content.data),
        ignored_columns=plan.ignored,
        must_hold=_hold_reason(quarantined, bad, received.rows_in),
        warnings=(*received.warnings, *plan.warnings, *checked.warnings),
        notes=tuple(text for _, text in notes if _REMARK.match(text)),
        sheet=sheet.name,
        title=sheet.title,
        headers=sheet.headers,
        bad_rows=_returned_rows(in_file, {cell.row for cell in quarantined}),
    )


def _require_settled(mapping: Mapping) -> None:
    for number, line in mapping.unsettled.items():
        raise FileRefusedError(
            f"mapping {mapping.name} leaves {len(mapping.unsettled)} TODO open, the first in"
            f" line {number}: {shown(line)}",
            "what it asks may change values: settle each, delete its TODO, and import again",
        )


def _kept(mapping: Mapping) -> dict[str, tuple[str, ...]]:
    """Words per column that the mapping writes itself."""
    words = {name: (value,) for name, value in mapping.constants.items()}
    return words | {name: tuple(words_of.values()) for name, words_of in mapping.values.items()}


def _fitted(
    path: Path,
    sheet: Sheet,
    dataset: Dataset | None,
    mapping: Mapping | None,
    notes: tuple[tuple[int, str], ...] = (),
) -> tuple[Plan, Mapping]:
    """The columns, and the mapping with what the file says about itself.

    First without the ``notes`` among its rows, so that a wrong header costs no reading.
    """
    headers = sheet.headers
    words = Words(path, sheet, notes)
    if mapping is not None:
        _require_settled(mapping)
        mapping = fitted(mapping, words)
        headers = reshaped_headers(headers, mapping)
    plan = plan_columns(path.stem, headers, dataset, mapping)
    used = mapping or fitted(Mapping(dataset=plan.dataset), words)
    require_declared_units(used, words)
    return plan, used


def _hold_reason(quarantined: tuple[BadCell, ...], bad: int, rows_in: int) -> str | None:
    if bad <= rows_in * HOLD_ABOVE:
        return None
    rules = [cell.rule for cell in quarantined]
    worst = max(sorted(set(rules)), key=rules.count)
    return (
        f"{bad:,} of {rows_in:,} rows are bad ({bad / rows_in:.0%}, more than"
        f" {HOLD_ABOVE:.0%}), most by rule {worst}"
    )


def _returned_rows(received: Received, bad: set[int]) -> dict[int, tuple[str, ...]]:
    """The quarantined rows' cells as received, in the order of the file."""
    returned = {row.number: row.cells for row in received.broken if row.number in bad}
    chosen = received.table.append_column("\n", received.numbers)
    chosen = chosen.filter(pc.is_in(received.numbers, value_set=pa.array(bad, pa.int64())))
    for *cells, row in zip(*(column.to_pylist() for column in chosen.columns), strict=True):
        returned[row] = tuple("" if cell is None else str(cell) for cell in cells)
    return dict(sorted(returned.items()))
