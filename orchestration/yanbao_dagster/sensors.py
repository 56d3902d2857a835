"""The inbox sensor: files of a stable size in the watched folder go into the raw zone."""

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    AssetObservation,
    Backoff,
    Config,
    DefaultSensorStatus,
    Failure,
    Jitter,
    Nothing,
    OpExecutionContext,
    Out,
    Output,
    RetryPolicy,
    RunRequest,
    SensorEvaluationContext,
    SkipReason,
    in_process_executor,
    job,
    op,
    sensor,
)

from yanbao.base import clock
from yanbao.base.file_names import readable
from yanbao.base.lock import lock_holder, writer_lock
from yanbao.base.settings import Settings
from yanbao.intake.days_held import days_held
from yanbao.intake.inbox_folder import recover, take, watch
from yanbao.intake.landing import Landed
from yanbao.raw.zone import RawZone
from yanbao_dagster.check_events import waiting_line
from yanbao_dagster.days import offer
from yanbao_dagster.names import RAW_CHECK, raw_key
from yanbao_dagster.resources import WRITER, StateFolderResource

# Dagster warns of a parameter of its own when it copies any sensor; a user cannot act on it.
warnings.filterwarnings("ignore", message="Parameter `owners` of initializer `SensorDef")


RETRY = RetryPolicy(
    max_retries=3, delay=60, backoff=Backoff.EXPONENTIAL, jitter=Jitter.PLUS_MINUS
)


class InboxConfig(Config):
    """The names of the files to take, as they stand in the folder."""

    names: list[str]


@op(out=Out(Nothing), pool=WRITER, retry_policy=RETRY)
def take_inbox(
    context: OpExecutionContext, state: StateFolderResource, config: InboxConfig
) -> Iterator[Any]:
    """Land each file or give it back; a file that is refused fails the run, by name."""
    settings = state.settings()
    settings.claim_mode("import")
    settings.make_folders()
    with writer_lock(settings.work, "the inbox"):
        recover(settings)
        present = [name for name in config.names if (settings.inbox / name).exists()]
        links = [name for name in config.names if (settings.inbox / name).is_symlink()]
        taken = [take(settings, name) for name in dict.fromkeys([*present, *links])]
    landed = [one.landed for one in taken if one.landed]
    offer(context.instance, days_held(settings, "import", _all_but(settings, landed)))
    for one in taken:
        if one.landed is None:
            context.log.error(one.error)
        else:
            yield from _events(context, one.name, one.landed)
    refused = [one.error for one in taken if one.error]
    if refused:
        raise Failure("; ".join(refused), allow_retries=False)
    yield Output(None)


def _all_but(settings: Settings, landed: Iterable[Landed]) -> set[str]:
    """The ids of all other loads."""
    ours = {one.stored.load.load_id for one in landed}
    return {one.load.load_id for one in RawZone(settings.raw).loads()} - ours


def _events(
    context: OpExecutionContext, name: str, landed: Landed
) -> Iterator[AssetObservation | AssetCheckEvaluation]:
    """A file was seen: the run that judges it says whether it brought anything in.

    The check of one that waits for a person already fails at once.
    """
    stored = landed.stored
    load = stored.load
    for line in landed.lines:
        context.log.info(line)
    status = "the next run judges it" if stored.status == "ungated" else stored.status
    yield AssetObservation(
        raw_key(load.dataset),
        description=f"{name}: {status}",
        metadata={
            "load": load.load_id,
            "rows in": load.rows_in,
            "rows read": load.rows,
            "rows quarantined": load.rows_quarantined,
            "mapping": load.mapping or "",
        },
    )
    if stored.status != "held":
        return
    yield AssetCheckEvaluation(
        asset_key=raw_key(load.dataset),
        check_name=RAW_CHECK,
        passed=False,
        severity=AssetCheckSeverity.WARN,
        description=waiting_line(stored),
        metadata={
            "load": load.load_id,
            **({"lines": "\n".join(landed.lines)} if landed.lines else {}),
        },
    )


@job(executor_def=in_process_executor)
def inbox() -> None:
    """Dropped files to raw; the next nightly run builds them."""
    take_inbox()


@sensor(job=inbox, minimum_interval_seconds=15, default_status=DefaultSensorStatus.RUNNING)
def inbox_sensor(
    context: SensorEvaluationContext, state: StateFolderResource
) -> RunRequest | SkipReason:
    """Ask for a run once files are stable; the cursor remembers how they looked."""
    settings = state.settings()
    if settings.recorded_mode() == "sample":
        return SkipReason("this state folder holds sample data and takes no files")
    earlier = json.loads(context.cursor or "{}")
    holder = lock_holder(settings.work)
    if holder is not None:
        return SkipReason(f"{holder.get('purpose', 'a run')} is in progress")
    seen, ready = watch(settings, earlier, clock.now().timestamp())
    context.update_cursor(json.dumps(seen))
    if not ready:
        return SkipReason(
            f"{len(seen)} files are not stable yet" if seen else "nothing dropped"
        )
    looks = json.dumps([seen[name] for name in ready], sort_keys=True)
    key = hashlib.sha256(looks.encode()).hexdigest()[:16]
    config = {"ops": {"take_inbox": {"config": {"names": ready}}}}
    return RunRequest(run_key=f"{','.join(map(readable, ready))[:80]}:{key}", run_config=config)
