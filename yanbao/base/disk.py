"""Room on the disk: asked for before each step, and its lack told in one line.

What was acknowledged stays: loads and releases appear by one rename, after their bytes are on
the disk. A step that ran out of room leaves drafts alone, which the next run removes.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

from yanbao.base.errors import YanbaoError

MIB = 2**20
# Dagster's history and logs, dbt's files and the draft of a pack, with some to spare.
WORKING_ROOM = 64 * MIB
HINT = "nothing that was published is lost; free space with yanbao gc, then run again"
FULL = {errno.ENOSPC, errno.EDQUOT}
# What libraries say that keep the error's number to themselves; SQLite's own words for it.
WORDS = ("No space left on device", "disk is full", "Disk quota exceeded")
SQLITE = "disk I/O error"


class DiskFullError(YanbaoError):
    """The disk has no room for what is to be written."""


def require_room(folder: Path, needed: int = WORKING_ROOM, what: str = "this step") -> None:
    """Raise DiskFullError where a folder's disk has fewer free bytes than are needed."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DiskFullError(
            f"{what} needs {needed // MIB} MiB and the disk has {free // MIB} MiB", hint=HINT
        )


def disk_full(error: BaseException, folder: Path) -> DiskFullError | None:
    """The full disk behind an error of whatever library; None where it is another error."""
    if not any(_is_full(one, folder) for one in _behind(error)):
        return None
    free = shutil.disk_usage(folder).free // MIB
    return DiskFullError(f"the disk is full ({free} MiB free)", hint=HINT)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException, folder: Path) -> bool:
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    text = str(error)
    if any(word in text for word in WORDS):
        return True
    return SQLITE in text and shutil.disk_usage(folder).free < WORKING_ROOM
