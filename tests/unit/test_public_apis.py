"""The product stands on what its dependencies publish: no private names, no patches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.import_graph import FOLDERS
from yanbao.base.settings import PROJECT_ROOT

OWN = tuple(FOLDERS)
FOLDERS_READ = (*FOLDERS.values(), "benchmarks", "sample_data")
OWN_OBJECTS = ("self", "cls")
# requests has no public place for what every session does, and akshare makes its own sessions.
# In the process that runs akshare alone; see the top of the module.
ALLOWED = {
    "yanbao/sources/traffic.py": "requests.Session",
    # The documented switch of the library: nothing else keeps its handlers silent.
    "yanbao/cli/progress.py": "logging.raiseExceptions",
}


def code_files(root: Path) -> list[Path]:
    return sorted(path for folder in FOLDERS_READ for path in (root / folder).rglob("*.py"))


def is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def private_uses(code: str) -> list[str]:
    """Private modules and names of others that a module imports or reaches into."""
    return list(_private_uses(ast.parse(code)))


def _private_uses(tree: ast.Module) -> Iterator[str]:
    own_private = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in OWN_OBJECTS
    } | {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            # A private name of a class of this same module is this module's own.
            is_own = isinstance(node.value, ast.Name) and node.value.id in OWN_OBJECTS
            if not is_own and node.attr not in own_private:
                yield f"line {node.lineno}: {ast.unparse(node)}"
            continue
        else:
            continue
        for name in names:
            if name.split(".")[0] not in OWN and any(map(is_private, name.split("."))):
                yield f"line {node.lineno}: {name}"


def patches(code: str) -> list[str]:
    """Attributes of imported names that a module assigns: a patch of somebody else's code."""
    tree = ast.parse(code)
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return [
        f"line {node.lineno}: {ast.unparse(target)}"
        for node in ast.walk(tree)
        for target in _assigned(node)
        if _root(target) in imported
    ]


def _assigned(node: ast.AST) -> list[ast.expr]:
    """Attributes that a statement or a call of setattr gives another value."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in (
        "setattr",
        "mock.patch.object",
    ):
        return node.args[:1]
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    else:
        targets = []
    return [target for target in targets if isinstance(target, ast.Attribute)]


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("find", [private_uses, patches])
def test_no_module_reaches_into_a_dependency(find: object) -> None:
    assert callable(find)
    found = {
        str(path.relative_to(PROJECT_ROOT)): uses
        for path in code_files(PROJECT_ROOT)
        if (uses := find(path.read_text(encoding="utf-8")))
    }
    assert {
        name: left
        for name, uses in found.items()
        if (left := [one for one in uses if one.split(": ")[1] != ALLOWED.get(name)])
    } == {}


@pytest.mark.parametrize(
    "code",
    [
        "from dagster._core.storage import runs",
        "import dbt._something",
        "from duckdb import _hidden",
        "import openpyxl\nbook = openpyxl.Workbook()\nbook._sheets.clear()",
        "def late():\n    from great_expectations.core import _suite",
    ],
)
def test_private_name_of_a_dependency_is_found(code: str) -> None:
    assert private_uses(code) != []


@pytest.mark.parametrize(
    "code",
    [
        "import dbt.compilation as compiling\ncompiling.inject = print",
        "from akshare import utils\nutils.timeout = 3",
        "import requests\nrequests.Session.send = print",
        "import requests\nsetattr(requests.Session, 'send', print)",
    ],
)
def test_patch_of_a_dependency_is_found(code: str) -> None:
    assert patches(code) != []


def test_own_private_names_and_attributes_of_own_objects_are_allowed() -> None:
    code = (
        "class A:\n    def f(self, other):\n        self._x = other._x\n        return self._x"
    )
    assert private_uses(code) == []
    assert patches("from x import y\nself.y = y") == []
