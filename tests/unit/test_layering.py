"""The arrows between the layers: who may import, read or mention what.

Each rule is a function from a checkout's root to the files that break it, so that every
arrow is also broken on purpose in a copy and must then be named.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT

Rule = Callable[[Path], list[str]]

WITHOUT_DAGSTER = (
    "orchestration/sources",
    "orchestration/raw",
    "orchestration/releases",
    "orchestration/warehouse",
    "orchestration/inbox",
    "orchestration/datasets",
    "expectations",
    "reports",
)
AKSHARE_HOME = "orchestration/sources/akshare_client.py"
REPORTS_MAY_IMPORT = {"orchestration.errors"}
COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)


def imports(path: Path) -> tuple[str, ...]:
    """Dotted names of what a module imports, at its top and inside its functions."""
    return imported_names(path.read_text(encoding="utf-8"))


@cache
def imported_names(code: str) -> tuple[str, ...]:
    return tuple(_imported_names(code))


def _imported_names(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


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


def own_module(root: Path, name: str) -> Path | None:
    """The file of one of our own modules, if the dotted name is one."""
    path = root / name.replace(".", "/")
    if path.with_suffix(".py").is_file():
        return path.with_suffix(".py")
    package = path / "__init__.py"
    return package if package.is_file() else None


def reaches(root: Path, start: Path, package: str) -> bool:
    """Whether a module imports a package itself or through our other modules."""
    waiting, seen = [start], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in imports(path):
            if is_of(name, package):
                return True
            module = own_module(root, name)
            if module is not None:
                waiting.append(module)
    return False


def modules_that_reach_dagster(root: Path) -> list[str]:
    found = [
        path
        for folder in WITHOUT_DAGSTER
        for path in python_files(root, folder)
        if reaches(root, path, "dagster")
    ]
    return names(root, found)


def modules_that_import_akshare(root: Path) -> list[str]:
    found = [
        path
        for folder in ("orchestration", "expectations", "reports")
        for path in python_files(root, folder)
        if any(is_of(name, "akshare") for name in imports(path))
    ]
    return [name for name in names(root, found) if name != AKSHARE_HOME]


def reports_that_import_more_than_errors(root: Path) -> list[str]:
    def is_foreign(name: str) -> bool:
        if is_of(name, "orchestration"):
            return not any(is_of(name, allowed) for allowed in REPORTS_MAY_IMPORT)
        return is_of(name, "expectations")

    found = [p for p in python_files(root, "reports") if any(map(is_foreign, imports(p)))]
    return names(root, found)


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
    modules_that_reach_dagster,
    modules_that_import_akshare,
    reports_that_import_more_than_errors,
    models_outside_staging_that_read_sources,
    marts_that_read_staging,
    versioned_models_that_read_run_parameters,
    unions_that_read_run_parameters,
    report_marts_that_read_reports,
)

BROKEN: tuple[tuple[Rule, str, str], ...] = (
    *(
        (modules_that_reach_dagster, f"{folder}/broken.py", "import dagster\n")
        for folder in WITHOUT_DAGSTER
    ),
    (
        modules_that_reach_dagster,
        "orchestration/raw/broken.py",
        "def late():\n    from dagster_dbt import DbtCliResource\n",
    ),
    (
        modules_that_reach_dagster,
        "orchestration/releases/broken.py",
        "from orchestration.jobs import nightly\n",
    ),
    (
        modules_that_import_akshare,
        "orchestration/sources/broken.py",
        "from akshare.stock import stock_info\n",
    ),
    (modules_that_import_akshare, "reports/broken.py", "import akshare as ak\n"),
    (
        reports_that_import_more_than_errors,
        "reports/broken.py",
        "from orchestration.releases.shelf import Shelf\n",
    ),
    (
        reports_that_import_more_than_errors,
        "reports/broken.py",
        "from orchestration import settings\n",
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
        "select * from {{ known_versions(ref('funds'), key=['fund_code']) }} as known\n",
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
    for folder in ("orchestration", "expectations", "reports", "models"):
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
    path.write_text(text, encoding="utf-8")
    try:
        assert place in rule(layers)
    finally:
        path.unlink()


def test_the_client_itself_imports_akshare() -> None:
    assert any(is_of(name, "akshare") for name in imports(PROJECT_ROOT / AKSHARE_HOME))


def test_every_arrow_is_broken_on_purpose_somewhere() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)
