"""``yanbao new dataset``: a declaration to be edited, and the files that follow from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from yanbao.base.errors import UsageError, YanbaoError
from yanbao.base.settings import PROJECT_ROOT

DECLARATION = '''\
"""{label}: say here in one sentence what the dataset is and who publishes it."""

from yanbao.catalog.declaration import Dataset, day, number, text

DATASETS = (
    Dataset(
        name="{name}",
        group="own",
        label="{label}",
        grain="one item on one day",
        key=("item", "as_of_date"),
        cadence="weekly",
        columns=(
            text("item", "What the row is about.", required=True),
            day("as_of_date", "Day of the observation.", required=True),
            number("value", "unit", "The observed number.", required=True),
        ),
    ),
)
'''


def declaration_path(name: str) -> Path:
    """The one place of a new dataset that is written by hand."""
    return PROJECT_ROOT / "yanbao" / "catalog" / f"own_{name}.py"


def write_new_dataset(name: str, label: str) -> list[str]:
    """Write a declaration and generate the rest; returns the paths written."""
    path = declaration_path(name)
    if not path.parent.is_dir():
        raise UsageError(
            "this is an installed package", hint="add datasets in a checkout of the repository"
        )
    path.write_text(DECLARATION.format(name=name, label=label), encoding="utf-8")
    return [str(path.relative_to(PROJECT_ROOT)), *generate()]


def generate() -> list[str]:
    """What ``make generate`` writes, in a process that reads the declarations anew."""
    done = subprocess.run(
        [sys.executable, "-m", "yanbao.scaffold"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise YanbaoError(
            f"files could not be generated: {done.stderr.strip().splitlines()[-1]}",
            hint="correct the declaration, then make generate",
        )
    return done.stdout.splitlines()
