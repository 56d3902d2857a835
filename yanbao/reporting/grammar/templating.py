"""Templates of titles, notes and sentences: ``{fact}``, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from yanbao.base.errors import PackError
from yanbao.reporting.styling.vocabulary import EVERYTHING_KNOWN

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def built_in_words(as_of: date, known_at: str) -> dict[str, str]:
    """The words that every template may use besides its own facts."""
    return {
        "as_of": as_of.isoformat(),
        "as_of_cn": f"{as_of.year}年{as_of.month}月{as_of.day}日",
        "month": f"{as_of.year}年{as_of.month}月",
        "year": str(as_of.year),
        "prev_year": str(as_of.year - 1),
        "week_start": (as_of - timedelta(days=as_of.weekday())).isoformat(),
        "known_at": known_at or EVERYTHING_KNOWN,
    }


BUILT_IN_WORDS = tuple(built_in_words(date(2000, 1, 1), ""))


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
