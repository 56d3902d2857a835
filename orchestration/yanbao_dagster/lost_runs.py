"""Runs whose process is gone, by a kill or a power cut, and that nobody has ended.

Dagster's queue lets one writer run at a time: it would wait for such a run for ever.
"""

from collections.abc import Callable

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

from yanbao.base.lock import lock_holder
from yanbao.base.settings import Settings
from yanbao_dagster.command_line import COMMAND
from yanbao_dagster.run_origin import is_of_command_line, launched_from_the_ui

BEGUN = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
WORDS = "Its process is gone: it was killed, or the machine went down. Launch its day again."


def writer_name(run: DagsterRun) -> str:
    """What a run of the UI calls itself as a writer."""
    return f"Dagster's run {run.run_id[:8]} of {run.job_name}"


def end_lost_runs(instance: DagsterInstance, is_lost: Callable[[DagsterRun], bool]) -> None:
    for run in instance.get_runs(RunsFilter(statuses=BEGUN)):
        if is_lost(run):
            instance.report_run_failed(run, WORDS)
            if is_of_command_line(run):
                launched_from_the_ui(instance, run.run_id)


def end_runs_of_an_earlier_server(instance: DagsterInstance, settings: Settings) -> None:
    """To be called where what launches runs begins: only who holds the lock is at work."""
    holder = (lock_holder(settings.work) or {}).get("purpose")
    end_lost_runs(
        instance,
        lambda run: holder != (COMMAND if is_of_command_line(run) else writer_name(run)),
    )
