"""``datapackage.json``: what each Parquet file of the report schema holds, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yanbao.releases.words import Words

FIELD_TYPES = {
    "VARCHAR": "string",
    "DATE": "date",
    "DOUBLE": "number",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "BOOLEAN": "boolean",
}


def describe(tables: Mapping[str, Sequence[Sequence[Any]]], words: Words) -> dict[str, Any]:
    """A Frictionless data package; ``tables`` holds DESCRIBE rows by mart."""
    metrics = {(row["mart"], row["column_name"]): row for row in words.metrics}
    return {
        "profile": "data-package",
        "name": "yanbao-report-marts",
        "resources": [
            {
                "name": table,
                "path": f"parquet/report/{table}.parquet",
                "format": "parquet",
                "description": words.tables.get(table, ""),
                "schema": {
                    "fields": [_field(row, metrics.get((table, row[0]))) for row in rows]
                },
            }
            for table, rows in tables.items()
        ],
    }


def _field(row: Sequence[Any], metric: Mapping[str, Any] | None) -> dict[str, str]:
    field = {"name": str(row[0]), "type": FIELD_TYPES.get(str(row[1]), "any")}
    if metric is not None:
        field |= {
            "title": metric["label_zh"],
            "unit": metric["unit"],
            "description": metric["definition"],
        }
    return field
