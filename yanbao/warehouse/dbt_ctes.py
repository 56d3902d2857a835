"""Ephemeral models put in front of a statement, without parsing the statement for it.

dbt parses a model's whole text with sqlparse to find its first word, ``with``. On the report
marts that took longer than all of their queries but three; a pattern finds the same place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_FIRST_WITH = re.compile(
    r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*with(?:\s+recursive)?\b\s*", re.IGNORECASE | re.DOTALL
)
_COMMENT_OR_QUOTED = re.compile(r"--[^\n]*|/\*.*?\*/|'[^']*'|\"[^\"]*\"", re.DOTALL)


def install() -> None:
    """Let dbt use ``inject_ctes``; what it cannot place, dbt's own function still does."""
    import dbt.compilation as dbt_compilation  # noqa: PLC0415 - costs 2.4 CPU s

    theirs = dbt_compilation.inject_ctes_into_sql
    if hasattr(theirs, "replaced"):
        return

    def ours(sql: str, ctes: list[Any]) -> str:
        injected = inject_ctes(sql, [cte.sql for cte in ctes])
        return theirs(sql, ctes) if injected is None else injected

    ours.replaced = theirs  # type: ignore[attr-defined]
    dbt_compilation.inject_ctes_into_sql = ours


def inject_ctes(sql: str, ctes: Sequence[str]) -> str | None:
    """``sql`` with CTEs in front of its own, byte for byte as dbt writes it.

    None where it takes a parser: the statement does not begin with ``with``, or a semicolon
    may end it before the text does.
    """
    if not ctes:
        return sql
    first_with = _FIRST_WITH.match(sql)
    if first_with is None or (";" in sql and ";" in _COMMENT_OR_QUOTED.sub("", sql)):
        return None
    place = first_with.end()
    return f"{sql[:place]}{', '.join(ctes)}, {sql[place:]}"
