"""The suites of a batch at the raw gate: its shape and proofs, its entities, its days."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

from yanbao.base.check_words import between as words_of
from yanbao.catalog import Dataset
from yanbao_gx import proofs
from yanbao_gx.expectations import between, holds, named, unique

STEP = (0.5, 2.0)  # half and double: a number of shares never moves so far in a day
ROW_STEP = (0.01, 100.0)  # of one row of an analyst's file, against its last good value
ROW_SHARE = 0.8
MOVED_SHARE = 0.2  # of a market's prices; on the quietest day nine in ten move
ENOUGH_TO_MOVE = 20
UNIT_TOLERANCE = 0.005  # amounts are rounded to yuan, prices to cents
UNIT_SHARE = 0.99
BAR_TOLERANCE = 0.001  # additively adjusted prices are rounded one by one
BAR_SHARE = 0.999
KEPT_ROW_SHARE = 0.98
BOOKKEEPING = ("load_id", "landed_at", "arrival_row")  # staging's own, in no declaration
CAP, PRICE = "market_cap_cny", "close"

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
NEW_UNIT = (
    "the unit of the column has changed at the source: map it and load again, or"
    " accept the batch with a reason if the step is real"
)
Judged = tuple[gx.ExpectationSuite, pd.DataFrame]  # a suite, and the frame that it judges


@dataclass(frozen=True)
class BatchContext:
    """What the gate knows of a batch besides its rows.

    ``previous`` holds the last good row of every entity that the batch was asked for: the
    columns that ``previous_columns`` names, without the date. ``previous_rows`` is the
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


def entity_columns(dataset: Dataset) -> tuple[str, ...]:
    """The key without its days: what is followed from batch to batch."""
    return tuple(name for name in dataset.key if dataset.column(name).kind != "date")


def previous_columns(dataset: Dataset) -> tuple[str, ...]:
    """What ``BatchContext.previous`` holds of each entity's last good row."""
    names = [*entity_columns(dataset), *dataset.scale_columns]
    if {CAP, PRICE} <= set(dataset.column_names):
        names += [PRICE, CAP]
    return tuple(dict.fromkeys(names))


def rows_suite(dataset: Dataset, frame: pd.DataFrame, context: BatchContext) -> Judged:
    """Shape, size and key of a batch, and the columns that prove its bars and its units."""
    if frame.empty:
        shape = [*_shape(dataset, frame.columns), *_size(context)]
        return gx.ExpectationSuite("rows", shape), frame
    expectations = _size(context)
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
    expectations += _shape(dataset, present, derived)
    return gx.ExpectationSuite("rows", expectations), frame.assign(**derived)


