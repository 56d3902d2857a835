"""The raw zone on disk: append loads, read them back, record verdicts and decisions.

Layout below ``raw/``::

    loads/<source>/<dataset>/<load_id>/   manifest.json, frame.parquet, original.<ext>,
                                          reply.txt (the head of what was no frame)
    verdicts/<load_id>.json               what the raw gate found (written once)
    decisions/<load_id>.json              what a person decided about a held load
    .writing/                             loads in progress; dropped at start-up

A load appears by one rename of its folder, so its frame and its record are acknowledged
together or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yanbao.base import clock
from yanbao.base.durable import fsync_file, fsync_folder, write_json
from yanbao.base.errors import UsageError
from yanbao.base.faults import fault_point
from yanbao.raw.load import Load, Status, StoredLoad

LANDING_PREFIX = "_"
VERDICT_STATUS: dict[str, Status] = {
    "none": "ungated",
    "pass": "good",
    "hold": "held",
    "fail": "rejected",
}


class RawZone:
    """All loads of one state folder. Readers need no lock; loads never change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._loads = root / "loads"
        self._verdicts = root / "verdicts"
        self._decisions = root / "decisions"
        self._writing = root / ".writing"
        self._records: dict[str, Load] = {}  # by load id; a record never changes

    def recover(self) -> int:
        """Drop loads that were being written when a process died; returns how many."""
        if not self._writing.exists():
            return 0
        left = list(self._writing.iterdir())
        for folder in left:
            shutil.rmtree(folder)
        return len(left)

    def new_load_id(self, dataset: str) -> str:
        """A sortable id: later loads sort after earlier ones, even when the clock goes back."""
        stamp, taken = self._next_sequence(clock.now().strftime("%Y%m%dT%H%M%S%f"))
        return f"{stamp}-{taken:04d}-{dataset}"

    def _next_sequence(self, stamp: str) -> tuple[str, int]:
        self.root.mkdir(parents=True, exist_ok=True)
        counter = self.root / ".sequence"
        last_stamp, last = "", -1
        if counter.exists():
            last_stamp, _, number = counter.read_text().partition(" ")
            last = int(number)
        sequence = last + 1 if stamp <= last_stamp else 0
        stamp = max(stamp, last_stamp)
        draft = self.root / ".sequence.tmp"
        draft.write_text(f"{stamp} {sequence}")
        draft.replace(counter)
        return stamp, sequence

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
        if frame is not None:
            load = replace(load, rows=frame.num_rows, sha256=content_sha256(frame))
            earlier = self._same_content(load)
            if earlier is not None:
                load, frame, original = replace(load, repeat_of=earlier.load_id), None, None
        folder = self._loads / load.source / load.dataset / load.load_id
        draft = self._writing / load.load_id
        draft.mkdir(parents=True)
        if frame is not None:
            pq.write_table(_with_landing_columns(frame, load), draft / "frame.parquet")
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
        folder.parent.mkdir(parents=True, exist_ok=True)
        fault_point("raw.before_rename")
        os.rename(draft, folder)  # noqa: PTH104 - a rename of a folder, not a replace
        fsync_folder(folder.parent)
        fault_point("raw.after_rename")
        return self._stored(load, folder)

    def loads(self, dataset: str | None = None, known: Iterable[str] = ()) -> list[StoredLoad]:
        """Loads in order of arrival, without those in ``known``."""
        skip = set(known)
        found = []
        pattern = f"*/{dataset}" if dataset else "*/*"
        for folder in self._loads.glob(pattern):
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name not in skip:
                        found.append(self._read(Path(entry.path)))
        return sorted(found, key=lambda stored: stored.load.load_id)

    def load(self, load_id: str) -> StoredLoad:
        for folder in self._loads.glob(f"*/*/{load_id}"):
            return self._read(folder)
        raise UsageError(
            f"no load is called {load_id!r}", hint="list them with yanbao hold list"
        )

    def record_verdict(self, load_id: str, verdict: Mapping[str, Any]) -> None:
        """Keep what the raw gate found; written once per load, never changed."""
        self._verdicts.mkdir(parents=True, exist_ok=True)
        write_json(self._verdicts / f"{load_id}.json", verdict)

    def verdict(self, load_id: str) -> dict[str, Any] | None:
        return _read_json(self._verdicts / f"{load_id}.json")

    def record_decision(self, load_id: str, decision: str, reason: str) -> None:
        """Keep a person's decision about a held or rejected load, with its reason."""
        self._decisions.mkdir(parents=True, exist_ok=True)
        path = self._decisions / f"{load_id}.json"
        earlier = _read_json(path) or {"history": []}
        entry = {
            "decision": decision,
            "reason": reason,
            "decided_at": clock.now().isoformat(),
        }
        write_json(path, {**entry, "history": [*earlier["history"], entry]})

    def decision(self, load_id: str) -> dict[str, Any] | None:
        return _read_json(self._decisions / f"{load_id}.json")

    def _same_content(self, load: Load) -> Load | None:
        """The load that a new one repeats. A feed that was refused is judged anew: calling
        it a repeat would make the refused answer look like a good one.
        """
        folders = self._loads.glob(f"*/{load.dataset}/*")
        for folder in sorted(folders, key=lambda place: place.name):
            earlier = self._record(folder)
            if (
                earlier.sha256 == load.sha256
                and earlier.repeat_of is None
                and earlier.source == load.source
                and earlier.partition == load.partition
                and _same_call(earlier, load)
                and not (load.original_name is None and self._status(earlier)[0] == "rejected")
            ):
                return earlier
        return None

    def _read(self, folder: Path) -> StoredLoad:
        return self._stored(self._record(folder), folder)

    def _record(self, folder: Path) -> Load:
        """A load's record, read once per zone: a back-fill lands thousands of them."""
        if folder.name not in self._records:
            record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            record["answers"] = tuple(record.get("answers", ()))
            self._records[folder.name] = Load(**record)
        return self._records[folder.name]

    def _stored(self, load: Load, folder: Path) -> StoredLoad:
        status, reason = self._status(load)
        decision = self.decision(load.load_id)
        decided_at = decision["decided_at"] if decision else None
        verdict = self.verdict(load.load_id) if status == "good" else None
        quarantined = tuple((verdict or {}).get("quarantined", ()))
        return StoredLoad(load, folder, status, reason, decided_at, quarantined)

    def _status(self, load: Load) -> tuple[Status, str]:
        """What a load means now: its own outcome, unless a person or the gate spoke."""
        if load.repeat_of:
            return "repeat", f"same content as {load.repeat_of}"
        if load.outcome in ("empty", "unavailable"):
            return ("empty" if load.outcome == "empty" else "unavailable"), load.error or ""
        decision = self.decision(load.load_id)
        if decision:
            status: Status = "good" if decision["decision"] == "accept" else "rejected"
            return status, decision["reason"]
        if load.outcome in ("held", "rejected"):
            status = "held" if load.outcome == "held" else "rejected"
            return status, load.hold_reason or load.error or ""
        verdict = self.verdict(load.load_id) or {"outcome": "none", "messages": []}
        return VERDICT_STATUS[verdict["outcome"]], "; ".join(verdict["messages"])


