"""The disk under a simulated night: where it is killed or full, and what a power cut takes.

A process that is killed loses nothing that it wrote: the kernel has it. A power cut loses what
was never synced, and this disk knows what was. It sees each fsync and rename of Python below
``raw``, ``releases`` and ``work``, and at a power cut

* a file whose bytes are not those of its last fsync is emptied or cut in half, whatever name it
  has by then: a rename keeps no bytes;
* a rename after the last fsync of anything may be taken back. One before it stands, for the
  journals of ext4 and XFS keep the order of names: a stricter disk, which also forgets names in
  a folder that was never synced itself, is not simulated.

DuckDB syncs the work store by itself, out of sight of Python: what it wrote there stands. So
does every file outside of the three folders.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLACES = ("raw", "releases", "work")
WORK_STORE = "warehouse.duckdb"
State = tuple[int, int]  # when the bytes changed, and how many they are


@dataclass
class Disk:
    """The disk of one process. ``die_at`` and ``full_at`` count the operations on it."""

    home: Path
    log: Path
    die_at: int = 0
    full_at: int = 0
    passed: int = 0

    def install(self) -> None:
        """Lay the disk under this process, which is a fork and ends with it."""
        fsync, rename, replace = os.fsync, os.rename, os.replace

        def noted_fsync(descriptor: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if self._is_ours(path):
                self._pass()
                status = os.fstat(descriptor)
                self._note("fsync", status.st_ino, status.st_mtime_ns, status.st_size)
            fsync(descriptor)

        def noted(operation: Callable[..., Any], is_name: bool) -> Callable[..., Any]:
            def apply(source: Any, target: Any = None, *args: Any, **kwargs: Any) -> Any:
                path = Path(os.fspath(target if is_name else source))
                if self._is_ours(path):
                    self._pass()
                    if is_name:
                        self._note("rename", str(source), str(target))
                given = (source,) if target is None else (source, target)
                return operation(*given, *args, **kwargs)

            return apply

        os.fsync = noted_fsync
        os.rename, os.replace = noted(rename, is_name=True), noted(replace, is_name=True)
        os.mkdir = noted(os.mkdir, is_name=False)
        shutil.copyfile = noted(shutil.copyfile, is_name=False)

    def _is_ours(self, path: Path) -> bool:
        return any(path.is_relative_to(self.home / place) for place in PLACES) and (
            "dbt" not in path.parts
        )

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.full_at and self.passed >= self.full_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _note(self, *event: Any) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")


@dataclass(frozen=True)
class Before:
    """What was durable when a process began: the states of files, and the pointer."""

    files: dict[int, State]
    names: frozenset[str]
    pointer: str | None


def look(home: Path) -> Before:
    files = {}
    names = set()
    for path in _files(home):
        status = path.lstat()
        files[status.st_ino] = (status.st_mtime_ns, status.st_size)
        names.add(str(path))
    names |= {str(path) for place in PLACES for path in (home / place).rglob("*")}
    pointer = home / "releases" / "current"
    named = str(pointer.readlink()) if pointer.is_symlink() else None
    return Before(files, frozenset(names), named)


def cut_power(home: Path, before: Before, log: Path, rng: random.Random) -> list[str]:
    """Take what was not synced; says what."""
    events = (
        [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        if log.exists()
        else []
    )
    synced = {event[1]: tuple(event[2:]) for event in events if event[0] == "fsync"}
    last = max((n for n, event in enumerate(events) if event[0] == "fsync"), default=-1)
    lost = []
    for kind, *names in reversed(events[last + 1 :]):
        if kind == "rename" and rng.random() < 0.5:
            lost += _taken_back(home, before, Path(names[0]), Path(names[1]))
    for path in sorted(_files(home)):
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size)
        if state not in (before.files.get(status.st_ino), synced.get(status.st_ino)):
            kept = rng.choice((0, status.st_size // 2))
            path.chmod(0o644)
            with path.open("r+b") as file:
                file.truncate(kept)
            lost.append(f"{path.relative_to(home)}: {kept} of {status.st_size} bytes are left")
    return lost


def _taken_back(home: Path, before: Before, source: Path, target: Path) -> list[str]:
    if target == home / "releases" / "current":
        target.unlink(missing_ok=True)
        if before.pointer:
            target.symlink_to(before.pointer)
    elif str(target) in before.names or not target.exists() or source.exists():
        return []
    else:
        target.parent.chmod(0o755)
        os.rename(target, source)  # noqa: PTH104 - a rename of a folder, not a replace
    return [f"the name {target.relative_to(home)}"]


def _files(home: Path) -> Iterator[Path]:
    for place in PLACES:
        for path in (home / place).rglob("*"):
            if path.is_symlink() or not path.is_file() or "dbt" in path.parts:
                continue
            if path.suffix == ".lock" or (place == "work" and path.name.startswith(WORK_STORE)):
                continue
            yield path
