"""The releases of a state folder: list, resolve, verify, pin and clean up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanbao.base import clock
from yanbao.base.durable import fsync_folder, write_json
from yanbao.base.errors import ReleaseError
from yanbao.base.state_file import TornFileError, read_record, say_once
from yanbao.releases.release_files import fingerprint, remove_folder

KEEP_AT_LEAST = 7
DAMAGED = ".damaged"
OF_A_REMOVED = ("as_of_date", "known_at", "knowledge", "created_at", "core_hash")
AND = "; "  # between the reasons of a pin
MEND_POINTER = "mend it with yanbao doctor --repair, or publish again with yanbao run"


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

    def releases(self) -> list[Release]:
        """Every release whose manifest can be read; the others are named."""
        found = []
        for release_id in self.ids():
            if self._is_readable(release_id):
                found.append(self.release(release_id))
            else:
                say_once(TornFileError(self.root / release_id / "manifest.json").line())
        return found

    def next_id(self) -> str:
        """One more than any release that ever was, so that ids never go backwards."""
        aside = (place.name.removesuffix(DAMAGED) for place in self.root.glob(f"r*{DAMAGED}"))
        last = max([*self.ids(), *filter(_is_release_id, aside)], default="r0")
        return f"r{int(last[1:]) + 1:06d}"

    def release(self, release_id: str) -> Release:
        if release_id == "current":
            return self.current()
        path = self.root / release_id
        is_id = _is_release_id(release_id)
        manifest = read_record(path / "manifest.json") if is_id else None
        if manifest is None:
            raise self._missing(release_id)
        return Release(release_id, path, manifest)

    def _missing(self, release_id: str) -> ReleaseError:
        """Which release it was that clean-up has removed, or that there never was one."""
        was = self._removed().get(release_id)
        if was is None:
            hint = "list them with yanbao release list"
            return ReleaseError(f"there is no release {release_id}", hint=hint)
        known_at = f" --known-at {was['known_at']}" if was["known_at"] else ""
        return ReleaseError(
            f"clean-up removed release {release_id} on {was['removed_on']}; it was published"
            f" at {was['created_at'][:19]}",
            hint="raw still has all of it: yanbao report PACK --as-of"
            f" {was['as_of_date']}{known_at} prints the day again"
            " from what is known now, with --known-at DAY --strict as it was known then",
        )

    def current(self) -> Release:
        """The release that ``current`` points at; the newest whole one where it is damaged."""
        release = self.current_or_none()
        if release is not None:
            return release
        if ids := self.ids():
            raise ReleaseError(
                f"no release is whole, {ids[-1]} is damaged too",
                hint="publish again with yanbao run; it builds from raw",
            )
        raise ReleaseError("nothing has been released yet", hint="publish one with yanbao run")

    def current_or_none(self) -> Release | None:
        """As ``current``; None where no release is whole. What is passed over is said."""
        pointed = self._pointed_at()
        if pointed and self.is_complete(pointed):
            if not (self.root / "current").is_symlink():
                say_once(f"releases/current is no link → {MEND_POINTER}")
            return self.release(pointed)
        whole = self._newest_whole()
        if whole:
            why = f"release {pointed} is damaged" if pointed else "releases/current is lost"
            say_once(f"{why}: reading {whole} → {MEND_POINTER}")
        return self.release(whole) if whole else None

    def _pointed_at(self) -> str | None:
        """The release that ``current`` names: a link, or the copy that a backup made of it."""
        pointer = self.root / "current"
        if pointer.is_symlink():
            return pointer.resolve().name
        try:
            named = (read_record(pointer / "manifest.json") or {}).get("release_id")
        except TornFileError:
            return None
        return str(named) if named else None

    def _newest_whole(self) -> str | None:
        return next((one for one in reversed(self.ids()) if self.is_complete(one)), None)

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
        return [*said, *self._set_torn_aside(), *self._mend_pointer()]

    def _set_torn_aside(self) -> list[str]:
        """A release without a manifest says nothing: nothing of it can be read or verified."""
        torn = [one for one in self.ids() if not self._is_readable(one)]
        for release_id in torn:
            (self.root / release_id).rename(self.root / f"{release_id}{DAMAGED}")
        return [f"release {one} has a torn manifest: kept as {one}{DAMAGED}" for one in torn]

    def _is_readable(self, release_id: str) -> bool:
        try:
            return read_record(self.root / release_id / "manifest.json") is not None
        except TornFileError:
            return False

    def _mend_pointer(self) -> list[str]:
        """Make ``current`` a link to the release that it names, else to the newest whole one.

        A copy of a release under that name becomes the release again where there is no other.
        """
        pointer, named = self.root / "current", self._pointed_at()
        is_link = pointer.is_symlink()
        if is_link and named and self.is_complete(named):
            return []
        if pointer.is_dir() and not is_link:
            if named and _is_release_id(named) and not (self.root / named).exists():
                pointer.rename(self.root / named)
            else:
                remove_folder(pointer)
        whole = named if named and self.is_complete(named) else self._newest_whole()
        if whole is None:
            return []
        if not is_link:
            pointer.unlink(missing_ok=True)
        self.point_to(whole)
        if whole == named:
            return [f"releases/current is a link to {whole} again"]
        why = f"release {named} is damaged" if named else "releases/current was lost"
        return [f"{why}; current is {whole} again"]

    def is_complete(self, release_id: str) -> bool:
        """Whether a release's files are there in their sizes; ``verify`` reads every byte."""
        folder = self.root / release_id
        try:
            files = (read_record(folder / "manifest.json") or {}).get("files")
        except TornFileError:
            return False
        if not files:
            return False
        paths = {folder / name: entry["bytes"] for name, entry in files.items()}
        return all(path.is_file() and path.stat().st_size == n for path, n in paths.items())

    def damaged_files(self, release: Release) -> list[str]:
        """Files that are missing or whose bytes are not those of the manifest."""
        return [
            name
            for name, expected in release.manifest["files"].items()
            if not (release.path / name).exists()
            or fingerprint(release.path / name).items() != expected.items()
        ]

    def pins(self) -> dict[str, str]:
        """Why each pinned release is kept. Where that is torn, every release stays."""
        try:
            return read_record(self.root / "pins.json") or {}
        except TornFileError as torn:
            say_once(torn.line())
            return dict.fromkeys(self.ids(), "pins.json was torn")

    def pin(self, release_id: str, reason: str) -> None:
        """Keep a release for good, for one more reason: a pack that cites it, for example."""
        pins = self.pins()
        reasons = dict.fromkeys([*reasons_of(pins.get(release_id, "")), reason])
        write_json(self.root / "pins.json", {**pins, release_id: AND.join(reasons)})

    def unpin(self, gone: Mapping[str, str]) -> None:
        """Forget one reason each for which releases were kept; the others go on to hold."""
        pins = self.pins()
        left = {
            release_id: AND.join(one for one in reasons_of(why) if one != gone.get(release_id))
            for release_id, why in pins.items()
        }
        if left != pins:
            kept = {release_id: why for release_id, why in left.items() if why}
            write_json(self.root / "pins.json", kept)

    def note_removed(self, release_ids: Iterable[str]) -> None:
        """Remember what clean-up is about to remove: which day it was of, and as known when."""
        gone = {
            one: {name: self.release(one).manifest.get(name) for name in OF_A_REMOVED}
            | {"removed_on": clock.today_in_beijing().isoformat()}
            for one in release_ids
        }
        if gone:
            write_json(self.root / "removed.json", {**self._removed(), **gone})

    def _removed(self) -> dict[str, dict[str, Any]]:
        try:
            return read_record(self.root / "removed.json") or {}
        except TornFileError:
            return {}

    def removable(self, keep: int, unpinned: Iterable[str] = ()) -> list[Release]:
        """What clean-up may remove: never pinned, current, or the newest ``keep``."""
        current = self.current_or_none()
        safe = {*self.pins()} - {*unpinned}
        safe |= {*self.ids()[-max(keep, KEEP_AT_LEAST) :]}
        safe |= {current.release_id} if current else set()
        return [one for one in self.releases() if one.release_id not in safe]


def loads_behind(release: Release) -> set[str]:
    """The ids of the loads that a release was built from."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - the command line starts without it

    table = pq.read_table(
        release.path / "parquet" / "meta" / "loads.parquet", columns=["load_id"]
    )
    return {*table.column("load_id").to_pylist()}


def reasons_of(pin: str) -> list[str]:
    """Why a release is pinned, one by one."""
    return [one for one in pin.split(AND) if one]


def _is_release_id(name: str) -> bool:
    return name.startswith("r") and name[1:].isdigit()
