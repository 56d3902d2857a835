"""One night, step by step: transform, gate, publish. Dagster's assets call these steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from yanbao.base.check_result import CheckResult, blocking
from yanbao.base.errors import GateBlockedError, ThemesRefusedError
from yanbao.base.faults import fault_point
from yanbao.base.settings import PROJECT_ROOT, SAMPLE_AS_OF
from yanbao.catalog.themes.checks import require_sound_themes
from yanbao.quality.quality_page import render_quality_page, sections_of
from yanbao.quality.staleness import Stale, stale_datasets
from yanbao.raw.load import StoredLoad
from yanbao.releases.provenance import difference_checks, source_differences, sources_served
from yanbao.releases.publish import Contents, publish
from yanbao.releases.redistribution import read_own_terms, with_terms
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.warehouse.content_hashes import refresh_partitions
from yanbao.warehouse.dbt_command import TransformError
from yanbao.warehouse.dbt_parse import dbt_manifest
from yanbao.warehouse.dbt_runner import DbtProject, NodeResult
from yanbao.warehouse.raw_relations import point_at
from yanbao.warehouse.state_folder import StateFolder
from yanbao.warehouse.store import (
    Parameters,
    begin_build,
    code_version,
    set_run_parameters,
)

SHOWN_ROWS = 5
KNOWN_CODES = "taxonomy_codes_are_known"


@dataclass(frozen=True)
class Built:
    """What the transform step produced."""

    parameters: Parameters
    nodes: tuple[NodeResult, ...]
    loads: tuple[str, ...]
    code_version: str
    is_full_refresh: bool


@dataclass
class NightlySteps(StateFolder):
    """The steps of a nightly run over one state folder. The caller holds the writer's lock."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.release_store = ReleaseStore(self.settings.releases)
        self.dbt = DbtProject(self.store, self.threads)
        self.terms = read_own_terms(self.settings.redistribution)

    @cached_property
    def code_version(self) -> str:
        """The version of the models, as they stand when the run begins."""
        return code_version()

    def recover(self) -> None:
        """Clear what a killed run left behind; nothing acknowledged is touched."""
        import duckdb  # noqa: PLC0415

        self.settings.make_folders()
        self.zone.recover()
        for line in self.release_store.recover():
            self.progress(line)
        try:
            self.store.prepare()
        except duckdb.Error as error:
            place = self.store.set_aside(str(error))
            self.progress(
                f"the work store was damaged; kept as {place.name}, rebuilding from raw"
            )
            self.store.prepare()

    def prepare_models(self) -> bool:
        """Make sure that the store's models are this code's; returns whether it is rebuilt.

        Idempotent: a store that was prepared and not yet built stays prepared.
        """
        if self.store.built_version() == self.code_version:
            return False
        if self.store.prepared_version() == self.code_version:
            return True
        require_sound_themes()
        self.progress("the models changed or the store is new: building everything from raw")
        self.store.discard()
        self.store.prepare()
        with self.store.connect() as connection:
            point_at(connection, [])
            set_run_parameters(connection, Parameters(date.fromisoformat(SAMPLE_AS_OF)))
        # Staging alone, so that the raw gate can read every load as staging sees it.
        self.dbt.run("run", "--select", "staging")
        self.store.mark_prepared(self.code_version)
        return True

    def seed_history_for_raw_gate(self) -> None:
        """On a rebuild, give the raw gate the good history that it compares new loads with."""
        if self.store.built_version() is not None or not self.pending():
            return
        if any(stored.status == "ungated" for stored in self.zone.loads()):
            loads = self.pending()
            with self.store.connect() as connection:
                begin_build(connection, [stored.load.load_id for stored in loads])
                point_at(connection, loads)
            self.dbt.run("seed", "--select", "entity_aliases")
            self.dbt.run("run", "--select", "marts.core")

    def pending(self) -> list[StoredLoad]:
        """Good loads that no build has taken in yet."""
        waiting = self.zone.loads(known=self.store.built_loads())
        return [stored for stored in waiting if stored.status == "good"]

    def transform(self, parameters: Parameters, *, is_rebuild: bool) -> Built:
        """Bring core and report marts up to date; loads count as built only at the end."""
        loads = self.pending()
        load_ids = [stored.load.load_id for stored in loads]
        with self.store.connect() as connection:
            was_cut_short = begin_build(connection, load_ids)
            point_at(connection, loads)
            set_run_parameters(connection, parameters)
        fault_point("transform.before_dbt")
        nodes = self.dbt.run("build", *self._selection(loads, is_rebuild), check=False)
        fault_point("transform.after_dbt")
        failed = [n for n in nodes if n.resource_type != "test" and n.status == "error"]
        if failed:
            raise TransformError(
                f"model {failed[0].name} failed: {' '.join(failed[0].message.split())[:300]}",
                hint="the last release stays current; mend the model and run again",
            )
        self._require_known_codes(nodes)
        is_anew = is_rebuild or was_cut_short
        with self.store.connect() as connection:
            refresh_partitions(connection, None if is_anew else load_ids)
            point_at(connection, [])
        fault_point("transform.before_mark")
        # Proofs over the whole history run on a rebuild alone: one that did not pass must not
        # be forgotten by the next night, which would build on and publish.
        if not is_rebuild or all(n.outcome == "pass" for n in nodes):
            self.store.mark_built(
                ((s.load.load_id, s.load.dataset) for s in loads), self.code_version
            )
        return Built(parameters, tuple(nodes), tuple(load_ids), self.code_version, is_rebuild)

    def _require_known_codes(self, nodes: Sequence[NodeResult]) -> None:
        """Refuse a desk's files that name codes which no source knows; every one is named."""
        for node in nodes:
            if node.name == KNOWN_CODES and node.outcome == "fail":
                rows = self._failing_rows(node)
                named = ", ".join(f"{r['code']} ({r['file']}, {r['belongs_to']})" for r in rows)
                raise ThemesRefusedError.of(
                    f"no source names the code {named}",
                    hint="correct it, or load the securities and the Shenwan membership that"
                    " name it",
                    others=node.failures - len(rows),
                )

    def _selection(self, loads: Sequence[StoredLoad], is_rebuild: bool) -> list[str]:
        if is_rebuild:
            return ["--exclude-resource-type", "unit_test", "--exclude", "staging"]
        touched = sorted({f"source:*.{stored.load.dataset}+,marts.core" for stored in loads})
        return [
            "--select",
            *touched,
            "marts.report",
            "--exclude",
            "tag:full_history",
            "--exclude-resource-type",
            "unit_test",
            "seed",
        ]

    def stale(self, as_of: date) -> list[Stale]:
        with self.store.connect() as connection:
            return stale_datasets(self.zone, connection, as_of)

    def release_checks(self, built: Built) -> list[CheckResult]:
        """dbt's tests, the release gate's checks, and where two sources differ."""
        from yanbao.quality.release_gate import check_release  # noqa: PLC0415

        marts = self._marts()
        results = check_release(
            self._frames(marts),
            previous=self._previous_frames(),
            expected_marts=marts,
            as_of=built.parameters.as_of,
            known_at=built.parameters.known_at,
        )
        checks = [one for result in results for one in result.results]
        differences = difference_checks(self._differences(built))
        return [*self._structure_checks(built.nodes), *checks, *differences]

    def _differences(self, built: Built) -> list[dict[str, Any]]:
        """Where two sources say different things about one key."""
        with self.store.connect() as connection:
            return source_differences(connection, self.zone.loads(), built.parameters.as_of)

    def _structure_checks(self, nodes: Sequence[NodeResult]) -> list[CheckResult]:
        """The results of dbt's tests; a failed one names its first rows."""
        checks = []
        for node in nodes:
            if node.resource_type != "test":
                continue
            sample = self._failing_rows(node)
            rows = "; ".join(" ".join(f"{k}={v}" for k, v in row.items()) for row in sample)
            message = " ".join(node.message.split()) or node.name
            checks.append(
                CheckResult(
                    gate="structure",
                    subject=node.name,
                    check=node.name,
                    outcome=node.outcome,
                    severity="error",
                    observed=f"{node.failures} failing rows",
                    expected="0 failing rows",
                    failing_rows=node.failures,
                    sample=tuple(sample),
                    message=f"{node.failures} rows: {rows}" if rows else message[:300],
                )
            )
        return checks

    def _failing_rows(self, node: NodeResult) -> list[dict[str, str]]:
        if not node.failing_sql:
            return []
        with self.store.connect() as connection:
            result = connection.execute(
                f"select * from ({node.failing_sql}\n) limit {SHOWN_ROWS}"
            )
            names = [column[0] for column in result.description]
            return [
                {name: str(value) for name, value in zip(names, row, strict=True)}
                for row in result.fetchall()
            ]

    def _marts(self) -> list[str]:
        return sorted(
            path.stem for path in (PROJECT_ROOT / "models/marts/report").glob("*.sql")
        )

    def _frames(self, marts: Sequence[str]) -> dict[str, Any]:
        with self.store.connect() as connection:
            present = {
                row[0]
                for row in connection.execute(
                    "select table_name from information_schema.tables"
                    " where table_schema = 'report'"
                ).fetchall()
            }
            return {
                mart: connection.execute(f'select * from report."{mart}"').df()
                for mart in marts
                if mart in present
            }

    def _previous_frames(self) -> Mapping[str, Any] | None:
        release = self.release_store.current_or_none()
        if release is None:
            return None
        import pandas as pd  # noqa: PLC0415

        folder = release.path / "parquet" / "report"
        return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}

    def publish(
        self,
        built: Built,
        checks: Sequence[CheckResult],
        stale: Sequence[Stale],
        run_id: str,
    ) -> Release:
        """Publish what was built and checked; blocked checks and used-up allowances stop it."""
        # What failed at the raw gate never entered; its dataset is stale instead.
        require_passed([check for check in checks if check.gate != "raw"])
        over = [one for one in stale if one.is_over]
        if over:
            raise GateBlockedError(
                f"{over[0].line()}, longer than allowed",
                hint="bring in a good batch, or accept the held one with yanbao hold accept",
            )
        built_ids = self.store.built_loads()
        loads = [one for one in self.zone.loads() if one.load.load_id in built_ids]
        contents = Contents(
            parameters=built.parameters,
            source_mode=self.settings.recorded_mode() or self.mode,
            code_version=built.code_version,
            run_id=run_id,
            compiled=self.dbt.released_sql(),
            lineage=lineage(dbt_manifest()),
            loads=with_terms(loads, self.terms),
            checks=checks,
            stale=[one.record() for one in stale],
            served=sources_served(loads),
            differences=self._differences(built),
            quality_page=self._quality_page(built, checks),
        )
        return publish(self.release_store, self.store, contents)

    def _quality_page(self, built: Built, checks: Sequence[CheckResult]) -> str:
        return render_quality_page(
            sections_of(checks), self.release_store.next_id(), built.parameters.as_of
        )


def require_passed(checks: Sequence[CheckResult]) -> None:
    """Raise for the first check that failed or could not run; warnings pass."""
    bad = blocking(checks)
    if not bad:
        return
    first = bad[0]
    failed = first.outcome == "fail"
    what = "failed its check" if failed else "could not be checked"
    raise GateBlockedError(
        f"{first.subject} {what}: {first.message}"
        + (f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""),
        hint="the last release stays current; correct the input or the mart and run again",
    )


def lineage(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(mart, dataset) pairs from dbt's graph: which datasets stand behind which mart."""
    parents: dict[str, list[str]] = manifest["parent_map"]
    pairs = set()
    for node_id, node in manifest["nodes"].items():
        if node["resource_type"] != "model" or node["schema"] != "report":
            continue
        waiting, seen = list(parents.get(node_id, [])), set()
        while waiting:
            parent = waiting.pop()
            if parent in seen:
                continue
            seen.add(parent)
            waiting += parents.get(parent, [])
            if parent.startswith("source."):
                pairs.add((node["name"], parent.rsplit(".", 1)[1]))
    return sorted(pairs)
