"""What the SQL that dbt compiled reads: core tables, and shared steps that read them."""

from __future__ import annotations

import re
from collections.abc import Mapping

STEPS = "intermediate"
_RELATION = re.compile(r'"warehouse"\."(\w+)"\."(\w+)"')


def relations_behind(sql: str, steps: Mapping[str, str]) -> list[tuple[str, str]]:
    """Schema and name of all that a query reads, each after what it reads itself."""
    found: dict[tuple[str, str], None] = {}
    for schema, name in _RELATION.findall(sql):
        if schema == STEPS and (schema, name) not in found:
            found |= dict.fromkeys(relations_behind(steps[name], steps))
        found[schema, name] = None
    return [*found]
