"""The release of a run: what was built and checked, with its provenance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from yanbao.base.check_result import CheckResult, Subject
from yanbao.base.errors import GateBlockedError
from yanbao.nightly.evidence import Built, read_raw_gate
from yanbao.nightly.release_gate import gate_error
from yanbao.quality.data_through import MART as DATA_THROUGH
from yanbao.quality.data_through import rows_of
from yanbao.quality.quality_page import render_quality_page, sections_of
from yanbao.quality.staleness import Stale
from yanbao.raw.load import BREAKS, StoredLoad
from yanbao.releases.provenance import sources_served
from yanbao.releases.publish import Contents, publish
from yanbao.releases.redistribution import with_terms
from yanbao.releases.release_store import Release, loads_behind
from yanbao.releases.words import project_words
from yanbao.warehouse.dbt_parse import dbt_manifest
from yanbao.warehouse.dbt_selection import datasets_behind

UNJUDGED = "could_not_run"

if TYPE_CHECKING:
    from yanbao.nightly.steps import NightlySteps


def publish_release(
    steps: NightlySteps,
    built: Built,
    checks: Sequence[CheckResult],
    stale: Sequence[Stale],
    run_id: str,
) -> Release:
    """Publish what was built and what the release gate found of it.

    Blocked checks and used-up allowances stop it. What failed at the raw gate never entered;
    its dataset is stale instead.
    """
    error = gate_error(checks)
    if error is not None:
        raise error
    over = [one for one in stale if one.is_over]
    if over:
        raise GateBlockedError(
            f"{over[0].line()}, longer than allowed",
            hint="import newer data, or accept the batch that yanbao hold list shows",
        )
    steps.progress(f"writing release {steps.release_store.next_id()}")
    built_ids = steps.store.built_loads()
    loads = [one for one in steps.zone.loads() if one.load.load_id in built_ids]
    evidence = [*raw_evidence(steps, built_ids), *checks]
    with steps.store.connect() as connection:
        parts = rows_of(connection, DATA_THROUGH)
    contents = Contents(
        parameters=built.parameters,
        source_mode=steps.settings.recorded_mode() or steps.mode,
        code_version=built.code_version,
        words=project_words(),
        run_id=run_id,
        compiled=steps.dbt.released_sql(),
        lineage=lineage(dbt_manifest()),
        loads=with_terms(loads, steps.terms),
        checks=evidence,
        stale=[one.record() for one in stale],
        served=sources_served(loads),
        differences=steps.differences(built.parameters.as_of),
        quality_page=render_quality_page(
            sections_of(evidence),
            steps.release_store.next_id(),
            built.parameters.as_of,
            parts,
        ),
    )
    return publish(steps.release_store, steps.store, contents)


def raw_evidence(steps: NightlySteps, built: Collection[str]) -> list[CheckResult]:
    """What the raw gate found of every load that is new since the last release, whichever run
    judged it: those that entered, those that did not, and those that it could not judge.
    """
    previous = steps.release_store.current_or_none()
    before: set[str] = set()
    published = ""
    if previous is not None:
        before = loads_behind(previous)
        published = previous.manifest["created_at"]
    found = [one for one in read_raw_gate(steps.settings.work) if one.outcome == UNJUDGED]
    for stored in steps.zone.loads():
        load_id = stored.load.load_id
        if load_id in before or stored.status not in ("good", "held", "rejected"):
            continue
        if stored.status == "good" and load_id not in built:
            continue
        if (steps.zone.decision(load_id) or {}).get("decision") == BREAKS:
            found.append(_breaking(stored))
        verdict = steps.zone.verdict(load_id) or {}
        if stored.status == "good" or verdict.get("gated_at", "") >= published:
            found += [CheckResult.from_record(one) for one in verdict.get("results", ())]
    return found


def _breaking(stored: StoredLoad) -> CheckResult:
    load = stored.load
    return Subject("raw", load.dataset, load.dataset).result(
        BREAKS,
        "fail",
        observed=stored.reason,
        expected="every table is built with it",
        hint="correct it, or reject it",
        failing_rows=load.rows,
    )


def lineage(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(mart, dataset) pairs from dbt's graph: which datasets stand behind which mart."""
    return sorted(
        (node["name"], dataset)
        for node_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] == "report"
        for dataset in datasets_behind(manifest, node_id)
    )
