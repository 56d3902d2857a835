"""A stranger adds a dataset to a copy of the checkout: one declaration, one command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.limits import HANG_SECONDS
from yanbao.base.settings import PROJECT_ROOT

NAME = "etf_holdings"
LEFT_OUT = (
    *(".git", ".venv", "data", "target", "logs", "build"),
    *("__pycache__", "*.egg-info", ".*_cache"),
)
YANBAO = ("-m", "yanbao.cli.main")
TESTS = ("tests/unit/test_conventions.py", "tests/unit/test_scaffold.py")
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
DECLARATION = '''\
"""What ETFs hold, from the lists of the exchanges."""

from yanbao.catalog.declaration import Dataset, day, number, text

DATASETS = (
    Dataset(
        name="etf_holdings",
        group="own",
        label="ETF持仓",
        grain="one holding of one ETF on one day",
        key=("fund", "code", "as_of_date"),
        date_column="as_of_date",
        cadence="daily",
        partitioning="trade_date",
        available_on="as_of_date + 1",
        columns=(
            text("fund", "The ETF.", required=True),
            text("code", "Share that it holds.", required=True),
            day("as_of_date", "Day of the list.", required=True),
            number("shares", "shares", "How many.", required=True, minimum=0),
        ),
    ),
)
'''
# What a nightly run does with the models of one dataset, without those of the others.
BUILD_CORE = """
import sys
from datetime import date
from pathlib import Path
from yanbao.base.settings import Settings
from yanbao.raw.zone import RawZone
from yanbao.warehouse.dbt_runner import DbtProject
from yanbao.warehouse.raw_relations import point_at
from yanbao.warehouse.store import WorkStore
settings = Settings(Path(sys.argv[1]))
store = WorkStore(settings.work)
store.prepare()
with store.connect() as connection:
    point_at(connection, RawZone(settings.raw).loads())
DbtProject(store).run("build", "--select", "+etf_holdings")
with store.connect() as connection:
    query = "select code, shares, available_on, version from core.etf_holdings order by code"
    for row in connection.execute(query).fetchall():
        print(*row)
"""
FILE = """\
fund,code,as_of_date,shares
159819.SZ,600001.SH,2024-10-30,100
159819.SZ,600002.SH,2024-10-30,250
"""


@dataclass(frozen=True)
class Copy:
    """A copy of the checkout, with the files that the dataset added and changed there."""

    root: Path
    added: list[str]
    changed: list[str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, with the copy's own modules."""
        folders = (self.root, self.root / "orchestration", self.root / "expectations")
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, folders)),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG_SECONDS,
        )


def files_of(root: Path) -> dict[str, bytes]:
    found = (p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {str(p.relative_to(root)): p.read_bytes() for p in found}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("new_dataset") / "checkout"
    shutil.copytree(PROJECT_ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    before = files_of(root)
    done = Copy(root, [], []).run(*YANBAO, "new", "dataset", NAME, "--label", "ETF持仓")
    assert (done.returncode, done.stderr) == (0, "")
    after = files_of(root)
    added = sorted({*after} - {*before})
    changed = sorted(name for name in before if before[name] != after.get(name))
    assert sorted(done.stdout.splitlines()[:-1]) == sorted([*added, *changed])
    return Copy(root, added, changed)


@pytest.fixture(scope="module")
def edited(copy: Copy) -> Copy:
    """The copy after its declaration was edited and the files were generated again."""
    (copy.root / f"yanbao/catalog/own_{NAME}.py").write_text(DECLARATION, encoding="utf-8")
    done = copy.run("-m", "yanbao.scaffold")
    assert (done.returncode, done.stderr) == (0, "")
    return copy


def test_the_page_names_every_place_and_which_of_them_is_written_by_hand(copy: Copy) -> None:
    page = (PROJECT_ROOT / "docs" / "add_a_dataset.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| [^|]+ \| (.+) \|$", page, flags=re.MULTILINE)
    places = [name.replace("NAME", NAME) for name, _ in rows]
    assert sorted(places) == sorted([*copy.added, *copy.changed])
    assert [place for place, (_, by) in zip(places, rows) if by == "hand"] == [
        f"yanbao/catalog/own_{NAME}.py"
    ]


def test_conventions_equality_and_lint_hold_with_the_new_dataset(edited: Copy) -> None:
    done = edited.run(*PYTEST, *TESTS, "-k", f"{NAME} or committed_files or every_core_model")
    assert done.returncode == 0, done.stdout[-2000:]
    models = [name for name in edited.added if name.endswith(".sql")]
    done = edited.run("-m", "sqlfluff", "lint", "--disable-progress-bar", *models)
    assert done.returncode == 0, done.stdout[-2000:]
    done = edited.run("-m", "ruff", "check", "yanbao/catalog")
    assert done.returncode == 0, done.stdout[-2000:]


def test_a_file_of_the_new_dataset_runs_through_to_core(edited: Copy, tmp_path: Path) -> None:
    file, home = tmp_path / f"{NAME}.csv", str(tmp_path / "home")
    file.write_text(FILE, encoding="utf-8")
    done = edited.run(*YANBAO, "--home", home, "import", str(file))
    assert done.returncode == 0, done.stderr
    done = edited.run("-c", BUILD_CORE, home)
    assert done.stdout.splitlines()[-2:] == [
        "600001.SH 100.0 2024-10-31 1",
        "600002.SH 250.0 2024-10-31 1",
    ], done.stderr[-2000:]


@pytest.mark.parametrize(
    ("written", "instead", "what"),
    [
        ('key=("fund", "code"', 'key=("fnd", "code"', "did you mean fund?"),
        ('label="ETF持仓",', "", "has no label"),
        ('date_column="as_of_date"', 'date_column="day"', "no column of etf_holdings"),
    ],
)
def test_a_fault_in_the_declaration_is_named(
    edited: Copy, written: str, instead: str, what: str
) -> None:
    place = edited.root / f"yanbao/catalog/own_{NAME}.py"
    place.write_text(DECLARATION.replace(written, instead), encoding="utf-8")
    try:
        done = edited.run("-m", "yanbao.scaffold")
    finally:
        place.write_text(DECLARATION, encoding="utf-8")
    assert done.returncode == 1
    assert what in done.stderr.splitlines()[-1]


def test_a_forgotten_generation_fails_a_test_that_names_the_command(edited: Copy) -> None:
    place = edited.root / f"models/marts/core/{NAME}.yml"
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("How many.", "How much."), encoding="utf-8")
    try:
        done = edited.run(*PYTEST, TESTS[1], "-k", "test_committed_files")
    finally:
        place.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert f"models/marts/core/{NAME}.yml" in done.stdout
    assert "run make generate" in done.stdout


def test_second_dataset_of_a_name_is_refused(copy: Copy) -> None:
    done = copy.run(*YANBAO, "new", "dataset", NAME)
    assert done.returncode == 2
    assert "exists already" in done.stderr
