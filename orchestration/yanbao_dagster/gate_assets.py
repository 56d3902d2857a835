"""The raw gate and the release gate: two assets, whose checks are the gates' results.

A check stands for a group of datasets or for a kind of rule, and carries one row per rule. A
check per dataset and mart would be a hundred events a run, most of them about nothing new.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetDep,
    AssetExecutionContext,
    AssetKey,
    LastPartitionMapping,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableRecord,
    TableSchema,
    asset,
)

from yanbao.base.check_result import CheckResult, blocking
from yanbao.catalog import BY_NAME, DATASETS
from yanbao.catalog.marts import report_marts
from yanbao.nightly.evidence import read_built, write_checks
from yanbao.nightly.release_gate import release_checks, require_passed
from yanbao.quality.gating import gate_pending
from yanbao_dagster.failures import errors_as_data
from yanbao_dagster.raw_assets import OWNER, raw_group, raw_key
from yanbao_dagster.resources import WRITER, StateFolderResource

RAW_GATE = AssetKey(["gate", "raw"])
RELEASE_GATE = AssetKey(["gate", "release"])
REPORT_MARTS = [*report_marts()]
RAW_GROUPS = sorted({raw_group(dataset) for dataset in DATASETS})
RELEASE_CHECKS = {
    "structure": "Keys, grain, references, vocabularies and contracts: dbt's tests.",
    "plausibility": "Every mart's own rules, and its size against the release before.",
    "agreement": "What marts must agree on, that each was checked, and where sources differ.",
}
COLUMNS = ("subject", "rule", "outcome", "severity", "observed", "expected", "failing_rows")
FAILING_ROWS = 5  # of each broken rule; work/*_gate.json holds all that a gate has sampled


@asset(
    key=RAW_GATE,
    group_name="gates",
    # The latest day stands for all: Dagster would list every day of every dataset otherwise.
    deps=[
        AssetDep(AssetKey(raw_key(dataset.name)), partition_mapping=LastPartitionMapping())
        for dataset in DATASETS
    ],
    check_specs=[
        AssetCheckSpec(
            name=group,
            asset=RAW_GATE,
            description="Contract, completeness, keys, ranges, units and scale of new loads.",
        )
        for group in RAW_GROUPS
    ],
    owners=[OWNER],
    kinds={"greatexpectations"},
    pool=WRITER,
)
def raw_gate(
    context: AssetExecutionContext, state: StateFolderResource
) -> Iterator[MaterializeResult[Any]]:
    """Judge new loads. A bad batch is a warning here: last good data serve, marked stale."""
    with state.steps(context.op_execution_context) as steps:
        steps.prepare_models()
        steps.seed_history_for_raw_gate()
        judged = gate_pending(steps.zone, steps.store, steps.progress)
        checks = [check for one in judged for check in one.results]
        write_checks(steps.settings.work, context.run_id, "raw", checks)
    yield MaterializeResult(
        metadata={"loads": len(judged), "rules": len(checks)},
        check_results=[
            _result(
                group,
                [one for one in checks if raw_group(BY_NAME[one.subject]) == group],
                AssetCheckSeverity.WARN,
            )
            for group in RAW_GROUPS
        ],
    )


@asset(
    key=RELEASE_GATE,
    group_name="gates",
    deps=[AssetKey(["report", mart]) for mart in REPORT_MARTS],
    check_specs=[
        AssetCheckSpec(name=name, asset=RELEASE_GATE, blocking=True, description=description)
        for name, description in RELEASE_CHECKS.items()
    ],
    owners=[OWNER],
    kinds={"greatexpectations"},
    pool=WRITER,
)
def release_gate(
    context: AssetExecutionContext, state: StateFolderResource
) -> Iterator[MaterializeResult[Any]]:
    """Judge the marts; only what was evaluated and passed goes on to be released."""
    with state.steps(context.op_execution_context) as steps:
        built = read_built(steps.settings.work, context.run_id)
        checks = release_checks(steps, built)
        write_checks(steps.settings.work, context.run_id, "release", checks)
    yield MaterializeResult(
        metadata={"marts": len(REPORT_MARTS), "rules": len(checks)},
        check_results=[
            _result(
                name,
                [one for one in checks if _kind_of_rule(one) == name],
                AssetCheckSeverity.ERROR,
            )
            for name in RELEASE_CHECKS
        ],
    )
    with errors_as_data():
        require_passed(checks)


def _kind_of_rule(check: CheckResult) -> str:
    if check.gate == "structure":
        return "structure"
    return "plausibility" if check.subject in REPORT_MARTS else "agreement"


def _result(
    name: str, checks: list[CheckResult], severity: AssetCheckSeverity
) -> AssetCheckResult:
    """One check: what did not pass in words and rows, and the table of all its rules."""
    bad = blocking(checks)
    return AssetCheckResult(
        check_name=name,
        passed=not bad,
        severity=severity,
        description="; ".join(one.message for one in bad)[:2000] or None,
        metadata={
            "outcome": bad[0].outcome if bad else "pass",
            "evaluated": len(checks),
            "rules": _table(checks),
            "failing_rows": MetadataValue.json(
                {
                    f"{one.subject}: {one.check}": list(one.sample[:FAILING_ROWS])
                    for one in checks
                    if one.outcome != "pass"
                }
            ),
        },
    )


def _table(checks: Iterable[CheckResult]) -> MetadataValue:
    rows = [
        TableRecord(
            {name: getattr(check, "check" if name == "rule" else name) for name in COLUMNS}
        )
        for check in checks
    ]
    schema = TableSchema(
        [TableColumn(name, "int" if name == "failing_rows" else "string") for name in COLUMNS]
    )
    return MetadataValue.table(rows, schema)
