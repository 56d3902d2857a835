"""The asset graph. This module assembles; it decides and computes nothing."""

from dagster import Definitions

from yanbao_dagster.alert_sensors import alert_of_failure, alert_of_stale_data
from yanbao_dagster.backfill_assets import backfill
from yanbao_dagster.freshness import data_freshness, data_freshness_schedule, freshness_checks
from yanbao_dagster.gate_assets import raw_gate, release_gate
from yanbao_dagster.raw_assets import raw_assets
from yanbao_dagster.release_assets import nightly_pack, release
from yanbao_dagster.resources import StateFolderResource
from yanbao_dagster.schedules import nightly, nightly_schedule
from yanbao_dagster.sensors import inbox, inbox_sensor
from yanbao_dagster.upkeep import (
    clean_up,
    clean_up_schedule,
    full_audit,
    full_audit_schedule,
)
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
    asset_checks=[freshness_checks],
    jobs=[nightly, backfill, inbox, data_freshness, clean_up, full_audit],
    schedules=[
        nightly_schedule,
        data_freshness_schedule,
        clean_up_schedule,
        full_audit_schedule,
    ],
    sensors=[inbox_sensor, alert_of_failure, alert_of_stale_data],
    resources={"state": StateFolderResource()},
)
