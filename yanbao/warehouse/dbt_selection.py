"""What of dbt's project a build runs: the words of ``dbt build``, and what reads what."""

from __future__ import annotations

from collections.abc import Collection, Iterable

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
    manifest = dbt_manifest()
    known = report_models()
    waiting = [f"model.yanbao.{name}" for name in marts if name in known]
    seen: set[str] = set()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += manifest["parent_map"].get(one, ())
    return {one.rpartition(".")[2] for one in seen} & known
