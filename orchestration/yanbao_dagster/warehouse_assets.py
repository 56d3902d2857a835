"""The warehouse: dbt's seeds, core and report models as assets, in one step."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetExecutionContext, MaterializeResult, multi_asset

from yanbao.nightly.evidence import Built, write_built
from yanbao.warehouse.dbt_parse import dbt_manifest
from yanbao_dagster.dbt_specs import dbt_specs
from yanbao_dagster.gate_assets import RAW_GATE
from yanbao_dagster.resources import WRITER, StateFolderResource

SPECS = dbt_specs(dbt_manifest(), RAW_GATE)


@multi_asset(name="warehouse", specs=[*SPECS.values()], can_subset=True, pool=WRITER)
def warehouse_assets(
    context: AssetExecutionContext, state: StateFolderResource
) -> Iterator[MaterializeResult[Any]]:
    """Take pending loads into core and build every report mart for the run's day."""
    with state.steps(context.op_execution_context) as steps:
        is_rebuild = steps.prepare_models()
        built = steps.transform(state.parameters(), is_rebuild=is_rebuild)
        write_built(steps.settings.work, context.run_id, built)
    wanted = context.selected_asset_keys
    yield from (event for event in _events(built) if event.asset_key in wanted)


def _events(built: Built) -> Iterator[MaterializeResult[Any]]:
    for result in built.nodes:
        spec = SPECS.get(result.unique_id)
        if spec is None:
            continue
        metadata: dict[str, Any] = {"seconds": round(result.seconds, 3)}
        if result.rows is not None:
            metadata["rows"] = result.rows
        yield MaterializeResult(asset_key=spec.key, metadata=metadata)
