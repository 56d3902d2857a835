"""Who reads the marts, for dbt's graph: every shipped pack, and BI over a release."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.core_labels import core_label
from yanbao.catalog.marts import report_marts
from yanbao.reporting.grammar.pack_loader import load_pack, pack_names
from yanbao.scaffold.dataset_files import core_tables
from yanbao.scaffold.generated import yaml_file

# A word of a title that each print of the pack fills.
PARAMETER = re.compile(r"\{(\w+)[^}]*\}")
EXPOSURES = PROJECT_ROOT / "models" / "exposures.yml"


def exposure_files() -> dict[Path, str]:
    """The generated file and its text."""
    exposures = [*map(_pack, pack_names()), _bi()]
    origin = "reports/packs and yanbao/catalog"
    return {EXPOSURES: yaml_file(origin, {"version": 2, "exposures": exposures})}


def _pack(name: str) -> dict[str, Any]:
    pack = load_pack(name)
    marts = {selection.mart for _, selection in pack.selections}
    title = PARAMETER.sub(lambda found: f"〈{core_label(found[1]) or found[1]}〉", pack.title)
    return _exposure(name.replace("-", "_"), title, "analysis", pack.about or title, marts)


def _bi() -> dict[str, Any]:
    about = "Superset, marimo, any DuckDB client or reader of Parquet, on releases/current."
    tables = [*(table.name for table in core_tables()), *report_marts()]
    return _exposure("release", "BI and notebooks", "dashboard", about, tables)


def _exposure(
    name: str, label: str, kind: str, about: str, marts: Iterable[str]
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": kind,
        "description": about,
        "owner": {"name": "Research"},
        "depends_on": [f"ref('{mart}')" for mart in sorted(marts)],
    }
