"""What the dbt project holds, counted: ``make docs`` prints it at its end.

Models, tests and exposures are those of dbt's manifest; columns are those that the store has,
as dbt's catalogue lists them, so that one without words is missed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yanbao.base.settings import PROJECT_ROOT

NAMED = {
    "models": "model",
    "seeds": "seed",
    "sources": "source",
    "data tests": "test",
    "unit tests": "unit_test",
    "exposures": "exposure",
    "groups": "group",
}


def dbt_counts(target: Path) -> dict[str, str]:
    """Counts by what is counted, from the folder that ``dbt docs generate`` wrote."""
    manifest, catalog = (
        json.loads((target / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("manifest", "catalog")
    )
    declared = {key: node for kind in _kinds(manifest) for key, node in manifest[kind].items()}
    by_kind = Counter(node["resource_type"] for node in declared.values())
    tables = {**catalog["nodes"], **catalog["sources"]}
    columns = [*_columns(tables, declared)]
    return {
        **{words: str(by_kind[kind]) for words, kind in NAMED.items()},
        "described tables": _share([bool(declared[key]["description"]) for key in tables]),
        "described columns": _share(columns),
    }


def _kinds(manifest: dict[str, Any]) -> list[str]:
    return [kind for kind in manifest if kind in ("nodes", *(f"{k}s" for k in NAMED.values()))]


def _columns(tables: dict[str, Any], declared: dict[str, Any]) -> Iterator[bool]:
    """Of every column in the store, whether it has words."""
    for key, table in tables.items():
        words = {name.lower(): c["description"] for name, c in declared[key]["columns"].items()}
        yield from (bool(words.get(name.lower())) for name in table["columns"])


def _share(described: list[bool]) -> str:
    return f"{sum(described)} of {len(described)}"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT_ROOT / "target"
    for words, count in dbt_counts(folder).items():
        print(f"{words:<18}{count}")
