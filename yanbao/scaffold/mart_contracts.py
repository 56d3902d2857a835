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
        "config": {"meta": _meta(column)},
    }
    if column.required:
        entry["constraints"] = [{"type": "not_null"}]
    if column.tests:
        entry["data_tests"] = [*column.tests]
    return entry


def _meta(column: MartColumn) -> dict[str, Any]:
    """What a tool that prints the column needs: labels, unit, display and its decimals."""
    told = {
        "label_zh": column.label_zh,
        "label_en": column.label_en,
        "display": column.display,
        "unit": column.unit,
        "decimals": column.decimals,
    }
    return {name: value for name, value in told.items() if value}
