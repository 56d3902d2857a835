"""Which report marts read a dataset, told from the models' own ``ref`` calls."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yanbao.base.settings import PROJECT_ROOT

_REF = re.compile(r"""\bref\(\s*['"](\w+)['"]""")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\s*\(.*?\{%-?\s*endmacro", re.DOTALL)


def report_marts_of() -> dict[str, tuple[str, ...]]:
    """Names of report marts by dataset, in alphabetical order; none where no mart reads it."""
    models = PROJECT_ROOT / "models"
    reads = _reads()
    marts = sorted(path.stem for path in (models / "marts" / "report").glob("*.sql"))
    read = {mart: _upstream(mart, reads) for mart in marts}
    prefix = "stg_inbox__"
    staged = [path.stem for path in (models / "staging" / "inbox").glob(f"{prefix}*.sql")]
    return {
        one.removeprefix(prefix): tuple(mart for mart in marts if one in read[mart])
        for one in staged
    }


def _reads() -> dict[str, set[str]]:
    """What each model refers to itself, or through a macro that it calls."""
    macros: dict[str, str] = {}
    for path in sorted((PROJECT_ROOT / "dbt_project" / "macros").rglob("*.sql")):
        found = _MACRO.finditer(path.read_text(encoding="utf-8"))
        macros |= {match[1]: match[0] for match in found}
    paths = sorted((PROJECT_ROOT / "models").rglob("*.sql"))
    models = {path.stem for path in paths}
    # A macro that refers to nothing itself may call one that does.
    calls = {name: _called(text, macros) - {name} for name, text in macros.items()}
    of_macro = {
        name: {
            ref
            for called in (name, *_upstream(name, calls))
            for ref in _refs(macros[called], models)
        }
        for name in macros
    }
    reads: dict[str, set[str]] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8")
        through = (of_macro[name] for name in _called(text, macros))
        reads[path.stem] = _refs(text, models).union(*through)
    return reads


def _refs(text: str, models: set[str]) -> set[str]:
    """A ``ref`` of a loop's variable may be any model that the text names."""
    named = {*_REF.findall(text)}
    if re.search(r"\bref\(\s*\w+\s*\)", text):
        named |= {*re.findall(r"'(\w+)'", text)} & models
    return named


def _called(text: str, macros: Mapping[str, str]) -> set[str]:
    return {name for name in re.findall(r"\b(\w+)\s*\(", text) if name in macros}


def _upstream(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    """Everything that can be reached from ``start``, itself left out."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = edges.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += sorted(fresh)
    return found - {start}
