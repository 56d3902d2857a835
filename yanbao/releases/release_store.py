"""The releases of a state folder: list, resolve, verify, pin and clean up."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanbao.base.durable import fsync_folder, write_json
from yanbao.base.errors import ReleaseError

READ_BLOCK = 1 << 22
KEEP_AT_LEAST = 7


@dataclass(frozen=True)
class Release:
    """One published release; ``path`` is its real folder, never the pointer."""

    release_id: str
    path: Path
    manifest: dict[str, Any]

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse.duckdb"

    @property
    def core_hash(self) -> str:
        return str(self.manifest["core_hash"])


class ReleaseStore:
    """``releases/``: folders named r000001 and so on, and ``current``, a symlink."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ids(self) -> list[str]:
        if not self.root.exists():
            return []
        return sorted(
            entry.name
            for entry in self.root.iterdir()
            if entry.is_dir() and not entry.is_symlink() and _is_release_id(entry.name)
        )

    def next_id(self) -> str:
        """One more than any release that ever was, so that ids never go backwards."""
        last = self.ids()
        return f"r{int(last[-1][1:]) + 1 if last else 1:06d}"

    def release(self, release_id: str) -> Release:
        if release_id == "current":
            return self.current()
        path = self.root / release_id
        if not (path / "manifest.json").exists():
            raise ReleaseError(
                f"there is no release {release_id}",
                hint="list them with yanbao release list",
            )
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        return Release(release_id, path, manifest)

    def current(self) -> Release:
        """The release that ``current`` points at."""
        release = self.current_or_none()
        if release is None:
            raise ReleaseError(
                "nothing has been released yet", hint="publish one with yanbao run"
            )
        return release

    def current_or_none(self) -> Release | None:
        pointer = self.root / "current"
        if not pointer.is_symlink():
            return None
        return self.release(pointer.resolve().name)

    def point_to(self, release_id: str) -> None:
        """Swap the pointer atomically: readers see the old release or the new one."""
        draft = self.root / ".current.tmp"
        draft.unlink(missing_ok=True)
        draft.symlink_to(release_id, target_is_directory=True)
        draft.replace(self.root / "current")
        fsync_folder(self.root)

    def recover(self) -> list[str]:
        """Remove drafts of killed runs and repair a pointer whose release is damaged."""
        said = []
        self.root.mkdir(parents=True, exist_ok=True)
        for draft in self.root.glob("*.tmp"):
            if draft.is_dir() and not draft.is_symlink():
                remove_folder(draft)
                said.append(f"removed the unfinished release {draft.name}")
            else:
                draft.unlink()
        pointer = self.root / "current"
        if pointer.is_symlink() and not self.is_complete(pointer.resolve().name):
            bad = pointer.resolve().name
            whole = [one for one in self.ids() if self.is_complete(one)]
            if whole:
                self.point_to(whole[-1])
                said.append(f"release {bad} is damaged; current is {whole[-1]} again")
        return said

    def is_complete(self, release_id: str) -> bool:
        """Whether a release's files are there in their sizes; ``verify`` reads every byte."""
        manifest = self.root / release_id / "manifest.json"
        if not manifest.exists():
            return False
        files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        paths = {manifest.parent / name: entry["bytes"] for name, entry in files.items()}
        return all(path.exists() and path.stat().st_size == n for path, n in paths.items())

    def damaged_files(self, release: Release) -> list[str]:
        """Files that are missing or whose bytes are not those of the manifest."""
        return [
            name
            for name, expected in release.manifest["files"].items()
            if not (release.path / name).exists()
            or fingerprint(release.path / name).items() != expected.items()
        ]

    def pins(self) -> dict[str, str]:
        path = self.root / "pins.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def pin(self, release_id: str, reason: str) -> None:
        """Keep a release for good, for example because a pack cites it."""
        write_json(self.root / "pins.json", {**self.pins(), release_id: reason})

    def unpin(self, release_ids: Iterable[str]) -> None:
        """Forget why releases were kept."""
        kept = {one: why for one, why in self.pins().items() if one not in {*release_ids}}
        if kept != self.pins():
            write_json(self.root / "pins.json", kept)

    def removable(self, keep: int, unpinned: Iterable[str] = ()) -> list[Release]:
        """What clean-up may remove: never pinned, current, or the newest ``keep``."""
        current = self.current_or_none()
        safe = {*self.pins()} - {*unpinned}
        safe |= {*self.ids()[-max(keep, KEEP_AT_LEAST) :]}
        safe |= {current.release_id} if current else set()
        return [self.release(release_id) for release_id in self.ids() if release_id not in safe]


def _is_release_id(name: str) -> bool:
    return name.startswith("r") and name[1:].isdigit()


def fingerprint(path: Path) -> dict[str, Any]:
    """Size and hash of a published file.

    The database is checked by CRC-32, which finds bit-rot at 2 GB/s; SHA-256 would cost
    more CPU than the whole night's SQL. What it means is proven by its content hashes.
    """
    if path.suffix == ".duckdb":
        crc = 0
        with path.open("rb") as file:
            while block := file.read(READ_BLOCK):
                crc = zlib.crc32(block, crc)
        return {"bytes": path.stat().st_size, "crc32": f"{crc:08x}"}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def make_read_only(folder: Path) -> None:
    for root, folders, files in os.walk(folder):
        for name in files:
            Path(root, name).chmod(0o444)
        for name in folders:
            Path(root, name).chmod(0o555)
    folder.chmod(0o555)


def remove_folder(folder: Path) -> None:
    """Remove a folder whose parts may be read-only."""
    for root, folders, _ in os.walk(folder):
        Path(root).chmod(stat.S_IRWXU)
        for name in folders:
            Path(root, name).chmod(stat.S_IRWXU)
    shutil.rmtree(folder)
