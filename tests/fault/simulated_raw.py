"""What the oracle of a simulation asks of the raw zone: nothing goes, nothing comes twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fault.simulated_ledger import Seen, Violation

KEPT = ("loads", "verdicts")


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_stay(home: Path, now: Seen) -> Iterator[Violation]:
    raw = home / "raw"
    here = {
        str(path.relative_to(raw)): path
        for place in KEPT
        for path in (raw / place).rglob("*")
        if path.is_file() and not path.name.startswith(".")  # a draft acknowledges nothing
    }
    for name, sha in now.files.items():
        rule = "I6" if name.endswith((".parquet", ".txt")) or "original" in name else "I1"
        if name not in here:
            yield rule, f"raw/{name} is gone"
        elif _sha(here[name]) != sha:
            yield rule, f"raw/{name} has other bytes than before"
    now.files.update({name: _sha(here[name]) for name in here.keys() - now.files.keys()})


def manifests_of(home: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((home / "raw" / "loads").glob("*/*/*/manifest.json")):
        try:
            yield path.parent, json.loads(path.read_text("utf-8"))
        except ValueError:
            yield path.parent, {}


def loads_add_up(home: Path, now: Seen) -> Iterator[Violation]:
    import pyarrow.parquet as pq

    for folder, load in manifests_of(home):
        if folder.name in now.answers.values():
            continue
        if not load:
            yield "I1", f"load {folder.name} has a torn manifest"
            continue
        if load["repeat_of"] or load["outcome"] in ("empty", "unavailable"):
            continue
        counted = load["rows"] + load["rows_quarantined"] + load["rows_collapsed"]
        if load["rows_in"] != counted:
            yield (
                "I5",
                f"load {folder.name}: {load['rows_in']} rows came, {counted} are told of",
            )
        try:
            frame = pq.read_table(folder / "frame.parquet")
        except (OSError, ValueError) as error:
            yield "I6", f"load {folder.name}: its frame cannot be read ({type(error).__name__})"
            continue
        if frame.num_rows != load["rows"]:
            yield "I6", f"load {folder.name}: {frame.num_rows} rows of {load['rows']} are kept"
        names = [name for name in frame.column_names if not name.startswith("_")]
        call = [load[n] for n in ("source", "dataset", "function", "arguments", "partition")]
        call = call if not load["original_name"] else call[:3]
        said = repr((call, sorted(map(repr, frame.select(names).to_pylist()))))
        key = hashlib.sha256(said.encode()).hexdigest()
        if key in now.answers and not _is_refused(home, now.answers[key]):
            yield "I5", f"load {folder.name} is the answer of {now.answers[key]} again"
        now.answers[key] = folder.name


def _is_refused(home: Path, load_id: str) -> bool:
    """An answer that the gate refused, or that broke its contract, is judged anew."""
    load = next((load for folder, load in manifests_of(home) if folder.name == load_id), {})
    verdict = home / "raw" / "verdicts" / f"{load_id}.json"
    outcome = json.loads(verdict.read_text("utf-8"))["outcome"] if verdict.exists() else ""
    return outcome == "fail" or load.get("outcome") == "rejected"
