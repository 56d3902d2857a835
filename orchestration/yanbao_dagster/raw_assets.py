"""One raw asset per dataset, in one step."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, multi_asset

from yanbao.catalog import DATASETS, Dataset
from yanbao.intake.ingest import ingest
from yanbao.nightly.evidence import write_files_read
from yanbao.nightly.last_run import files_read, what_changed
from yanbao_dagster.partitions import RAW_DAYS
from yanbao_dagster.resources import StateFolderResource

NIGHTLY = "nightly"  # the job that may end early
OWNER = "team:data-engineering"


def raw_key(dataset: str) -> list[str]:
    return ["raw", dataset]


def raw_spec(dataset: Dataset) -> AssetSpec:
    """The asset of a dataset: its grain, cadence and where it comes from."""
    upstream = ", ".join(dataset.upstream) or "files"
    return AssetSpec(
        key=raw_key(dataset.name),
        group_name=f"raw_{dataset.group.replace(' ', '_')}",
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
