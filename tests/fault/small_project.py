"""dbt's project cut down to a few tables: what a night of a small world needs, and no tests.

The SQL of what is left is the product's own. Of a mart that reads every core table
(``data_through``) those parts are left out that read a table which is not there; so is a table
that such a mart joins, by an empty one. What a simulated night saves by that is nine tenths.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yanbao.warehouse.dbt_parse import dbt_manifest_object

CORE = ("daily_bars", "index_bars", "trading_days")
MARTS = ("data_through", "index_changes")
PARTS = "data_through"
BETWEEN = "    union all\n"
OF_QUARTERS = "filed_periods("  # reads the income statements


def small_manifest(target: Path) -> Any:
    """The manifest of the models behind ``MARTS`` that read ``CORE`` alone."""
    manifest = dbt_manifest_object(target).deepcopy()
    models = {
        node.name: node for node in manifest.nodes.values() if node.resource_type == "model"
    }
    absent = {n.name for n in models.values() if n.schema == "core"} - {*CORE}
    _leave_out_parts(models[PARTS], absent)
    kept = _behind(manifest, [models[name].unique_id for name in (*MARTS, *CORE)])
    manifest.nodes = {name: node for name, node in manifest.nodes.items() if name in kept}
    for part in ("exposures", "unit_tests", "metrics", "groups"):
        setattr(manifest, part, {})
    manifest.build_parent_and_child_maps()
    return manifest


def _leave_out_parts(mart: Any, absent: set[str]) -> None:
    """Cut the parts of a generated mart that read a table which is not there."""
    head, _, rest = mart.raw_code.partition("(\n")
    body, _, tail = rest.partition("\n),\n")
    read = [part for part in body.split(BETWEEN) if not _reads(part, absent)]
    mart.raw_code = f"{head}(\n{BETWEEN.join(read).rstrip()}\n),\n{tail}"
    mart.depends_on.nodes = [
        one for one in mart.depends_on.nodes if one.rpartition(".")[2] not in absent
    ]


def _reads(sql: str, tables: set[str]) -> bool:
    return OF_QUARTERS in sql or any(f"ref('{table}')" in sql for table in tables)


def _behind(manifest: Any, wanted: list[str]) -> set[str]:
    waiting, seen = [*wanted], set()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            node = manifest.nodes.get(one)
            waiting += getattr(node.depends_on, "nodes", ()) if node else ()
    return seen
