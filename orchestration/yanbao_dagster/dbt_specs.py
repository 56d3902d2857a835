"""dbt's seeds and models as asset specs, from its manifest.

dagster-dbt would make the same specs and import dbt for it, which costs every process of
Dagster two CPU seconds; dbt itself runs inside our own steps.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dagster import AssetKey, AssetSpec, TableColumn, TableSchema

from yanbao_dagster.raw_assets import OWNER, raw_key

Node = Mapping[str, Any]


def dbt_specs(manifest: Mapping[str, Any], after_core: AssetKey) -> dict[str, AssetSpec]:
    """The spec of every seed and of every model with a schema of its own, by dbt's unique id.

    Groups are the schemas. Core also waits for ``after_core``, the raw gate.
    """
    nodes: Mapping[str, Node] = manifest["nodes"]
    found = {}
    for unique_id, node in nodes.items():
        if not _is_asset(node):
            continue
        deps = {_key(one) for one in _parents(node, manifest)}
        if node["resource_type"] == "model" and node["schema"] == "core":
            deps.add(after_core)
        found[unique_id] = AssetSpec(
            key=_key(node),
            deps=sorted(deps),
            group_name="seeds" if node["resource_type"] == "seed" else node["schema"],
            description=node["description"] or None,
            metadata={"dagster/column_schema": _columns(node)} if node["columns"] else {},
            owners=[OWNER],
            kinds={"dbt", "duckdb"},
            skippable=True,
        )
    return found


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
        return AssetKey(raw_key(node["name"]))
    return AssetKey([node["schema"], node["name"]])


def _columns(node: Node) -> TableSchema:
    return TableSchema(
        [
            TableColumn(name, column["data_type"] or "?", column["description"] or None)
            for name, column in node["columns"].items()
        ]
    )
