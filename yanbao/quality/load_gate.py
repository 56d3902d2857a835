"""One load at the raw gate: what it is compared with, what is found, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import duckdb
import pandas as pd
from yanbao_gx.batch_suites import BatchContext

from yanbao.base import clock
from yanbao.base.check_result import CheckResult, Subject, reason
from yanbao.catalog import BY_NAME, Dataset
from yanbao.quality.batch_history import BatchHistory, listed_shares
from yanbao.quality.change_checks import CHANGES, change_checks
from yanbao.quality.column_checks import COLUMNS, stored_column_checks
from yanbao.quality.last_good import LastGood
from yanbao.quality.nav_checks import NAV_STEPS, nav_step_checks
from yanbao.quality.price_checks import PRICE_CHECKS, stored_price_checks
from yanbao.quality.raw_gate import GATE, BatchResult, check_batch
from yanbao.quality.scale_checks import is_about_scale
from yanbao.quality.session_checks import SESSIONS, session_checks
from yanbao.quality.step_checks import STEPS, step_checks
from yanbao.quality.stored_rows import staging_of
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone
from yanbao.warehouse.raw_relations import point_at, upstream_of


class LoadGate:
    """Judges loads of one raw zone through the staging views of one work store."""

    def __init__(self, zone: RawZone, connection: duckdb.DuckDBPyConnection) -> None:
        self._zone = zone
        self._connection = connection
        self._history = BatchHistory(zone)
        self._last_good = LastGood(connection)

    def judge(self, stored: StoredLoad, *, is_followed: bool = False) -> BatchResult:
        """Judge a load and write its verdict, with the number in raw of each bad row of a feed.

        What could not be checked is not a verdict: it is tried again next time. What passes
        is history for a load of its dataset that waits behind it (``is_followed``).
        """
        dataset = BY_NAME[stored.load.dataset]
        upstream = upstream_of(stored)
        point_at(self._connection, [stored], only=(upstream, dataset.name))
        rows, aside = 0, []
        try:
            batch = self._connection.execute(
                f"select * exclude (load_id, landed_at) from {staging_of(stored)}"
            ).to_arrow_table()
        except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
            result = _unreadable(stored, str(error))
        else:
            # By column and without copies: a file of years has millions of rows.
            frame = batch.to_pandas(split_blocks=True, date_as_object=False)
            rows = len(frame)
            result = check_batch(dataset, frame, context=self._context(stored, dataset, frame))
            if rows:
                result = replace(
                    result, results=(*result.results, *self._beside_stored(stored, dataset))
                )
            if not stored.is_file:
                numbers = frame["arrival_row"]
                aside = sorted({int(numbers.iloc[row]) for row in result.bad_rows})
            if is_followed and result.outcome == "pass":
                self._last_good.remember(dataset, frame)
        point_at(self._connection, [], only=(upstream, dataset.name))
        if result.outcome != "could_not_run":
            self._zone.record_verdict(
                stored.load.load_id,
                {
                    "outcome": _verdict(stored, result),
                    "messages": [one.message for one in result.failed],
                    "results": [one.to_record() for one in result.results],
                    "rows": rows,
                    "quarantined": aside,
                    "gated_at": clock.now().isoformat(),
                },
            )
        return result

    def _beside_stored(self, stored: StoredLoad, dataset: Dataset) -> Iterable[CheckResult]:
        """The checks against what the warehouse holds of the same keys."""
        subject = Subject(GATE, dataset.name, dataset.name)
        given = (self._connection, self._zone, stored, dataset, subject)
        try:
            return (
                *session_checks(self._connection, stored, dataset, subject),
                *stored_price_checks(*given),
                *step_checks(*given),
                *change_checks(*given),
                *nav_step_checks(*given),
                *stored_column_checks(*given),
            )
        except duckdb.Error as error:
            return (subject.could_not_run("stored_rows", reason(error)),)

    def _context(
        self, stored: StoredLoad, dataset: Dataset, frame: pd.DataFrame
    ) -> BatchContext:
        previous = self._last_good.rows(stored.load, dataset, frame)
        if stored.is_file:
            return BatchContext(
                today=clock.today_in_beijing(),
                is_feed=False,
                previous=previous,
                received_rows=stored.load.rows,
                is_backfill=True,
            )
        days = frame[dataset.date_column].nunique() if dataset.date_column else 0
        return BatchContext(
            today=clock.today_in_beijing(),
            previous=previous,
            previous_rows=self._history.previous_rows(stored, dataset),
            received_rows=stored.load.rows,
            listed_shares=listed_shares(self._connection, stored, dataset),
            expected_day=self._history.expected_day(stored, dataset),
            is_backfill=days > 5,
            previous_content_equal=self._history.served_before(stored, dataset),
        )


def _verdict(stored: StoredLoad, result: BatchResult) -> str:
    """A file that may be right waits for a person; a feed is rejected."""
    faults = [one.check for one in result.failed]
    asked = {*PRICE_CHECKS, CHANGES, COLUMNS, SESSIONS, STEPS, NAV_STEPS}
    may_be_right = bool(faults) and all(one in asked or is_about_scale(one) for one in faults)
    return "hold" if stored.is_file and may_be_right else str(result.outcome)


def _unreadable(stored: StoredLoad, error: str) -> BatchResult:
    load = stored.load
    result = Subject("raw", load.dataset, load.dataset).result(
        "staging_reads_it",
        "fail",
        observed=error.splitlines()[0][:200],
        expected="cells of the declared types",
        hint=f"compare load {load.load_id} of the source with its contract test",
        failing_rows=load.rows,
    )
    return BatchResult("raw", load.dataset, (result,))
