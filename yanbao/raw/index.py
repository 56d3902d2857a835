"""The index of the raw zone: what its folders hold, read once and kept in one file.

A cache and nothing more: every answer is checked against the folders first. A folder whose
modification time has not moved is not listed again; of a folder that is listed, only new
entries are opened, for loads and verdicts never change, and decisions that were replaced. A
lost, torn or foreign index is rebuilt silently.

A torn verdict counts as none, so that its load is judged again; behind a torn decision a load
waits for a person again; a load whose manifest is torn is left out and said to be so.
"""

from __future__ import annotations

import json
import os
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from yanbao.base.faults import fault_point
from yanbao.base.state_file import TornFileError, read_record, say_once
from yanbao.raw.load import Load, StoredLoad, stored_load

FILE_NAME = ".index.json"
DRAFTS = ".index.*.tmp"
# A folder may change twice within one tick of its file system's clock: a listing holds for
# good only if it was made this long after the folder's modification time was first seen.
SETTLED_SECONDS = 2.0
# The file is written when more than one in so many entries had to be opened.
UNSAVED_ONE_IN = 100

VERDICT_FIELDS = ("outcome", "messages", "quarantined", "gated_at")
DECISION_FIELDS = ("decision", "reason", "decided_at")
FORMAT = [[one.name for one in fields(Load)], [*VERDICT_FIELDS], [*DECISION_FIELDS]]

# What tells one state of a file or folder from another, then the fields of its record. The
# list of an unchanged file stays the same object.
Entry = list[Any]
Entries = dict[str, Entry]  # by load id


@dataclass
class _Listing:
    """What one folder held when it was last listed."""

    entries: Entries = field(default_factory=dict)
    stamp: tuple[int, int] = (0, 0)
    stamp_seen: float = 0.0
    is_settled: bool = False


class RawIndex:
    """The loads of one raw zone with their verdicts and decisions, as they are on disk now."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._listings = self._read_file()
        self._unsaved = 0
        self._built: dict[str, tuple[Entry, Entry | None, Entry | None, StoredLoad]] = {}
        self.torn: set[Path] = set()  # loads and verdicts that could not be read just now

    def loads(self, dataset: str | None, skip: Collection[str]) -> list[StoredLoad]:
        """Loads of one dataset, or of all, in order of arrival, without those to skip."""
        with self._lock:
            self.torn.clear()
            places = [
                *filter(Path.is_dir, self._root.glob(f"loads/[!.]*/{dataset or '[!.]*'}"))
            ]
            found = {place: self._entries(place, _load, _inode) for place in places}
            verdicts = self._entries(self._root / "verdicts", _verdict, _inode)
            decisions = self._entries(self._root / "decisions", _decision, _replaced)
            self._write_file()
            stored = [
                self._stored(place, entry, verdicts.get(load_id), decisions.get(load_id))
                for place, entries in found.items()
                for load_id, entry in entries.items()
                if load_id not in skip
            ]
        return sorted(stored, key=lambda one: one.load.load_id)

    def _stored(
        self, place: Path, entry: Entry, verdict: Entry | None, decision: Entry | None
    ) -> StoredLoad:
        load_id = entry[1]
        built = self._built.get(load_id)
        if (
            built is None
            or built[0] is not entry
            or built[1] is not verdict
            or built[2] is not decision
        ):
            load = Load(*[*entry[1:-1], tuple(entry[-1])])
            judged = verdict and verdict[1:], decision and decision[1:]
            built = entry, verdict, decision, stored_load(load, place, *judged)
            self._built[load_id] = built
        return built[3]

    def _entries(
        self,
        place: Path,
        read: Callable[[Path], list[Any]],
        stamp_of: Callable[[os.DirEntry[str]], int],
    ) -> Entries:
        """The entries of a folder; only those that are not known as they are get opened."""
        name = place.relative_to(self._root).as_posix()
        listing = self._listings.setdefault(name, _Listing())
        now = time.monotonic()
        try:
            status = place.stat()
        except FileNotFoundError:
            self._listings[name] = _Listing()
            return {}
        stamp = status.st_ino, status.st_mtime_ns
        if stamp != listing.stamp:
            listing.stamp, listing.stamp_seen = stamp, now
            listing.is_settled = False
        elif listing.is_settled:
            return listing.entries
        entries, is_whole = {}, True
        for load_id, file in _listed(place):
            entry, current = listing.entries.get(load_id), stamp_of(file)
            if entry is None or entry[0] != current:
                try:
                    entry = [current, *read(Path(file.path))]
                except TornFileError as torn:
                    say_once(torn.line())
                    self.torn.add(Path(file.path))
                    is_whole = False
                    continue
                self._unsaved += 1
            entries[load_id] = entry
        listing.entries = entries
        listing.is_settled = is_whole and now - listing.stamp_seen >= SETTLED_SECONDS
        return entries

    def _header(self) -> list[Any]:
        """Whose index a file is: of this code's records, in this folder."""
        return [FORMAT, str(self._root.resolve()), self._root.stat().st_ino]

    def _read_file(self) -> dict[str, _Listing]:
        """The entries of the index file; none where it is not complete or not of this zone."""
        try:
            checksum, _, text = (self._root / FILE_NAME).read_bytes().partition(b"\n")
            if int(checksum) != zlib.crc32(text):
                return {}
            header, folders = json.loads(text)
            if header != self._header():
                return {}
        except (OSError, ValueError):
            return {}
        return {name: _Listing(entries) for name, entries in folders.items()}

    def _write_file(self) -> None:
        """Replace the file once enough is new. A reader that may not write does without."""
        held = {name: one.entries for name, one in self._listings.items() if one.entries}
        if self._unsaved * UNSAVED_ONE_IN <= sum(map(len, held.values())):
            return
        draft = self._root / DRAFTS.replace("*", str(os.getpid()))
        with suppress(OSError):
            text = json.dumps([self._header(), held], ensure_ascii=False).encode()
            draft.write_bytes(b"%d\n%s" % (zlib.crc32(text), text))
            fault_point("raw.before_index")
            draft.replace(self._root / FILE_NAME)
            self._unsaved = 0


