"""Corporate actions that a person states when accepting a load, as rows of their dataset."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yanbao.base.errors import UsageError
from yanbao.base.settings import Settings
from yanbao.catalog import BY_NAME
from yanbao.intake.landing import Landed, land_file
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone

ACTIONS = "corporate_actions"
FORM = re.compile(
    r"(split|consolidation|move):([^:\s]+):(\d{4}-\d{2}-\d{2})(?::(\d+(?:\.\d+)?):(\d+(?:\.\d+)?))?"
)
HINT = (
    "split:0700.HK:2024-10-28:5:1 (five new shares per old one),"
    " consolidation:0700.HK:2024-10-28:10:1 (one new per ten old), move:0700.HK:2024-10-28"
)


@dataclass(frozen=True)
class StatedAction:
    """How many shares are held from a day on, for how many before; equal where none were."""

    code: str
    ex_date: date
    shares_after: str
    shares_before: str


def stated_action(text: str) -> StatedAction:
    """The action that a text states; raises UsageError for one that states none."""
    match = FORM.fullmatch(text.strip())
    if match is None or (match[1] == "move") is not (match[4] is None):
        raise UsageError(f"{text!r} is no action", hint=HINT)
    word, code, day, first, second = match.groups()
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise UsageError(f"{text!r}: {day} is no day", hint=HINT) from error
    after, before = {
        "split": (first, second),
        "consolidation": (second, first),
        "move": ("1", "1"),
    }[word]
    if word != "move" and not float(after) * float(before) > 0:
        raise UsageError(f"{text!r} states no number of shares", hint=HINT)
    if word != "move" and (float(after) > float(before)) is not (word == "split"):
        raise UsageError(
            f"{text!r}: a {word} from {before} to {after} shares is none", hint=HINT
        )
    return StatedAction(code.upper(), on, after, before)


def land_actions(
    settings: Settings, actions: Sequence[StatedAction], load_id: str, reason: str
) -> Landed:
    """Land them as a file of ``corporate_actions``, whose origin is the decision on a load."""
    dataset = BY_NAME[ACTIONS]
    columns = ("code", "ex_date", "shares_after", "shares_before", "reason")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corporate_actions.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for one in actions:
                shares = (one.shares_after, one.shares_before)
                writer.writerow((one.code, one.ex_date, *shares, f"{load_id}: {reason}"))
        landed = land_file(settings, path, dataset=dataset)
    if landed.stored.load.rows_quarantined:
        raise UsageError("\n".join(landed.lines), hint=HINT)
    return landed


def loads_stated_with(zone: RawZone, load_id: str) -> list[StoredLoad]:
    """The loads of actions that were stated when a load was accepted."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    found = []
    for stored in zone.loads(ACTIONS):
        if stored.is_file and stored.status in ("good", "ungated"):
            rows = pq.read_table(stored.frame_path)
            texts = rows["reason"].to_pylist() if "reason" in rows.column_names else [""]
            if all(str(text).startswith(f"{load_id}: ") for text in texts):
                found.append(stored)
    return found
