"""dbt's seeds, models and tests as assets and checks, from its manifest.

dagster-dbt would make the same specs and import dbt for it, which costs every process of
Dagster two CPU seconds; dbt itself runs inside our own steps.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from dagster import AssetCheckSpec, AssetKey, AssetSpec, TableColumn, TableSchema

from yanbao.warehouse.dbt_parse import dbt_manifest
from yanbao_dagster.days import DAYS
from yanbao_dagster.names import OWNER, RAW_GATE, raw_key

Node = Mapping[str, Any]
WHOLE_HISTORY = "full_history"
# What a run builds for its day. Staging and seeds are made when the models change.
BUILT = ("core", "report", "meta")


@cache
def dbt_specs() -> dict[str, AssetSpec]:
    """The spec of every seed and of every model with a schema of its own, by dbt's unique id.

    Groups are the schemas. Core also waits for the raw gate.
    """
    manifest = dbt_manifest()
    nodes: Mapping[str, Node] = manifest["nodes"]
    found = {}
    for unique_id, node in nodes.items():
        if not _is_asset(node):
            continue
        is_seed = node["resource_type"] == "seed"
        deps = {_key(one) for one in _parents(node, manifest)}
        if not is_seed and node["schema"] == "core":
            deps.add(RAW_GATE)
        group = "seeds" if is_seed else node["schema"]
        found[unique_id] = AssetSpec(
            key=_key(node),
            deps=sorted(deps),
            group_name=group,
            description=node["description"] or None,
            metadata={"dagster/column_schema": _columns(node)} if node["columns"] else {},
            owners=[OWNER],
            kinds={"dbt", "duckdb"},
            partitions_def=DAYS if group in BUILT else None,
            skippable=group in BUILT,
        )
    return found


@cache
def built_specs() -> dict[str, AssetSpec]:
    """Those that a run of the graph builds, by dbt's unique id, each after what it reads."""
    found = {name: spec for name, spec in dbt_specs().items() if spec.group_name in BUILT}
    names = {spec.key: name for name, spec in found.items()}
    reads = {
        name: [names[dep.asset_key] for dep in spec.deps if dep.asset_key in names]
        for name, spec in found.items()
    }
    return {name: found[name] for name in TopologicalSorter(reads).static_order()}


@cache
def made_with_the_models() -> dict[str, AssetSpec]:
    """Seeds and staging, by dbt's unique id."""
    return {name: spec for name, spec in dbt_specs().items() if spec.group_name not in BUILT}


@cache
def dbt_checks() -> dict[str, AssetCheckSpec]:
    """The spec of every test of dbt on the asset that it judges, by the test's name."""
    manifest = dbt_manifest()
    found = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "test":
            continue
        judged = manifest["nodes"].get(node.get("attached_node")) or next(
            _parents(node, manifest), None
        )
        if judged is None or not _is_asset(judged):
            continue
        found[node["name"]] = AssetCheckSpec(
            name=node["name"],
            asset=_key(judged),
            description=node["description"] or _test_in_words(node),
            # What runs in a step of its own could only block by cutting the warehouse's in two.
            blocking=judged["schema"] == "report"
            and node["config"]["severity"].lower() == "error",
        )
    return found


@cache
def mart_checks() -> dict[str, AssetCheckSpec]:
    """dbt's tests of report marts, which every build of a mart runs."""
    return {
        name: one for name, one in dbt_checks().items() if one.asset_key.path[0] == "report"
    }


@cache
def history_checks() -> dict[str, AssetCheckSpec]:
    """All other tests of dbt: they run where what they judge is built, or by themselves."""
    return {name: one for name, one in dbt_checks().items() if name not in mart_checks()}


def _test_in_words(node: Node) -> str:
    """What a test without a description of its own is about."""
    about = node.get("test_metadata") or {"name": node["name"]}
    named = about.get("kwargs", {})
    columns = named.get("columns") or [named.get("column_name") or ""]
    return f"dbt's test {about['name']}: {', '.join(columns)}".rstrip(": ")


def _is_asset(node: Node) -> bool:
    """Steps between staging and core are no assets: a reader of the graph sees through them."""
    is_step = node["fqn"][1] == "intermediate"
    return node["resource_type"] in ("seed", "model") and not is_step


def _parents(node: Node, manifest: Mapping[str, Any]) -> Iterator[Node]:
    """The sources and assets that a node is made from."""
    for unique_id in node["depends_on"].get("nodes", ()):
        parent = manifest["sources"].get(unique_id) or manifest["nodes"][unique_id]
        if parent["resource_type"] == "source" or _is_asset(parent):
            yield parent
        else:
            yield from _parents(parent, manifest)


def _key(node: Node) -> AssetKey:
    """dbt's sources are our raw assets: several upstreams feed one dataset."""
    if node["resource_type"] == "source":
        return raw_key(node["name"])
    return AssetKey([node["schema"], node["name"]])


def _columns(node: Node) -> TableSchema:
    return TableSchema(
        [
            TableColumn(name, column["data_type"] or "?", column["description"] or None)
            for name, column in node["columns"].items()
        ]
    )
