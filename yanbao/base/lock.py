"""The one writer's lock: held by the kernel, so that a killed run never blocks the next."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yanbao.base import clock
from yanbao.base.errors import LockedError

_held: set[Path] = set()


@contextmanager
def writer_lock(work: Path, purpose: str) -> Iterator[None]:
    """Hold the writer's lock, or say at once who holds it; the holder may enter again."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / "writer.lock"
    if path in _held:
        yield
        return
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _locked(path) from None
        file.seek(0)
        file.truncate()
        holder = {"pid": os.getpid(), "purpose": purpose, "since": clock.now().isoformat()}
        file.write(json.dumps(holder))
        file.flush()
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)


@contextmanager
def no_writer(work: Path) -> Iterator[None]:
    """Keep writers out while something is read that they would change; writes nothing.

    Raises LockedError where one is at work.
    """
    path = work / "writer.lock"
    if not path.exists():
        yield
        return
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _locked(path) from None
        yield


def lock_holder(work: Path) -> dict[str, object] | None:
    """Who holds the writer's lock now, or None."""
    path = work / "writer.lock"
    if not path.exists():
        return None
    with path.open("r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(path)
    return None


def _holder(path: Path) -> dict[str, object]:
    text = path.read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text) if text else {}
    return found


def _locked(path: Path) -> LockedError:
    holder = _holder(path)
    return LockedError(
        f"{holder.get('purpose', 'a run')} is in progress since "
        f"{holder.get('since', 'just now')} (process {holder.get('pid', '?')})",
        where="work store",
        hint="wait for it to end, then run again",
    )
