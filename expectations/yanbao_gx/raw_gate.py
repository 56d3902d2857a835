"""The raw gate: one batch of one dataset, before anything downstream may see it.

A batch that does not pass is kept in raw and rejected as a whole; nothing is dropped or
corrected here. Within a feed's tolerance of bad cells the batch passes, and the results
name the cells to quarantine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd

from yanbao.catalog import Dataset
from yanbao_gx import proofs
from yanbao_gx.batch_contract import (
    BAD_CELL_SHARE,
    BOOKKEEPING,
    CELLS,
    FETCH_AGAIN,
    LISTED_SHARE,
    BatchContext,
    cell_rules,
    entity_columns,
    shape_rules,
    size_rules,
)
from yanbao_gx.batch_rules import MedianWithin, Reaches
from yanbao_gx.engine import Target, evaluate_part
from yanbao_gx.outcome import CheckResult, GateResult, verdict
from yanbao_gx.rules import Holds, Proof, Rule

__all__ = ["SCALE_CHECKS", "BatchContext", "check_batch", "previous_columns"]

GATE = "raw"
STEP = (0.5, 2.0)  # half and double: a number of shares never moves so far in a day
ROW_STEP = (0.01, 100.0)  # of one row of a desk's file, against its last good value
ROW_SHARE = 0.8
MOVED_SHARE = 0.2  # of a market's prices; on the quietest day nine in ten move
ENOUGH_TO_MOVE = 20
UNIT_TOLERANCE = 0.005  # amounts are rounded to yuan, prices to cents
UNIT_SHARE = 0.99
BAR_TOLERANCE = 0.001  # additively adjusted prices are rounded one by one
BAR_SHARE = 0.999
# What fails when a unit has moved, and nothing else is wrong: a case for a person.
SCALE_CHECKS = frozenset(
    {"scale", "row_scale", "daily_scale", "unit", "cap_is_price_times_shares"}
)
CAP, PRICE = "market_cap_cny", "close"
SCALE_HINT = (
    "the unit of the column has changed at the source: map it and load again, or"
    " accept the batch with a reason if the step is real"
)
Part = tuple[list[Rule], pd.DataFrame]  # the rules, and the frame that they judge


def check_batch(dataset: Dataset, frame: pd.DataFrame, *, context: BatchContext) -> GateResult:
    """Judge a batch whose dates are datetime64 and whose numbers are floats."""
    where = f"{dataset.name} {_day(dataset, frame, context)}"
    key = tuple(name for name in dataset.key if name in frame.columns)
    target = Target(GATE, dataset.name, where, key)
    results = list(_facts(dataset, frame, context, target))
    # Pages of a day's list that repeat rows have lost others: those are never collapsed.
    if context.is_feed and len(frame) and dataset.partitioning != "trade_date":
        rows = len(frame)
        frame = frame.drop_duplicates([c for c in frame.columns if c not in BOOKKEEPING])
        results.append(_repeats(target, rows - len(frame)))
    parts: list[tuple[str, Callable[[], Part]]] = [
        ("rows", lambda: _rows(dataset, frame, context)),
    ]
    if len(frame) and set(dataset.required_columns) <= set(frame.columns):
        parts += [
            ("entities", lambda: _entities(dataset, frame, context)),
            ("daily_scale", lambda: _days(dataset, frame)),
        ]
    for name, build in parts:
        results += evaluate_part(name, build, target)
    return GateResult(GATE, dataset.name, tuple(results))


def _repeats(target: Target, repeated: int) -> CheckResult:
    """Rows that say the same twice are one; core takes the first."""
    return verdict(
        GATE,
        target.subject,
        target.where,
        "repeated_rows",
        outcome="fail" if repeated else "pass",
        severity="warn",
        observed=f"{repeated:,} rows that were there already" if repeated else "none",
        expected="every row once",
        hint="they are counted once; nothing is lost",
        failing_rows=repeated,
    )


def previous_columns(dataset: Dataset) -> tuple[str, ...]:
    """What ``BatchContext.previous`` holds of each entity's last good row."""
    names = [*entity_columns(dataset), *dataset.scale_columns]
    if {CAP, PRICE} <= set(dataset.column_names):
        names += [PRICE, CAP]
    return tuple(dict.fromkeys(names))


