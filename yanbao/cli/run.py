"""``yanbao run``: the nightly job through Dagster, in this process."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from yanbao.base.errors import (
    EXIT_FAILED,
    EXIT_GATE_BLOCKED,
    EXIT_LOCKED,
    EXIT_PUBLISHED_STALE,
    EXIT_USAGE,
    YanbaoError,
)
from yanbao.cli.progress import show_progress
from yanbao.cli.words import add_day_arguments, add_quiet_argument, knowledge_of

if TYPE_CHECKING:
    from yanbao.base.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_day_arguments(parser)
    parser.add_argument(
        "--source",
        choices=("sample", "import", "live", "replay"),
        help="where data come from (default: YANBAO_SOURCE, the folder's own, or sample)",
    )
    parser.add_argument("--threads", type=int, default=1, help="dbt threads (default 1)")
    parser.add_argument(
        "--wait",
        type=minutes,
        default=0.0,
        metavar="MINUTES",
        help="wait this long for another writer to end (default 0)",
    )
    add_quiet_argument(parser)


def minutes(text: str) -> float:
    """A number of minutes as the command line takes it."""
    if not text.replace(".", "", 1).isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes; write it as 90")
    return float(text)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao_dagster.nightly_run import run_nightly

    from yanbao.base.settings import requested_mode
    from yanbao.catalog.themes.checks import theme_faults
    from yanbao.nightly import alerts

    settings = arguments.settings
    mode = requested_mode(settings, arguments.source)
    if arguments.threads < 1:
        print("yanbao: --threads must be at least 1", file=sys.stderr)
        return EXIT_USAGE
    faults = theme_faults()
    for fault in faults:
        print(f"yanbao: {fault.line()}", file=sys.stderr)
    if faults:
        return EXIT_FAILED
    show_progress(arguments.quiet)
    try:
        outcome = run_nightly(
            settings,
            mode,
            as_of=arguments.as_of,
            known_at=arguments.known_at,
            knowledge=knowledge_of(arguments),
            threads=arguments.threads,
            wait_minutes=arguments.wait,
        )
    except Exception as error:
        if _is_told(error, has_waited=arguments.wait > 0):
            _alert(settings, *alerts.of_failure(error))
        raise
    release = outcome.release
    note = "  (nothing changed)" if outcome.is_unchanged else ""
    print(f"release   {release.release_id}  {release.path}{note}")
    for file in outcome.files:
        print(f"pack      {file.format:<5} {settings.reports / file.path}")
    for line in outcome.stale:
        print(f"yanbao: {line}", file=sys.stderr)
    if outcome.stale:
        _alert(settings, *alerts.of_stale(release.release_id, outcome.stale))
    return EXIT_PUBLISHED_STALE if outcome.stale else 0


def _is_told(error: Exception, *, has_waited: bool) -> bool:
    """Whether others have to know: not of a mistyped command, nor of a lock that whoever typed
    it sees at once; a run that waited is one that nobody watches."""
    code = error.exit_code if isinstance(error, YanbaoError) else EXIT_FAILED
    return code in (EXIT_FAILED, EXIT_GATE_BLOCKED) or (code == EXIT_LOCKED and has_waited)


def _alert(settings: Settings, subject: str, lines: Sequence[str]) -> None:
    from yanbao.nightly.alerts import send

    for line in send(settings, subject, lines):
        print(f"yanbao: {line}", file=sys.stderr)
