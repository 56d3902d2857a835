"""The dbt project, parsed once for all state folders and kept in the user's cache folder.

A parse depends on the project's files and on dbt's version, and takes several seconds. It is
written under another name and renamed, under a lock: what is there is complete, and two
processes that start at once parse once.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from yanbao.base.errors import SettingsError
from yanbao.base.settings import PROJECT_ROOT, cache_folder
from yanbao.warehouse.dbt_command import run_dbt

PLACES = ("dbt_project.yml", "profiles.yml", "dbt_project", "models")
SAVED = "partial_parse.msgpack"
# The parses of earlier edits and of other checkouts that stay, 4 MB each.
KEPT = 24
# A parse opens no database. dbt compares its path with the last parse, and parses all anew for
# another: this one stands for every store.
NO_STORE = "warehouse.duckdb"


def dbt_manifest() -> dict[str, Any]:
    """dbt's manifest as data: models, seeds and tests, and what reads what."""
    text = (parsed_project() / "manifest.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def dbt_manifest_object(target: Path) -> Any:
    """The manifest as dbt's commands take it; ``target`` is a folder that dbt may write to."""
    return _read_by_dbt(parsed_project(), target)


# What this process parsed itself, which need not be read again.
_PARSED: dict[Path, Any] = {}


@cache
def _read_by_dbt(parsed: Path, target: Path) -> Any:
    if parsed in _PARSED:
        return _PARSED[parsed]
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(parsed / SAVED, target / SAVED)
    return run_dbt("parse", "--no-write-json", target=target, store=NO_STORE)


def parsed_project() -> Path:
    """The folder with what dbt's parse of this project left, parsed now if it is not there."""
    root = cache_folder() / "dbt"
    # A parse holds the place of the project, from which seeds are read.
    checkout = hashlib.sha256(str(PROJECT_ROOT).encode()).hexdigest()[:8]
    place = root / f"{checkout}-{_hash_of_files()}"
    with _locked(root):
        if place.exists():
            os.utime(place)
            return place
        draft = place.with_suffix(".tmp")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        earlier = _oldest_first(root.glob(f"{checkout}-*/{SAVED}"))
        if earlier:  # dbt then parses what has changed since
            shutil.copyfile(earlier[-1], draft / SAVED)
        _PARSED[place] = run_dbt("parse", target=draft, store=NO_STORE)
        draft.rename(place)
        _drop_all_but_newest(root)
    return place


def _hash_of_files() -> str:
    """Names and bytes of the project's files, and dbt's versions."""
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb"):  # both bring macros of their own
        digest.update(version(package).encode())
    for place in PLACES:
        root = PROJECT_ROOT / place
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(PROJECT_ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    try:
        root.mkdir(parents=True, exist_ok=True)
        file = (root / "lock").open("w")
    except OSError as error:
        raise SettingsError(
            f"the cache folder cannot be written: {error.strerror}",
            where=str(root),
            hint="set XDG_CACHE_HOME to a folder that can be written",
        ) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _drop_all_but_newest(root: Path) -> None:
    for place in _oldest_first(root.glob("*-*"))[:-KEPT]:
        shutil.rmtree(place, ignore_errors=True)


def _oldest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: path.stat().st_mtime)
