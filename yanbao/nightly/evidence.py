"""What one step of a nightly run leaves for the next, on disk and bound to its run.

The release step publishes only on evidence of its own run: a gate that was skipped, or a
build that another run replaced, is an error and not a silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from yanbao.base.check_result import CheckResult
from yanbao.base.durable import write_json
from yanbao.base.errors import GateBlockedError
from yanbao.warehouse.dbt_runner import NodeResult
from yanbao.warehouse.store import Parameters


@dataclass(frozen=True)
class Built:
    """What the transform step produced."""

    parameters: Parameters
    nodes: tuple[NodeResult, ...]
    loads: tuple[str, ...]
    code_version: str
    is_full_refresh: bool


def write_built(work: Path, run_id: str, built: Built) -> None:
    write_json(work / "built.json", asdict(built) | {"run_id": run_id})


def read_built(work: Path, run_id: str) -> Built:
    """What this run built; raises GateBlockedError where another run built meanwhile."""
    return TypeAdapter(Built).validate_python(_read(work / "built.json", run_id, "build"))


def write_checks(work: Path, run_id: str, gate: str, checks: Iterable[CheckResult]) -> None:
    records = [one.to_record() for one in checks]
    write_json(work / f"{gate}_gate.json", {"run_id": run_id, "checks": records})


def read_checks(work: Path, run_id: str, gate: str) -> list[CheckResult]:
    """The checks that this run evaluated at a gate."""
    record = _read(work / f"{gate}_gate.json", run_id, f"{gate} gate")
    return [CheckResult.from_record(one) for one in record["checks"]]


def write_files_read(work: Path, run_id: str, files: Mapping[str, str]) -> None:
    write_json(work / "files_read.json", {"run_id": run_id, "files": files})


def read_files_read(work: Path, run_id: str) -> dict[str, str]:
    """Hashes of the files that the run read at its start; empty for a part of the graph."""
    try:
        files: dict[str, str] = _read(work / "files_read.json", run_id, "start")["files"]
    except GateBlockedError:
        return {}
    return files


def _read(path: Path, run_id: str, what: str) -> dict[str, Any]:
    record: dict[str, Any] = (
        json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    )
    if record.get("run_id") != run_id:
        raise GateBlockedError(
            f"the {what} of this run left no evidence",
            hint="the last release stays current; run again, one run at a time",
        )
    return record
