"""The arrows between the layers: who may import, read or mention what.

Each rule is a function from a checkout's root to the files that break it, so that every
arrow is also broken on purpose in a copy and must then be named.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.import_graph import FLOORS, FOLDERS, floor, imported_names, read_graph
from yanbao.base.settings import PROJECT_ROOT

Rule = Callable[[Path], list[str]]

CODE_FOLDERS = tuple(FOLDERS.values())
# Only these may import the library; nothing below the Dagster project reaches Dagster.
LIBRARY_HOMES = {
    "dagster": ("orchestration/yanbao_dagster/",),
    "great_expectations": ("expectations/yanbao_gx/",),
    "akshare": ("yanbao/sources/akshare_library.py",),
}
COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)


def imports(path: Path) -> tuple[str, ...]:
    """Dotted names of what a module imports, at its top and inside its functions."""
    return imported_names(path.read_text(encoding="utf-8"))


def python_files(root: Path, folder: str) -> list[Path]:
    return sorted((root / folder).rglob("*.py"))


def sql_files(root: Path, folder: str) -> list[tuple[Path, str]]:
    """Models of a layer with their text, comments left out."""
    files = sorted((root / "models" / folder).rglob("*.sql"))
    return [(path, COMMENTS.sub("", path.read_text(encoding="utf-8"))) for path in files]


def is_of(name: str, package: str) -> bool:
    return name == package or name.startswith((f"{package}.", f"{package}_"))


def names(root: Path, paths: list[Path]) -> list[str]:
    return [str(path.relative_to(root)) for path in paths]


def modules_that_import_a_library_from_outside_its_home(root: Path) -> list[str]:
    return [
        str(path.relative_to(root))
        for folder in CODE_FOLDERS
        for path in python_files(root, folder)
        if any(is_outside_home(root, path, name) for name in imports(path))
    ]


def is_outside_home(root: Path, path: Path, name: str) -> bool:
    homes = LIBRARY_HOMES.get(name.partition(".")[0])
    return homes is not None and not str(path.relative_to(root)).startswith(homes)


def modules_that_import_a_higher_floor(root: Path) -> list[str]:
    graph = read_graph(root)
    return names(root, [graph.paths[arrow.importer] for arrow in graph.arrows_up()])


def packages_that_import_each_other(root: Path) -> list[str]:
    """The files that import the other package of a pair, where each imports the other."""
    graph = read_graph(root)
    arrows = graph.package_arrows()
    both = [
        arrow
        for pair in graph.mutual_pairs()
        for way in (pair, pair[::-1])
        for arrow in arrows[way]
    ]
    return names(root, [graph.paths[arrow.importer] for arrow in both])


def files_in_a_circle(root: Path) -> list[str]:
    graph = read_graph(root)
    return names(root, [graph.paths[module] for circle in graph.circles() for module in circle])


def models_outside_staging_that_read_sources(root: Path) -> list[str]:
    layers = ("intermediate", "marts")
    found = [p for one in layers for p, sql in sql_files(root, one) if "source(" in sql]
    return names(root, found)


def marts_that_read_staging(root: Path) -> list[str]:
    reads_staging = re.compile(r"""ref\(\s*['"]stg_""")
    return names(root, [p for p, sql in sql_files(root, "marts") if reads_staging.search(sql)])


def versioned_models_that_read_run_parameters(root: Path) -> list[str]:
    """Core and staging hold nothing that depends on the day or on what was known."""
    depends = re.compile(r"run_parameters|known_versions|int_windows")
    layers = ("staging", "marts/core", "marts/meta")
    found = [p for one in layers for p, sql in sql_files(root, one) if depends.search(sql)]
    return names(root, found)


def unions_that_read_run_parameters(root: Path) -> list[str]:
    """Unions feed core; the other intermediate models may be parameterised."""
    unions = [(p, sql) for p, sql in sql_files(root, "intermediate") if "_unioned" in p.stem]
    depends = re.compile(r"run_parameters|known_versions|int_windows")
    return names(root, [p for p, sql in unions if depends.search(sql)])


def report_marts_that_read_reports(root: Path) -> list[str]:
    """A report mart is one query over core; its compiled SQL must run on a release alone."""
    marts = {path.stem for path, _ in sql_files(root, "marts/report")}
    refs = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")
    found = [p for p, sql in sql_files(root, "marts/report") if marts & {*refs.findall(sql)}]
    return names(root, found)


RULES: tuple[Rule, ...] = (
    modules_that_import_a_library_from_outside_its_home,
    modules_that_import_a_higher_floor,
    packages_that_import_each_other,
    files_in_a_circle,
    models_outside_staging_that_read_sources,
    marts_that_read_staging,
    versioned_models_that_read_run_parameters,
    unions_that_read_run_parameters,
    report_marts_that_read_reports,
)

BROKEN: tuple[tuple[Rule, str, str], ...] = (
    *(
        (
            modules_that_import_a_higher_floor,
            f"{lower.replace('.', '/')}/broken.py",
            f"def late():\n    from {higher} import anything\n",
        )
        for lower, higher in pairwise(name for name in FLOORS if name.startswith("yanbao."))
    ),
    (
        modules_that_import_a_higher_floor,
        "expectations/yanbao_gx/broken.py",
        "import yanbao.quality\n",
    ),
    (
        packages_that_import_each_other,
        "yanbao/reporting/styling/broken.py",
        "from yanbao.reporting.composing import compose\n",
    ),
    (
        packages_that_import_each_other,
        "yanbao/reporting/reading/broken.py",
        "def late():\n    from yanbao.reporting import build\n",
    ),
    (
        files_in_a_circle,
        "yanbao/raw/load.py",
        "def late():\n    from yanbao.raw import zone\n",
    ),
    (
        modules_that_import_a_library_from_outside_its_home,
        "yanbao/nightly/broken.py",
        "def late():\n    from dagster import job\n",
    ),
    (
        modules_that_import_a_library_from_outside_its_home,
        "yanbao/sources/broken.py",
        "from akshare.stock import stock_info\n",
    ),
    (
        modules_that_import_a_library_from_outside_its_home,
        "yanbao/quality/broken.py",
        "import great_expectations as gx\n",
    ),
    (
        models_outside_staging_that_read_sources,
        "models/intermediate/int_broken.sql",
        "select * from {{ source('inbox', 'fund_navs') }}\n",
    ),
    (
        marts_that_read_staging,
        "models/marts/core/broken.sql",
        "select * from {{ ref('stg_inbox__fund_navs') }}\n",
    ),
    (
        versioned_models_that_read_run_parameters,
        "models/marts/core/broken.sql",
        "select as_of_date from run_parameters\n",
    ),
    (
        versioned_models_that_read_run_parameters,
        "models/staging/inbox/stg_inbox__broken.sql",
        "select * from {{ known_versions('funds') }} as known\n",
    ),
    (
        unions_that_read_run_parameters,
        "models/intermediate/int_broken_unioned.sql",
        "select * from {{ ref('int_windows') }}\n",
    ),
    (
        report_marts_that_read_reports,
        "models/marts/report/broken.sql",
        "select * from {{ ref('index_changes') }}\n",
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_file_breaks_the_rule(rule: Rule) -> None:
    assert rule(PROJECT_ROOT) == []


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the layers, to break an arrow in."""
    root = tmp_path_factory.mktemp("layers")
    for folder in (*CODE_FOLDERS, "models"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT_ROOT / folder, root / folder, ignore=ignored)
    return root


@pytest.mark.parametrize(
    ("rule", "place", "text"), BROKEN, ids=[f"{r.__name__}:{p}" for r, p, _ in BROKEN]
)
def test_rule_names_the_file_that_breaks_it(
    layers: Path, rule: Rule, place: str, text: str
) -> None:
    path = layers / place
    before = path.read_bytes() if path.exists() else None
    path.write_text(text, encoding="utf-8")
    try:
        assert place in rule(layers)
    finally:
        path.write_bytes(before) if before is not None else path.unlink()


@pytest.mark.parametrize("library", LIBRARY_HOMES)
def test_library_is_imported_in_its_home(library: str) -> None:
    (home,) = LIBRARY_HOMES[library]
    files = python_files(PROJECT_ROOT, home) or [PROJECT_ROOT / home]
    assert any(is_of(name, library) for path in files for name in imports(path))


def test_every_package_stands_on_a_floor() -> None:
    graph = read_graph(PROJECT_ROOT)
    lost = [module for module in graph.paths if floor(module) < 0]
    assert lost == ["yanbao"]


def test_every_arrow_is_broken_on_purpose_somewhere() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)