@lru_cache(maxsize=8)
def index_of(root: Path) -> RawIndex:
    """The one index of a raw zone in this process: all steps of a run share what was read."""
    return RawIndex(root)


def _listed(place: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Load ids with their folder or file; what is being written starts with a dot, and what
    file managers leave is no load.
    """
    with os.scandir(place) as entries:
        for entry in entries:
            is_record = entry.is_dir() or entry.name.endswith(".json")
            if is_record and not entry.name.startswith("."):
                yield entry.name.removesuffix(".json"), entry


def _inode(file: os.DirEntry[str]) -> int:
    """Enough for what is written once, and listed without being looked at."""
    return file.inode()


def _replaced(file: os.DirEntry[str]) -> int:
    """For decisions: each new one makes the file's history longer."""
    status = file.stat()
    return status.st_mtime_ns << 64 | status.st_size


def _load(folder: Path) -> list[Any]:
    return [*read_load(folder).as_record().values()]


def read_load(folder: Path) -> Load:
    """The load of a folder; raises TornFileError where its manifest is not whole."""
    path = folder / "manifest.json"
    try:
        return Load(**(read_record(path) or {}))
    except TypeError:
        raise TornFileError(path) from None


def _verdict(file: Path) -> list[Any]:
    record = read_record(file) or {}
    if "outcome" not in record or "messages" not in record:
        raise TornFileError(file)
    aside, gated_at = record.get("quarantined", []), record.get("gated_at", "")
    return [record["outcome"], record["messages"], aside, gated_at]


def _decision(file: Path) -> list[Any]:
    try:
        record = read_record(file) or {}
        return [record[name] for name in DECISION_FIELDS]
    except (TornFileError, KeyError):
        torn = TornFileError(file)
        say_once(torn.line())
        return ["torn", "the decision was torn: decide again", None]
