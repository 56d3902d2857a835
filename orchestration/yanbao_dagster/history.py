"""Dagster's history: its runs go after a season, with their events and logs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from yanbao.base import clock

KEEP_DAYS = 90
ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def old_runs(instance: DagsterInstance) -> list[str]:
    """The ids of runs that ended longer ago than they are kept."""
    before = clock.now() - timedelta(days=KEEP_DAYS)
    wanted = RunsFilter(statuses=ENDED, updated_before=before)
    return [record.dagster_run.run_id for record in instance.get_run_records(wanted)]


def remove_runs(instance: DagsterInstance, home: Path, run_ids: Iterable[str]) -> None:
    """Remove runs with all that Dagster has kept of them; ``home`` is Dagster's."""
    for run_id in run_ids:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        # SQLite keeps the file of a run's events, emptied, in its size.
        (home / "history" / "runs" / f"{run_id}.db").unlink(missing_ok=True)