def _facts(
    dataset: Dataset, frame: pd.DataFrame, context: BatchContext, target: Target
) -> Iterator[CheckResult]:
    """What is known before any row is read."""
    repeated = context.previous_content_equal
    yield verdict(
        GATE,
        dataset.name,
        target.where,
        "new_content",
        outcome="fail" if repeated else "pass",
        observed="the rows of the last good day again" if repeated else "new rows",
        expected="rows that differ from the last good day",
        hint=f"yesterday is served as today: {FETCH_AGAIN}",
        failing_rows=len(frame) if repeated else 0,
    )
    if context.is_feed:
        cells = max(len(frame) * len(frame.columns), 1)
        share = context.quarantined_cells / cells
        yield verdict(
            GATE,
            dataset.name,
            target.where,
            "readable_cells",
            outcome="pass" if share <= BAD_CELL_SHARE else "fail",
            observed=f"{context.quarantined_cells:,} of {cells:,} cells unreadable",
            expected=f"at most {BAD_CELL_SHARE:.1%} of the cells",
            hint=CELLS,
        )
    if context.listed_shares is not None:
        due = math.ceil(LISTED_SHARE * context.listed_shares)
        yield verdict(
            GATE,
            dataset.name,
            target.where,
            "listing",
            outcome="pass" if context.received_rows >= due else "fail",
            observed=f"{context.received_rows:,} shares",
            expected=f"≥ {due:,}, {LISTED_SHARE:.1%} of the {context.listed_shares:,} listed",
            hint=f"pages are missing: {FETCH_AGAIN}",
        )


def _rows(dataset: Dataset, frame: pd.DataFrame, context: BatchContext) -> Part:
    """The rules over single rows and over the size of the batch."""
    if frame.empty:
        return [*shape_rules(dataset, frame.columns), *size_rules(context)], frame
    proof_rules, proven = _with_proofs(frame)
    derived = [name for name in proven.columns if name not in frame.columns]
    rules = [
        *shape_rules(dataset, proven.columns, derived),
        *size_rules(context),
        *cell_rules(dataset, frame.columns, context),
        *proof_rules,
    ]
    if context.expected_day is not None and dataset.date_column in frame.columns:
        rules.append(
            Reaches(
                column=dataset.date_column,
                day=context.expected_day,
                hint=f"the source still serves an older day: {FETCH_AGAIN}",
            )
        )
    return rules, proven


def _with_proofs(frame: pd.DataFrame) -> Part:
    """The batch with the columns that prove its bars and its units, where it has bars."""
    rules: list[Rule] = []
    present = set(frame.columns)
    if {*proofs.BAR} <= present:
        frame = frame.assign(**{proofs.BAR_GAP: proofs.bar_gap(frame)})
        rules.append(
            Proof(
                name="bar",
                column=proofs.BAR_GAP,
                low=0,
                high=BAR_TOLERANCE,
                mostly=BAR_SHARE,
                shows=proofs.BAR,
                hint="open and close lie outside low and high: find the swapped columns",
            )
        )
    if {*proofs.UNIT} <= present:
        frame = frame.assign(**{proofs.UNIT_RATIO: proofs.unit_ratio(frame)})
        rules.append(
            Proof(
                name="unit",
                column=proofs.UNIT_RATIO,
                low=1 - UNIT_TOLERANCE,
                high=1 + UNIT_TOLERANCE,
                mostly=UNIT_SHARE,
                shows=proofs.UNIT,
                hint="amount, volume or price changed its unit: map it and load again",
            )
        )
    return rules, frame


def _entities(dataset: Dataset, frame: pd.DataFrame, context: BatchContext) -> Part:
    """The rules that follow each entity: its step in scale, its row on the day."""
    rules: list[Rule] = []
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
        return [], frame
    entities = proofs.beside_previous(
        frame, previous, entity=entity, date_column=dataset.date_column, measures=measures
    )
    for name in dataset.scale_columns:
        if name in measures and _is_comparable(entities, name):
            rules.append(_scale(name, dataset))
            if not context.is_feed:
                rules.append(_row_scale(name, dataset))
            if context.is_feed and _is_one_day(dataset, frame):
                entities[proofs.moved_column(name)] = proofs.moved(entities, name)
                rules += _moved(name, entities)
    if {CAP, PRICE} <= set(measures) and _is_comparable(entities, CAP):
        entities[proofs.SHARES_RATIO] = proofs.shares_ratio(entities, CAP, PRICE)
        rules.append(_cap_is_price_times_shares())
    if session is not None:
        of_the_day = frame[dataset.date_column] == pd.Timestamp(session)
        entities = proofs.with_seen(entities, frame.loc[of_the_day, entity])
        rules.append(_calendar(session))
    return rules, entities


