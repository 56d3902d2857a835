"""The raw zone on disk: append loads, read them back, record verdicts and decisions.

Layout below ``raw/``::

    loads/<source>/<dataset>/<load_id>/   manifest.json, frame.parquet, original.<ext>,
                                          reply.txt (the head of what was no frame)
    verdicts/<load_id>.json               what the raw gate found (written once)
    decisions/<load_id>.json              what a person decided about a load
    .writing/                             loads in progress; dropped at start-up
    set_aside/                            what was torn and could not be mended
    .index.json                           a cache of the folders above (see index.py)

A load appears by one rename of its folder, so its frame and its record are acknowledged
together or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from yanbao.base import clock
from yanbao.base.durable import fsync_file, fsync_folder, write_json
from yanbao.base.errors import UsageError
from yanbao.base.faults import fault_point
from yanbao.base.state_file import TornFileError, read_record
from yanbao.raw.index import DRAFTS as INDEX_DRAFTS
from yanbao.raw.index import index_of
from yanbao.raw.load import Load, StoredLoad, repeatable, stored_load

if TYPE_CHECKING:
    import pyarrow as pa

SET_ASIDE = "set_aside"
SEQUENCE = re.compile(r"\w+ \d+")


class RawZone:
    """All loads of one state folder. Readers need no lock; loads never change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._loads = root / "loads"
        self._verdicts = root / "verdicts"
        self._decisions = root / "decisions"
        self._writing = root / ".writing"
        self._index = index_of(root)

    def recover(self) -> int:
        """Drop loads that were being written when a process died; returns how many."""
        for draft in self.root.glob(INDEX_DRAFTS):
            draft.unlink(missing_ok=True)
        if not self._writing.exists():
            return 0
        left = list(self._writing.iterdir())
        for folder in left:
            shutil.rmtree(folder)
        return len(left)

    def mend(self) -> list[str]:
        """Mend what is torn, and say so in one line each: a manifest is written again from the
        frame beside it, else its load is set aside; a verdict goes, and the gate judges again.
        """
        self.loads()
        return [self._mended(path) for path in sorted(self._index.torn)]

    def _mended(self, path: Path) -> str:
        from yanbao.raw.frame import load_of  # noqa: PLC0415 (pyarrow)

        if path.parent == self._verdicts:
            _move_away(path, self.root / SET_ASIDE)
            return f"the verdict of {path.stem} was torn: the gate judges it again"
        load = load_of(path / "frame.parquet")
        if load is None:
            _move_away(path, self.root / SET_ASIDE)
            kept = f"raw/{SET_ASIDE}/{path.name}"
            return f"load {path.name} was torn: kept in {kept}, import its original again"
        manifest = path / "manifest.json"
        if manifest.exists():
            _move_away(manifest, self.root / SET_ASIDE / path.name)
        write_json(manifest, load.as_record())
        manifest.chmod(0o444)
        return f"the manifest of {path.name} was torn: written again from its frame"

    def new_load_id(self, dataset: str) -> str:
        """A sortable id: later loads sort after earlier ones, even when the clock goes back."""
        stamp, taken = self._next_sequence(clock.now().strftime("%Y%m%dT%H%M%S%f"))
        return f"{stamp}-{taken:04d}-{dataset}"

    def _next_sequence(self, stamp: str) -> tuple[str, int]:
        last_stamp, last = self._last_sequence()
        sequence = last + 1 if stamp <= last_stamp else 0
        stamp = max(stamp, last_stamp)
        self._write_sequence(stamp, sequence)
        return stamp, sequence

    def _last_sequence(self) -> tuple[str, int]:
        """The last id taken; a counter that is lost or torn is read from the loads again."""
        counter = self.root / ".sequence"
        text = counter.read_text(errors="replace") if counter.exists() else ""
        if SEQUENCE.fullmatch(text) is None:
            ids = (place.name for place in self._loads.glob("[!.]*/[!.]*/[!.]*"))
            text = " ".join(max(ids, default="").split("-")[:2])
        stamp, _, number = text.partition(" ")
        return (stamp, int(number)) if number.isdecimal() else ("", -1)

    def _write_sequence(self, stamp: str, sequence: int) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        draft = self.root / ".sequence.tmp"
        draft.write_text(f"{stamp} {sequence}")
        draft.replace(self.root / ".sequence")

    def append(
        self,
        load: Load,
        frame: pa.Table | None = None,
        original: Path | None = None,
        *,
        received: str = "",
    ) -> StoredLoad:
        """Write one load durably and return it; a repeat of earlier content keeps no frame.

        ``frame`` holds the received columns; ``_row`` may be among them. The landing
        columns ``_load_id``, ``_landed_at`` and ``_row`` are added here. ``received`` is
        text that came where a frame was due.
        """
        from yanbao.raw.frame import content_sha256, write_frame  # noqa: PLC0415 (pyarrow)

        if frame is not None:
            load = replace(load, rows=frame.num_rows, sha256=content_sha256(frame))
            earlier = self._same_content(load)
            if earlier is not None:
                load, frame, original = replace(load, repeat_of=earlier.load_id), None, None
        folder = self._loads / load.source / load.dataset / load.load_id
        draft = self._writing / load.load_id
        draft.mkdir(parents=True)
        try:
            if frame is not None:
                write_frame(frame, load, draft / "frame.parquet")
                fsync_file(draft / "frame.parquet")
            if original is not None:
                kept = draft / f"original{original.suffix.lower()}"
                shutil.copyfile(original, kept)
                fsync_file(kept)
            if received:
                (draft / "reply.txt").write_text(received, encoding="utf-8")
                fsync_file(draft / "reply.txt")
            fault_point("raw.before_manifest")
            write_json(draft / "manifest.json", load.as_record())
            for file in draft.iterdir():
                file.chmod(0o444)
        except Exception:
            shutil.rmtree(draft)
            raise
        folder.parent.mkdir(parents=True, exist_ok=True)
        fault_point("raw.before_rename")
        os.rename(draft, folder)  # noqa: PTH104 - a rename of a folder, not a replace
        fsync_folder(folder.parent)
        fault_point("raw.after_rename")
        return stored_load(load, folder.parent, None, None)

    def take_in(self, place: PurePosixPath, files: Mapping[str, bytes]) -> None:
        """Write a load that another machine has written: ``source/dataset/load_id``, files.

        Later loads sort after it, also where that machine's clock was ahead.
        """
        draft, folder = self._writing / place.name, self._loads / place
        draft.mkdir(parents=True)
        for name, content in files.items():
            (draft / name).write_bytes(content)
            (draft / name).chmod(0o444)
            fsync_file(draft / name)
        stamp, sequence, *_ = place.name.split("-")
        if (stamp, int(sequence)) > self._last_sequence():
            self._write_sequence(stamp, int(sequence))
        folder.parent.mkdir(parents=True, exist_ok=True)
        os.rename(draft, folder)  # noqa: PTH104 - a rename of a folder, not a replace
        fsync_folder(folder.parent)

    def loads(self, dataset: str | None = None, known: Iterable[str] = ()) -> list[StoredLoad]:
        """Loads in order of arrival, without those in ``known``."""
        return self._index.loads(dataset, set(known))

    def load(self, load_id: str) -> StoredLoad:
        for stored in self.loads():
            if stored.load.load_id == load_id:
                return stored
        raise UsageError(
            f"no load is called {load_id!r}", hint="list them with yanbao hold list"
        )

    def record_verdict(self, load_id: str, verdict: Mapping[str, Any]) -> None:
        """Keep what the raw gate found; written once per load, never changed."""
        self._verdicts.mkdir(parents=True, exist_ok=True)
        write_json(self._verdicts / f"{load_id}.json", verdict)

    def verdict(self, load_id: str) -> dict[str, Any] | None:
        return read_record(self._verdicts / f"{load_id}.json")

    def record_decision(
        self, load_id: str, decision: str, reason: str, actions: Sequence[str] = ()
    ) -> None:
        """Keep a person's decision about a load (accept, reject, retract) with its reason and
        the corporate actions that explain its prices; or that a build cannot take it in.
        """
        self._decisions.mkdir(parents=True, exist_ok=True)
        path = self._decisions / f"{load_id}.json"
        earlier = self._earlier_decision(path)
        entry = {
            "decision": decision,
            "reason": reason,
            "decided_at": clock.now().isoformat(),
            **({"actions": [*actions]} if actions else {}),
        }
        write_json(path, {**entry, "history": [*earlier["history"], entry]})

    @staticmethod
    def _earlier_decision(path: Path) -> dict[str, Any]:
        try:
            return {"history": [], **(read_record(path) or {})}
        except TornFileError:
            return {"history": []}

    def decision(self, load_id: str) -> dict[str, Any] | None:
        return read_record(self._decisions / f"{load_id}.json")

    def _same_content(self, load: Load) -> Load | None:
        """The load that a new one repeats. A feed that was refused is judged anew: calling
        it a repeat would make the refused answer look like a good one.
        """
        for stored in repeatable(self.loads(load.dataset)):
            earlier = stored.load
            if (
                earlier.sha256 == load.sha256
                and earlier.source == load.source
                and earlier.partition == load.partition
                and _same_call(earlier, load)
                and not (load.original_name is None and stored.status == "rejected")
            ):
                return earlier
        return None


def _same_call(earlier: Load, load: Load) -> bool:
    """Files are the same by content alone; calls also by function and arguments."""
    if load.original_name is not None:
        return earlier.original_name is not None
    return earlier.function == load.function and earlier.arguments == load.arguments


def _move_away(path: Path, to: Path) -> None:
    """Keep what was torn under a name that nothing reads; never over what is kept already."""
    to.mkdir(parents=True, exist_ok=True)
    taken = sum(1 for _ in to.glob(f"{path.name}*"))
    path.rename(to / (f"{path.name}.{taken}" if taken else path.name))
