"""The suites of a batch at the raw gate: its shape and proofs, and its entities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

from yanbao.catalog import Dataset
from yanbao_gx import proofs
from yanbao_gx.expectations import between, holds, named, unique

MOVED_SHARE = 0.2  # of a market's prices; on the quietest day nine in ten move
ENOUGH_TO_MOVE = 20
UNIT_TOLERANCE = 0.005  # amounts are rounded to yuan, prices to cents
UNIT_SHARE = 0.99
BAR_TOLERANCE = 0.001  # additively adjusted prices are rounded one by one
BAR_SHARE = 0.999
KEPT_ROW_SHARE = 0.98
BOOKKEEPING = ("load_id", "landed_at", "arrival_row")  # staging's own, in no declaration

BAR = ("open", "high", "low", "close")
UNIT = ("amount_cny", "volume_shares", "low", "high")
# The columns that prove each other, what is derived from them, and the bounds of that.
PROOFS = (
    (
        BAR,
        proofs.bar_gap,
        between(
            "gap_outside_bar",
            0,
            BAR_TOLERANCE,
            check="bar",
            shows=BAR,
            mostly=BAR_SHARE,
            hint="open and close lie outside low and high: find the swapped columns",
        ),
    ),
    (
        UNIT,
        proofs.unit_ratio,
        between(
            "price_paid_over_range",
            1 - UNIT_TOLERANCE,
            1 + UNIT_TOLERANCE,
            check="unit",
            shows=UNIT,
            mostly=UNIT_SHARE,
            hint="amount, volume or price changed its unit: map it and load again",
        ),
    ),
)

FETCH_AGAIN = "fetch again after the close; the last good data serve until then"
CONTRACT = "compare the upstream's reply with docs/import_formats.md and map the columns"
REPEATED = "correct the cells at the source, or quarantine them and load the rest"
PAGING = "fetch once more after the close; never drop the repeats, others are missing"
Judged = tuple[gx.ExpectationSuite, pd.DataFrame]  # a suite, and the frame that it judges


@dataclass(frozen=True)
class BatchContext:
    """What the gate knows of a batch besides its rows.

    ``previous`` holds the last good rows of every entity that the batch was asked for: what
    ``previous_columns`` of the dataset names, a quarter each where quarters differ by their
    nature. ``previous_rows`` is the
    size of the last good batch of the same kind, ``received_rows`` what the source sent,
    shares without a price included, and ``listed_shares`` how many shares there are. With
    ``expected_day`` the batch must reach that day; where completeness goes by the calendar,
    every entity must. ``is_backfill`` marks a file with much history, whose size says
    nothing.
    """

    today: date
    is_feed: bool = True
    previous: pd.DataFrame | None = None
    previous_rows: int | None = None
    received_rows: int = 0
    listed_shares: int | None = None
    expected_day: date | None = None
    is_backfill: bool = False
    previous_content_equal: bool = False


def rows_suite(dataset: Dataset, frame: pd.DataFrame, context: BatchContext) -> Judged:
    """Size and key of a batch, and the columns that prove its bars and its units."""
    expectations = _size(context)
    if frame.empty:
        return gx.ExpectationSuite("rows", expectations), frame
    present = set(frame.columns)
    key = [name for name in dataset.key if name in present]
    if set(dataset.key) & set(dataset.required_columns) <= set(key):
        expectations.append(unique(key, hint=PAGING if context.is_feed else REPEATED))
    if context.expected_day is not None and dataset.date_column in present:
        older = f"the source still serves an older day: {FETCH_AGAIN}"
        expectations.append(
            gxe.ExpectColumnMaxToBeBetween(
                column=dataset.date_column,
                min_value=datetime.combine(context.expected_day, time()),
                **named(
                    f"freshness({dataset.date_column})",
                    f"{context.expected_day} or later",
                    older,
                ),
            )
        )
    derived = {}
    for columns, derive, rule in PROOFS:
        if {*columns} <= present:
            derived[rule.column] = derive(frame)
            expectations.append(rule)
    # Great Expectations copies what it is given: only what is judged, or shown in samples.
    shown = dict.fromkeys((*dataset.key, dataset.date_column, *BAR, *UNIT))
    kept = [name for name in shown if name in present]
    return gx.ExpectationSuite("rows", expectations), frame[kept].assign(**derived)


def shape_suite(dataset: Dataset, frame: pd.DataFrame) -> Judged:
    """The required columns are there; others than the declared ones only warn."""
    ours = (*dataset.column_names, *BOOKKEEPING)
    expectations: list[Expectation] = [
        gxe.ExpectTableColumnsToMatchSet(
            column_set=list(dataset.required_columns),
            exact_match=False,
            **named("columns", f"the columns {', '.join(dataset.required_columns)}", CONTRACT),
        ),
        gxe.ExpectTableColumnsToMatchSet(
            column_set=[name for name in ours if name in frame.columns],
            exact_match=True,
            severity="warning",
            **named(
                "added_columns",
                "no other columns",
                "nothing is lost, raw keeps it; declare the column if it is of use",
            ),
        ),
    ]
    return gx.ExpectationSuite("shape", expectations), frame.head(0)


def _size(context: BatchContext) -> list[Expectation]:
    """An empty batch never replaces anything; a short one is half a download."""
    sizes = {"not_empty": (1, "≥ 1 rows")}
    if context.previous_rows is not None and not context.is_backfill:
        least = math.ceil(KEPT_ROW_SHARE * context.previous_rows)
        because = f"98 % of the last good batch of {context.previous_rows:,}"
        sizes["completeness"] = (least, f"≥ {least:,} rows, {because}")
    return [
        gxe.ExpectTableRowCountToBeBetween(
            min_value=least, **named(check, expected, FETCH_AGAIN)
        )
        for check, (least, expected) in sizes.items()
    ]


def entities_suite(dataset: Dataset, frame: pd.DataFrame, context: BatchContext) -> Judged:
    """What follows each entity: another price than the last one, its row on the day."""
    expectations: list[Expectation] = []
    entity = [name for name in dataset.entity_columns if name in frame.columns]
    previous = context.previous
    if previous is None or previous.empty:
        previous = frame[entity].head(0)
    measures = [
        column.name
        for column in dataset.measures
        if column.required and {column.name} <= {*previous.columns} & {*frame.columns}
    ]
    # A list without a date, stamped with the run's: its prices must not be the last.
    is_one_day = (
        dataset.partitioning == "trade_date"
        and context.is_feed
        and frame[dataset.date_column].nunique() == 1
    )
    session = context.expected_day if dataset.completeness == "calendar" else None
    if not (measures and is_one_day) and session is None:
        return gx.ExpectationSuite("entities"), frame
    if dataset.date_column in previous.columns:
        before = previous[dataset.date_column] < frame[dataset.date_column].min()
        previous = previous[before]
    entities = proofs.beside_previous(
        frame, previous, entity=entity, date_column=dataset.date_column, measures=measures
    )
    for name in measures if is_one_day else ():
        if entities[proofs.ratio_column(name)].notna().sum() >= ENOUGH_TO_MOVE:
            entities[f"{name}_moved"] = proofs.moved(entities, name)
            expectations.append(
                holds(
                    "moved",
                    f"{name}_moved",
                    f"another {name} than the last good one",
                    shows=(name, proofs.previous_column(name)),
                    mostly=MOVED_SHARE,
                    hint=f"yesterday is served as today: {FETCH_AGAIN}",
                )
            )
    if session is not None:
        of_the_day = frame[dataset.date_column] == pd.Timestamp(session)
        entities = proofs.with_seen(entities, frame.loc[of_the_day, entity])
        every = f"a row of every entity for {session}"
        missing = f"a session is missing: {FETCH_AGAIN}"
        expectations.append(holds("calendar", proofs.SEEN, every, hint=missing))
    return gx.ExpectationSuite("entities", expectations), entities
