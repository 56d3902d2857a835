"""A copy of a state folder to try things on: nothing done there reaches the original."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yanbao.base.errors import SettingsError
from yanbao.base.lock import no_writer
from yanbao.base.settings import Settings

# What a run or an import reads of a state folder besides raw and the work store.
OWN_FILES = ("source_mode.json", "redistribution.yml")
STORE = ("warehouse.duckdb", "warehouse.duckdb.wal")


@contextmanager
def scratch_copy(settings: Settings) -> Iterator[Settings]:
    """A state folder with the same loads, decisions, mappings and work store, until the end.

    Loads never change, so the copy links to them; the store is copied. Nothing is written in
    the original. Raises LockedError while a writer is at work there.
    """
    _require_room(settings)
    with tempfile.TemporaryDirectory(prefix="yanbao-preview-") as place:
        scratch = Settings(Path(place) / settings.home.name)
        scratch.home.mkdir()
        with no_writer(settings.work):
            for name in OWN_FILES:
                _copy(settings.home / name, scratch.home / name)
            for name in STORE:
                _copy(settings.work / name, scratch.work / name)
            _link_raw(settings.raw, scratch.raw)
        if settings.mappings.is_dir():
            shutil.copytree(settings.mappings, scratch.mappings)
        yield scratch


def _require_room(settings: Settings) -> None:
    """Refuse where the store and what is built on it would not fit."""
    store = settings.work / STORE[0]
    needed = 2 * store.stat().st_size if store.exists() else 0
    place = tempfile.gettempdir()
    free = shutil.disk_usage(place).free
    if free < needed:
        raise SettingsError(
            f"a preview needs {needed >> 20:,} MiB and {place} has {free >> 20:,} MiB",
            hint="set TMPDIR to a folder with more room",
        )


def _copy(original: Path, copy: Path) -> None:
    if original.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, copy)


def _link_raw(raw: Path, copy: Path) -> None:
    """Every load, verdict and decision as a link in a folder of its own; new ones come beside
    them and sort after them.
    """
    for pattern in ("loads/*/*/*", "verdicts/*.json", "decisions/*.json"):
        for path in raw.glob(pattern):
            link = copy / path.relative_to(raw)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    _copy(raw / ".sequence", copy / ".sequence")
