"""The release gate of a run: dbt's tests, plausibility, agreement, differences of sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from yanbao.base.check_result import CheckResult, blocking
from yanbao.base.errors import GateBlockedError
from yanbao.catalog.marts import report_marts
from yanbao.nightly.evidence import Built
from yanbao.releases.provenance import difference_checks
from yanbao.releases.release_store import loads_behind
from yanbao.warehouse.content_hashes import tables_in
from yanbao.warehouse.dbt_runner import DbtProject, NodeResult
from yanbao.warehouse.store import WorkStore

if TYPE_CHECKING:
    from yanbao.nightly.steps import NightlySteps


def release_checks(
    steps: NightlySteps, built: Built, marts: Collection[str] | None = None
) -> list[CheckResult]:
    """dbt's tests, the release gate's checks, and where two sources differ.

    ``marts`` names those that were built, where not all were: no others are judged.
    """
    from yanbao.quality.release_gate import check_release  # noqa: PLC0415

    names = sorted(report_marts() if marts is None else marts)
    steps.progress(f"release gate: {len(names)} report tables")
    results = check_release(
        _frames(steps.store, names),
        previous=_previous_frames(steps, names),
        expected_marts=names,
        as_of=built.parameters.as_of,
        known_at=built.parameters.known_at,
    )
    checks = [one for result in results for one in result.results]
    if marts is None:
        checks += difference_checks(steps.differences(built.parameters.as_of))
    return [*structure_checks(steps.dbt, built.nodes), *checks]


def structure_checks(dbt: DbtProject, nodes: Sequence[NodeResult]) -> list[CheckResult]:
    """The results of dbt's tests; a failed one names its first rows."""
    checks = []
    for node in nodes:
        if node.resource_type != "test":
            continue
        sample = dbt.failing_rows(node)
        rows = "; ".join(" ".join(f"{k}={v}" for k, v in row.items()) for row in sample)
        message = " ".join(node.message.split()) or node.name
        checks.append(
            CheckResult(
                gate="structure",
                subject=node.name,
                check=node.name,
                outcome=node.outcome,
                severity=node.severity,
                observed=f"{node.failures} failing rows",
                expected="0 failing rows",
                failing_rows=node.failures,
                sample=tuple(sample),
                message=f"{_count(node.failures)}: {rows}" if rows else message[:300],
            )
        )
    return checks


def _count(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _frames(store: WorkStore, marts: Sequence[str]) -> dict[str, Any]:
    with store.connect() as connection:
        return {
            mart: connection.execute(f'select * from report."{mart}"').df()
            for mart in tables_in(connection, "report")
            if mart in marts
        }


def _previous_frames(steps: NightlySteps, marts: Collection[str]) -> Mapping[str, Any] | None:
    """The marts of the last release; None where it holds what a person took back since: rows
    are then meant to go.
    """
    release = steps.release_store.current_or_none()
    if release is None:
        return None
    import pandas as pd  # noqa: PLC0415

    behind = loads_behind(release)
    if any(s.status == "retracted" and s.load.load_id in behind for s in steps.zone.loads()):
        return None
    folder = release.path / "parquet" / "report"
    paths = [path for path in sorted(folder.glob("*.parquet")) if path.stem in marts]
    return {path.stem: pd.read_parquet(path) for path in paths}


def gate_error(checks: Sequence[CheckResult]) -> GateBlockedError | None:
    """Why nothing may be published: the first check that failed or could not run."""
    bad = blocking(checks)
    if not bad:
        return None
    first = bad[0]
    failed = first.outcome == "fail"
    what = "failed its check" if failed else "could not be checked"
    return GateBlockedError(
        f"{first.subject} {what}: {first.message}"
        + (f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""),
        hint="the last release stays current; correct the input or the mart and run again",
    )