def _is_comparable(entities: pd.DataFrame, name: str) -> bool:
    """A fund or an index that is loaded for the first time has no scale to keep."""
    return bool(entities[proofs.ratio_column(name)].notna().any())


def _is_one_day(dataset: Dataset, frame: pd.DataFrame) -> bool:
    return frame[dataset.date_column].nunique() == 1


def _moved(name: str, entities: pd.DataFrame) -> list[Rule]:
    """A list without a date, stamped with the night's: its prices must not be the last ones."""
    if entities[proofs.moved_column(name)].notna().sum() < ENOUGH_TO_MOVE:
        return []
    return [
        Holds(
            name="moved",
            column=proofs.moved_column(name),
            statement=f"another {name} than the last good one",
            mostly=MOVED_SHARE,
            shows=(name, proofs.previous_column(name)),
            hint=f"yesterday is served as today: {FETCH_AGAIN}",
        )
    ]


def _days(dataset: Dataset, frame: pd.DataFrame) -> Part:
    """The same step from day to day inside a batch of several days."""
    measures = [name for name in dataset.scale_columns if name in frame.columns]
    if not measures or not dataset.date_column or frame[dataset.date_column].nunique() < 2:
        return [], frame
    entity = [name for name in entity_columns(dataset) if name in frame.columns]
    days = proofs.daily_steps(
        frame, entity=entity, date_column=dataset.date_column, measures=measures
    )
    rules: list[Rule] = [
        Proof(
            name=_named("daily_scale", name, dataset),
            column=proofs.ratio_column(name),
            low=dataset.scale_step[0],
            high=dataset.scale_step[1],
            hint=SCALE_HINT,
        )
        for name in measures
    ]
    return rules, days


def _scale(column: str, dataset: Dataset) -> MedianWithin:
    return MedianWithin(
        name=_named("scale", column, dataset),
        column=proofs.ratio_column(column),
        low=dataset.scale_step[0],
        high=dataset.scale_step[1],
        of=f" times the last good {column}",
        shows=(column, proofs.previous_column(column)),
        hint=SCALE_HINT,
    )


def _row_scale(column: str, dataset: Dataset) -> Proof:
    """A file pasted together from two units: too few rows moved to move the median."""
    return Proof(
        name=_named("row_scale", column, dataset),
        column=proofs.ratio_column(column),
        low=ROW_STEP[0],
        high=ROW_STEP[1],
        mostly=ROW_SHARE,
        hint=SCALE_HINT,
    )


def _cap_is_price_times_shares() -> MedianWithin:
    return MedianWithin(
        name="cap_is_price_times_shares",
        column=proofs.SHARES_RATIO,
        low=STEP[0],
        high=STEP[1],
        of=" times the number of shares implied before",
        shows=(CAP, PRICE),
        hint="the cap or the price changed its unit: map it and load again",
    )


def _calendar(session: date) -> Holds:
    return Holds(
        name="calendar",
        column=proofs.SEEN,
        statement=f"a row of every entity for {session}",
        hint=f"a session is missing: {FETCH_AGAIN}",
    )


def _named(check: str, column: str, dataset: Dataset) -> str:
    """Almost every dataset has one measure of scale, and then its name says nothing."""
    return check if len(dataset.scale_columns) == 1 else f"{check}({column})"


def _day(dataset: Dataset, frame: pd.DataFrame, context: BatchContext) -> date:
    """The day that messages name: the batch's latest, else the day it was due for."""
    if dataset.date_column in frame.columns:
        days = pd.to_datetime(frame[dataset.date_column], errors="coerce").dropna()
        if len(days):
            return pd.Timestamp(days.max()).date()
    return context.expected_day or context.today
