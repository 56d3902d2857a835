"""The warehouse: dbt's seeds, core and report models as assets, in one step."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    Config,
    MaterializeResult,
)
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from yanbao.base.lock import writer_lock
from yanbao.base.settings import load_settings
from yanbao.nightly.evidence import write_built
from yanbao.nightly.steps import Built
from yanbao.raw.sessions import default_as_of
from yanbao.warehouse.store import Knowledge, Parameters
from yanbao_dagster.gate_assets import RAW_GATE
from yanbao_dagster.raw_assets import OWNER, raw_key
from yanbao_dagster.resources import StateFolderResource


class NightConfig(Config):
    """Which day the report is for, and as known on which day; empty means the default."""

    as_of: str = ""
    known_at: str = ""
    knowledge: str = "announced"


class Translator(DagsterDbtTranslator):
    """dbt's sources are our raw assets; groups follow the folders of ``models/``."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return AssetKey(raw_key(dbt_resource_props["name"]))
        return AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> AssetSpec:
        """Core follows the raw gate, beside the staging views that the nightly job skips."""
        spec: AssetSpec = super().get_asset_spec(manifest, unique_id, project)
        is_core = spec.group_name == "core"
        return spec.merge_attributes(deps=[RAW_GATE]) if is_core else spec

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNER]


def parsed_manifest() -> Path:
    """dbt's manifest for the asset graph, parsed again when models, seeds or tests changed."""
    from yanbao.warehouse.dbt_runner import DbtProject  # noqa: PLC0415
    from yanbao.warehouse.store import WorkStore  # noqa: PLC0415

    project = DbtProject(WorkStore(load_settings().work))
    if not project.is_parsed():
        project.parse()
    return project.manifest_path


# Several upstreams feed one raw asset, hence several dbt sources share its key. dbt's tests are
# a check of the release gate, which blocks; as checks of their own they would only be shown.
TRANSLATOR = Translator(
    settings=DagsterDbtTranslatorSettings(
        enable_duplicate_source_asset_keys=True, enable_asset_checks=False
    )
)
MANIFEST: dict[str, Any] = json.loads(parsed_manifest().read_text(encoding="utf-8"))


@dbt_assets(
    manifest=MANIFEST,
    name="warehouse",
    dagster_dbt_translator=TRANSLATOR,
    exclude="resource_type:unit_test tag:full_history",
)
def warehouse_assets(
    context: AssetExecutionContext, state: StateFolderResource, config: NightConfig
) -> Iterator[MaterializeResult[Any]]:
    """Take pending loads into core and build every report mart for the night's day."""
    night = state.night(context.log.info)
    parameters = Parameters(
        as_of=date.fromisoformat(config.as_of)
        if config.as_of
        else default_as_of(night.mode, night.zone),
        known_at=date.fromisoformat(config.known_at) if config.known_at else None,
        knowledge=_knowledge(config.knowledge),
    )
    with writer_lock(night.settings.work, "a run"):
        is_rebuild = night.prepare_models()
        built = night.transform(parameters, is_rebuild=is_rebuild)
        write_built(night.settings.work, context.run_id, built)
    wanted = context.selected_asset_keys
    yield from (event for event in _events(built) if event.asset_key in wanted)


def _knowledge(name: str) -> Knowledge:
    return "seen" if name == "seen" else "announced"


def _events(built: Built) -> Iterator[MaterializeResult[Any]]:
    nodes = MANIFEST["nodes"]
    for result in built.nodes:
        props = nodes.get(result.unique_id)
        if props is None or result.resource_type == "test":
            continue
        metadata: dict[str, Any] = {"seconds": round(result.seconds, 3)}
        if result.rows is not None:
            metadata["rows"] = result.rows
        yield MaterializeResult(asset_key=TRANSLATOR.get_asset_key(props), metadata=metadata)
