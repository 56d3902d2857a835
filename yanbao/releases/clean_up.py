"""What may go from a state folder: old releases, and ad-hoc builds that nobody reads again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from yanbao.base import clock
from yanbao.base.settings import Settings
from yanbao.releases.release_files import remove_folder, unreferenced
from yanbao.releases.release_store import KEEP_AT_LEAST, ReleaseStore, reasons_of

BUILD_AGE = timedelta(days=7)  # a build is made again in a second or two


@dataclass(frozen=True)
class Removable:
    """Releases, builds and files that may go, and the pins of nights that have lapsed."""

    releases: tuple[str, ...]
    paths: tuple[Path, ...]
    pins: tuple[str, ...]


def removable(settings: Settings, days: int, keep: int = KEEP_AT_LEAST) -> Removable:
    """Never raw, a pinned release, the current one, the newest ``keep``, or one of the days.

    A night pins what its packs cite as long as they are there, and for so many days.
    """
    store = ReleaseStore(settings.releases)
    before = clock.now() - timedelta(days=days)
    is_old = {
        one.release_id: datetime.fromisoformat(one.manifest["created_at"]) <= before
        for one in store.releases()
    }
    reasons = {release_id: reasons_of(pin) for release_id, pin in store.pins().items()}
    pins = tuple(
        release_id
        for release_id, why in reasons.items()
        if nightly_pin(release_id) in why
        and (is_old.get(release_id, True) or not (settings.reports / release_id).exists())
    )
    unpinned = [release_id for release_id in pins if len(reasons[release_id]) == 1]
    going = [one for one in store.removable(keep, unpinned) if is_old[one.release_id]]
    folders = [one.path for one in going]
    return Removable(
        tuple(one.release_id for one in going),
        (
            *folders,
            *unreferenced(settings.releases, folders),
            *_old_builds(settings.work / "builds"),
        ),
        pins,
    )


def nightly_pin(release_id: str) -> str:
    """Why a release is kept that a night has printed packs from."""
    return f"cited by reports/{release_id}"


def remove(settings: Settings, found: Removable) -> None:
    """Remove what was found; the caller holds the writer's lock."""
    store = ReleaseStore(settings.releases)
    store.unpin({one: nightly_pin(one) for one in found.pins})
    store.note_removed(found.releases)
    for path in found.paths:
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink()


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; what releases share counts in each."""
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.lstat().st_size for file in files if file.is_file())


def _old_builds(builds: Path) -> list[Path]:
    before = (clock.now() - BUILD_AGE).timestamp()
    found = sorted(filter(Path.is_dir, builds.iterdir())) if builds.exists() else []
    return [folder for folder in found if folder.stat().st_mtime < before]
