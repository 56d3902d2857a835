"""What a load is, and what its status means for the warehouse."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

Outcome = Literal["ok", "empty", "unavailable", "rejected", "held"]
FILE_SOURCES = ("inbox", "sample")
Status = Literal[
    "ungated", "good", "rejected", "held", "retracted", "empty", "unavailable", "repeat"
]
VERDICT_STATUS: dict[str, Status] = {"pass": "good", "hold": "held", "fail": "rejected"}
# The word of a build about a load that it could not take in; a person's word follows.
BREAKS = "breaks"
DECISION_STATUS: dict[str, Status] = {
    BREAKS: "held",
    "accept": "good",
    "reject": "rejected",
    "retract": "retracted",
    # What a person once said cannot be read: it may have been a word against the load.
    "torn": "held",
}


@dataclass(frozen=True)
class Load:
    """The manifest record of one call to a source, successful or not.

    ``rows_in = rows + rows_quarantined + rows_collapsed``. ``sha256`` is over the frame's
    own columns; ``original_sha256`` over the bytes of an imported file. ``repeat_of``
    names the earlier load with the same content; a repeat holds no frame. ``answers`` names
    the parts of the dataset that a call was to settle; a file has none.
    """

    load_id: str
    source: str
    dataset: str
    function: str
    outcome: Outcome
    started_at: str
    finished_at: str
    arguments: dict[str, Any] = field(default_factory=dict)
    partition: str | None = None
    rows: int = 0
    rows_in: int = 0
    rows_quarantined: int = 0
    rows_collapsed: int = 0
    announced_total: int | None = None
    sha256: str | None = None
    original_name: str | None = None
    original_sha256: str | None = None
    encoding: str | None = None
    mapping: str | None = None
    library_version: str | None = None
    requests: int = 0
    error: str | None = None
    repeat_of: str | None = None
    hold_reason: str | None = None
    answers: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day that a call was for; none of a file."""
        return date.fromisoformat(self.partition) if self.partition else None

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class StoredLoad:
    """A load with the folder of its dataset and its status after gate and decisions.

    ``decided_at`` is when a person last decided about it; nobody waits for it since.
    ``quarantined`` are the rows of a feed that the raw gate set aside, by their number.
    """

    load: Load
    place: Path
    status: Status
    reason: str = ""
    decided_at: str | None = None
    quarantined: tuple[int, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """The manifest record with the rows that the gate set aside counted as such."""
        record, aside = self.load.as_record(), len(self.quarantined)
        counts = {
            "rows": self.load.rows - aside,
            "rows_quarantined": self.load.rows_quarantined + aside,
        }
        return {**record, **counts}

    @property
    def is_file(self) -> bool:
        """Whether it came as a file: an analyst's or the sample's."""
        return self.load.source in FILE_SOURCES

    @property
    def folder(self) -> Path:
        return self.place / self.load.load_id

    @property
    def frame_path(self) -> Path:
        return self.folder / "frame.parquet"


def stored_load(
    load: Load, place: Path, verdict: Sequence[Any] | None, decision: Sequence[Any] | None
) -> StoredLoad:
    """What a load means now: its own outcome, unless a person or the gate spoke.

    ``verdict`` is the gate's outcome, messages, rows set aside and time; ``decision`` a
    person's word, reason and time. Who accepts a file for its bad rows has not seen what the
    gate finds in the good ones: it is judged then, and waits again where it does not pass.
    """
    outcome, messages, quarantined, gated_at = verdict or ("none", (), (), "")
    word, why, decided_at = decision or ("", "", None)
    status: Status = "ungated"
    reason = ""
    if load.outcome == "held" and word == "accept":
        if verdict is None:
            return StoredLoad(load, place, "ungated", why, decided_at)
        if outcome != "pass" and (decided_at or "") < gated_at:
            return StoredLoad(load, place, VERDICT_STATUS[outcome], "; ".join(messages))
    if word == BREAKS:
        return StoredLoad(load, place, "held", why)
    if load.repeat_of:
        status, reason = "repeat", f"same content as {load.repeat_of}"
    elif load.outcome in ("empty", "unavailable"):
        status, reason = cast(Status, load.outcome), load.error or ""
    elif word:
        status, reason = DECISION_STATUS[word], why
    elif load.outcome in ("held", "rejected"):
        status, reason = cast(Status, load.outcome), load.hold_reason or load.error or ""
    elif verdict:
        status, reason = VERDICT_STATUS[outcome], "; ".join(messages)
    aside = tuple(quarantined) if status == "good" else ()
    return StoredLoad(load, place, status, reason, decided_at, aside)


def repeatable(loads: Sequence[StoredLoad]) -> Iterator[StoredLoad]:
    """The loads of which a new one can be a repeat.

    One that was taken back counts as never come. One that the gate stopped before another of
    its dataset was taken back was judged against what no longer stands: it is judged anew.
    """
    taken_back: dict[str, str] = {}
    for stored in loads:
        if stored.status == "retracted" and stored.decided_at:
            last = taken_back.get(stored.load.dataset, "")
            taken_back[stored.load.dataset] = max(last, stored.decided_at)
    for stored in loads:
        is_stopped = stored.status in ("held", "rejected") and stored.decided_at is None
        is_outdated = is_stopped and stored.load.finished_at < taken_back.get(
            stored.load.dataset, ""
        )
        if not (stored.load.repeat_of or stored.status == "retracted" or is_outdated):
            yield stored


def superseded(loads: Iterable[StoredLoad]) -> dict[str, str]:
    """Loads that wait for a decision, by id, with the later good one that makes it needless.

    That is a file of the same name, or another answer to the same call about the same part,
    of the same dataset and source. Told from the loads alone: nothing in raw changes.
    """
    waiting: dict[tuple[str, ...], list[str]] = {}
    found: dict[str, str] = {}
    for stored in sorted(loads, key=lambda one: one.load.load_id):
        load = stored.load
        part = load.original_name or load.partition
        if not part:
            continue
        asked = "" if load.original_name else json.dumps(load.arguments, sort_keys=True)
        place = (load.dataset, load.source, load.function, part, asked)
        if stored.status in ("held", "rejected") and stored.decided_at is None:
            waiting.setdefault(place, []).append(load.load_id)
        elif stored.status == "good":
            found |= dict.fromkeys(waiting.pop(place, []), load.load_id)
    return found
