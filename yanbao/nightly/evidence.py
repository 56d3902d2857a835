"""What one step of a nightly run leaves for the next, on disk and bound to one build.

The release step publishes only what the gate has judged of the build that stands: a gate that
was skipped, or a build that another one replaced, is an error and not a silence. A run that
goes on where an earlier one failed finds what that one left.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter

from yanbao.base.check_result import CheckResult
from yanbao.base.durable import write_json
from yanbao.base.errors import GateBlockedError
from yanbao.warehouse.dbt_runner import NodeResult
from yanbao.warehouse.store import Parameters


@dataclass(frozen=True)
class Built:
    """What the transform step produced; ``build_id`` tells it from every other build."""

    parameters: Parameters
    nodes: tuple[NodeResult, ...]
    loads: tuple[str, ...]
    code_version: str
    is_full_refresh: bool
    build_id: str = field(default_factory=lambda: uuid4().hex)


def forget_built(work: Path) -> None:
    """To be called before the work store changes: what stood there stands no more."""
    (work / "built.json").unlink(missing_ok=True)


def write_built(work: Path, built: Built) -> None:
    """Say that every report mart of a day stands in the work store."""
    write_json(work / "built.json", asdict(built))


def read_built(work: Path, parameters: Parameters) -> Built:
    """The build that stands; raises GateBlockedError where it is not for these parameters."""
    record = _read(work / "built.json")
    built = TypeAdapter(Built).validate_python(record) if record else None
    if built is None or built.parameters != parameters:
        raise GateBlockedError(
            f"the report tables of {parameters.as_of} do not stand in the work store",
            hint="run the job nightly for this day, or materialize all report marts with it",
        )
    return built


def write_gate(work: Path, built: Built, checks: Iterable[CheckResult]) -> None:
    """Keep what the release gate found of a build."""
    records = [one.to_record() for one in checks]
    write_json(work / "release_gate.json", {"build_id": built.build_id, "checks": records})


def read_gate(work: Path, built: Built) -> list[CheckResult]:
    """What the release gate found of a build; raises GateBlockedError where it did not."""
    record = _read(work / "release_gate.json")
    if record.get("build_id") != built.build_id:
        raise GateBlockedError(
            "the release gate has not judged the report tables that stand",
            hint="the last release stays current; run the job nightly for this day",
        )
    return [CheckResult.from_record(one) for one in record["checks"]]


def write_raw_gate(work: Path, checks: Iterable[CheckResult]) -> None:
    """Keep what the raw gate found when it judged last."""
    write_json(work / "raw_gate.json", {"checks": [one.to_record() for one in checks]})


def read_raw_gate(work: Path) -> list[CheckResult]:
    """What the raw gate found when it judged last."""
    found = _read(work / "raw_gate.json").get("checks", ())
    return [CheckResult.from_record(one) for one in found]


def write_files_read(work: Path, run_id: str, files: Mapping[str, str]) -> None:
    write_json(work / "files_read.json", {"run_id": run_id, "files": files})


def read_files_read(work: Path, run_id: str) -> dict[str, str]:
    """Hashes of the files that the run read at its start; empty for a part of the graph."""
    record = _read(work / "files_read.json")
    files: dict[str, str] = record["files"] if record.get("run_id") == run_id else {}
    return files


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = (
        json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    )
    return content
