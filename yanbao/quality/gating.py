"""The raw gate over every load that has not been judged yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from yanbao.base import clock
from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import BY_NAME, Dataset
from yanbao.quality.batch_history import BatchHistory, asked_entity, listed_shares
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone
from yanbao.warehouse.raw_relations import point_at, upstream_of
from yanbao.warehouse.store import WorkStore, has_table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from yanbao.quality.raw_gate import BatchContext, BatchResult

LOOK_BACK_DAYS = 40


@dataclass(frozen=True)
class Judged:
    """A load and what the raw gate found."""

    stored: StoredLoad
    outcome: str
    messages: tuple[str, ...]
    results: tuple[CheckResult, ...]


def gate_pending(
    zone: RawZone, store: WorkStore, progress: Callable[[str], None]
) -> list[Judged]:
    """Judge every ungated load through its staging view; verdicts go beside the raw zone."""
    waiting = [s for s in zone.loads(known=store.built_loads()) if s.status == "ungated"]
    judged = []
    history = BatchHistory(zone)
    with store.connect() as connection:
        for number, stored in enumerate(waiting, start=1):
            progress(f"raw gate {number}/{len(waiting)}: {stored.load.dataset}")
            judged.append(_judge(zone, history, connection, stored))
    return judged


def _judge(
    zone: RawZone,
    history: BatchHistory,
    connection: duckdb.DuckDBPyConnection,
    stored: StoredLoad,
) -> Judged:
    dataset = BY_NAME[stored.load.dataset]
    relation = (upstream_of(stored), dataset.name)
    point_at(connection, [stored], only=relation)
    result, rows, aside = _check(history, connection, stored, dataset)
    point_at(connection, [], only=relation)
    messages = tuple(r.message for r in result.failed)
    if result.outcome != "could_not_run":
        # What could not be checked is not a verdict: it is tried again next time.
        zone.record_verdict(
            stored.load.load_id,
            {
                "outcome": _verdict(stored, result),
                "messages": list(messages),
                "results": [one.to_record() for one in result.results],
                "rows": rows,
                "quarantined": aside,
                "gated_at": clock.now().isoformat(),
            },
        )
    return Judged(stored, result.outcome, messages, result.results)


def _verdict(stored: StoredLoad, result: BatchResult) -> str:
    """A file whose only fault is its scale waits for a person; a feed is rejected."""
    from yanbao.quality.raw_gate import SCALE_CHECKS  # noqa: PLC0415

    faults = {r.check for r in result.failed}
    only_scale = bool(faults) and faults <= SCALE_CHECKS
    return "hold" if stored.is_file and only_scale else str(result.outcome)


def _check(
    history: BatchHistory,
    connection: duckdb.DuckDBPyConnection,
    stored: StoredLoad,
    dataset: Dataset,
) -> tuple[BatchResult, int, list[int]]:
    """What the gate finds in a load, how many rows staging made of it, and which of a feed's
    rows hold bad cells, by their number in raw.
    """
    import duckdb  # noqa: PLC0415

    from yanbao.quality.raw_gate import BatchResult, check_batch  # noqa: PLC0415

    view = f"staging.stg_{upstream_of(stored)}__{dataset.name}"
    try:
        frame = connection.execute(f"select * from {view}").df()
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        first = str(error).splitlines()[0]
        subject = Subject("raw", dataset.name, dataset.name)
        unreadable = subject.result(
            "staging_reads_it",
            "fail",
            observed=first[:200],
            expected="cells of the declared types",
            hint=f"compare load {stored.load.load_id} of the source with its contract test",
            failing_rows=stored.load.rows,
        )
        return BatchResult("raw", dataset.name, (unreadable,)), 0, []
    context = _context(history, connection, stored, dataset, frame)
    result = check_batch(dataset, frame, context=context)
    aside: list[int] = []
    if context.is_feed:
        aside = sorted({int(frame["arrival_row"].iloc[row]) for row in result.bad_rows})
    return result, len(frame), aside


def _context(
    history: BatchHistory,
    connection: duckdb.DuckDBPyConnection,
    stored: StoredLoad,
    dataset: Dataset,
    frame: pd.DataFrame,
) -> BatchContext:
    from yanbao.quality.raw_gate import BatchContext  # noqa: PLC0415

    is_file = stored.is_file
    previous = _previous(connection, stored, dataset, frame)
    days = frame[dataset.date_column].nunique() if dataset.date_column else 0
    return BatchContext(
        is_feed=not is_file,
        previous=previous,
        previous_rows=None if is_file else history.previous_rows(stored, dataset),
        received_rows=stored.load.rows,
        listed_shares=None if is_file else listed_shares(connection, stored, dataset),
        expected_day=None if is_file else history.expected_day(stored, dataset),
        is_backfill=is_file or days > 5,
        previous_content_equal=not is_file and history.served_before(stored, dataset),
        today=clock.today_in_beijing(),
    )


def _previous(
    connection: duckdb.DuckDBPyConnection,
    stored: StoredLoad,
    dataset: Dataset,
    frame: pd.DataFrame,
) -> pd.DataFrame | None:
    """The last good values of each entity asked for before the batch, for the scale rule."""
    from yanbao.quality.raw_gate import previous_columns  # noqa: PLC0415

    table = dataset.core_table
    if not dataset.scale_columns or frame.empty or not has_table(connection, "core", table):
        return None
    entity = [name for name in dataset.key if dataset.column(name).kind != "date"]
    day: date = frame[dataset.date_column].min().date()
    columns = ", ".join(entity)
    values = ", ".join(
        f"max_by({dataset.core_column(name)}, {dataset.date_column}) as {name}"
        for name in previous_columns(dataset)
        if name not in entity
    )
    asked = asked_entity(stored.load, entity)
    named = "".join(f" and {name} = ?" for name in asked)
    previous = connection.execute(
        f"select {columns}, {values} from core.{table}"
        f" where {dataset.date_column} >= ? and {dataset.date_column} < ?{named}"
        f" group by {columns}",
        [day - timedelta(days=LOOK_BACK_DAYS), day, *asked.values()],
    ).df()
    return None if previous.empty else previous
