"""The asset graph. This module assembles; it decides and computes nothing."""

from dagster import Definitions

from orchestration.assets.backfill import backfill
from orchestration.assets.raw import raw_assets
from orchestration.assets.release import nightly_pack, release
from orchestration.assets.warehouse import warehouse_assets
from orchestration.checks.gates import raw_gate, release_gate
from orchestration.jobs import nightly
from orchestration.resources import StateFolder
from orchestration.schedules import nightly_schedule
from orchestration.sensors import inbox, inbox_sensor

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
    resources={"state": StateFolder()},
)
