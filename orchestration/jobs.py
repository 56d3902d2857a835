"""The nightly job: the whole graph, in one process."""

from dagster import AssetSelection, define_asset_job, in_process_executor

nightly = define_asset_job(
    name="nightly",
    selection=AssetSelection.all(),
    executor_def=in_process_executor,
    description="Source to raw, gate, marts, gate, release, pack.",
    tags={"yanbao/writer": "one"},
)
