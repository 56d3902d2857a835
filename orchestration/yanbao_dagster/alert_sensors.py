"""Alerts of runs that Dagster's daemon started; ``yanbao run`` tells of its own.

Sensors see what no step can: a run whose process was killed, and one that never began.
"""

from dagster import (
    DagsterRun,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunStatusSensorContext,
    SkipReason,
    run_failure_sensor,
    run_status_sensor,
)

from yanbao.base.errors import YanbaoError
from yanbao.nightly.alerts import of_failure, of_stale, send
from yanbao.nightly.last_run import read_last_run
from yanbao_dagster.failures import error_of
from yanbao_dagster.resources import StateFolderResource
from yanbao_dagster.run_origin import is_of_command_line
from yanbao_dagster.schedules import nightly

BACKFILL = "dagster/backfill"  # the tag of a run that is one of many; their page shows them


@run_failure_sensor(
    default_status=DefaultSensorStatus.RUNNING,
    description="Tells the addresses of YANBAO_ALERTS of every run that failed.",
)
def alert_of_failure(
    context: RunFailureSensorContext, state: StateFolderResource
) -> SkipReason | None:
    run = context.dagster_run
    if is_of_command_line(run):
        return SkipReason("yanbao run tells of its own runs")
    failures = context.get_step_failure_events()
    error = error_of(failures[0]) if failures else _without_a_step(run)
    _tell(context, state, of_failure(error, f"Dagster's job {run.job_name}"))
    return None


@run_status_sensor(
    run_status=DagsterRunStatus.SUCCESS,
    monitored_jobs=[nightly],
    default_status=DefaultSensorStatus.RUNNING,
    description="Tells the addresses of YANBAO_ALERTS of a night that published stale data.",
)
def alert_of_stale_data(
    context: RunStatusSensorContext, state: StateFolderResource
) -> SkipReason | None:
    run = context.dagster_run
    if is_of_command_line(run) or BACKFILL in run.tags:
        return SkipReason("yanbao run tells of its own runs, and no back-fill is told of")
    last = read_last_run(state.settings().work)
    if last is None or not last.stale:
        return SkipReason("no data are stale")
    _tell(context, state, of_stale(last.release_id, last.stale))
    return None


def _tell(
    context: RunStatusSensorContext, state: StateFolderResource, said: tuple[str, list[str]]
) -> None:
    for line in send(state.settings(), *said):
        context.log.error(line)


def _without_a_step(run: DagsterRun) -> YanbaoError:
    return YanbaoError(
        "the run ended outside of its steps",
        where=f"run {run.run_id[:8]}",
        hint="its process was killed or could not begin: see the run in Dagster",
    )