def _shape(
    dataset: Dataset, present: Collection[str], derived: Collection[str] = ()
) -> list[Expectation]:
    """The required columns are there; others than the declared ones only warn."""
    ours = (*dataset.column_names, *BOOKKEEPING)
    return [
        gxe.ExpectTableColumnsToMatchSet(
            column_set=list(dataset.required_columns),
            exact_match=False,
            **named("columns", f"the columns {', '.join(dataset.required_columns)}", CONTRACT),
        ),
        gxe.ExpectTableColumnsToMatchSet(
            column_set=[*(name for name in ours if name in present), *derived],
            exact_match=True,
            severity="warning",
            **named(
                "added_columns",
                "no other columns",
                "nothing is lost, raw keeps it; declare the column if it is of use",
            ),
        ),
    ]


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
    """What follows each entity: its step in scale, its row on the day."""
    expectations: list[Expectation] = []
    entity = [name for name in entity_columns(dataset) if name in frame.columns]
    previous = context.previous
    if previous is None or previous.empty:
        previous = frame[entity].head(0)
    measures = [
        name
        for name in previous_columns(dataset)
        if name in previous.columns and name in frame.columns and name not in entity
    ]
    session = context.expected_day if dataset.completeness == "calendar" else None
    if not measures and session is None:
        return gx.ExpectationSuite("entities"), frame
    entities = proofs.beside_previous(
        frame, previous, entity=entity, date_column=dataset.date_column, measures=measures
    )
    for name in dataset.scale_columns:
        ratio = proofs.ratio_column(name)
        if name not in measures or entities[ratio].isna().all():
            continue  # loaded for the first time, it has no scale to keep
        low, high = dataset.scale_step
        wanted = f"{words_of(low, high)} times the last good {name}"
        both = (name, proofs.previous_column(name))
        words = named(_check_of("scale", name, dataset), wanted, NEW_UNIT, both)
        expectations.append(_median(ratio, low, high, words))
        if not context.is_feed:
            expectations.append(_row_scale(dataset, name))
        elif (
            frame[dataset.date_column].nunique() == 1
            and entities[ratio].notna().sum() >= ENOUGH_TO_MOVE
        ):
            # A list without a date, stamped with the run's: its prices must not be the last.
            entities[f"{name}_moved"] = proofs.moved(entities, name)
            expectations.append(
                holds(
                    "moved",
                    f"{name}_moved",
                    f"another {name} than the last good one",
                    shows=both,
                    mostly=MOVED_SHARE,
                    hint=f"yesterday is served as today: {FETCH_AGAIN}",
                )
            )
    if {CAP, PRICE} <= set(measures) and entities[proofs.ratio_column(CAP)].notna().any():
        entities["shares_over_previous"] = proofs.shares_ratio(entities, CAP, PRICE)
        wanted = f"{words_of(*STEP)} times the number of shares implied before"
        hint = "the cap or the price changed its unit: map it and load again"
        words = named("cap_is_price_times_shares", wanted, hint, (CAP, PRICE))
        expectations.append(_median("shares_over_previous", *STEP, words))
    if session is not None:
        of_the_day = frame[dataset.date_column] == pd.Timestamp(session)
        entities = proofs.with_seen(entities, frame.loc[of_the_day, entity])
        every = f"a row of every entity for {session}"
        missing = f"a session is missing: {FETCH_AGAIN}"
        expectations.append(holds("calendar", proofs.SEEN, every, hint=missing))
    return gx.ExpectationSuite("entities", expectations), entities


def days_suite(dataset: Dataset, frame: pd.DataFrame) -> Judged:
    """The same step in scale from day to day inside a batch of several days."""
    measures = [name for name in dataset.scale_columns if name in frame.columns]
    if not measures or not dataset.date_column or frame[dataset.date_column].nunique() < 2:
        return gx.ExpectationSuite("days"), frame
    entity = [name for name in entity_columns(dataset) if name in frame.columns]
    days = proofs.daily_steps(
        frame, entity=entity, date_column=dataset.date_column, measures=measures
    )
    low, high = dataset.scale_step
    expectations = [
        between(
            proofs.ratio_column(name),
            low,
            high,
            check=_check_of("daily_scale", name, dataset),
            hint=NEW_UNIT,
        )
        for name in measures
    ]
    return gx.ExpectationSuite("days", expectations), days


def _median(column: str, low: float, high: float, words: dict[str, Any]) -> Expectation:
    return gxe.ExpectColumnMedianToBeBetween(
        column=column, min_value=low, max_value=high, **words
    )


def _row_scale(dataset: Dataset, name: str) -> Expectation:
    """A file pasted together from two units: too few rows moved to move the median."""
    return between(
        proofs.ratio_column(name),
        *ROW_STEP,
        check=_check_of("row_scale", name, dataset),
        mostly=ROW_SHARE,
        hint=NEW_UNIT,
    )


def _check_of(check: str, column: str, dataset: Dataset) -> str:
    """Almost every dataset has one measure of scale, and then its name says nothing."""
    return check if len(dataset.scale_columns) == 1 else f"{check}({column})"
