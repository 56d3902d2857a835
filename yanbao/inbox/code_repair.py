"""Repairing codes, only where a mapping asks for it: lost zeros and missing suffixes."""

from __future__ import annotations

import re
from collections.abc import Callable

_HK_DIGITS = 4
_DIGITS = 6
_BY_FIRST_DIGITS = (
    # Longest first: 92 is Beijing's range since 2024, 900 are Shanghai's B shares.
    ("900", "SH"),
    ("92", "BJ"),
    ("0", "SZ"),
    ("1", "SZ"),
    ("2", "SZ"),
    ("3", "SZ"),
    ("4", "BJ"),
    ("5", "SH"),
    ("6", "SH"),
    ("8", "BJ"),
)


def _a_share(digits: str) -> str:
    for first, exchange in _BY_FIRST_DIGITS:
        if len(digits) == _DIGITS and digits.startswith(first):
            return f"{digits}.{exchange}"
    return digits


# a_share also knows exchange-traded funds, whose codes begin with 1 and 5.
SUFFIX_RULES: dict[str, Callable[[str], str]] = {
    "a_share": _a_share,
    "fund": lambda digits: f"{digits}.OF",
    "hk": lambda digits: f"{digits}.HK",
}


def repair_code(value: str, pattern: str, *, pad: bool, suffix_rule: str | None) -> str:
    """The repaired code, or the value as it stands where no repair makes it valid.

    A repair counts only if its result fits the column's ``pattern``, so that one mapping
    can hold share codes and classification codes side by side.
    """
    if re.fullmatch(pattern, value):
        return value
    digits, dot, suffix = value.partition(".")
    if not (digits.isascii() and digits.isdigit()):
        return value
    if pad:
        hong_kong = suffix == "HK" or (not dot and suffix_rule == "hk")
        digits = digits.zfill(_HK_DIGITS if hong_kong else _DIGITS)
    if not dot and suffix_rule and not re.fullmatch(pattern, digits):
        repaired = SUFFIX_RULES[suffix_rule](digits)
    else:
        repaired = digits + dot + suffix
    return repaired if re.fullmatch(pattern, repaired) else value
