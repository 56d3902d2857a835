"""What dbt says of steps, unions and seeds, which no contract describes: YAML made from the
words that people write, each at its one home.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from yanbao.base.errors import YanbaoError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import read_project_yaml
from yanbao.catalog import DATASETS, Dataset
from yanbao.catalog.marts import common_columns
from yanbao.scaffold.dataset_files import core_tables, entity_ids, partial
from yanbao.scaffold.generated import yaml_file

STEPS = PROJECT_ROOT / "models" / "intermediate"
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
STEP_WORDS = STEPS / "steps.yml"
SEED_WORDS = SEEDS / "seeds.yml"
ARRIVAL_WORDS = {
    "load_id": "The raw load of the row.",
    "landed_at": "When this warehouse first saw the row, UTC.",
    "arrival_row": "Row number in its load.",
}
ORIGIN_WORDS = {
    "source_name": "The source that gave the row; inbox for files.",
    "not_carried": "Columns that the source does not have, separated by spaces.",
}


class WordsError(YanbaoError):
    """A model or column of dbt has no words."""


def described(name: str, description: str, **meta: Any) -> dict[str, Any]:
    """A column as dbt's YAML has it; what is empty in ``meta`` is left out."""
    told = {key: value for key, value in meta.items() if value not in ("", None)}
    entry: dict[str, Any] = {"name": name, "description": description}
    return {**entry, "config": {"meta": told}} if told else entry


def word_files() -> dict[Path, str]:
    """The files and their texts."""
    steps = [
        _step(name, columns or {})
        for name, columns in read_project_yaml(STEP_WORDS, WordsError).items()
    ]
    unions = [_union(table) for table in core_tables()]
    seeds = [_seed(entry) for entry in read_project_yaml(SEED_WORDS, WordsError)["seeds"]]
    return {
        STEPS / "_steps.yml": _yaml("models/intermediate/steps.yml", models=steps),
        STEPS / "_unions.yml": _yaml("yanbao/catalog", models=unions),
        SEEDS / "_seeds.yml": _yaml("dbt_project/seeds/seeds.yml", seeds=seeds),
    }


def _yaml(origin: str, **content: Any) -> str:
    return yaml_file(origin, {"version": 2, **content})


def _step(name: str, columns: Mapping[str, str | None]) -> dict[str, Any]:
    path = STEPS / f"{name}.sql"
    if not path.is_file():
        raise WordsError(f"no step is called {name}", where=STEP_WORDS.name)
    return {
        "name": name,
        "description": _first_comment(path),
        "columns": [
            described(column, own or _shared(column, f"{STEP_WORDS.name}: {name}"))
            for column, own in columns.items()
        ],
    }


def _first_comment(path: Path) -> str:
    """The comment that a step begins with."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    if not lines:
        raise WordsError(
            "the step begins without a comment", where=path.name, hint="say what one row is"
        )
    return " ".join(lines)


def _shared(column: str, where: str) -> str:
    """The words of a column's name."""
    if column in common_columns():
        return common_columns()[column].definition
    told = _dataset_words().get(column, set())
    if len(told) != 1:
        raise WordsError(
            f"{column} has no words", where=where, hint="write them beside the column"
        )
    (words,) = told
    return words


@cache
def _dataset_words() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for dataset in DATASETS:
        for column in dataset.columns:
            found.setdefault(column.name, set()).add(column.description)
    return found


def _union(table: Dataset) -> dict[str, Any]:
    columns = [described(c.name, c.description, unit=c.unit) for c in table.columns]
    columns += [described(*words) for words in ARRIVAL_WORDS.items()]
    if not table.filled:
        columns.append(described("source_name", ORIGIN_WORDS["source_name"]))
    if partial(table):
        columns.append(described("not_carried", ORIGIN_WORDS["not_carried"]))
    columns += [described(name, description) for name, _, description in entity_ids(table)]
    return {
        "name": f"int_{table.name}_unioned",
        "description": f"One row per {table.grain.removeprefix('one ')} and source, as the"
        " source gives it.",
        "config": {"group": "engineering"},
        "columns": columns,
    }


def _seed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A seed with every column of its CSV described."""
    own = {column["name"]: column for column in entry.get("columns", ())}
    where = f"{SEED_WORDS.name}: {entry['name']}"
    for name in own:
        if name not in _header(entry["name"]):
            raise WordsError.unknown_name("column", name, _header(entry["name"]), where)
    columns: Iterable[dict[str, Any]] = (
        own.get(name) or described(name, _shared(name, where))
        for name in _header(entry["name"])
    )
    return {**entry, "columns": [*columns]}


def _header(seed: str) -> list[str]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))
