"""The back-fill job: one stretch of history of one dataset into its raw partitions."""

from datetime import date

from dagster import (
    AssetKey,
    AssetMaterialization,
    Config,
    OpExecutionContext,
    in_process_executor,
    job,
    op,
)
from pydantic import Field

from orchestration.assets.raw import raw_key
from orchestration.partitions import RAW_DAYS
from orchestration.resources import StateFolder
from orchestration.warehouse.lock import writer_lock


class BackfillConfig(Config):
    """What to fill; no codes means all that the warehouse knows, budget 0 one per part."""

    dataset: str
    first: str
    last: str
    codes: list[str] = Field(default_factory=list)
    budget: int = 0


@op
def fill_history(
    context: OpExecutionContext, state: StateFolder, config: BackfillConfig
) -> None:
    """Ask for what is missing; run again, it goes on where it stopped."""
    from orchestration.backfill import Stretch, fill  # noqa: PLC0415
    from orchestration.sources.akshare_client import AkshareClient  # noqa: PLC0415

    night = state.night(context.log.info)
    night.settings.claim_mode("live")
    stretch = Stretch(
        config.dataset,
        date.fromisoformat(config.first),
        date.fromisoformat(config.last),
        tuple(config.codes),
    )
    with writer_lock(night.settings.work, "a back-fill"), AkshareClient() as client:
        night.recover()
        filled = fill(night, client, stretch, config.budget or None)
    context.log.info(filled.line())
    if filled.missing:
        context.log.warning(f"{len(filled.missing)} parts are missing: run the job again")
        return
    for day in RAW_DAYS.get_partition_keys():
        if config.first <= day <= config.last:
            context.log_event(
                AssetMaterialization(
                    asset_key=AssetKey(raw_key(config.dataset)),
                    partition=day,
                    metadata={"requests": filled.requests, "stretch": filled.line()},
                )
            )


@job(
    executor_def=in_process_executor,
    description="History of one dataset into its raw partitions; the nightly job builds it.",
    tags={"yanbao/writer": "one"},
)
def backfill() -> None:
    fill_history()
