"""The packs of a week's end and of a month's end, printed from the current release."""

from collections.abc import Callable
from datetime import date
from typing import Any

from dagster import (
    AssetDep,
    AssetExecutionContext,
    LastPartitionMapping,
    MaterializeResult,
    MetadataValue,
    asset,
)

from yanbao.base.errors import UsageError
from yanbao.raw.sessions import chinese_sessions
from yanbao.raw.zone import RawZone
from yanbao.releases.adhoc import released_parameters
from yanbao.releases.release_store import ReleaseStore
from yanbao.reporting.nightly_pack import Packs, print_packs_of_day, run_settings
from yanbao.warehouse.store import Parameters
from yanbao_dagster.days import MONTHS, WEEKS, month_of, week_of
from yanbao_dagster.failures import errors_as_data
from yanbao_dagster.names import OWNER, RELEASE
from yanbao_dagster.resources import WRITER, StateFolderResource

# Any day of a week or month is built from the newest release.
FROM_THE_RELEASE = AssetDep(RELEASE, partition_mapping=LastPartitionMapping())


@asset(
    key=["report_pack", "weekly"],
    group_name="release",
    deps=[FROM_THE_RELEASE],
    partitions_def=WEEKS,
    owners=[OWNER],
    kinds={"xlsx"},
    pool=WRITER,
)
def weekly_pack(
    context: AssetExecutionContext, state: StateFolderResource
) -> MaterializeResult[Any]:
    """Print the weekly packs of the settings for the last session of an ISO week."""
    return _print(context, state, week_of, run_settings(state.settings()).weekly)


@asset(
    key=["report_pack", "monthly"],
    group_name="release",
    deps=[FROM_THE_RELEASE],
    partitions_def=MONTHS,
    owners=[OWNER],
    kinds={"xlsx"},
    pool=WRITER,
)
def monthly_pack(
    context: AssetExecutionContext, state: StateFolderResource
) -> MaterializeResult[Any]:
    """Print the monthly packs of the settings for the last session of a month."""
    return _print(context, state, month_of, run_settings(state.settings()).monthly)


def _print(
    context: AssetExecutionContext,
    state: StateFolderResource,
    period_of: Callable[[date], str],
    packs: Packs,
) -> MaterializeResult[Any]:
    settings = state.settings()
    with errors_as_data():
        released = released_parameters(ReleaseStore(settings.releases).current()).as_of
        sessions = [*chinese_sessions(RawZone(settings.raw)), released]
        days = [
            day
            for day in sessions
            if day <= released and period_of(day) == context.partition_key
        ]
        if not days:
            raise UsageError(
                f"the current release is of {released} and holds no day of"
                f" {context.partition_key}",
                hint="run the job nightly for a day of it first",
            )
        parameters = Parameters(max(days))
        files = print_packs_of_day(settings, packs, parameters, context.log.info)
    return MaterializeResult(
        metadata={
            "as_of": parameters.as_of.isoformat(),
            **{
                f"{one.pack} {one.format}": MetadataValue.path(settings.reports / one.path)
                for one in files
            },
        }
    )
