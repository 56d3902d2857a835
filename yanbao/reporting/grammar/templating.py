"""Templates of titles, notes and sentences: ``{fact}``, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from yanbao.base.errors import PackError
from yanbao.reporting.grammar.fact_spec import BUILT_IN_WORDS
from yanbao.reporting.grammar.item_spec import EACH_WORD, SentenceSpec
from yanbao.reporting.grammar.pack_spec import PackSpec

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fill(template: str, words: Mapping[str, str]) -> str:
    """Replaces placeholders by plain text; nothing in a value is interpreted again."""
    return _PLACEHOLDER.sub(lambda match: words[match[1]], template)


def parameter_of(value: object) -> str:
    """The name in a filter's ``'{pool}'``; empty for a value that stands for itself."""
    match = _PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else ""


def check_templates(pack: PackSpec) -> None:
    """Refuses a placeholder that is no fact, parameter or built-in word, where it stands."""
    common = {*BUILT_IN_WORDS, *pack.parameters}
    for key, template in (("title", pack.title), ("subtitle", pack.subtitle)):
        _check(template, common, key)
    for item in pack.items:
        known = set(common)
        for fact in item.facts.values():
            _check(fact.than, known, f"{fact.path}.than")
            _check(fact.named, pack.parameters, f"{fact.path}.named")
            known.add(fact.name)
        if isinstance(item, SentenceSpec):
            _check(item.template, known, f"{item.path}.sentence")
            continue
        known |= {EACH_WORD} if item.each else set()
        _check(item.title, known, f"{item.path}.title")
        for note in item.notes:
            _check(note, known, f"{item.path}.notes")
    for where, selection in pack.selections:
        for column, values in (*selection.filters, *selection.among):
            for name in filter(None, map(parameter_of, values)):
                if name not in pack.parameters:
                    place = f"{where}.filter.{column}"
                    raise PackError.unknown_name("parameter", name, pack.parameters, place)


def _check(template: str, known: Iterable[str], where: str) -> None:
    for name in _PLACEHOLDER.findall(template):
        if name not in known:
            raise PackError.unknown_name("fact", name, known, where)
    if "{" in (rest := _PLACEHOLDER.sub("", template)) or "}" in rest:
        raise PackError("a brace is not closed", where=where, hint="write {fact}")
