"""What is old goes by itself: releases, ad-hoc builds, and runs of Dagster's history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from dagster import (
    AssetExecutionContext,
    DagsterInstance,
    DagsterRunStatus,
    OpExecutionContext,
    RunsFilter,
)

from yanbao.base import clock
from yanbao.base.settings import Settings
from yanbao.releases.clean_up import removable, remove, size_of
from yanbao.reporting.nightly_pack import run_settings

KEEP_DAYS = 30
ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def remove_old(context: AssetExecutionContext | OpExecutionContext, settings: Settings) -> None:
    """Remove what may go, and tell the run's log; the caller holds the writer's lock."""
    found = removable(settings, run_settings(settings).keep_days)
    size = sum(map(size_of, found.paths)) / 2**20
    for path in found.paths:
        context.log.info(f"removing {path.relative_to(settings.home)}")
    remove(settings, found)
    runs = old_runs(context.instance)
    remove_runs(context.instance, settings.dagster_home, runs)
    context.log.info(
        f"clean-up: {len(found.paths)} folders or files, {size:.1f} MiB, and {len(runs)} runs"
        f" older than {KEEP_DAYS} days"
    )


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
