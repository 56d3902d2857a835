"""``yanbao gc``: old releases, ad-hoc builds and runs; never raw, pinned or current."""

from __future__ import annotations

import argparse

from yanbao.cli.output import print_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", type=int, default=0, help="newest releases to keep (≥ 7)")
    parser.add_argument(
        "--days",
        type=int,
        help="keep those of so many days (default: as settings.yml says)",
    )
    parser.add_argument("--yes", action="store_true", help="remove them; else only list")


def handle(arguments: argparse.Namespace) -> int:
    from yanbao_dagster.history import KEEP_DAYS, old_runs, remove_runs
    from yanbao_dagster.home import dagster_instance

    from yanbao.base.lock import writer_lock
    from yanbao.releases.clean_up import removable, remove, size_of
    from yanbao.reporting.nightly_pack import run_settings

    settings = arguments.settings
    days = run_settings(settings).keep_days if arguments.days is None else arguments.days
    found = removable(settings, days, arguments.keep)
    rows = [[one.name, f"{size_of(one) / 2**20:.1f} MiB"] for one in found.paths]
    with dagster_instance(settings) as instance:
        runs = old_runs(instance)
        print_rows(["folder", "size"], rows, "table")
        print(f"{len(runs)} runs in Dagster's history older than {KEEP_DAYS} days")
        if not arguments.yes:
            print("nothing was removed; add --yes to remove these")
            return 0
        with writer_lock(settings.work, "yanbao gc"):
            remove(settings, found)
            remove_runs(instance, settings.dagster_home, runs)
    print(f"removed {len(rows)} folders or files and {len(runs)} runs")
    return 0
