"""``yanbao gc``: old releases and ad-hoc builds; never raw, pinned, current or the newest."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanbao.cli.output import print_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", type=int, default=30, help="newest releases to keep (≥ 7)")
    parser.add_argument("--yes", action="store_true", help="remove them; else only list")


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.base.lock import writer_lock
    from yanbao.releases.release_store import ReleaseStore, remove_folder

    settings = arguments.settings
    builds = settings.work / "builds"
    folders = [
        release.path for release in ReleaseStore(settings.releases).removable(arguments.keep)
    ]
    folders += sorted(builds.iterdir()) if builds.exists() else []
    rows = [[folder.name, f"{_size(folder) / 2**20:.1f} MiB"] for folder in folders]
    print_rows(["folder", "size"], rows, "table")
    if not arguments.yes:
        print("nothing was removed; add --yes to remove these")
        return 0
    with writer_lock(settings.work, "yanbao gc"):
        for folder in folders:
            remove_folder(folder)
    print(f"removed {len(folders)} folders")
    return 0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
