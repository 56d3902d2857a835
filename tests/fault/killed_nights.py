"""What tests of killed nights share: how to run one, and what a release means."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import duckdb

from yanbao.releases.release_store import Release, ReleaseStore

KILLED = -signal.SIGKILL
RunNight = Callable[..., int]


def current(home: Path) -> Release:
    """The current release, after its bytes were verified and its database opened."""
    store = ReleaseStore(home / "releases")
    release = store.current()
    assert store.damaged_files(release) == []
    with duckdb.connect(str(release.warehouse), read_only=True) as connection:
        row = connection.execute("select count(*) from report.index_changes").fetchone()
    assert row is not None
    assert row[0] == release.manifest["marts"]["index_changes"]["rows"]
    return release


def hashes(release: Release) -> dict[str, str]:
    """What a release means: the content hash of every core table and report mart."""
    return {
        f"{kind}.{name}": str(table["content_hash"])
        for kind in ("core", "marts")
        for name, table in release.manifest[kind].items()
    }
