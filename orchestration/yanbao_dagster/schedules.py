"""The nightly job, and when it runs: after the close, on trading days, in Beijing's time."""

from dagster import (
    AssetSelection,
    RunRequest,
    ScheduleEvaluationContext,
    SkipReason,
    define_asset_job,
    in_process_executor,
    schedule,
)

from yanbao.base import clock
from yanbao.raw.sessions import CalendarError, is_session
from yanbao.raw.zone import RawZone
from yanbao_dagster.freshness import freshness_checks
from yanbao_dagster.raw_assets import NIGHTLY
from yanbao_dagster.resources import StateFolderResource

nightly = define_asset_job(
    name=NIGHTLY,
    # Staging views and seeds are made when the models change: they belong to the graph, but
    # planning and recording them in every run would cost seconds.
    selection=AssetSelection.all()
    - AssetSelection.groups("staging", "seeds")
    - AssetSelection.checks(freshness_checks),
    executor_def=in_process_executor,
    description="Source to raw, gate, marts, gate, release, pack.",
)


@schedule(
    job=nightly,
    cron_schedule="30 18 * * *",
    execution_timezone="Asia/Shanghai",
    description="18:30 in Beijing on every trading day; other days are skipped, with a word.",
)
def nightly_schedule(
    context: ScheduleEvaluationContext, state: StateFolderResource
) -> RunRequest | SkipReason:
    day = context.scheduled_execution_time.astimezone(clock.SHANGHAI).date()
    try:
        trading = is_session(day, RawZone(state.settings().raw))
    except CalendarError as error:
        # Without a calendar a weekday is the best witness; the run itself will say more.
        context.log.warning(error.line())
        trading = day.weekday() < 5
    if not trading:
        return SkipReason(f"{day} is not a trading day")
    config = {"resources": {"state": {"config": {"as_of": day.isoformat()}}}}
    return RunRequest(run_key=day.isoformat(), run_config=config)
