"""Freshness of each dataset: through which day it has data, and through which it should.

Dagster's own freshness policies look at when an asset was made, and a rebuild from old loads
would pass. So a check on each raw asset judges ``data_through`` of the current release.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    AssetSelection,
    MetadataValue,
    ScheduleDefinition,
    TableRecord,
    define_asset_job,
    in_process_executor,
    multi_asset_check,
)

from yanbao.catalog import DATASETS
from yanbao.nightly.alerts import of_old_data, send
from yanbao.nightly.freshness import Freshness, freshness
from yanbao_dagster.failures import errors_as_data
from yanbao_dagster.names import RELEASE, raw_key
from yanbao_dagster.resources import StateFolderResource

CHECK = "freshness"
COLUMNS = ("part", "data_through", "due_on", "missing_since", "allowance_days")


@multi_asset_check(
    name="freshness_of_data",
    specs=[
        AssetCheckSpec(
            name=CHECK,
            asset=raw_key(dataset.name),
            # In a run that publishes, the release that it publishes is judged.
            additional_deps=[RELEASE],
            description="The release has data through the day through which they are due.",
        )
        for dataset in DATASETS
        if dataset.is_due
    ],
    can_subset=True,
)
def freshness_checks(
    context: AssetCheckExecutionContext, state: StateFolderResource
) -> Iterator[AssetCheckResult]:
    """Judge every dataset; one whose allowance is used up is told of, night or no night."""
    settings = state.settings()
    with errors_as_data():
        found = freshness(settings)
    over = [one.line() for one in found.stale.values() if one.is_over]
    for line in send(settings, *of_old_data(found.day, over)) if over else ():
        context.log.error(line)
    for key in context.selected_asset_check_keys:
        yield _result(key.asset_key, found)


def _result(asset: AssetKey, found: Freshness) -> AssetCheckResult:
    dataset = asset.path[-1]
    parts, stale = found.parts.get(dataset, ()), found.stale.get(dataset)
    is_over = stale is not None and stale.is_over
    words = f"fresh on {found.day}" if parts else "never loaded: nothing is due"
    rows = [
        TableRecord({column: str(part[column] or "–") for column in COLUMNS}) for part in parts
    ]
    return AssetCheckResult(
        asset_key=asset,
        check_name=CHECK,
        passed=stale is None,
        severity=AssetCheckSeverity.ERROR if is_over else AssetCheckSeverity.WARN,
        description=stale.line() if stale else words,
        metadata={
            "as_of": found.day.isoformat(),
            "data_through": str(max((part["data_through"] for part in parts), default="–")),
            **({"parts": MetadataValue.table(rows)} if rows else {}),
        },
    )


data_freshness = define_asset_job(
    "data_freshness",
    selection=AssetSelection.checks(freshness_checks),
    executor_def=in_process_executor,
    description="Judges the current release on the last closed session; builds nothing.",
)
data_freshness_schedule = ScheduleDefinition(
    name="data_freshness_schedule",
    job=data_freshness,
    cron_schedule="0 9,21 * * *",
    execution_timezone="Asia/Shanghai",
    description="Before the desk opens, and after the night should have ended.",
)
