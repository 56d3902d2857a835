"""The nightly job: the whole graph, in one process."""

from dagster import AssetSelection, define_asset_job, in_process_executor

from yanbao_dagster.raw_assets import NIGHTLY

nightly = define_asset_job(
    name=NIGHTLY,
    # Staging views and seeds are made when the models change: they belong to the graph, but
    # planning and recording them in every run would cost seconds.
    selection=AssetSelection.all() - AssetSelection.groups("staging", "seeds"),
    executor_def=in_process_executor,
    description="Source to raw, gate, marts, gate, release, pack.",
    tags={"yanbao/writer": "one"},
)
