"""Templates of titles, notes and sentences: ``{fact}``, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from yanbao.base.errors import PackError

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fill(template: str, words: Mapping[str, str]) -> str:
    """Replaces placeholders by plain text; nothing in a value is interpreted again."""
    return _PLACEHOLDER.sub(lambda match: words[match[1]], template)


def placeholders(template: str) -> list[str]:
    """The words that a template asks for."""
    return _PLACEHOLDER.findall(template)


def parameter_of(value: object) -> str:
    """The name in a filter's ``'{pool}'``; empty for a value that stands for itself."""
    match = _PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else ""


def check_template(template: str, known: Iterable[str], where: str) -> None:
    """Refuses a placeholder that is none of the known words."""
    for name in placeholders(template):
        if name not in known:
            raise PackError.unknown_name("fact", name, known, where)
    if "{" in (rest := _PLACEHOLDER.sub("", template)) or "}" in rest:
        raise PackError("a brace is not closed", where=where, hint="write {fact}")
