"""The raw gate: one batch of one dataset, before anything downstream may see it.

A batch that does not pass is kept in raw and rejected completely; nothing is dropped or
corrected here. Within a feed's tolerance of bad cells the batch passes, and its bad rows
are named, to be set aside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd
from yanbao_gx.batch_suites import (
    BOOKKEEPING,
    FETCH_AGAIN,
    BatchContext,
    Judged,
    entities_suite,
    rows_suite,
    shape_suite,
)
from yanbao_gx.run import run

from yanbao.base.check_result import CheckResult, GateResult, Subject
from yanbao.catalog import Dataset
from yanbao.catalog.cell_rules import BAD_CELL_SHARE
from yanbao.quality.cell_checks import CellChecks
from yanbao.quality.scale_checks import ScaleChecks

GATE = "raw"
LISTED_SHARE = 0.995  # of the shares that are listed, suspended ones included


@dataclass(frozen=True)
class BatchResult(GateResult):
    """``bad_rows`` hold a cell that breaks a rule; rows are counted from 0."""

    bad_rows: tuple[int, ...] = ()


def check_batch(dataset: Dataset, frame: pd.DataFrame, *, context: BatchContext) -> BatchResult:
    """Judge a batch whose dates are datetime64 and whose numbers are floats."""
    frame = frame.set_axis(pd.RangeIndex(len(frame)))
    subject = Subject(GATE, dataset.name, f"{dataset.name} {_day(dataset, frame, context)}")
    key = tuple(name for name in dataset.key if name in frame.columns)
    results = list(_facts(frame, context, subject))
    rows = frame
    # Pages of a day's list that repeat rows have lost others: those are never collapsed.
    if context.is_feed and len(frame) and dataset.partitioning != "trade_date":
        rows = frame.drop_duplicates([c for c in frame.columns if c not in BOOKKEEPING])
        repeated = len(frame) - len(rows)
        results.append(
            subject.result(
                "repeated_rows",  # core takes the first
                "fail" if repeated else "pass",
                severity="warn",
                observed=f"{repeated:,} rows that were there already" if repeated else "none",
                expected="every row once",
                hint="they are counted once; nothing is lost",
                failing_rows=repeated,
            )
        )
    mostly = 1 - BAD_CELL_SHARE if context.is_feed else 1.0
    cells = CellChecks(dataset, frame, context.today)
    if len(rows):
        results += cells.results(subject, rows.index, mostly)
    scales = ScaleChecks(dataset, rows, context.previous, context.is_feed, subject)
    suites: dict[str, Callable[[], Judged]] = {
        "rows": partial(rows_suite, dataset, rows, context),
        "shape": partial(shape_suite, dataset, rows),
    }
    if len(rows) and set(dataset.required_columns) <= set(rows.columns):
        suites["entities"] = partial(entities_suite, dataset, rows, context)
        results += subject.attempt("scales", lambda: tuple(scales.results()))
    for name, build in suites.items():
        results += subject.attempt(name, partial(_run, build, subject, key))
    return BatchResult(
        GATE, dataset.name, tuple(results), tuple(sorted({*cells.bad_rows, *scales.bad_rows}))
    )


def _run(
    build: Callable[[], Judged], subject: Subject, key: tuple[str, ...]
) -> Iterable[CheckResult]:
    return run(*build(), subject, key)


def _facts(
    frame: pd.DataFrame, context: BatchContext, subject: Subject
) -> Iterator[CheckResult]:
    """What is known before any row is read."""
    repeated = context.previous_content_equal
    yield subject.result(
        "new_content",
        "fail" if repeated else "pass",
        observed="the rows of the last good day again" if repeated else "new rows",
        expected="rows that differ from the last good day",
        hint=f"yesterday is served as today: {FETCH_AGAIN}",
        failing_rows=len(frame) if repeated else 0,
    )
    if context.listed_shares is not None:
        due = math.ceil(LISTED_SHARE * context.listed_shares)
        yield subject.result(
            "listing",
            "pass" if context.received_rows >= due else "fail",
            observed=f"{context.received_rows:,} shares",
            expected=f"≥ {due:,}, {LISTED_SHARE:.1%} of the {context.listed_shares:,} listed",
            hint=f"pages are missing: {FETCH_AGAIN}",
        )


def _day(dataset: Dataset, frame: pd.DataFrame, context: BatchContext) -> date:
    """The day that messages name: the batch's latest, else the day it was due for."""
    if dataset.date_column in frame.columns:
        days = pd.to_datetime(frame[dataset.date_column], errors="coerce").dropna()
        if len(days):
            return pd.Timestamp(days.max()).date()
    return context.expected_day or context.today
