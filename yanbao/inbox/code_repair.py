"""Repairing codes, only where a mapping asks for it: lost zeros and missing suffixes."""

from __future__ import annotations

import re
from collections.abc import Callable

from yanbao.catalog.declaration import INDEX_CODE
from yanbao.catalog.market_facts import exchange_of, index_codes

_HK_DIGITS = 4
_DIGITS = 6


def _a_share(digits: str) -> str:
    exchange = exchange_of(digits) if len(digits) == _DIGITS else None
    return f"{digits}.{exchange}" if exchange else digits


# a_share also knows B shares and funds that an exchange lists.
SUFFIX_RULES: dict[str, Callable[[str], str]] = {
    "a_share": _a_share,
    "fund": lambda digits: f"{digits}.OF",
    "hk": lambda digits: f"{digits}.HK",
    "index": lambda digits: index_codes().get(digits, digits),
}


def rule_for(pattern: str, rules: tuple[str, ...]) -> str | None:
    """The one of a mapping's rules that is about a column: codes of indices have their own.

    000001 is a bank's share in Shenzhen and an index in Shanghai, so that no rule for shares
    may complete the code of an index, nor the reverse.
    """
    is_index = pattern == INDEX_CODE
    return next((rule for rule in rules if (rule == "index") == is_index), None)


def one_spelling(code: str) -> str:
    """The one code of a Hong Kong share: the first zero of 00700.HK only fills."""
    return code[1:] if re.fullmatch(r"0\d{4}\.HK", code) else code


def repair_code(value: str, pattern: str, *, pad: bool, suffix_rule: str | None) -> str:
    """The repaired code, or the value as it stands where no repair makes it valid.

    A repair counts only if its result fits the column's ``pattern``, so that one mapping
    can hold share codes and classification codes side by side.
    """
    value = one_spelling(value)
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
    repaired = one_spelling(repaired)
    return repaired if re.fullmatch(pattern, repaired) else value
