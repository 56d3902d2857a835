"""One night of the simulated world, as a command that the command line runs.

The steps and their order are those of the asset graph; only dbt's project is cut down
(``small_project``) and there is no pack. ``yanbao run`` itself is called, so that exit codes
and the one line of an error are the product's.
"""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.fault.simulated_disk import Disk
from tests.fault.simulated_script import Disaster, Start
from yanbao.base import clock
from yanbao.base.errors import EXIT_PUBLISHED_STALE
from yanbao.base.lock import writer_lock
from yanbao.cli.progress import show_progress
from yanbao.intake.days_held import last_closed_session
from yanbao.intake.ingest import ingest
from yanbao.nightly.breaking_loads import build_and_judge
from yanbao.nightly.evidence import read_built, read_gate, write_gate, write_raw_gate
from yanbao.nightly.release import publish_release
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.gating import gate_pending
from yanbao.warehouse import dbt_command
from yanbao.warehouse.store import Parameters

DATASETS = ("a_share_bars", "index_bars", "trading_days")
RUN_ID = "simulated-night"
DayOf = Callable[[NightlySteps], date]


def handler(
    wanted: tuple[str, ...] = DATASETS, published_day: DayOf | None = None
) -> Callable[[argparse.Namespace], int]:
    """What stands for the handler of ``yanbao run``; the day of a night is asked for once.

    ``published_day`` asks again: a planted bug. Without ``wanted`` datasets nothing is fetched.
    """

    def handle(arguments: argparse.Namespace) -> int:
        show_progress(arguments.quiet)
        night = NightlySteps(arguments.settings, "live")
        night.settings.claim_mode("live")
        with writer_lock(night.settings.work, "a simulated night"):
            night.recover()
            day = last_closed_session(night)
            if wanted:
                ingest(night, wanted, f"{day}")
            night.prepare_models()
            night.seed_history_for_raw_gate()
            judged = gate_pending(night.zone, night.store, night.progress)
            checks = [check for one in judged for check in one.results]
            write_raw_gate(night.settings.work, checks)
            is_rebuild = night.prepare_models()
            parameters = Parameters(published_day(night) if published_day else day)
            found = build_and_judge(night, parameters, is_rebuild=is_rebuild)
            if found.error is not None:
                raise found.error
            work = night.settings.work
            write_gate(work, found.built, found.checks)
            built = read_built(work, parameters)
            stale = night.stale(parameters.as_of)
            publish_release(night, built, read_gate(work, built), stale, RUN_ID)
        return EXIT_PUBLISHED_STALE if stale else 0

    return handle


def virtual_clock(start: Start) -> None:
    """Beijing's time goes on by so many seconds with each look at it."""
    looks = 0
    begins = datetime.fromisoformat(start.moment).replace(tzinfo=clock.SHANGHAI)

    def now() -> datetime:
        nonlocal looks
        looks += 1
        return (begins + timedelta(seconds=start.tick * looks)).astimezone(UTC)

    clock.now = now


def strike(disaster: Disaster, disk: Disk) -> None:
    """Let a disaster wait for its moment."""
    if disaster.kind == "killed at":
        os.environ["YANBAO_FAULT"] = f"{disaster.point}:{disaster.number}"
    elif disaster.kind == "killed at operation":
        disk.die_at = disaster.number
    elif disaster.kind == "disk full from":
        disk.full_at = disaster.number
    else:
        _kill_at_table(disaster.number)


def _kill_at_table(number: int) -> None:
    """Kill this process when dbt begins with its nth table."""
    begun = 0

    def telling(progress: Any) -> Callable[[Any], None]:
        def tell(event: Any) -> None:
            nonlocal begun
            if event.info.name == "LogStartLine":
                begun += 1
                if begun == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        return tell

    dbt_command._telling = telling
