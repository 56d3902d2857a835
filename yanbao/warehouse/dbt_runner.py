"""dbt in this process: one import, one connection that is really released afterwards."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from yanbao.base.check_result import Outcome
from yanbao.base.errors import GateBlockedError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.warehouse import dbt_ctes
from yanbao.warehouse.store import CODE_PLACES, WorkStore, hash_of_files


class TransformError(GateBlockedError):
    """A model could not be built, which blocks the release as a failed check does."""


# What this process has parsed, by target folder: dbt need not read the project again.
_parsed: dict[Path, Any] = {}


@dataclass(frozen=True)
class NodeResult:
    """What became of one model, seed or test."""

    unique_id: str
    resource_type: str
    name: str
    status: str
    message: str
    failures: int
    seconds: float
    rows: int | None
    # The query whose rows are the failures of a test; empty for every other node.
    failing_sql: str = ""

    @property
    def outcome(self) -> Outcome:
        """pass, fail (the data are wrong) or could_not_run (it never got an answer)."""
        if self.status in ("success", "pass", "warn"):
            return "pass"
        return "fail" if self.status == "fail" else "could_not_run"


class DbtProject:
    """The project bound to one work store; artifacts live beside that store."""

    def __init__(self, store: WorkStore, threads: int = 1) -> None:
        self.store = store
        self.target = store.folder / "dbt"
        self.threads = threads

    @property
    def manifest_path(self) -> Path:
        return self.target / "manifest.json"

    def manifest(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.manifest_path.read_text(encoding="utf-8"))
        return content

    def run(self, command: str, *arguments: str, check: bool = True) -> list[NodeResult]:
        """Run one dbt command; raises TransformError when a model or seed failed."""
        os.environ["YANBAO_WORK_STORE"] = str(self.store.path)
        os.environ.setdefault("DO_NOT_TRACK", "1")
        try:
            result = self._invoke(command, arguments)
        finally:
            _release_connections()
        if result.exception is not None:
            raise TransformError(
                f"dbt {command} could not run: {_first_line(str(result.exception))}",
                hint="see work/dbt/logs/dbt.log; after editing models run make lint",
            )
        nodes = [_node_result(node) for node in getattr(result.result, "results", [])]
        broken = [n for n in nodes if n.resource_type != "test" and n.outcome != "pass"]
        if check and broken:
            first = next((n for n in broken if n.status == "error"), broken[0])
            raise TransformError(
                f"{first.name} failed: {_first_line(first.message)}",
                where=f"dbt {command}",
                hint="the last release stays current; see work/dbt/logs/dbt.log",
            )
        return nodes

    def parse(self) -> None:
        """Parse the project and write its manifest; later commands reuse the parsed one."""
        self._marker.unlink(missing_ok=True)
        self.run("parse")
        self._marker.write_text(self._parse_key(), encoding="utf-8")

    def is_parsed(self) -> bool:
        """Whether what the last parse left is of these files and of these versions of dbt."""
        left = (self._marker, self.manifest_path, self._parsed_path)
        return all(path.exists() for path in left) and (
            self._marker.read_text(encoding="utf-8") == self._parse_key()
        )

    @property
    def _marker(self) -> Path:
        return self.target / "parsed.txt"

    @property
    def _parsed_path(self) -> Path:
        return self.target / "partial_parse.msgpack"

    def _parse_key(self) -> str:
        """What a parse depends on, and its result: a cut file is not taken for a parsed one."""
        digest = hashlib.sha256(self._parsed_path.read_bytes())
        digest.update(hash_of_files((*CODE_PLACES, "dbt_project/tests")).encode())
        for package in ("dbt-core", "dbt-duckdb"):  # both bring macros of their own
            digest.update(version(package).encode())
        return digest.hexdigest()

    def _parsed_manifest(self) -> Any:
        """dbt's manifest object, or None where dbt has to parse.

        dbt would compare files, profile and environment with the last parse, and parse all
        anew where the state folder has been moved: the profile holds its path.
        """
        if self.target not in _parsed and self.is_parsed():
            from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415
            from dbt.parser.manifest import extended_mashumuro_decoder  # noqa: PLC0415

            _parsed[self.target] = Manifest.from_msgpack(
                self._parsed_path.read_bytes(), decoder=extended_mashumuro_decoder
            )
        return _parsed.get(self.target)

    def _invoke(self, command: str, arguments: Sequence[str]) -> Any:
        """One command on the manifest that this process has parsed, if it has."""
        from dbt.cli.main import dbtRunner  # noqa: PLC0415 - costs 2.4 CPU s

        dbt_ctes.install()
        words = [command, *arguments, *self._common()]
        if command == "parse":
            result = _on_own_stack(dbtRunner().invoke, words)
            _parsed[self.target] = result.result
            return result
        # The manifest is written by parse alone: writing it again costs a second a night.
        manifest = self._parsed_manifest()
        runner = dbtRunner(manifest=manifest)
        try:
            return _on_own_stack(runner.invoke, [*words, "--no-write-json"])
        finally:
            _forget_compiled(manifest)

    def _common(self) -> Sequence[str]:
        return (
            "--project-dir",
            str(PROJECT_ROOT),
            "--profiles-dir",
            str(PROJECT_ROOT / "dbt_project"),
            "--target-path",
            str(self.target),
            "--log-path",
            str(self.target / "logs"),
            "--threads",
            str(self.threads),
            # Nothing on the console, not even errors: ours are one line, dbt's log has all.
            "--log-level",
            "none",
            "--log-level-file",
            "debug",
            "--no-print",
            "--no-use-colors",
        )


def _forget_compiled(manifest: Any) -> None:
    """dbt marks the nodes that it has compiled, and would leave out their ephemeral
    parents when the same manifest is used again.
    """
    for node in manifest.nodes.values() if manifest else ():
        if getattr(node, "extra_ctes_injected", False):
            node.extra_ctes_injected, node.extra_ctes, node.compiled = False, [], False


def _on_own_stack(invoke: Callable[[list[str]], Any], words: list[str]) -> Any:
    """Run in a thread: dbt looks up the source of every frame above it, at each command, and
    Dagster's are so many that they cost half a second.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(invoke, words).result()


def _node_result(node: Any) -> NodeResult:
    response = getattr(node, "adapter_response", None) or {}
    rows = response.get("rows_affected")
    status = str(node.status.value)
    return NodeResult(
        unique_id=node.node.unique_id,
        resource_type=str(node.node.resource_type.value),
        name=node.node.name,
        status=status,
        message=node.message or "",
        failures=node.failures or 0,
        seconds=node.execution_time,
        rows=rows if isinstance(rows, int) and rows >= 0 else None,
        failing_sql=(node.node.compiled_code or "") if status == "fail" else "",
    )


def _release_connections() -> None:
    """dbt-duckdb keeps its connection for the process; a later reader needs it gone."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415
    from dbt.adapters.factory import cleanup_connections, reset_adapters  # noqa: PLC0415

    cleanup_connections()
    DuckDBConnectionManager.close_all_connections()
    reset_adapters()


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[:3])[:400] if lines else "no message"
