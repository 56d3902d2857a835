"""One raw asset per dataset, in one step: a night has few fat steps, not many thin ones."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetExecutionContext, AssetSpec, Config, MaterializeResult, multi_asset

from yanbao.base.lock import writer_lock
from yanbao.catalog import DATASETS, Dataset
from yanbao.intake.ingest import ingest
from yanbao_dagster.partitions import RAW_DAYS
from yanbao_dagster.resources import StateFolderResource

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


class RawConfig(Config):
    """The day to fetch; empty means the partition's, else the last closed session."""

    day: str = ""


@multi_asset(
    name="raw",
    specs=[raw_spec(dataset) for dataset in DATASETS],
    partitions_def=RAW_DAYS,
    can_subset=True,
)
def raw_assets(
    context: AssetExecutionContext, state: StateFolderResource, config: RawConfig
) -> Iterator[MaterializeResult[Any]]:
    """Bring what is due into the raw zone; a source that fails leaves a record, no gap."""
    night = state.night(context.log.info)
    day = context.partition_key if context.has_partition_key else config.day or None
    wanted = {key.path[-1] for key in context.selected_asset_keys}
    night.settings.claim_mode(night.mode)
    with writer_lock(night.settings.work, "a run"):
        night.recover()
        summary = ingest(night, wanted, day)
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
