"""The asset graph. This module assembles; it decides and computes nothing."""

from dagster import Definitions

from yanbao_dagster.backfill_assets import backfill
from yanbao_dagster.gate_assets import raw_gate, release_gate
from yanbao_dagster.raw_assets import raw_assets
from yanbao_dagster.release_assets import nightly_pack, release
from yanbao_dagster.resources import StateFolderResource
from yanbao_dagster.schedules import nightly, nightly_schedule
from yanbao_dagster.sensors import inbox, inbox_sensor
from yanbao_dagster.warehouse_assets import warehouse_assets

defs = Definitions(
    assets=[
        raw_assets,
        raw_gate,
        warehouse_assets,
        release_gate,
        release,
        nightly_pack,
    ],
    jobs=[nightly, backfill, inbox],
    schedules=[nightly_schedule],
    sensors=[inbox_sensor],
    resources={"state": StateFolderResource()},
)