def content_sha256(frame: pa.Table) -> str:
    """The hash of a frame's own columns, independent of how it was chunked or landed."""
    names = [name for name in frame.column_names if not name.startswith(LANDING_PREFIX)]
    digest = hashlib.sha256()
    sink = _HashSink(digest)
    plain = frame.select(names).combine_chunks().replace_schema_metadata(None)
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), plain.schema) as writer:
        writer.write_table(plain, max_chunksize=65_536)
    return digest.hexdigest()


class _HashSink:
    """A write-only file that keeps a hash and no bytes."""

    closed = False

    def __init__(self, digest: Any) -> None:
        self._digest = digest

    def write(self, data: Any) -> int:
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        """Nothing is held open."""


def _with_landing_columns(frame: pa.Table, load: Load) -> pa.Table:
    count = frame.num_rows
    if "_row" not in frame.column_names:
        frame = frame.append_column("_row", pa.array(range(1, count + 1), pa.int64()))
    landed = datetime.fromisoformat(load.finished_at).astimezone(UTC).replace(tzinfo=None)
    constants = {
        "_load_id": pa.array([load.load_id]).cast(pa.string()),
        "_landed_at": pa.array([landed], pa.timestamp("us")),
        "_arguments": pa.array([json.dumps(load.arguments, ensure_ascii=False)]),
    }
    for name, one in constants.items():
        frame = frame.append_column(name, pa.repeat(one[0], count))
    return frame


def _same_call(earlier: Load, load: Load) -> bool:
    """Files are the same by content alone; calls also by function and arguments."""
    if load.original_name is not None:
        return earlier.original_name is not None
    return earlier.function == load.function and earlier.arguments == load.arguments


def _read_json(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record
