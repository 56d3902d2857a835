"""``yanbao new dataset`` in a copy of the checkout: its places, and that all of them work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.limits import HANG_SECONDS
from yanbao.base.settings import PROJECT_ROOT
from yanbao.scaffold.new_dataset import places

NAME = "etf_holdings"
LEFT_OUT = (
    *(".git", ".venv", "data", "target", "logs", "build"),
    *("__pycache__", "*.egg-info", ".*_cache"),
)
YANBAO = ("-m", "yanbao.cli.main")
CONVENTIONS = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/test_conventions.py")
PARSE = """
from pathlib import Path
from yanbao.warehouse.dbt_runner import DbtProject
from yanbao.warehouse.store import WorkStore
DbtProject(WorkStore(Path("../work"))).run("parse")
"""


def files_of(root: Path) -> set[str]:
    found = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}
    return {name for name in found if "__pycache__" not in name}


def in_copy(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy, with the copy's own modules."""
    env = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_SECONDS,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which the new dataset was scaffolded."""
    root = tmp_path_factory.mktemp("scaffold") / "checkout"
    shutil.copytree(PROJECT_ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    before = {name: (root / name).read_bytes() for name in files_of(root)}
    done = in_copy(root, "-m", "yanbao.cli.main", "new", "dataset", NAME, "--label", "持仓")
    assert (done.returncode, done.stderr) == (0, "")
    after = {name: (root / name).read_bytes() for name in files_of(root)}
    changes = {
        "added": sorted({*after} - {*before}),
        "changed": sorted(name for name in before if before[name] != after.get(name)),
        "said": done.stdout.splitlines()[:-1],
    }
    (root.parent / "changes.json").write_text(json.dumps(changes), encoding="utf-8")
    return root


def test_new_dataset_takes_exactly_its_places_and_changes_no_file(checkout: Path) -> None:
    changes = json.loads((checkout.parent / "changes.json").read_text(encoding="utf-8"))
    wanted = sorted(str(p.relative_to(PROJECT_ROOT)) for p in places(NAME).values())
    assert changes["added"] == wanted
    assert changes["changed"] == []
    assert sorted(changes["said"]) == wanted, "the command lists what it wrote"


def test_page_on_adding_a_dataset_names_every_place() -> None:
    page = (PROJECT_ROOT / "docs" / "add_a_dataset.md").read_text(encoding="utf-8")
    wanted = [str(p.relative_to(PROJECT_ROOT)) for p in places("NAME").values()]
    spellings = [(name, name.replace("NAME", "<name>")) for name in wanted]
    assert [pair[0] for pair in spellings if not any(name in page for name in pair)] == []


def test_dbt_parses_the_project_with_the_new_dataset(checkout: Path) -> None:
    done = in_copy(checkout, "-c", PARSE)
    assert done.returncode == 0, done.stderr[-2000:]
    path = checkout.parent / "work" / "dbt" / "manifest.json"
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    names = {node["name"] for node in nodes.values() if node["resource_type"] == "model"}
    assert {NAME, f"stg_inbox__{NAME}", f"int_{NAME}_unioned"} <= names


def test_conventions_hold_with_the_new_dataset(checkout: Path) -> None:
    done = in_copy(
        checkout,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/unit/test_conventions.py",
    )
    assert done.returncode == 0, done.stdout[-2000:]
    listed = in_copy(checkout, "-c", "from yanbao.catalog import BY_NAME; print(*BY_NAME)")
    assert NAME in listed.stdout.split()


def test_conventions_name_the_place_that_is_missing(checkout: Path, tmp_path: Path) -> None:
    place = checkout / "models" / "staging" / "inbox" / f"stg_inbox__{NAME}.yml"
    kept = tmp_path / place.name
    shutil.move(place, kept)
    try:
        done = in_copy(
            checkout, *CONVENTIONS, "-k", f"test_dataset_has_all_its_places and {NAME}"
        )
    finally:
        shutil.move(kept, place)
    assert done.returncode == 1
    assert "staging docs" in done.stdout


def test_second_scaffold_of_a_name_is_refused(checkout: Path) -> None:
    done = in_copy(checkout, *YANBAO, "new", "dataset", NAME)
    assert done.returncode == 2
    assert "exists already" in done.stderr
