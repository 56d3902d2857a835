"""The rules that a dataset's declaration implies for a batch of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from yanbao.catalog import Column, Dataset
from yanbao_gx.batch_rules import HasColumns, OnlyColumns, RowCount
from yanbao_gx.rules import Filled, Matches, OneOf, OnOrBefore, Rule, Unique, Within

BAD_CELL_SHARE = 0.001
KEPT_ROW_SHARE = 0.98
LISTED_SHARE = 0.995  # of the shares that are listed, suspended ones included
NUMBERS = ("decimal", "integer")
BOOKKEEPING = ("load_id", "landed_at", "arrival_row")  # staging's own, in no declaration

FETCH_AGAIN = "fetch again after the close; the last good data serve until then"
CONTRACT = "compare the upstream's reply with docs/import_formats.md and map the columns"
CELLS = "correct the cells at the source, or quarantine them and load the rest"
PAGING = "fetch once more after the close; never drop the repeats, others are missing"


@dataclass(frozen=True)
class BatchContext:
    """What the gate is told about a batch besides its rows.

    ``previous`` holds the last good row of every entity that the batch was asked for: the
    columns that ``previous_columns`` names, without the date. ``previous_rows`` is the
    size of the last good batch of the same kind, ``announced_total`` what the source said
    it would send, ``received_rows`` what it sent, shares without a price included, and
    ``listed_shares`` how many shares there are. With ``expected_day`` the batch must reach
    that day; where completeness goes by the calendar, every entity must. ``is_backfill``
    marks a file with much history, whose size says nothing. ``quarantined_cells`` were
    unreadable and set aside before.
    """

    today: date
    is_feed: bool = True
    previous: pd.DataFrame | None = None
    previous_rows: int | None = None
    announced_total: int | None = None
    received_rows: int = 0
    listed_shares: int | None = None
    expected_day: date | None = None
    is_backfill: bool = False
    previous_content_equal: bool = False
    quarantined_cells: int = 0

    @property
    def mostly(self) -> float:
        """A feed may hold one bad cell in a thousand; of a file the rest is expected."""
        return 1 - BAD_CELL_SHARE if self.is_feed else 1.0


def entity_columns(dataset: Dataset) -> tuple[str, ...]:
    """The key without its days: what is followed from batch to batch."""
    return tuple(name for name in dataset.key if dataset.column(name).kind != "date")


def shape_rules(
    dataset: Dataset, present: Collection[str], derived: Collection[str] = ()
) -> Iterator[Rule]:
    """The required columns are there; others than the declared ones only warn.

    ``derived`` are the columns that the gate itself put beside the batch's.
    """
    yield HasColumns(required=dataset.required_columns, hint=CONTRACT)
    ours = (*dataset.column_names, *BOOKKEEPING, *derived)
    known = [name for name in ours if name in present]
    yield OnlyColumns(
        declared=tuple(known),
        severity="warn",
        hint="nothing is lost, raw keeps it; declare the column if it is of use",
    )


def size_rules(context: BatchContext) -> Iterator[Rule]:
    """An empty batch never replaces anything; a short one is half a download."""
    yield RowCount(name="not_empty", low=1, hint=FETCH_AGAIN)
    if context.announced_total is not None:
        yield RowCount(
            name="announced_total",
            low=context.announced_total,
            high=context.announced_total,
            because=" as the source announced",
            hint=f"pages are missing or repeated: {FETCH_AGAIN}",
        )
    if context.previous_rows is not None and not context.is_backfill:
        yield RowCount(
            name="completeness",
            low=math.ceil(KEPT_ROW_SHARE * context.previous_rows),
            because=f", 98 % of the last good batch of {context.previous_rows:,}",
            hint=FETCH_AGAIN,
        )


def cell_rules(
    dataset: Dataset, present: Collection[str], context: BatchContext
) -> Iterator[Rule]:
    """Filled, plausible, of the vocabulary, of the pattern, not in the future, unique."""
    for column in dataset.columns:
        if column.name in present:
            yield from _column_rules(column, context.mostly)
    if dataset.date_column in present and not dataset.future_allowed:
        yield OnOrBefore(
            column=dataset.date_column,
            day=context.today,
            mostly=context.mostly,
            hint="the source's clock or date format is wrong; do not shift the dates",
        )
    key = tuple(name for name in dataset.key if name in present)
    if set(dataset.key) & set(dataset.required_columns) <= set(key):
        yield Unique(key=key, hint=PAGING if context.is_feed else CELLS)


def _column_rules(column: Column, mostly: float) -> Iterator[Rule]:
    if column.required:
        yield Filled(column=column.name, mostly=mostly, hint=CELLS)
    if column.kind in NUMBERS:
        yield Within(
            column=column.name,
            low=column.minimum,
            high=column.maximum,
            mostly=mostly,
            hint=CELLS,
        )
    if column.allowed:
        yield OneOf(column=column.name, values=column.allowed, mostly=mostly, hint=CELLS)
    if column.pattern:
        yield Matches(column=column.name, pattern=column.pattern, mostly=mostly, hint=CELLS)


def bad_rows(dataset: Dataset, frame: pd.DataFrame, today: date) -> pd.Series[bool]:
    """Which rows hold a cell that breaks a rule about single cells."""
    bad = pd.Series(False, index=frame.index)
    for column in dataset.columns:
        if column.name in frame.columns:
            bad |= _bad_cells(column, frame[column.name])
    if dataset.date_column in frame.columns and not dataset.future_allowed:
        bad |= pd.to_datetime(frame[dataset.date_column]) > pd.Timestamp(today)
    return bad


def _bad_cells(column: Column, cells: pd.Series[Any]) -> pd.Series[bool]:
    bad = cells.isna() if column.required else pd.Series(False, index=cells.index)
    if column.kind in NUMBERS:
        low = -math.inf if column.minimum is None else column.minimum
        high = math.inf if column.maximum is None else column.maximum
        bad |= cells.notna() & (~cells.between(low, high) | cells.isin([math.inf, -math.inf]))
    if column.allowed:
        bad |= cells.notna() & ~cells.isin(column.allowed)
    if column.pattern:
        bad |= cells.notna() & ~cells.astype(str).str.fullmatch(column.pattern)
    return bad
