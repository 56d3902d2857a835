"""Contracts and tests of the report marts, as dbt needs them, from each mart's own YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yanbao.catalog.marts import CONTRACTS, Mart, MartColumn, report_marts
from yanbao.scaffold.generated import yaml_file


def mart_contracts() -> dict[Path, str]:
    """The generated file and its text."""
    models = [_model(name, mart) for name, mart in report_marts().items()]
    content = {"version": 2, "models": models}
    return {CONTRACTS: yaml_file("the YAML beside the SQL of each mart", content)}


def _model(name: str, mart: Mart) -> dict[str, Any]:
    return {
        "name": name,
        "description": mart.description,
        "data_tests": [{"unique_on": {"arguments": {"columns": [*mart.key]}}}, *mart.tests],
        "columns": [_column(column, words) for column, words in mart.columns.items()],
    }


def _column(name: str, column: MartColumn) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": name,
        "data_type": column.type,
        "description": column.description,
    }
    if column.required:
        entry["constraints"] = [{"type": "not_null"}]
    if column.tests:
        entry["data_tests"] = [*column.tests]
    return entry
