"""The back-fill job: the history of one dataset into its raw partitions."""

from datetime import date

from dagster import (
    AssetMaterialization,
    Config,
    OpExecutionContext,
    in_process_executor,
    job,
    op,
)
from pydantic import Field

from yanbao.intake.days_held import sessions_between
from yanbao_dagster.days import offer
from yanbao_dagster.names import raw_key
from yanbao_dagster.resources import WRITER, StateFolderResource


class BackfillConfig(Config):
    """What to fill; no codes means all that the warehouse knows, budget 0 one per part."""

    dataset: str
    first: str
    last: str
    codes: list[str] = Field(default_factory=list)
    budget: int = 0


@op(pool=WRITER)
def fill_history(
    context: OpExecutionContext, state: StateFolderResource, config: BackfillConfig
) -> None:
    """Ask for what is missing; run again, it goes on where it stopped."""
    from yanbao.intake.backfill import History, fill  # noqa: PLC0415
    from yanbao.sources.akshare_client import AkshareClient  # noqa: PLC0415

    history = History(
        config.dataset,
        date.fromisoformat(config.first),
        date.fromisoformat(config.last),
        tuple(config.codes),
    )
    with state.steps(context) as steps, AkshareClient() as client:
        steps.settings.claim_mode("live")
        steps.recover()
        steps.take_over()
        filled = fill(steps, client, history, config.budget or None)
        days = sessions_between(steps.zone, history.first, history.last)
    context.log.info(filled.line())
    if filled.missing:
        context.log.warning(f"{len(filled.missing)} parts are missing: run the job again")
        return
    offer(context.instance, days)
    for day in days:
        context.log_event(
            AssetMaterialization(
                asset_key=raw_key(config.dataset),
                partition=day.isoformat(),
                metadata={"requests": filled.requests, "history": filled.line()},
            )
        )


@job(
    executor_def=in_process_executor,
    description="History of one dataset into its raw partitions; the nightly job builds it.",
)
def backfill() -> None:
    fill_history()
