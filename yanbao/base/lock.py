"""The one writer's lock: held by the kernel, so that a killed run never blocks the next."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from yanbao.base import clock
from yanbao.base.errors import LockedError

LOOK_AGAIN_SECONDS = 2.0

logger = logging.getLogger("yanbao.progress")
_held: set[Path] = set()


@contextmanager
def writer_lock(work: Path, purpose: str, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the writer's lock; the holder may enter again.

    Raises LockedError, which says who holds it, once ``wait_seconds`` are over.
    """
    work.mkdir(parents=True, exist_ok=True)
    path = work / "writer.lock"
    if path in _held:
        yield
        return
    with path.open("a+", encoding="utf-8") as file:
        _take(file, path, wait_seconds)
        file.seek(0)
        file.truncate()
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "purpose": purpose,
            "since": clock.now().isoformat(timespec="seconds"),
        }
        file.write(json.dumps(holder))
        file.flush()
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)


def _take(file: IO[str], path: Path, wait_seconds: float) -> None:
    """Lock an open file, at the latest when the time to wait is over."""
    end = time.monotonic() + wait_seconds
    is_first = True
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            left = end - time.monotonic()
            if left <= 0:
                raise _locked(path, wait_seconds) from None
            if is_first:
                logger.info(f"waiting up to {wait_seconds / 60:g} minutes: {_in_words(path)}")
            is_first = False
            time.sleep(min(LOOK_AGAIN_SECONDS, left))
        else:
            return


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


def _locked(path: Path, waited_seconds: float = 0) -> LockedError:
    waited = f", and still is after {waited_seconds / 60:g} minutes" if waited_seconds else ""
    hint = "wait for it to end, then run again; yanbao run --wait MINUTES does so"
    return LockedError(_in_words(path) + waited, where="work store", hint=hint)


def _in_words(path: Path) -> str:
    """Who holds the lock: what, since when, and which process on which machine."""
    holder = _holder(path)
    return (
        f"{holder.get('purpose', 'a run')} is in progress since"
        f" {holder.get('since', 'just now')}"
        f" (process {holder.get('pid', '?')} on {holder.get('host', 'this machine')})"
    )
