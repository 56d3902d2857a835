"""What to do about a bad cell, in one sentence that a person can act on."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from yanbao.catalog import Column
from yanbao.catalog.cell_rules import EARLIEST_DAY, WHOLE_PATTERN
from yanbao.catalog.market_facts import kind_of

_NO_VALUE = r"-{1,3}|—{1,2}|/|#?n/a|na|null|none|暂无|不适用"
_CODE_DIGITS = 6
# How other vendors write the mainland's exchanges.
_OTHER_SUFFIXES = {"XSHG": "SH", "SS": "SH", "XSHE": "SZ", "XBSE": "BJ"}


@lru_cache(maxsize=4096)
def hint_for(column: Column, rule: str, value: str) -> str:
    """The hint for a cell of ``column`` that breaks ``rule``."""
    return _HINTS[rule](column, value)


def _bound_hint(least_or_most: str, bound: float | None, unit: str) -> str:
    return f"the {least_or_most} that is plausible is {bound:,} {unit}".rstrip()


def _minimum_hint(column: Column, value: str) -> str:
    if column.kind == "date":
        return f"days before {EARLIEST_DAY} are taken for slips; check the year"
    return f"{_bound_hint('least', column.minimum, column.unit)}; check the unit"


def _code_hint(column: Column, value: str) -> str:
    example = column.example or ("600519.SH" if "SH" in (column.pattern or "") else "")
    like = f", e.g. {example}" if example else ""
    digits, _, suffix = value.partition(".")
    ours = _as_we_write(value)
    if re.fullmatch(column.pattern or "", ours):
        hint = f"write it as {ours}"
    elif re.fullmatch(r"[0-9]+", digits) and len(digits) < _CODE_DIGITS and suffix != "HK":
        hint = (
            "codes lost their leading zeros; keep them as text or give a mapping with"
            " pad_codes: true"
        )
    elif re.fullmatch(r"[0-9]{6}", value) and ("." in example or not example):
        hint = f"add the exchange suffix{like}, or give a mapping with code_suffix"
    elif re.fullmatch(r"[0-9]{6}\.[0-9]+", value):
        hint = f"it was read as a number; keep codes as text{like}"
    elif kind := kind_of(ours):
        hint = f"{ours} is {kind}, which this column does not take{like}; check the dataset"
    else:
        hint = f"write the code as the dataset does{like}"
    return hint


def _as_we_write(value: str) -> str:
    """A code in another vendor's spelling: sh600519, 600519.XSHG, brk_b.n."""
    code = re.sub(r"^(SH|SZ|BJ)[.:]?([0-9]{6})$", r"\2.\1", value.upper())
    code = re.sub(r"^([A-Z]+)[._/]([A-Z])(?=\.[ONA]$)", r"\1-\2", code)
    name, _, suffix = code.rpartition(".")
    return f"{name}.{_OTHER_SUFFIXES[suffix]}" if suffix in _OTHER_SUFFIXES else code


def _type_hint(column: Column, value: str) -> str:
    if re.fullmatch(_NO_VALUE, value.casefold()):
        return "leave the cell empty where there is no value"
    if column.kind == "date":
        return _date_hint(value)
    if column.kind in ("decimal", "integer"):
        return _number_hint(column, value)
    return "write true or false" if column.kind == "boolean" else "store it as text"


def _number_hint(column: Column, value: str) -> str:
    unit = column.unit or "plain numbers"
    plain = re.sub("[,，]", "", value)
    if re.fullmatch(r"[+-]?[0-9]{1,3}([,，][0-9]{3})+(\.[0-9]+)?", value):
        return f"write {plain}, without thousands separators"
    if re.fullmatch(r"[+-]?[0-9.]+[,，][0-9]+", value):
        return "write a decimal point, and nothing between thousands: 1234.5"
    if value.endswith(("%", "％")):
        return f"write the plain number in {unit}, without the percent sign"
    if value.endswith(("万", "亿", "元")):
        return f"write the plain number in {unit}; a mapping's units convert a column"
    if column.kind == "integer" and re.fullmatch(WHOLE_PATTERN, value):
        return "the number is too large"
    return f"write a {'whole ' if column.kind == 'integer' else ''}number, in {unit}"


def _date_hint(value: str) -> str:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.+Z-]+", value):
        return f"write the day alone: {value[:10]}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return "there is no such day"
    if re.fullmatch(r"[0-9]{5}(\.0)?", value):
        return "this is a day number of a spreadsheet; format the column as text 2024-10-31"
    return "write days as 2024-10-31, or give a mapping with date_format"


_HINTS: dict[str, Callable[[Column, str], str]] = {
    "required": lambda column, _: f"fill the cell: {column.description}",
    "code_pattern": _code_hint,
    "type": _type_hint,
    "not_finite": lambda *_: "leave the cell empty where there is no number",
    "error_value": lambda *_: "a formula failed here; write the value, or empty the cell",
    "allowed": lambda column, _: f"use one of {', '.join(column.allowed)}",
    "minimum": _minimum_hint,
    "maximum": lambda column, _: (
        f"{_bound_hint('most', column.maximum, column.unit)}; check the unit"
    ),
    "magnitude": lambda column, _: (
        f"no number of a market is as large; check digits and unit ({column.unit or 'none'})"
    ),
    "order": lambda column, _: (
        f"{column.name} lies before {column.not_before}: find the day that is wrong, or the"
        " columns that are swapped"
    ),
    "summary_row": lambda column, value: (
        f"a total is no {column.name}: delete the row, or leave it out with skip_where in a"
        f" mapping; if it is a name, values: {{{column.name}: {{{value}: {value}}}}}"
    ),
    "garbled": lambda *_: (
        "the text was saved in one encoding and read in another, or is none; export it again as"
        " CSV UTF-8"
    ),
    "not_in_future": lambda *_: "the day has not come yet; check year and month",
}
