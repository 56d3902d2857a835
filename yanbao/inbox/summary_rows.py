"""Totals among the rows: 合计, 小计, Total. They are no entity and no period."""

from __future__ import annotations


def _pattern(gap: str) -> str:
    chinese = "|".join(gap.join(word) for word in ("合计", "总计", "小计", "共计"))
    return rf"(?:{chinese}|(?i:(?:grand |sub-?)?total))[:：]?"


# As a mapping says it; in the notation of Python a blank may be an ideographic one.
SUMMARY_NOTE = rf"^{_pattern(chr(92) + 's*')}$"
# As DuckDB reads it, whose \s is ASCII alone.
SUMMARY_CELL = _pattern("[\\s\u3000\u00a0]*")
