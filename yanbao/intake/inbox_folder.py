"""The watched folder: a file of stable size is taken in, then archived or given back.

A dropped file is copied by somebody else while we look. It counts as dropped once its size,
its times and its hash have not changed for five seconds and nobody has it open. It is then
moved out of the folder by one rename, so that what is read is what was hashed, and ends in
exactly one of two places: the archive, or quarantine with the reason beside it. A process
that dies in between leaves the file where the next one finds it.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from yanbao.base import clock
from yanbao.base.errors import FileRefusedError, YanbaoError
from yanbao.base.file_names import readable, tame
from yanbao.base.settings import Settings
from yanbao.catalog import Dataset
from yanbao.inbox.known import known_mappings
from yanbao.inbox.mapping import Mapping as VendorMapping
from yanbao.intake.landing import Landed, land_or_refuse, sha256_of
from yanbao.intake.passed_over import is_litter

STABLE_SECONDS = 5.0
ASK_AGAIN_SECONDS = 600.0
# A lock that old was left behind by a program that died, or came along with a copy.
LOCK_SECONDS = 12 * 3600.0


@dataclass(frozen=True)
class Seen:
    """A file as it was seen: its size and times, its hash, and since when it is so."""

    stamp: str
    sha256: str
    since: float
    asked: int = 0
    asked_at: float = 0.0


@dataclass(frozen=True)
class Taken:
    """What became of a dropped file: its load, or why it was refused; and where it is now."""

    name: str
    kept: Path
    landed: Landed | None = None
    error: str = ""


def watch(
    settings: Settings, earlier: Mapping[str, Any], now: float
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What lies in the folder now, and the names of those that were stable long enough.

    ``earlier`` is the first value of the last call, or empty; it survives as JSON. A file
    that was asked for and is still there is asked for again after ten minutes.
    """
    seen: dict[str, dict[str, Any]] = {}
    ready = []
    for path in dropped(settings.inbox):
        known = earlier.get(path.name)
        now_seen = _look(path, Seen(**known) if known else None, now)
        if now_seen is None:
            continue
        stable = now - now_seen.since >= STABLE_SECONDS
        waiting = not now_seen.asked or now - now_seen.asked_at >= ASK_AGAIN_SECONDS
        if stable and waiting:
            ready.append(path.name)
            now_seen = replace(now_seen, asked=now_seen.asked + 1, asked_at=now)
        seen[path.name] = asdict(now_seen)
    return seen, ready


def dropped(inbox: Path) -> Iterator[Path]:
    """Files and links in the folder, in order of name; not what programs keep there."""
    if not inbox.is_dir():
        return
    for path in sorted(inbox.iterdir()):
        if not is_litter(path) and (path.is_symlink() or path.is_file()):
            yield path


def take_stable(
    settings: Settings,
    names: list[str],
    *,
    dataset: Dataset | None = None,
    mapping: VendorMapping | None = None,
) -> list[Taken]:
    """Wait until the named files are stable, then take them; the others stay, by name."""
    first, _ = watch(settings, {}, time.monotonic())
    time.sleep(STABLE_SECONDS)
    _, ready = watch(settings, first, time.monotonic())
    return [
        take(settings, name, dataset=dataset, mapping=mapping)
        if name in ready
        else Taken(readable(name), settings.inbox / name, error=_not_stable(name))
        for name in names
    ]


def take(
    settings: Settings,
    name: str,
    *,
    dataset: Dataset | None = None,
    mapping: VendorMapping | None = None,
) -> Taken:
    """Take one dropped file in, by its name in the folder.

    The caller holds the writer's lock. Raises nothing about the file itself: a refusal is
    the answer, and the file is in quarantine beside it. Raises UsageError, and leaves the
    file where it is, for an own mapping that cannot be read.
    """
    source = settings.inbox / name
    if Path(name).name != name or name in ("", ".", ".."):
        raise FileRefusedError(
            "it is not a name of a file", where=repr(name), hint="drop a file"
        )
    # A mapping that cannot be read is not this file's fault: nothing is moved then.
    known_mappings(settings.mappings)
    folder = _taking(settings) / f"{time.time_ns()}"
    folder.mkdir(parents=True)
    path, shown = folder / name, readable(name)
    try:
        os.rename(source, path)  # noqa: PTH104 - also of a link, which is never followed
    except OSError as error:
        folder.rmdir()
        reason = error.strerror or type(error).__name__
        line = f"{shown}: it cannot be moved out of the inbox ({reason}) → check its rights"
        return Taken(shown, source, error=line)
    try:
        landed = land_or_refuse(settings, path, dataset=dataset, mapping=mapping)
    except YanbaoError as error:
        kept = _give_back(settings, path, error)
        folder.rmdir()
        return Taken(shown, kept, error=error.line())
    kept = _archive(settings, path, landed)
    folder.rmdir()
    return Taken(shown, kept, landed)


def recover(settings: Settings) -> int:
    """Put files that a dead process was taking back into the folder; returns how many."""
    count = 0
    for folder in sorted(_taking(settings).glob("*")):
        for path in folder.iterdir():
            target = settings.inbox / path.name
            if target.exists() or target.is_symlink():
                target = settings.inbox / f"{folder.name}-{tame(path)}"
            os.rename(path, target)  # noqa: PTH104
            count += 1
        folder.rmdir()
    return count


def _look(path: Path, before: Seen | None, now: float) -> Seen | None:
    """The file as it is now; ``None`` while somebody has it open or it just went."""
    try:
        if path.is_symlink():
            return before or Seen("link", "", now)
        if _is_open(path):
            return None
        status = path.stat()
        stamp = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ino}"
        if before is None or before.stamp != stamp:
            return Seen(stamp, sha256_of(path), now)
        if now - before.since >= STABLE_SECONDS and not before.asked:
            # The same times do not prove the same bytes: some copiers set them first.
            digest = sha256_of(path)
            return before if digest == before.sha256 else Seen(stamp, digest, now)
        return before
    except OSError:
        return None


def _is_open(path: Path) -> bool:
    """Whether a spreadsheet or a writer that locks has the file open."""
    owners = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    if any(map(_is_fresh, owners)):
        return True
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _is_fresh(lock: Path) -> bool:
    return lock.exists() and clock.now().timestamp() - lock.stat().st_mtime < LOCK_SECONDS


def _not_stable(name: str) -> str:
    return (
        f"{readable(name)}: the file is open or still being copied → close it, or wait until"
        " copying has ended; it stays in the inbox"
    )


def _taking(settings: Settings) -> Path:
    return settings.work / "taking"


def _archive(settings: Settings, path: Path, landed: Landed) -> Path:
    """Keep the file under its load, so that two of one name never meet."""
    folder = settings.inbox / "archive" / clock.today_in_beijing().isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{landed.stored.load.load_id}.{tame(path)}"
    os.rename(path, kept)  # noqa: PTH104
    return kept


def _give_back(settings: Settings, path: Path, error: YanbaoError) -> Path:
    """The refused file in quarantine, and beside it why, in one line."""
    settings.quarantine.mkdir(parents=True, exist_ok=True)
    stamp = clock.now().strftime("%Y%m%dT%H%M%S%f")
    kept = settings.quarantine / f"{stamp}.refused.{tame(path)}"
    kept.with_name(f"{kept.name}.why.txt").write_text(error.line() + "\n", encoding="utf-8")
    os.rename(path, kept)  # noqa: PTH104
    return kept
