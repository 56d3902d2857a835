"""What may go from a state folder: old releases, and ad-hoc builds that nobody reads again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from yanbao.base import clock
from yanbao.base.settings import Settings
from yanbao.releases.release_store import ReleaseStore, reasons_of, remove_folder

KEEP_RELEASES = 30
BUILD_AGE = timedelta(days=7)  # a build is made again in a second or two


@dataclass(frozen=True)
class Removable:
    """Folders that may go, and pins of packs that somebody has removed."""

    folders: tuple[Path, ...]
    pins: tuple[str, ...]


def removable(settings: Settings, keep: int = KEEP_RELEASES) -> Removable:
    """Never raw, a pinned release, the current one, or the newest ``keep``."""
    store = ReleaseStore(settings.releases)
    reasons = {release_id: reasons_of(pin) for release_id, pin in store.pins().items()}
    pins = tuple(
        release_id
        for release_id, why in reasons.items()
        if nightly_pin(release_id) in why and not (settings.reports / release_id).exists()
    )
    unpinned = [release_id for release_id in pins if len(reasons[release_id]) == 1]
    releases = [release.path for release in store.removable(keep, unpinned=unpinned)]
    return Removable((*releases, *_old_builds(settings.work / "builds")), pins)


def nightly_pin(release_id: str) -> str:
    """Why a release is kept that a night has printed packs from: as long as they are there."""
    return f"cited by reports/{release_id}"


def remove(settings: Settings, found: Removable) -> None:
    """Remove what was found; the caller holds the writer's lock."""
    ReleaseStore(settings.releases).unpin({one: nightly_pin(one) for one in found.pins})
    for folder in found.folders:
        remove_folder(folder)


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder; parts that releases share count in each."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _old_builds(builds: Path) -> list[Path]:
    before = (clock.now() - BUILD_AGE).timestamp()
    found = sorted(filter(Path.is_dir, builds.iterdir())) if builds.exists() else []
    return [folder for folder in found if folder.stat().st_mtime < before]
