"""What dbt knows of raw relations and staging, from the declarations and the live sources."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME, DATASETS, Dataset
from yanbao.scaffold.generated import yaml_file
from yanbao.scaffold.staging_files import INBOX, live_relations
from yanbao.sources.call import Fetch


def source_files() -> dict[Path, str]:
    """The two YAML files of each folder of staging."""
    found = _files(
        INBOX,
        "yanbao/catalog",
        "Files in import format, from analysts or from the sample.",
        {d: f"{d.label}. Pending loads of the import format." for d in DATASETS},
    )
    for source, relations in groupby(live_relations().items(), key=lambda one: one[0][0]):
        found |= _files(
            source,
            f"yanbao/sources/{source}.py and yanbao/catalog",
            (import_module(f"yanbao.sources.{source}").__doc__ or "").partition("\n")[0],
            {BY_NAME[dataset]: _replies(fetches) for (_, dataset), fetches in relations},
        )
    return found


def _replies(fetches: Sequence[Fetch]) -> str:
    functions = ", ".join(dict.fromkeys(fetch.function for fetch in fetches))
    notes = " ".join(dict.fromkeys(filter(None, (fetch.notes for fetch in fetches))))
    return f"Pending replies of {functions}, as received. {notes}".strip()


def _files(
    source: str, origin: str, description: str, tables: dict[Dataset, str]
) -> dict[Path, str]:
    folder = PROJECT_ROOT / "models" / "staging" / source
    declared = {
        "name": source,
        "schema": "raw",
        "description": description,
        "tables": [
            {
                "name": dataset.name,
                "identifier": f"{source}__{dataset.name}",
                "description": words,
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
                {"name": name, "description": dataset.column(name).description}
                for name in dataset.key
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
