"""``datapackage.json``: what each Parquet file of the report schema holds, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FIELD_TYPES = {
    "VARCHAR": "string",
    "DATE": "date",
    "DOUBLE": "number",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "BOOLEAN": "boolean",
}


def describe(
    tables: Mapping[str, Sequence[Sequence[Any]]], labels: Iterable[Sequence[Any]]
) -> dict[str, Any]:
    """A Frictionless data package; ``tables`` holds DESCRIBE rows by mart."""
    words = {(mart, column): rest for mart, column, *rest in labels}
    return {
        "profile": "data-package",
        "name": "yanbao-report-marts",
        "resources": [
            {
                "name": table,
                "path": f"parquet/report/{table}.parquet",
                "format": "parquet",
                "schema": {"fields": [_field(table, row, words) for row in rows]},
            }
            for table, rows in tables.items()
        ],
    }


def _field(
    table: str, row: Sequence[Any], words: Mapping[tuple[str, str], Sequence[Any]]
) -> dict[str, str]:
    name, kind = str(row[0]), str(row[1])
    field = {"name": name, "type": FIELD_TYPES.get(kind, "any")}
    if (table, name) in words:
        label, unit, definition = words[(table, name)]
        field |= {
            "title": str(label),
            "unit": str(unit or ""),
            "description": str(definition),
        }
    return field
