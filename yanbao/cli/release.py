"""``yanbao release``: what was published, and whether its bytes are as published."""

from __future__ import annotations

import argparse

from yanbao.base.errors import ReleaseError
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "current", "verify"))
    parser.add_argument("id", nargs="?", default="current", metavar="ID")
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.base.settings import load_settings
    from yanbao.releases.release_store import ReleaseStore

    store = ReleaseStore(load_settings(arguments.home).releases)
    if arguments.action == "list":
        pins = store.pins()
        rows = [_row(store.release(release_id), pins) for release_id in store.ids()]
        print_rows(COLUMNS, rows, arguments.format)
    elif arguments.action == "current":
        print_rows(COLUMNS, [_row(store.current(), store.pins())], arguments.format)
    else:
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


COLUMNS = [
    "release_id",
    "as_of_date",
    "known_at",
    "source_mode",
    "created_at",
    "stale",
    "pinned",
]


def _row(release: object, pins: dict[str, str]) -> list[object]:
    manifest = release.manifest  # type: ignore[attr-defined]
    return [
        manifest["release_id"],
        manifest["as_of_date"],
        manifest["known_at"],
        manifest["source_mode"],
        manifest["created_at"],
        ", ".join(one["dataset"] for one in manifest["stale"]) or None,
        pins.get(manifest["release_id"]),
    ]
