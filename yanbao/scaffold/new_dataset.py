"""Write a new dataset's declaration and files; the declaration goes into its own module."""

from __future__ import annotations

import importlib
from pathlib import Path

from yanbao.base.errors import UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.scaffold.dataset_files import dataset_places, render

DECLARATION = '''\
"""{label}: say here in one sentence what the dataset is and who publishes it."""

from yanbao.catalog.declaration import Dataset, day, number, text

DATASETS = (
    Dataset(
        name="{name}",
        group="desk",
        label="{label}",
        grain="one item on one day",
        key=("item", "as_of_date"),
        date_column="as_of_date",
        cadence="weekly",
        partitioning="snapshot",
        columns=(
            text("item", "What the row is about.", required=True),
            day("as_of_date", "Day of the observation.", required=True),
            number("value", "unit", "The observed number.", required=True),
        ),
    ),
)
'''


def declaration_path(name: str) -> Path:
    return PROJECT_ROOT / "yanbao" / "catalog" / "desk" / f"{name}.py"


def places(name: str) -> dict[str, Path]:
    """Every place that a new dataset takes, and no other."""
    return {"declaration": declaration_path(name), **dataset_places(name)}


def write_new_dataset(name: str, label: str) -> list[Path]:
    """Write all places of a new dataset; refuses to overwrite any of them."""
    taken = [path for path in places(name).values() if path.exists()]
    if taken:
        raise UsageError(
            f"{taken[0].relative_to(PROJECT_ROOT)} exists already",
            hint="choose another name",
        )
    path = declaration_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(DECLARATION.format(name=name, label=label), encoding="utf-8")
    importlib.invalidate_caches()
    module = importlib.import_module(f"yanbao.catalog.desk.{name}")
    files = render(module.DATASETS[0])
    for place, text in files.items():
        place.write_text(text, encoding="utf-8")
    return [path, *files]
