"""dbt's commands on one work store, and what became of each model, seed and test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from yanbao.base.check_result import Outcome, Severity
from yanbao.base.settings import PROJECT_ROOT
from yanbao.warehouse.compiled_sql import STEPS, relations_behind
from yanbao.warehouse.dbt_command import TransformError, first_lines, run_dbt
from yanbao.warehouse.dbt_parse import dbt_manifest_object
from yanbao.warehouse.store import WorkStore

SHOWN_ROWS = 5


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
        if self.status in ("success", "pass"):
            return "pass"
        return "fail" if self.status in ("fail", "warn") else "could_not_run"

    @property
    def severity(self) -> Severity:
        """``warn`` where the test that failed lets through."""
        return "warn" if self.status == "warn" else "error"

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published on it."""
        return self.outcome != "pass" and self.severity == "error"


# Told after each command: its words, what became of its nodes, and what dbt said meanwhile.
Watch = Callable[[str, Sequence[NodeResult], Sequence[str]], None]


class DbtProject:
    """The project bound to one work store; what dbt writes lies beside that store."""

    def __init__(
        self,
        store: WorkStore,
        threads: int = 1,
        progress: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.store = store
        self.target = store.folder / "dbt"
        self.threads = threads
        self.progress = progress
        self.watch: Watch = lambda command, nodes, log: None

    def run(self, command: str, *arguments: str, check: bool = True) -> list[NodeResult]:
        """Run one dbt command; raises TransformError when a model or seed failed."""
        manifest = dbt_manifest_object(self.target)
        log: list[str] = []
        # dbt closes its connection after each node (``keep_open`` in the profile), so that none
        # is left at the end; this one keeps the database open until then.
        with self.store.connect():
            done = run_dbt(
                command,
                *arguments,
                # The manifest is there already: writing it again costs a second.
                "--no-write-json",
                target=self.target,
                store=str(self.store.path),
                threads=self.threads,
                manifest=manifest,
                log=log.append,
                progress=self.progress,
            )
        nodes = [_node_result(node) for node in getattr(done, "results", [])]
        self.watch(" ".join((command, *arguments)), nodes, log)
        broken = [n for n in nodes if n.resource_type != "test" and n.outcome != "pass"]
        if check and broken:
            first = next((n for n in broken if n.status == "error"), broken[0])
            raise TransformError(
                f"{first.name} failed: {first_lines(first.message)}",
                where=f"dbt {command}",
                hint="the last release stays current; see work/dbt/logs/dbt.log",
            )
        return nodes

    def failing_rows(self, node: NodeResult) -> list[dict[str, str]]:
        """The first rows that failed a test."""
        if not node.failing_sql:
            return []
        with self.store.connect() as connection:
            query = f"select * from ({node.failing_sql}\n) limit {SHOWN_ROWS}"
            rows = connection.execute(query).to_arrow_table().to_pylist()
        return [{name: str(value) for name, value in row.items()} for row in rows]

    def released_sql(self) -> dict[str, str]:
        """By name below ``sql/`` of a release: what builds each report mart for any day."""
        steps = self.compiled(STEPS)
        found = {}
        for mart, sql in self.compiled("marts/report").items():
            found[f"report/{mart}"] = sql
            for schema, name in relations_behind(sql, steps):
                if schema == STEPS:
                    found[f"{STEPS}/{name}"] = steps[name]
        return found

    def compiled(self, layer: str) -> dict[str, str]:
        """The SQL that dbt compiled for each model of a folder of ``models/``, by name."""
        names = sorted(path.stem for path in (PROJECT_ROOT / "models" / layer).glob("*.sql"))
        folder = self.target / "compiled" / "yanbao" / "models" / layer
        if not all((folder / f"{name}.sql").exists() for name in names):
            self.run("compile", "--select", f"path:models/{layer}")
        return {name: (folder / f"{name}.sql").read_text(encoding="utf-8") for name in names}


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
        failing_sql=(node.node.compiled_code or "") if status in ("fail", "warn") else "",
    )
