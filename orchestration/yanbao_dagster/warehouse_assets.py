"""Core and report models as assets, with the checks that judge them, in one step."""

from collections.abc import Iterator, Sequence
from typing import Any

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
    AssetSpec,
    MaterializeResult,
    multi_asset,
    multi_asset_check,
)

from yanbao.base.check_result import CheckResult
from yanbao.catalog.marts import report_marts
from yanbao.nightly.breaking_loads import build_and_judge
from yanbao.nightly.evidence import Built, write_gate
from yanbao.nightly.release_gate import release_checks, structure_checks
from yanbao.nightly.steps import NightlySteps
from yanbao.warehouse.store import run_parameters
from yanbao_dagster.check_events import check_key, verdict
from yanbao_dagster.days import DAYS
from yanbao_dagster.dbt_events import facts_of, watching
from yanbao_dagster.dbt_specs import built_specs, dbt_checks, history_checks, mart_checks
from yanbao_dagster.names import MART_CHECK, OWNER, RELEASE_GATE
from yanbao_dagster.resources import WRITER, StateFolderResource

MARTS = {mart: AssetKey(["report", mart]) for mart in report_marts()}
GATE_CHECKS = {
    mart: AssetCheckSpec(
        name=MART_CHECK,
        asset=key,
        blocking=True,
        description="Plausible values, size against the release before, no look-ahead, and what"
        " this mart must agree on with others.",
    )
    for mart, key in MARTS.items()
}
DIFFERENCES = AssetCheckSpec(
    name="sources_agree",
    asset=RELEASE_GATE,
    blocking=True,
    description="Every mart is there, and two sources of one key give one value.",
)
GATE_SPEC = AssetSpec(
    key=RELEASE_GATE,
    group_name="release_gate",
    description="Every report mart of the day is built, and all that judges them has passed.",
    deps=[*MARTS.values()],
    partitions_def=DAYS,
    owners=[OWNER],
    kinds={"greatexpectations"},
    skippable=True,
)
STANDS = {"note": "no new load: it stands as it was"}


@multi_asset(
    name="warehouse",
    specs=[*built_specs().values(), GATE_SPEC],
    check_specs=[*mart_checks().values(), *GATE_CHECKS.values(), DIFFERENCES],
    can_subset=True,
    pool=WRITER,
)
def warehouse_assets(
    context: AssetExecutionContext, state: StateFolderResource
) -> Iterator[Any]:
    """Take pending loads into core, build report marts for the run's day, and judge them.

    Of a part of the marts dbt builds those and what they need; the release gate is made by all.
    """
    selected = context.selected_asset_keys
    names = {spec.key.path[-1] for spec in built_specs().values() if spec.key in selected}
    only = None if names >= MARTS.keys() else names
    with state.steps(context) as steps:
        steps.dbt.watch = watching(context)
        if not selected:
            yield from _found(context, _judged_again(context, steps))
            return
        parameters, is_rebuild = state.parameters(context), steps.prepare_models()
        judged = build_and_judge(steps, parameters, is_rebuild=is_rebuild, only=only)
        is_whole = only is None and judged.error is None
        yield from _made(context, steps, judged.built, is_whole=is_whole)
        yield from _found(context, judged.checks)
        if judged.error is not None:
            raise judged.error
        if only is None:
            write_gate(steps.settings.work, judged.built, judged.checks)
    if RELEASE_GATE in selected:
        yield MaterializeResult(asset_key=RELEASE_GATE, metadata={"rules": len(judged.checks)})


def _judged_again(context: AssetExecutionContext, steps: NightlySteps) -> list[CheckResult]:
    """What the checks that were asked for find of the marts as they stand."""
    asked = context.selected_asset_check_keys
    tests = sorted(key.name for key in asked if key.name in mart_checks())
    nodes = steps.dbt.run("test", "--select", *tests, check=False) if tests else []
    marts = {key.asset_key.path[-1] for key in asked if key.name == MART_CHECK}
    with steps.store.connect() as connection:
        standing = run_parameters(connection)
    built = Built(standing, tuple(nodes), (), steps.code_version, is_full_refresh=False)
    if check_key(DIFFERENCES) in asked:
        return release_checks(steps, built)
    return release_checks(steps, built, marts) if marts else structure_checks(steps.dbt, nodes)


def _made(
    context: AssetExecutionContext, steps: NightlySteps, built: Built, *, is_whole: bool = False
) -> Iterator[Any]:
    """An event per table that was made, also of those that were not asked for.

    After a whole build tables that no new load has changed fill the day too: a back-fill of
    what is missing leaves them out, and the checks that a run of the UI plans on them are made.
    """
    seen = {node.unique_id: node for node in built.nodes}
    events = {
        spec.key: {"seconds": round(seen[name].seconds, 3)} if name in seen else STANDS
        for name, spec in built_specs().items()
        if (seen[name].status == "success" if name in seen else is_whole)
    }
    facts = facts_of(steps.settings, steps.store, events)
    for key, event in events.items():
        metadata = {**event, **facts[key]}
        if key in context.selected_asset_keys:
            yield MaterializeResult(asset_key=key, metadata=metadata)
        else:
            context.log_event(
                AssetMaterialization(key, partition=context.partition_key, metadata=metadata)
            )


def _found(context: AssetExecutionContext, checks: Sequence[CheckResult]) -> Iterator[Any]:
    """A result per test of dbt that ran, and per mart that the release gate judged."""
    by_mart: dict[str, list[CheckResult]] = {}
    others = []
    for check in checks:
        if check.gate == "structure":
            spec = dbt_checks().get(check.check)
            if spec is not None:
                yield verdict(context, spec, [check])
        elif check.subject in MARTS:
            by_mart.setdefault(check.subject, []).append(check)
        else:
            for mart in _compared(check):
                by_mart.setdefault(mart, []).append(check)
            others += [] if _compared(check) else [check]
    for mart, found in by_mart.items():
        yield verdict(context, GATE_CHECKS[mart], found)
    is_whole = RELEASE_GATE in context.selected_asset_keys
    if others and (is_whole or check_key(DIFFERENCES) in context.selected_asset_check_keys):
        yield verdict(context, DIFFERENCES, others)


def _compared(check: CheckResult) -> set[str]:
    from yanbao.quality.release_gate import marts_compared  # noqa: PLC0415 - loads the gate

    return marts_compared(check.check) & MARTS.keys()


@multi_asset_check(
    name="history", specs=[*history_checks().values()], can_subset=True, pool=WRITER
)
def history_proofs(
    context: AssetCheckExecutionContext, state: StateFolderResource
) -> Iterator[Any]:
    """dbt's tests of core and of seeds, over all that the work store holds."""
    names = sorted(key.name for key in context.selected_asset_check_keys)
    with state.steps(context) as steps:
        nodes = steps.dbt.run("test", "--select", *names, check=False)
        checks = structure_checks(steps.dbt, nodes)
        for check in checks:
            yield verdict(context, dbt_checks()[check.check], [check])
