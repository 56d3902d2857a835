"""One run of the nightly job in this process, on the state folder's own Dagster instance."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanbao.base.errors import YanbaoError
from yanbao.base.lock import writer_lock
from yanbao.base.settings import Settings, SourceMode
from yanbao.intake.days_held import days_held, last_closed_session
from yanbao.nightly.last_run import read_last_run
from yanbao.nightly.steps import NightlySteps
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.reporting.nightly_pack import PrintedFile, run_settings
from yanbao.warehouse.store import Knowledge
from yanbao_dagster.command_line import COMMAND, COMMAND_LINE, STARTED_BY
from yanbao_dagster.home import dagster_instance

logger = logging.getLogger("yanbao.progress")


@dataclass(frozen=True)
class Outcome:
    """What a successful run ends with: its release, its packs, and what is stale."""

    release: Release
    files: tuple[PrintedFile, ...]
    stale: tuple[str, ...]
    is_unchanged: bool


def run_nightly(
    settings: Settings,
    mode: SourceMode,
    *,
    as_of: date | None,
    known_at: date | None,
    knowledge: Knowledge,
    threads: int,
    wait_minutes: float = 0,
) -> Outcome:
    """Run the whole job, after the writer at work where there is one and there is time.

    Raises YanbaoError for every failure a user can act on.
    """
    settings.claim_mode(mode)
    settings.make_folders()
    run_settings(settings)  # a misspelt setting is refused before anything is built
    with writer_lock(settings.work, COMMAND, wait_minutes * 60):
        night = NightlySteps(settings, mode, logger.info)
        if as_of is None:
            night.recover()
            night.take_over()
        day = as_of or last_closed_session(night)
        state = {
            "home": str(settings.home),
            "mode": mode,
            "threads": threads,
            "known_at": str(known_at or ""),
            "knowledge": knowledge,
        }
        run_id = _execute(night, state, day)
    last = read_last_run(settings.work)
    if last is None:
        raise YanbaoError("the run left no record", hint="run again, one run at a time")
    release = ReleaseStore(settings.releases).release(last.release_id)
    return Outcome(release, last.files or (), last.stale, last.run_id != run_id)


def _execute(night: NightlySteps, state: Mapping[str, Any], day: date) -> str:
    """The id of a run that ended well; raises what its failed step reports.

    ``state`` configures the run's state folder, as the Dagster UI would show it; the run
    is for the partition of the day.
    """
    logger.info("loading the asset graph")
    from yanbao_dagster.days import offer, offered  # noqa: PLC0415
    from yanbao_dagster.definitions import defs  # noqa: PLC0415
    from yanbao_dagster.failures import error_of  # noqa: PLC0415
    from yanbao_dagster.lost_runs import end_lost_runs  # noqa: PLC0415
    from yanbao_dagster.run_origin import (  # noqa: PLC0415
        is_of_command_line,
        launched_from_the_ui,
    )

    job = defs.resolve_job_def("nightly")
    with dagster_instance(night.settings) as instance:
        known = night.store.built_loads() if offered(instance) else ()
        offer(instance, [day, *days_held(night.settings, night.mode, known)])
        end_lost_runs(instance, is_of_command_line)  # we hold their lock
        result = job.execute_in_process(
            run_config={
                "resources": {"state": {"config": state}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            instance=instance,
            partition_key=day.isoformat(),
            tags={STARTED_BY: COMMAND_LINE},
            raise_on_error=False,
        )
        launched_from_the_ui(instance, result.run_id)
    for event in result.all_events:
        if event.is_step_failure:
            raise error_of(event)
    if not result.success:
        raise YanbaoError("the run ended without a release", hint="make dev shows its log")
    return result.run_id
