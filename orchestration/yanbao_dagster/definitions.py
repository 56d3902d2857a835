"""The asset graph. This module assembles; it decides and computes nothing."""

from dagster import Definitions, in_process_executor

from yanbao_dagster.alert_sensors import alert_of_failure, alert_of_stale_data
from yanbao_dagster.backfill_assets import backfill
from yanbao_dagster.dbt_specs import made_with_the_models
from yanbao_dagster.freshness import data_freshness, data_freshness_schedule, freshness_checks
from yanbao_dagster.pack_assets import monthly_pack, weekly_pack
from yanbao_dagster.raw_assets import raw_assets
from yanbao_dagster.release_assets import nightly_pack, release
from yanbao_dagster.resources import StateFolderResource
from yanbao_dagster.schedules import (
    monthly_packs,
    monthly_schedule,
    nightly,
    nightly_schedule,
    weekly_packs,
    weekly_schedule,
)
from yanbao_dagster.sensors import inbox, inbox_sensor
from yanbao_dagster.upkeep import (
    clean_up,
    clean_up_schedule,
    full_audit,
    full_audit_schedule,
)
from yanbao_dagster.warehouse_assets import history_proofs, warehouse_assets

defs = Definitions(
    assets=[
        raw_assets,
        # Nothing makes these alone: the run that finds other models makes them.
        *made_with_the_models().values(),
        warehouse_assets,
        release,
        nightly_pack,
        weekly_pack,
        monthly_pack,
    ],
    asset_checks=[history_proofs, freshness_checks],
    jobs=[
        nightly,
        weekly_packs,
        monthly_packs,
        backfill,
        inbox,
        data_freshness,
        clean_up,
        full_audit,
    ],
    schedules=[
        nightly_schedule,
        weekly_schedule,
        monthly_schedule,
        data_freshness_schedule,
        clean_up_schedule,
        full_audit_schedule,
    ],
    sensors=[inbox_sensor, alert_of_failure, alert_of_stale_data],
    resources={"state": StateFolderResource()},
    # A process of Dagster costs more than most steps.
    executor=in_process_executor,
)
