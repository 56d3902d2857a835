"""The raw zone and the current release in an object store, so that any machine can go on.

Keys are the paths of the state folder: ``raw/loads/…``, ``raw/verdicts/…``, ``raw/decisions/…``
and ``source_mode.json``. A release is in ``releases/<id>-<hash of its manifest>/``, so that two
machines never write to one place. What never changes is written once, the file that completes a
folder last. ``releases/current`` holds the name of the current release; it is replaced on the
condition that nobody has replaced it since it was read.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from yanbao.base.durable import fsync_folder, write_json
from yanbao.base.faults import fault_point
from yanbao.base.settings import Settings, secret
from yanbao.nightly.bucket import SETTING, Bucket, StoreError
from yanbao.raw.zone import RawZone
from yanbao.releases.release_files import make_read_only
from yanbao.releases.release_store import Release, ReleaseStore

LOADS, VERDICTS, DECISIONS = "raw/loads", "raw/verdicts", "raw/decisions"
POINTER = "releases/current"
MODE = "source_mode.json"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Pointer:
    """What ``releases/current`` held when it was read: a name, and the tag of that version."""

    name: str
    tag: str

    @property
    def release_id(self) -> str:
        return self.name.partition("-")[0]

    @property
    def folder(self) -> str:
        return f"releases/{self.name}"


class ObjectStore:
    """What of a state folder is in a bucket. The caller holds the writer's lock.

    ``pull`` and ``push`` give a line of progress for each part that they have brought.
    """

    def __init__(self, settings: Settings, zone: RawZone) -> None:
        self.settings = settings
        self.zone = zone
        self.releases = ReleaseStore(settings.releases)
        self.bucket = Bucket(settings)

    def pull(self, make_way: Callable[[list[str]], None]) -> Iterator[str]:
        """Bring what other machines have written: raw first, then their current release.

        ``make_way`` is told the ids of new loads before the first is there. A pull that was
        killed is completed by the next. Raises StoreError where this folder has published
        what the store does not know; all of its raw is in the store then.
        """
        self._compare_modes()
        count = self._pull_loads(make_way) + self._pull_verdicts() + self._pull_decisions()
        if count:
            yield f"{count} loads, verdicts and decisions came from the object store"
        yield from self._pull_release()

    def push(self) -> Iterator[str]:
        """Bring what this folder has and the store has not; what was killed is completed.

        Raises StoreError where another machine has published in between.
        """
        yield from self._push_raw()
        yield from self._push_release()

    @cached_property
    def _present(self) -> dict[str, int]:
        """Sizes of the objects of raw, by key: listed once for a run."""
        return self.bucket.listed("raw")

    def _compare_modes(self) -> None:
        """One store takes one kind of data; the first machine says which."""
        theirs = self.bucket.read(MODE)
        own = self.settings.recorded_mode()
        if theirs is None:
            return
        mode = json.loads(theirs)["source_mode"]
        if own not in (None, mode):
            raise StoreError(
                f"the store holds {mode} data, this state folder {own} data",
                where=SETTING,
                hint=f"begin with an empty folder and --source {mode}, or another store",
            )
        self.settings.claim_mode(mode)

    def _pull_loads(self, make_way: Callable[[list[str]], None]) -> int:
        known = {stored.load.load_id for stored in self.zone.loads()}
        keys: dict[PurePosixPath, list[str]] = defaultdict(list)
        for key in self._below(LOADS):
            keys[PurePosixPath(key).parent].append(key)
        new = sorted(
            (
                place
                for place in keys
                if place.name not in known and f"{place}/{MANIFEST}" in self._present
            ),
            key=lambda place: place.name,
        )
        if new:
            make_way([place.name for place in new])
        for place in new:
            files = {PurePosixPath(key).name: self._read(key) for key in keys[place]}
            self.zone.take_in(place.relative_to(LOADS), files)
        return len(new)

    def _pull_verdicts(self) -> int:
        """Verdicts are written once: those that are missing."""
        new = [key for key in self._below(VERDICTS) if not (self.settings.home / key).exists()]
        for key in new:
            self._write(key, json.loads(self._read(key)))
        return len(new)

    def _pull_decisions(self) -> int:
        """Decisions are never erased: both histories together, and the last one counts."""
        count = 0
        for key in self._below(DECISIONS):
            path = self.settings.home / key
            own = json.loads(path.read_bytes())["history"] if path.exists() else []
            theirs = json.loads(self._read(key))["history"]
            both = sorted(
                [*own, *(one for one in theirs if one not in own)],
                key=lambda one: str(one["decided_at"]),
            )
            if both != own:
                self._write(key, {**both[-1], "history": both})
                count += 1
        return count

    def _pull_release(self) -> Iterator[str]:
        theirs = self._pointer()
        if theirs is None:
            return
        current = self.releases.current_or_none()
        if not self._has(theirs):
            if current is not None and current.release_id >= theirs.release_id:
                yield from self._push_raw()
                raise _split(theirs)
            self._download(theirs)
        is_behind = current is None or current.release_id < theirs.release_id
        if is_behind and self.releases.is_complete(theirs.release_id):
            fault_point("store.before_pointer")
            self.releases.point_to(theirs.release_id)
            yield f"release {theirs.release_id} came from the object store"

    def _download(self, theirs: Pointer) -> None:
        manifest = json.loads(self._read(f"{theirs.folder}/{MANIFEST}"))
        draft = self.settings.releases / f"{theirs.release_id}.tmp"
        for name in [*manifest["files"], MANIFEST]:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            self.bucket.download(f"{theirs.folder}/{name}", draft / name)
        release = Release(theirs.release_id, draft, manifest)
        if damaged := self.releases.damaged_files(release):
            raise StoreError(
                f"{damaged[0]} of release {theirs.name} came damaged",
                where=SETTING,
                hint="run again; if it stays so, publish from the machine that has it",
            )
        make_read_only(draft)
        fsync_folder(draft)
        draft.rename(self.settings.releases / theirs.release_id)
        fsync_folder(self.settings.releases)

    def _push_raw(self) -> Iterator[str]:
        files: list[Path] = []
        for stored in self.zone.loads():
            manifest = stored.folder / MANIFEST
            if self._key(manifest) not in self._present:
                files += [one for one in stored.folder.iterdir() if one != manifest]
                files.append(manifest)
        files += [
            path
            for path in sorted((self.settings.home / VERDICTS).glob("*.json"))
            if self._key(path) not in self._present
        ]
        files += [
            path
            for path in sorted((self.settings.home / DECISIONS).glob("*.json"))
            if self._present.get(self._key(path)) != path.stat().st_size
        ]
        mode = self.settings.home / MODE
        if files and mode.exists():
            # First of all, so that no folder of another kind begins here.
            self.bucket.replace(MODE, mode.read_bytes(), None)
            self._compare_modes()
        for path in files:
            self.bucket.put(self._key(path), path)
            self._present[self._key(path)] = path.stat().st_size
        if files:
            yield f"{len(files)} files of raw went to the object store"

    def _push_release(self) -> Iterator[str]:
        current = self.releases.current_or_none()
        if current is None:
            return
        theirs, name = self._pointer(), _name(current)
        if theirs is not None:
            if not self._has(theirs):
                raise _split(theirs)
            if theirs.release_id >= current.release_id:
                return
        self._upload(current, f"releases/{name}", theirs)
        if not self.bucket.replace(POINTER, name.encode(), theirs.tag if theirs else None):
            theirs = self._pointer()
            # A reply that was lost looks like a pointer that somebody else has replaced.
            if theirs is None or theirs.name != name:
                raise _split(theirs)
        yield f"release {current.release_id} is current in the object store"

    def _upload(self, release: Release, folder: str, before: Pointer | None) -> None:
        """Bring a release; what the one before has too, the store copies itself."""
        old: Mapping[str, Any] = {}
        if before is not None:
            old = self.releases.release(before.release_id).manifest["files"]
        present = self.bucket.listed(folder)
        for name, entry in release.manifest["files"].items():
            key = f"{folder}/{name}"
            if present.get(key) == entry["bytes"]:
                continue
            if before is not None and old.get(name) == entry:
                self.bucket.copy(f"{before.folder}/{name}", key)
            else:
                self.bucket.put(key, release.path / name)
        self.bucket.put(f"{folder}/{MANIFEST}", release.path / MANIFEST)

    def _pointer(self) -> Pointer | None:
        found = self.bucket.read_tagged(POINTER)
        return found and Pointer(found[0].decode(), found[1])

    def _has(self, theirs: Pointer) -> bool:
        """Whether the very release is here, and not another one of the same id."""
        if theirs.release_id not in self.releases.ids():
            return False
        return _name(self.releases.release(theirs.release_id)) == theirs.name

    def _below(self, folder: str) -> Iterable[str]:
        return [key for key in self._present if key.startswith(f"{folder}/")]

    def _read(self, key: str) -> bytes:
        content = self.bucket.read(key)
        if content is None:
            hint = "run again; if it stays so, restore it from a machine that has it"
            raise StoreError(f"{key} is gone", where=SETTING, hint=hint)
        return content

    def _write(self, key: str, content: Mapping[str, Any]) -> None:
        path = self.settings.home / key
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, content)

    def _key(self, path: Path) -> str:
        return path.relative_to(self.settings.home).as_posix()


def object_store(settings: Settings, zone: RawZone) -> ObjectStore | None:
    """The object store of the setting, if there is one."""
    return ObjectStore(settings, zone) if secret(settings, SETTING) else None


def _name(release: Release) -> str:
    manifest = (release.path / MANIFEST).read_bytes()
    return f"{release.release_id}-{hashlib.sha256(manifest).hexdigest()[:12]}"


def _split(theirs: Pointer | None) -> StoreError:
    return StoreError(
        f"another machine has published {theirs.release_id if theirs else 'in between'}, which"
        " this state folder does not hold",
        where=SETTING,
        hint="go on in an empty state folder: it begins from the store, which has all of raw",
    )
