"""The JSON schemas that editors use: equal to the models, and true of every shipped file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from yanbao.base.settings import PROJECT_ROOT
from yanbao.scaffold.schemas import FOLDER

FILES = [
    *(PROJECT_ROOT / "reports").glob("packs/**/*.yml"),
    PROJECT_ROOT / "reports" / "house.yml",
    *(PROJECT_ROOT / "yanbao" / "inbox" / "mappings").glob("*.yml"),
]
HEAD = "# yaml-language-server: $schema="


@cache
def schema(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.schema.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def mistakes(name: str, text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema(name))
    # An editor knows no days: they are texts for it, as in JSON.
    content = json.loads(json.dumps(yaml.safe_load(text), default=str))
    return [error.message for error in validator.iter_errors(content)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_names_its_schema_and_obeys_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith(HEAD)
    target = (path.parent / first.removeprefix(HEAD)).resolve()
    assert target.parent == FOLDER
    assert mistakes(target.name.partition(".")[0], text) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pack", "title: x\nsections: [{use: pool-rules}]\nsection: 1\n"),
        ("section", "title: x\nitems: [{table: pool, title: x, colums: [code]}]\n"),
        ("section", "title: x\nitems: [{chart: pie, mart: pool, title: x, x: a, y: b}]\n"),
        ("house", "numbers: {amounts: 亿}\n"),
        ("mapping", "dataset: web_traffics\n"),
        ("mapping", "columns: {a: b}\n"),
        ("terms", "safe: {permission: all, reason: x}\n"),
    ],
)
def test_a_mistake_is_underlined(name: str, text: str) -> None:
    assert len(mistakes(name, text)) >= 1


def test_own_terms_obey_their_schema() -> None:
    assert (
        mistakes("terms", "safe: {permission: allowed, reason: 已书面确认, licence: }\n") == []
    )
