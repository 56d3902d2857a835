"""The raw gate and the release gate as blocking asset checks."""

from collections.abc import Iterable, Iterator
from typing import Any

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    multi_asset_check,
)

from orchestration.assets.raw import raw_key
from orchestration.datasets import DATASETS
from orchestration.evidence import read_built, write_checks
from orchestration.gating import gate_pending
from orchestration.resources import StateFolder
from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse.lock import writer_lock

REPORT_MARTS = sorted(
    path.stem for path in (PROJECT_ROOT / "models/marts/report").glob("*.sql")
)
RAW_GATE = [
    AssetCheckSpec(
        name="raw_gate",
        asset=AssetKey(raw_key(dataset.name)),
        blocking=True,
        description="Contract, completeness, keys, ranges, units and scale of new loads.",
    )
    for dataset in DATASETS
]
RELEASE_GATE = [
    AssetCheckSpec(
        name="release_gate",
        asset=AssetKey(["report", mart]),
        blocking=True,
        description="Plausibility and agreement; only what was evaluated and passed is out.",
    )
    for mart in REPORT_MARTS
]


@multi_asset_check(name="raw_gate", specs=RAW_GATE, can_subset=True)
def raw_gate(
    context: AssetCheckExecutionContext, state: StateFolder
) -> Iterator[AssetCheckResult]:
    """Judge new loads. A bad batch is a warning here: last good data serve, marked stale."""
    night = state.night(context.log.info)
    with writer_lock(night.settings.work, "a run"):
        night.prepare_models()
        night.bring_core_up_to_gate()
        judged = gate_pending(night.zone, night.store, night.say)
    records = [record for one in judged for record in one.results]
    write_checks(night.settings.work, context.run.run_id, "raw", records)
    for key in sorted(context.selected_asset_check_keys, key=str):
        dataset = key.asset_key.path[-1]
        mine = [one for one in judged if one.stored.load.dataset == dataset]
        yield _result(
            key.asset_key,
            "raw_gate",
            [r for one in mine for r in one.results],
            AssetCheckSeverity.WARN,
        )


@multi_asset_check(name="release_gate", specs=RELEASE_GATE, can_subset=True)
def release_gate(
    context: AssetCheckExecutionContext, state: StateFolder
) -> Iterator[AssetCheckResult]:
    """Judge the marts; one result per mart, and agreement across marts on each of them."""
    night = state.night(context.log.info)
    with writer_lock(night.settings.work, "a run"):
        built = read_built(night.settings.work, context.run.run_id)
        checks = night.release_checks(built)
        write_checks(night.settings.work, context.run.run_id, "release", checks)
    for key in sorted(context.selected_asset_check_keys, key=str):
        mart = key.asset_key.path[-1]
        mine = [c for c in checks if c["subject"] in (mart, "agreement")]
        yield _result(key.asset_key, "release_gate", mine, AssetCheckSeverity.ERROR)


def _result(
    key: AssetKey,
    name: str,
    records: Iterable[dict[str, Any]],
    severity: AssetCheckSeverity,
) -> AssetCheckResult:
    records = list(records)
    bad = [r for r in records if r["outcome"] != "pass" and r["severity"] == "error"]
    outcome = "pass"
    if bad:
        could_not = any(r["outcome"] == "could_not_run" for r in bad)
        outcome = "could_not_run" if could_not else "fail"
    return AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not bad,
        severity=severity,
        description="; ".join(r["message"] for r in bad)[:2000] or None,
        metadata={
            "outcome": outcome,
            "evaluated": len(records),
            "failing_rows": str([r["sample"] for r in bad][:3])[:2000],
        },
    )
