"""One raw asset per dataset, and the raw gate: one step, whose checks stand on the datasets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dagster import (
    AssetCheckSpec,
    AssetExecutionContext,
    AssetObservation,
    AssetSpec,
    MaterializeResult,
    multi_asset,
)

from yanbao.base.check_result import CheckResult
from yanbao.catalog import DATASETS, Dataset
from yanbao.intake.ingest import ingest
from yanbao.nightly.evidence import write_files_read, write_raw_gate
from yanbao.nightly.last_run import files_read, what_changed
from yanbao.quality.gating import gate_pending
from yanbao.raw.load import StoredLoad, superseded
from yanbao_dagster.check_events import verdict, waiting_line
from yanbao_dagster.days import DAYS
from yanbao_dagster.names import NIGHTLY, OWNER, RAW_CHECK, RAW_GATE, raw_group, raw_key
from yanbao_dagster.resources import WRITER, StateFolderResource
from yanbao_dagster.run_origin import is_by_hand

WAITING = ("held", "rejected", "unavailable", "ungated")


def raw_spec(dataset: Dataset) -> AssetSpec:
    """The asset of a dataset: its grain, cadence and where it comes from."""
    upstream = ", ".join(dataset.upstream) or "files"
    return AssetSpec(
        key=raw_key(dataset.name),
        group_name=raw_group(dataset),
        description=f"{dataset.label}: one row per {dataset.grain}. Source: {upstream}.",
        metadata={"cadence": dataset.cadence, "key": ", ".join(dataset.key)},
        owners=[OWNER],
        kinds={"parquet"},
        skippable=True,
    )


RAW_CHECKS = {
    dataset.name: AssetCheckSpec(
        name=RAW_CHECK,
        asset=raw_key(dataset.name),
        description="Contract, completeness, keys, ranges, units and scale of new loads. A load"
        " that fails stays out, the last good data serve, and the dataset is marked stale.",
    )
    for dataset in DATASETS
}
GATE_SPEC = AssetSpec(
    key=RAW_GATE,
    group_name="raw_gate",
    description="Every load that has come is judged: core may take in those that passed.",
    deps=[raw_key(dataset.name) for dataset in DATASETS],
    owners=[OWNER],
    kinds={"greatexpectations"},
    skippable=True,
)


@multi_asset(
    name="raw",
    specs=[*(raw_spec(dataset) for dataset in DATASETS), GATE_SPEC],
    check_specs=[*RAW_CHECKS.values()],
    partitions_def=DAYS,
    can_subset=True,
    pool=WRITER,
)
def raw_assets(context: AssetExecutionContext, state: StateFolderResource) -> Iterator[Any]:
    """Bring in what is due and judge it; a source that fails leaves a record, no gap.

    Where a night finds nothing that the last one did not have, it ends here: no asset is
    made, and Dagster skips all that comes after. One that a person asked for goes on.
    """
    wanted = {
        key.path[-1] for key in context.selected_asset_keys if key.path[0] != RAW_GATE.path[0]
    }
    with state.steps(context) as steps:
        steps.settings.claim_mode(steps.mode)
        steps.recover()
        steps.take_over()
        summary = ingest(steps, wanted, context.partition_key) if wanted else {}
        if context.run.job_name == NIGHTLY:
            files = files_read(steps.settings)
            changed = what_changed(steps, state.parameters(context), files)
            if changed is None and not is_by_hand(context.run):
                steps.progress("nothing changed: the current release stands")
                return
            steps.progress(f"building, for this is new: {changed or 'nothing, but asked for'}")
            write_files_read(steps.settings.work, context.run_id, files)
        steps.prepare_models()
        steps.seed_history_for_raw_gate()
        judged = gate_pending(steps.zone, steps.store, steps.progress)
        write_raw_gate(steps.settings.work, (one for gate in judged for one in gate.results))
        loads = steps.zone.loads()
    results: dict[str, list[CheckResult]] = {}
    for gate in judged:
        results.setdefault(gate.subject, []).extend(gate.results)
    now = {stored.load.load_id: stored for stored in loads}
    for dataset in sorted(wanted):
        came = [now[stored.load.load_id] for stored in summary.get(dataset, ())]
        yield _event(context, dataset, came)
    yield from _checks(context, {*wanted, *results}, results, loads)
    if RAW_GATE in context.selected_asset_keys:
        yield MaterializeResult(asset_key=RAW_GATE, metadata={"loads judged": len(judged)})


def _event(
    context: AssetExecutionContext, dataset: str, came: Sequence[StoredLoad]
) -> MaterializeResult[Any] | AssetObservation:
    """What the run did to a dataset; where all that came waits or failed, it was only seen."""
    outcomes = sorted({stored.status for stored in came})
    metadata: dict[str, Any] = {
        "loads": len(came),
        "rows": sum(stored.load.rows for stored in came),
        "outcomes": ", ".join(outcomes) or "nothing new",
    }
    if came and all(outcome in WAITING for outcome in outcomes):
        return AssetObservation(
            asset_key=raw_key(dataset), partition=context.partition_key, metadata=metadata
        )
    return MaterializeResult(asset_key=raw_key(dataset), metadata=metadata)


def _checks(
    context: AssetExecutionContext,
    wanted: Iterable[str],
    results: Mapping[str, list[CheckResult]],
    loads: Sequence[StoredLoad],
) -> Iterator[Any]:
    """One result per dataset that the run brought in, judged or was asked about."""
    waiting = waiting_lines(loads)
    asked = {key.asset_key.path[-1] for key in context.selected_asset_check_keys}
    for dataset in sorted({*wanted, *asked}):
        found, lines = results.get(dataset, ()), waiting.get(dataset, ())
        yield verdict(context, RAW_CHECKS[dataset], found, waiting=lines, lets_through=True)


def waiting_lines(loads: Iterable[StoredLoad]) -> dict[str, list[str]]:
    """Files and batches that wait for a person, by dataset, a line each."""
    loads = [*loads]
    over = superseded(loads)
    found: dict[str, list[str]] = {}
    for stored in loads:
        load = stored.load
        is_waiting = stored.status in ("held", "rejected") and stored.decided_at is None
        if is_waiting and load.load_id not in over:
            found.setdefault(load.dataset, []).append(waiting_line(stored))
    return found
