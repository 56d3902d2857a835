"""What dbt knows of raw relations and staging, from the declarations and the live sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME, DATASETS, Dataset
from yanbao.scaffold.dbt_words import ARRIVAL_WORDS, described
from yanbao.scaffold.generated import yaml_file
from yanbao.scaffold.staging_files import INBOX, live_relations
from yanbao.sources.call import Fetch

LANDING_WORDS = {
    "_load_id": ARRIVAL_WORDS["load_id"],
    "_landed_at": ARRIVAL_WORDS["landed_at"],
    "_row": ARRIVAL_WORDS["arrival_row"],
    "_arguments": "The arguments of the call, as JSON.",
}


def source_files() -> dict[Path, str]:
    """The two YAML files of each folder of staging."""
    found = _files(
        INBOX,
        "yanbao/catalog",
        "Files in import format, from analysts or from the sample.",
        {d: f"{d.label}. Pending loads of the import format." for d in DATASETS},
        {d: {c.name: c.description for c in d.columns} for d in DATASETS},
    )
    for source, relations in groupby(live_relations().items(), key=lambda one: one[0][0]):
        fetched = {BY_NAME[dataset]: fetches for (_, dataset), fetches in relations}
        found |= _files(
            source,
            f"yanbao/sources/{source}.py and yanbao/catalog",
            (import_module(f"yanbao.sources.{source}").__doc__ or "").partition("\n")[0],
            {dataset: _replies(fetches) for dataset, fetches in fetched.items()},
            {dataset: _received(dataset, fetches) for dataset, fetches in fetched.items()},
        )
    return found


def _replies(fetches: Sequence[Fetch]) -> str:
    functions = ", ".join(dict.fromkeys(fetch.function for fetch in fetches))
    notes = " ".join(dict.fromkeys(filter(None, (fetch.notes for fetch in fetches))))
    return f"Pending replies of {functions}, as received. {notes}".strip()


def _received(dataset: Dataset, fetches: Sequence[Fetch]) -> dict[str, str]:
    """What becomes of each column of the replies; what becomes a column of ours is that."""
    words = {}
    for column in (column for fetch in fetches for column in fetch.columns):
        told = "Read by staging." if column.is_read else "As received; no model reads it."
        if column.becomes:
            told = f"Becomes {column.becomes}: {dataset.column(column.becomes).description}"
        if column.name not in words or column.becomes:
            words[column.name] = told
    return words


def _files(
    source: str,
    origin: str,
    description: str,
    tables: Mapping[Dataset, str],
    columns: Mapping[Dataset, Mapping[str, str]],
) -> dict[Path, str]:
    folder = PROJECT_ROOT / "models" / "staging" / source
    declared = {
        "name": source,
        "schema": "raw",
        "description": description,
        "config": {"loaded_at_field": "_landed_at"},
        "tables": [
            {
                "name": dataset.name,
                "identifier": f"{source}__{dataset.name}",
                "description": words,
                "config": {"freshness": _freshness(dataset)},
                "columns": [
                    described(*column)
                    for column in (*columns[dataset].items(), *LANDING_WORDS.items())
                ],
            }
            for dataset, words in tables.items()
        ],
    }
    models = [
        {
            "name": f"stg_{source}__{dataset.name}",
            "description": (
                f"One row per {dataset.grain.removeprefix('one ')}, in the import format of"
                f" {dataset.name}; not yet versioned."
            ),
            "columns": [
                *(described(c.name, c.description, unit=c.unit) for c in dataset.columns),
                *(described(*words) for words in ARRIVAL_WORDS.items()),
            ],
        }
        for dataset in tables
    ]
    return {
        folder / f"_{source}__sources.yml": yaml_file(
            origin, {"version": 2, "sources": [declared]}
        ),
        folder / f"_{source}__models.yml": yaml_file(origin, {"version": 2, "models": models}),
    }


def _freshness(dataset: Dataset) -> dict[str, Any] | None:
    """A warning, never an error: which sources a desk uses is its own affair, and whether the
    days of a dataset suffice is judged by ``data_through``."""
    if dataset.staleness_days is None:
        return None
    return {"warn_after": {"count": dataset.staleness_days, "period": "day"}}
