"""``yanbao gc``: old releases, ad-hoc builds and runs; never raw, pinned or current."""

from __future__ import annotations

import argparse

from yanbao.cli.output import print_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", type=int, default=30, help="newest releases to keep (≥ 7)")
    parser.add_argument("--yes", action="store_true", help="remove them; else only list")


def handle(arguments: argparse.Namespace) -> int:
    from yanbao_dagster.history import KEEP_DAYS, old_runs, remove_runs
    from yanbao_dagster.home import dagster_instance

    from yanbao.base.lock import writer_lock
    from yanbao.releases.clean_up import folder_size, removable, remove

    settings = arguments.settings
    found = removable(settings, arguments.keep)
    rows = [[one.name, f"{folder_size(one) / 2**20:.1f} MiB"] for one in found.folders]
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
    print(f"removed {len(rows)} folders and {len(runs)} runs")
    return 0
