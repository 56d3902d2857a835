"""Conventions of the house: every dataset, mart and module has what its kind has."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME, DATASETS, Dataset
from yanbao.catalog.marts import report_marts
from yanbao.scaffold.staging_files import columns_not_carried
from yanbao.sources import SOURCES, fetches_for

MODELS = PROJECT_ROOT / "models"
REPORT_MARTS = sorted(path.stem for path in (MODELS / "marts" / "report").glob("*.sql"))
CONSTANT_NULL = re.compile(r"cast\(null as \w+\) as (\w+)")
LIVE_STAGING = sorted(
    path
    for path in (PROJECT_ROOT / "models" / "staging").glob("*/stg_*.sql")
    if path.parent.name != "inbox"
)
CORE_MODELS = sorted(path.stem for path in (MODELS / "marts" / "core").glob("*.sql"))
PRODUCT = ("yanbao", "orchestration", "expectations")
PYTHON_FOLDERS = (*PRODUCT, "tests", "benchmarks", "sample_data")
PRINTERS = (
    "yanbao/cli",
    "yanbao/spark/__main__.py",
    "tests/import_graph.py",
    "tests/dbt_counts.py",
    "tests/owned_lines.py",
    "tests/integration/freshness.py",
    "tests/integration/ui_backfill.py",
    "tests/fault/lost_nights.py",
    "tests/fault/simulation.py",
    "benchmarks",
    "sample_data",
)
MODULE_LINES = 300
# How the dictionary displays amounts, ratios and levels; counts and ranks are never empty.
MEASURES = ("percent", "times", "money_yi", "number", "points", "duration", "count_million")
MART_PARAMETERS = ("as_of_date", "known_at")


def by_name(dataset: Dataset) -> str:
    return dataset.name


@cache
def model_yaml(layer: str, model: str) -> dict[str, Any]:
    """The entry of a model in the YAML file that describes it."""
    name = "_contracts" if layer == "report" else model
    path = MODELS / "marts" / layer / f"{name}.yml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    (entry,) = (entry for entry in entries if entry["name"] == model)
    found: dict[str, Any] = entry
    return found


def contract(layer: str, model: str) -> dict[str, str]:
    """Column → data type, in the order of the contract."""
    return {c["name"]: c["data_type"] for c in model_yaml(layer, model)["columns"]}


def unique_keys(layer: str, model: str) -> list[list[str]]:
    tests = model_yaml(layer, model).get("data_tests", [])
    return [t["unique_on"]["arguments"]["columns"] for t in tests if "unique_on" in t]


def versions_call(model: str) -> tuple[list[str], list[str], str | None]:
    """Key, attributes and period that a core model gives to ``new_versions``."""
    sql = (MODELS / "marts" / "core" / f"{model}.sql").read_text(encoding="utf-8")
    call = re.search(r"new_versions\((.*?)\)\s*\}\}", sql, flags=re.DOTALL)
    assert call is not None, f"{model} does not call new_versions"
    parsed = ast.parse(f"call({call.group(1).strip()})", mode="eval").body
    assert isinstance(parsed, ast.Call)
    words = {word.arg: ast.literal_eval(word.value) for word in parsed.keywords}
    return words["key"], words["attributes"], words.get("period")


def test_dataset_names_are_unique() -> None:
    assert [name for name, n in Counter(d.name for d in DATASETS).items() if n > 1] == []


@pytest.mark.parametrize("model", CORE_MODELS)
def test_core_key_is_tested_with_its_version(model: str) -> None:
    key, _, _ = versions_call(model)
    assert [*key, "version"] in unique_keys("core", model)


DERIVED = {"adjustment_factors"}  # core facts that are computed from other core facts


def test_every_core_model_is_declared() -> None:
    assert {*CORE_MODELS} == {dataset.core_table for dataset in DATASETS} | DERIVED


@pytest.mark.parametrize("mart", REPORT_MARTS)
def test_report_mart_says_its_day_and_what_was_known(mart: str) -> None:
    types = contract("report", mart)
    assert [types[name] for name in MART_PARAMETERS] == ["date", "date"]


def test_every_measure_that_can_be_missing_says_why() -> None:
    silent = [
        f"models/marts/report/{mart}.yml: columns.{name} needs missing_zh"
        for mart, spec in report_marts().items()
        for name, column in spec.columns.items()
        if column.display in MEASURES and not column.required and not column.missing_zh
    ]
    assert silent == []


def test_every_mart_with_a_measure_has_a_rule_at_the_release_gate() -> None:
    silent = [
        f"models/marts/report/{mart}.yml: give a measure bounds (above, below) or add rules"
        for mart, spec in report_marts().items()
        if any(column.display in MEASURES for column in spec.columns.values())
        and not spec.rules
        and not any(
            one.excluded != (None, None) or one.included != (None, None)
            for one in spec.columns.values()
        )
    ]
    assert silent == []


def python_files() -> list[Path]:
    found = [p for folder in PYTHON_FOLDERS for p in (PROJECT_ROOT / folder).rglob("*.py")]
    return sorted(found)


def relative(path: Path) -> str:
    return str(path.relative_to(PROJECT_ROOT))


def test_no_module_is_longer_than_it_can_be_read() -> None:
    product = [path for path in python_files() if relative(path).startswith(PRODUCT)]
    lines = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in product}
    assert [f"{relative(p)}: {n}" for p, n in lines.items() if n > MODULE_LINES] == []


def test_only_the_command_line_prints() -> None:
    quiet = [p for p in python_files() if not relative(p).startswith(PRINTERS)]
    assert [relative(p) for p in quiet if prints(p.read_text(encoding="utf-8"))] == []


def prints(code: str) -> bool:
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return any(isinstance(c.func, ast.Name) and c.func.id == "print" for c in calls)


def test_a_print_is_seen_wherever_it_stands() -> None:
    assert prints("def f():\n    if True:\n        print('x')\n")
    assert not prints("logger.info('print(1)')\n")


def test_no_module_is_a_drawer_of_odds_and_ends() -> None:
    drawers = {"util", "utils", "helper", "helpers", "common", "misc"}
    assert [relative(p) for p in python_files() if {*p.parts[-2:], p.stem} & drawers] == []


def test_every_fetched_dataset_has_its_staging_and_nothing_is_staged_in_vain() -> None:
    staged = {path.stem.removeprefix("stg_") for path in LIVE_STAGING}
    assert staged == {f"{fetch.source}__{fetch.dataset}" for fetch in SOURCES}


@pytest.mark.parametrize("dataset", DATASETS, ids=by_name)
def test_declared_upstreams_are_the_sources_that_fetch_the_dataset(dataset: Dataset) -> None:
    assert set(dataset.upstream) == {fetch.source for fetch in fetches_for(dataset.name)}


@pytest.mark.parametrize("path", LIVE_STAGING, ids=lambda path: path.stem)
def test_declaration_says_which_columns_a_source_does_not_carry(path: Path) -> None:
    """Else its nulls would replace what another source gave for the same key."""
    source, _, name = path.stem.removeprefix("stg_").partition("__")
    dataset = BY_NAME[name]
    columns = columns_not_carried(dataset, source)
    groups = columns.values() if isinstance(columns, Mapping) else [columns]
    nulls = {*CONSTANT_NULL.findall(path.read_text("utf-8"))} - {*dataset.key, "source_note"}
    missing = {dataset.core_column(null) for null in nulls} - {*chain.from_iterable(groups)}
    assert missing == set(), f"add them to not_carried of {name} in yanbao/catalog"


def test_unlisted_names_are_looked_for_in_every_column_that_names_an_entity() -> None:
    text = (MODELS / "marts" / "report" / "unlisted_names.sql").read_text("utf-8")
    listed = re.findall(r"\('(\w+)', '(\w+)', '(\w+)', '(\w+)'\)", text)
    assert sorted(listed) == sorted(
        (dataset.name, column, kind, dataset.date_column)
        for dataset in DATASETS
        for column, kind in dataset.entities
    )


@pytest.mark.parametrize("path", LIVE_STAGING, ids=lambda path: path.stem)
def test_staging_takes_codes_and_arguments_through_their_macros(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "json_extract" not in text
    assert not re.search(r"then '\.(SH|SZ|BJ)'", text) or "交易所" in text, (
        "see share_codes.sql"
    )
