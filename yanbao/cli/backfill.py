"""``yanbao backfill``: history of a dataset into raw, from where the last one stopped."""

from __future__ import annotations

import argparse
import logging

from yanbao.base.errors import EXIT_FAILED, UsageError
from yanbao.cli.progress import show_progress
from yanbao.cli.words import add_quiet_argument, iso_day


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET")
    parser.add_argument("--from", dest="first", type=iso_day, required=True, metavar="DATE")
    parser.add_argument("--to", dest="last", type=iso_day, required=True, metavar="DATE")
    parser.add_argument(
        "--codes", default="", help="comma-separated (default: all that the warehouse knows)"
    )
    parser.add_argument(
        "--budget",
        type=int,
        help="no call begins after so many requests (default: what the missing parts cost)",
    )
    add_quiet_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.base.lock import writer_lock
    from yanbao.intake.backfill import History, fill
    from yanbao.nightly.steps import NightlySteps
    from yanbao.sources.akshare_client import AkshareClient

    if arguments.budget is not None and arguments.budget < 1:
        raise UsageError(f"--budget {arguments.budget} is too small", hint="give 1 or more")
    settings = arguments.settings
    settings.claim_mode("live")
    show_progress(arguments.quiet)
    state = NightlySteps(settings, "live", logging.getLogger("yanbao.progress").info)
    codes = tuple(code.strip() for code in arguments.codes.split(",") if code.strip())
    history = History(arguments.dataset, arguments.first, arguments.last, codes)
    with writer_lock(settings.work, "yanbao backfill"):
        state.recover()
        state.take_over()
        with AkshareClient() as client:
            filled = fill(state, client, history, arguments.budget)
        state.hand_over()
    print(filled.line())
    if filled.missing:
        print("the same command goes on where this one stopped")
    else:
        print("yanbao run takes it in")
    return EXIT_FAILED if filled.failed and not filled.answered else 0
