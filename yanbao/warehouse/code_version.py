"""Two fingerprints of the project: of what decides the built tables, and of their words.

A changed label or description changes the second alone, so that it rebuilds nothing and is a
reason to publish.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.marts import CONTRACTS

CODE_PLACES = ("dbt_project.yml", "models", "dbt_project/macros", "dbt_project/seeds")
CODE_SUFFIXES = {".sql", ".yml", ".csv"}
WORD_PLACES = ("models/marts", "dbt_project/seeds")
# What people write and `make generate` takes apart: the file that dbt reads of it counts. Who
# reads the marts and what is tested decide nothing.
NOT_CODE = (
    "models/marts/report",
    "models/intermediate/steps.yml",
    "models/unit_tests",
    "models/exposures.yml",
    "dbt_project/seeds/seeds.yml",
)

_WORDS = re.compile(r"( *(?:- )?)(?:description|meta):")
# The end of a mapping on one line; with a colon it might be another key, and is kept.
_WORDS_IN_LINE = re.compile(r"[{,] *description: [^:{}]*\}$")


def code_version(root: Path = PROJECT_ROOT) -> str:
    """The hash of what decides the contents of core and report tables: SQL, macros, seeds and,
    of YAML, all but words.
    """
    digest = hashlib.sha256()
    for path in _files(CODE_PLACES, root):
        if path.suffix == ".yml" and path.name != CONTRACTS.name and _is_no_code(path, root):
            continue
        digest.update(str(path.relative_to(root)).encode())
        text = path.read_bytes()
        if path.suffix == ".yml":
            text = "\n".join(without_words(text.decode())).encode()
        digest.update(text)
    return digest.hexdigest()[:16]


def words_version(root: Path = PROJECT_ROOT) -> str:
    """The hash of every file that labels and describes tables."""
    digest = hashlib.sha256()
    for path in _files(WORD_PLACES, root):
        if path.suffix == ".yml":
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _is_no_code(path: Path, root: Path) -> bool:
    relative = path.relative_to(root)
    return any(relative.is_relative_to(place) for place in NOT_CODE)


def without_words(text: str) -> Iterator[str]:
    """The lines of a YAML file without descriptions and meta, nor the lines that continue them.

    What is written in another way stays in, which rebuilds once too often and never too seldom.
    """
    inside: int | None = None
    for line in text.splitlines():
        if inside is not None and (not line.strip() or _indent(line) > inside):
            continue
        found = _WORDS.match(line)
        inside = len(found[1]) if found else None
        if not found:
            yield _WORDS_IN_LINE.sub("}", line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _files(places: Iterable[str], root: Path) -> Iterator[Path]:
    for place in places:
        start = root / place
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        yield from (path for path in found if path.suffix in CODE_SUFFIXES)
