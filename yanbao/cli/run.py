"""``yanbao run``: the nightly job through Dagster, in this process."""

from __future__ import annotations

import argparse
import sys

from yanbao.base.errors import EXIT_FAILED, EXIT_PUBLISHED_STALE, EXIT_USAGE
from yanbao.cli.progress import show_progress
from yanbao.cli.words import add_day_arguments, add_quiet_argument, knowledge_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_day_arguments(parser)
    parser.add_argument(
        "--source",
        choices=("sample", "import", "live", "replay"),
        help="where data come from (default: YANBAO_SOURCE, the folder's own, or sample)",
    )
    parser.add_argument("--threads", type=int, default=1, help="dbt threads (default 1)")
    add_quiet_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao_dagster.nightly_run import run_nightly

    from yanbao.base.settings import requested_mode
    from yanbao.catalog.themes.checks import theme_faults

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
    outcome = run_nightly(
        settings,
        mode,
        as_of=arguments.as_of,
        known_at=arguments.known_at,
        knowledge=knowledge_of(arguments),
        threads=arguments.threads,
    )
    release = outcome.release
    note = "  (nothing changed)" if outcome.is_unchanged else ""
    print(f"release   {release.release_id}  {release.path}{note}")
    for file in outcome.files:
        print(f"pack      {file.format:<5} {settings.reports / file.path}")
    for line in outcome.stale:
        print(f"yanbao: {line}", file=sys.stderr)
    return EXIT_PUBLISHED_STALE if outcome.stale else 0
