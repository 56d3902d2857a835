"""What of dbt's project a build runs: the words of ``dbt build``, and what reads what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from yanbao.warehouse.dbt_parse import dbt_manifest

LEFT_OUT = ("unit_test", "exposure")


def selection_of(
    datasets: Iterable[str], only: Collection[str] | None = None, *, is_rebuild: bool
) -> list[str]:
    """The selection of a build that takes in loads of ``datasets``.

    All report marts, or ``only`` those named with the report marts that they read. A rebuild
    makes every seed, step and core table, and proves the whole history.
    """
    wanted = None if only is None else report_marts_behind(only)
    if is_rebuild:
        others = sorted(report_models() - wanted) if wanted is not None else []
        return ["--exclude-resource-type", *LEFT_OUT, "--exclude", "staging", *others]
    touched = sorted({f"source:*.{dataset}+,marts.core" for dataset in datasets})
    core = sorted({*only} - report_models()) if only is not None else []
    marts = ["marts.report"] if wanted is None else sorted(wanted)
    return [
        "--select",
        *touched,
        *core,
        *marts,
        "--exclude",
        "tag:full_history",
        "--exclude-resource-type",
        *LEFT_OUT,
        "seed",
    ]


def report_models() -> set[str]:
    """The names of all report marts."""
    nodes = dbt_manifest()["nodes"].values()
    return {
        n["name"] for n in nodes if n["resource_type"] == "model" and n["schema"] == "report"
    }


def report_marts_behind(marts: Iterable[str]) -> set[str]:
    """The report marts among ``marts``, and every report mart that they are made from."""
    known = report_models()
    wanted = [f"model.yanbao.{name}" for name in marts if name in known]
    return {one.rpartition(".")[2] for one in _behind(dbt_manifest(), wanted)} & known


def datasets_behind(manifest: Mapping[str, Any], node_id: str) -> set[str]:
    """The datasets that a model or a test is made from, through all models between."""
    behind = _behind(manifest, [node_id])
    return {one.rpartition(".")[2] for one in behind if one.startswith("source.")}


def _behind(manifest: Mapping[str, Any], node_ids: Iterable[str]) -> set[str]:
    """The nodes and all that they are made from."""
    waiting, seen = [*node_ids], set()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += manifest["parent_map"].get(one, ())
    return seen
