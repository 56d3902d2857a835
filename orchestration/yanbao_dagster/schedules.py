"""The jobs, and when they run: after the close, on trading days, in Beijing's time."""

from collections.abc import Callable
from datetime import date

from dagster import (
    AssetSelection,
    RunRequest,
    ScheduleEvaluationContext,
    SkipReason,
    define_asset_job,
    schedule,
)

from yanbao.base import clock
from yanbao.base.settings import SAMPLE_AS_OF
from yanbao.intake.season import is_results_season
from yanbao.raw.sessions import CalendarError, is_month_end, is_session, is_week_end
from yanbao.raw.zone import RawZone
from yanbao_dagster.days import DAYS, MONTHS, WEEKS, month_of, offer, week_of
from yanbao_dagster.names import NIGHTLY
from yanbao_dagster.pack_assets import monthly_pack, weekly_pack
from yanbao_dagster.raw_assets import raw_assets
from yanbao_dagster.release_assets import nightly_pack, release
from yanbao_dagster.resources import StateFolderResource
from yanbao_dagster.warehouse_assets import warehouse_assets

nightly = define_asset_job(
    name=NIGHTLY,
    # Its steps report what they judged all the same. A run that plans checks and then ends
    # early would leave them without an outcome, and planning them costs half a second.
    selection=AssetSelection.assets(
        raw_assets, warehouse_assets, release, nightly_pack
    ).without_checks(),
    partitions_def=DAYS,
    description="Source to raw, gate, marts, gate, release, pack, for the partition's day.",
)
weekly_packs = define_asset_job(
    name="weekly_packs",
    selection=AssetSelection.assets(weekly_pack),
    partitions_def=WEEKS,
    description="The weekly packs of the settings, for the last session of an ISO week.",
)
monthly_packs = define_asset_job(
    name="monthly_packs",
    selection=AssetSelection.assets(monthly_pack),
    partitions_def=MONTHS,
    description="The monthly packs of the settings, for the last session of a month.",
)


@schedule(
    job=nightly,
    cron_schedule="30 18 * * *",
    execution_timezone="Asia/Shanghai",
    description="18:30 in Beijing on every trading day, in April, August and October on every"
    " day, for statements come on all of them; other days are skipped, with a word.",
)
def nightly_schedule(
    context: ScheduleEvaluationContext, state: StateFolderResource
) -> RunRequest | SkipReason:
    day = _day(context)
    if not _trades(context, state, day) and not is_results_season(day):
        return SkipReason(f"{day} is not a trading day")
    return _request(context, state, day, day.isoformat())


@schedule(
    job=weekly_packs,
    cron_schedule="0 20 * * *",
    execution_timezone="Asia/Shanghai",
    description="20:00 in Beijing on the last trading day of a week, after the night.",
)
def weekly_schedule(
    context: ScheduleEvaluationContext, state: StateFolderResource
) -> RunRequest | SkipReason:
    return _at_the_end(context, state, is_week_end, week_of, "week")


@schedule(
    job=monthly_packs,
    cron_schedule="15 20 * * *",
    execution_timezone="Asia/Shanghai",
    description="20:15 in Beijing on the last trading day of a month, after the night.",
)
def monthly_schedule(
    context: ScheduleEvaluationContext, state: StateFolderResource
) -> RunRequest | SkipReason:
    return _at_the_end(context, state, is_month_end, month_of, "month")


def _at_the_end(
    context: ScheduleEvaluationContext,
    state: StateFolderResource,
    is_end: Callable[[date, RawZone], bool],
    period_of: Callable[[date], str],
    word: str,
) -> RunRequest | SkipReason:
    day = _day(context)
    if not _trades(context, state, day) or not is_end(day, RawZone(state.settings().raw)):
        return SkipReason(f"{day} is not the last trading day of its {word}")
    return _request(context, state, day, period_of(day))


def _day(context: ScheduleEvaluationContext) -> date:
    return context.scheduled_execution_time.astimezone(clock.SHANGHAI).date()


def _trades(context: ScheduleEvaluationContext, state: StateFolderResource, day: date) -> bool:
    try:
        return is_session(day, RawZone(state.settings().raw))
    except CalendarError as error:
        # Without a calendar a weekday is the best witness; the run itself will say more.
        context.log.warning(error.line())
        return day.weekday() < 5


def _request(
    context: ScheduleEvaluationContext, state: StateFolderResource, day: date, partition: str
) -> RunRequest | SkipReason:
    if state.source_mode() == "sample" and day > date.fromisoformat(SAMPLE_AS_OF):
        return SkipReason(f"the sample ends on {SAMPLE_AS_OF}: no day comes after it")
    offer(context.instance, [day])
    return RunRequest(run_key=partition, partition_key=partition)
