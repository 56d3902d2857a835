"""The raw gate and the release gate: two assets, whose checks are the gates' results.

A check stands for a group of datasets or for a kind of rule, and carries one row per rule. A
check per dataset and mart would be a hundred events a run, most of them about nothing new.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
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

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME, DATASETS
from yanbao.nightly.evidence import read_built, write_checks
from yanbao.nightly.steps import require_passed
from yanbao.quality.gating import gate_pending
from yanbao_dagster.failures import errors_as_data
from yanbao_dagster.raw_assets import OWNER, raw_key
from yanbao_dagster.resources import StateFolderResource

Record = Mapping[str, Any]

RAW_GATE = AssetKey(["gate", "raw"])
RELEASE_GATE = AssetKey(["gate", "release"])
REPORT_MARTS = sorted(
    path.stem for path in (PROJECT_ROOT / "models/marts/report").glob("*.sql")
)
RAW_GROUPS = sorted({dataset.group.replace(" ", "_") for dataset in DATASETS})
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
            name=f"raw_{group}",
            asset=RAW_GATE,
            description="Contract, completeness, keys, ranges, units and scale of new loads.",
        )
        for group in RAW_GROUPS
    ],
    owners=[OWNER],
    kinds={"greatexpectations"},
)
def raw_gate(
    context: AssetExecutionContext, state: StateFolderResource
) -> Iterator[MaterializeResult[Any]]:
    """Judge new loads. A bad batch is a warning here: last good data serve, marked stale."""
    with state.steps(context.op_execution_context) as steps:
        steps.prepare_models()
        steps.seed_history_for_raw_gate()
        judged = gate_pending(steps.zone, steps.store, steps.progress)
        records = [record for one in judged for record in one.results]
        write_checks(steps.settings.work, context.run_id, "raw", records)
    yield MaterializeResult(
        metadata={"loads": len(judged), "rules": len(records)},
        check_results=[
            _result(f"raw_{group}", mine, AssetCheckSeverity.WARN)
            for group, mine in _split(records, RAW_GROUPS, _dataset_group).items()
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
)
def release_gate(
    context: AssetExecutionContext, state: StateFolderResource
) -> Iterator[MaterializeResult[Any]]:
    """Judge the marts; only what was evaluated and passed goes on to be released."""
    with state.steps(context.op_execution_context) as steps:
        built = read_built(steps.settings.work, context.run_id)
        records = steps.release_checks(built)
        write_checks(steps.settings.work, context.run_id, "release", records)
    yield MaterializeResult(
        metadata={"marts": len(REPORT_MARTS), "rules": len(records)},
        check_results=[
            _result(name, mine, AssetCheckSeverity.ERROR)
            for name, mine in _split(records, RELEASE_CHECKS, _kind_of_rule).items()
        ],
    )
    with errors_as_data():
        require_passed(records)


def _dataset_group(record: Record) -> str:
    return BY_NAME[record["subject"]].group.replace(" ", "_")


def _kind_of_rule(record: Record) -> str:
    if record["gate"] == "structure":
        return "structure"
    return "plausibility" if record["subject"] in REPORT_MARTS else "agreement"


def _split(
    records: Iterable[Record], names: Iterable[str], name_of: Callable[[Record], str]
) -> dict[str, list[Record]]:
    parts: dict[str, list[Record]] = {name: [] for name in names}
    for record in records:
        parts[name_of(record)].append(record)
    return parts


def _result(name: str, records: list[Record], severity: AssetCheckSeverity) -> AssetCheckResult:
    """One check: what did not pass in words and rows, and the table of all its rules."""
    bad = [r for r in records if r["outcome"] != "pass" and r["severity"] == "error"]
    outcome = "pass"
    if bad:
        could_not = any(r["outcome"] == "could_not_run" for r in bad)
        outcome = "could_not_run" if could_not else "fail"
    return AssetCheckResult(
        check_name=name,
        passed=not bad,
        severity=severity,
        description="; ".join(r["message"] for r in bad)[:2000] or None,
        metadata={
            "outcome": outcome,
            "evaluated": len(records),
            "rules": _table(records),
            "failing_rows": MetadataValue.json(
                {
                    f"{r['subject']}: {r['check_name']}": r["sample"][:FAILING_ROWS]
                    for r in records
                    if r["outcome"] != "pass"
                }
            ),
        },
    )


def _table(records: Iterable[Record]) -> MetadataValue:
    rows = [
        TableRecord(
            {name: record["check_name" if name == "rule" else name] for name in COLUMNS}
        )
        for record in records
    ]
    schema = TableSchema(
        [TableColumn(name, "int" if name == "failing_rows" else "string") for name in COLUMNS]
    )
    return MetadataValue.table(rows, schema)
