"""``yanbao release``: what was published, and whether its bytes are as published."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from yanbao.base.errors import ReleaseError
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument

if TYPE_CHECKING:
    from yanbao.releases.release_store import Release

OF_THE_MANIFEST = ("release_id", "as_of_date", "known_at", "source_mode", "created_at")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "current", "verify"))
    parser.add_argument("id", nargs="?", default="current", metavar="ID")
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.releases.release_store import ReleaseStore

    store = ReleaseStore(arguments.settings.releases)
    if arguments.action == "verify":
        release = store.release(arguments.id)
        damaged = store.damaged_files(release)
        if damaged:
            raise ReleaseError(
                f"{len(damaged)} files are damaged or missing: {', '.join(damaged[:5])}",
                where=release.release_id,
                hint="publish again with yanbao run; older releases are still there",
            )
        print(f"{release.release_id}: {len(release.manifest['files'])} files are whole")
        return 0
    found = store.releases() if arguments.action == "list" else [store.current()]
    pins = store.pins()
    rows = [_row(release, pins) for release in found]
    print_rows([*OF_THE_MANIFEST, "stale", "pinned"], rows, arguments.format)
    return 0


def _row(release: Release, pins: dict[str, str]) -> list[object]:
    stale = ", ".join(one["dataset"] for one in release.manifest["stale"])
    facts = [release.manifest[name] for name in OF_THE_MANIFEST]
    return [*facts, stale or None, pins.get(release.release_id)]
