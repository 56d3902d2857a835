"""One raw asset per dataset, in one step."""

from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetSpec,
    MaterializeResult,
    TimeWindowPartitionsDefinition,
    multi_asset,
)

from yanbao.catalog import DATASETS, Dataset
from yanbao.intake.ingest import ingest
from yanbao.nightly.evidence import write_files_read
from yanbao.nightly.last_run import files_read, what_changed
from yanbao_dagster.resources import WRITER, StateFolderResource

NIGHTLY = "nightly"  # the job that may end early
OWNER = "team:data-engineering"
# A back-fill asks a source for one day; the day that has not ended yet is included so that
# a run after the close can fetch it. Weekdays since 2024 only: Dagster lists every key some
# seventy times a run, and older history comes from a source's own history or from files.
RAW_DAYS = TimeWindowPartitionsDefinition(
    start="2024-01-01",
    fmt="%Y-%m-%d",
    cron_schedule="0 0 * * 1-5",
    timezone="Asia/Shanghai",
    end_offset=1,
)


def raw_key(dataset: str) -> list[str]:
    return ["raw", dataset]


def raw_group(dataset: Dataset) -> str:
    return f"raw_{dataset.group.replace(' ', '_')}"


def raw_spec(dataset: Dataset) -> AssetSpec:
    """The asset of a dataset: its grain, cadence and where it comes from."""
    upstream = ", ".join(dataset.upstream) or "files"
    return AssetSpec(
        key=raw_key(dataset.name),
        group_name=raw_group(dataset),
        description=f"{dataset.label}: one row per {dataset.grain}. Source: {upstream}.",
        metadata={"cadence": dataset.cadence, "key": ", ".join(dataset.key)},
        owners=[OWNER],
        kinds={"parquet"},
        skippable=True,
    )


@multi_asset(
    name="raw",
    specs=[raw_spec(dataset) for dataset in DATASETS],
    partitions_def=RAW_DAYS,
    can_subset=True,
    pool=WRITER,
)
def raw_assets(
    context: AssetExecutionContext, state: StateFolderResource
) -> Iterator[MaterializeResult[Any]]:
    """Bring what is due into the raw zone; a source that fails leaves a record, no gap.

    Where a nightly run finds nothing that the last one did not have, it ends here: no asset
    is made, and Dagster skips all that comes after.
    """
    day = context.partition_key if context.has_partition_key else state.as_of or None
    wanted = {key.path[-1] for key in context.selected_asset_keys}
    with state.steps(context.op_execution_context) as steps:
        steps.settings.claim_mode(steps.mode)
        steps.recover()
        summary = ingest(steps, wanted, day)
        if context.run.job_name == NIGHTLY:
            files = files_read(steps.settings)
            changed = what_changed(steps, state.parameters(), files)
            if changed is None:
                steps.progress("nothing changed: the current release stands")
                return
            steps.progress(f"building, for this is new: {changed}")
            write_files_read(steps.settings.work, context.run_id, files)
    for dataset in sorted(wanted):
        loads = summary.get(dataset, [])
        yield MaterializeResult(
            asset_key=raw_key(dataset),
            metadata={
                "loads": len(loads),
                "rows": sum(stored.load.rows for stored in loads),
                "outcomes": ", ".join(sorted({stored.status for stored in loads})) or "–",
            },
        )
