"""A back-fill in a process of its own, so that a test can kill it in the middle.

Usage: ``python backfill_in_a_process.py HOME URL CODES``; the stand-in is at URL.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from yanbao.base.settings import Settings
from yanbao.intake.backfill import History, fill
from yanbao.nightly.steps import NightlySteps
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.traffic import Pace
from yanbao.sources.worker import WorkerProcess

UNHURRIED = Pace(seconds=0, jitter=0, backoff_seconds=0)
FIRST, LAST = date(2024, 1, 2), date(2024, 10, 31)


def main(home: str, url: str, codes: str) -> None:
    steps = NightlySteps(Settings(Path(home)), "live")
    steps.recover()
    history = History("a_share_bars", FIRST, LAST, tuple(codes.split(",")))
    with AkshareClient(runner=WorkerProcess(UNHURRIED, url)) as client:
        sys.stdout.write(fill(steps, client, history).line())


if __name__ == "__main__":
    main(*sys.argv[1:])
