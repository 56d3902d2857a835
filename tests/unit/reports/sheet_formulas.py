"""Recalculates the formulas of a workbook: the few functions that packs use, nothing else."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.utils.cell import range_boundaries  # type: ignore[import-untyped]

from yanbao.reporting.styling.formatting import half_up

_TOKEN = re.compile(
    r"(?P<range>(?:'(?P<sheet>(?:[^']|'')+)'!|(?P<bare>\w+)!)?"
    r"(?P<cells>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?))"
    r"|(?P<number>\d+(?:\.\d+)?)|\"(?P<text>(?:[^\"]|\"\")*)\"|(?P<word>[A-Z]+)|(?P<sign>[-+*/(),])"
)
_SIGNS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


@dataclass
class Calculator:
    """``workbook`` is loaded with its formulas, not with the values that they show."""

    workbook: Any

    def cell(self, sheet: str, cell: str) -> Any:
        """The value of a cell, recalculated from constants."""
        value = self.workbook[sheet][cell].value
        is_formula = self.workbook[sheet][cell].data_type == "f"
        return self.formula(sheet, value) if is_formula else value

    def formula(self, sheet: str, text: str) -> Any:
        tokens = list(_TOKEN.finditer(text[1:]))
        assert "".join(match[0] for match in tokens) == text[1:], text
        parser = _Parser(self, sheet, tokens)
        value = parser.sum()
        assert parser.at == len(tokens), text
        return value


class _Parser:
    def __init__(self, calculator: Calculator, sheet: str, tokens: list[re.Match[str]]) -> None:
        self.calculator, self.sheet, self.tokens, self.at = calculator, sheet, tokens, 0

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> re.Match[str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> Any:
        return self._chain("+-", self.product)

    def product(self) -> Any:
        return self._chain("*/", self.atom)

    def _chain(self, signs: str, part: Callable[[], Any]) -> Any:
        value = part()
        while self.peek() and self.peek() in signs:
            value = _SIGNS[self.take()[0]](value, part())
        return value

    def atom(self) -> Any:
        token = self.take()
        if token[0] == "(":
            value = self.sum()
            assert self.take()[0] == ")"
            return value
        if token["number"]:
            return float(token["number"])
        if token["text"] is not None:
            return token["text"].replace('""', '"')
        if token["word"] in ("TRUE", "FALSE"):
            return token["word"] == "TRUE"
        if token["word"]:
            return self._call(token["word"])
        values = self._cells(token)
        return values[0] if ":" not in token["cells"] else values

    def _call(self, name: str) -> Any:
        arguments = []
        assert self.take()[0] == "("
        while self.peek() != ")":
            arguments.append(self.sum())
            if self.peek() == ",":
                self.take()
        self.take()
        return _FUNCTIONS[name](*arguments)

    def _cells(self, token: re.Match[str]) -> list[Any]:
        sheet = (token["sheet"] or token["bare"] or self.sheet).replace("''", "'")
        left, top, right, bottom = range_boundaries(token["cells"].replace("$", ""))
        cells = self.calculator.workbook[sheet].iter_rows(top, bottom, left, right)
        return [self.calculator.cell(sheet, one.coordinate) for row in cells for one in row]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _meets(value: Any, criterion: Any) -> bool:
    """As COUNTIF compares: a number with numbers, a text with texts, = alone with nothing."""
    if isinstance(value, datetime | date):
        value = (datetime(value.year, value.month, value.day) - datetime(1899, 12, 30)).days
    if not isinstance(criterion, str):
        return (
            type(value) is bool and value is criterion
            if isinstance(criterion, bool)
            else _is_number(value) and value == criterion
        )
    match = re.fullmatch(r"(<>|>=|<=|>|<|=)?(.*)", criterion, flags=re.DOTALL)
    assert match is not None
    sign, bound = match[1] or "=", match[2]
    try:
        number = float(bound)
    except ValueError:
        plain = re.sub(r"~([~*?])", r"\1", bound).casefold()
        same = value in (None, "") if not plain else str(value).casefold() == plain
        return not same if sign == "<>" else same
    if not _is_number(value):
        return sign == "<>"
    return {
        "=": value == number, "<>": value != number, ">": value > number,
        "<": value < number, ">=": value >= number, "<=": value <= number,
    }[sign]  # fmt: skip


def _count_ifs(*arguments: Any) -> int:
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    ranges = [cells if isinstance(cells, list) else [cells] for cells, _ in pairs]
    return sum(
        all(_meets(value, criterion) for value, (_, criterion) in zip(values, pairs))
        for values in zip(*ranges, strict=True)
    )


def _sum(*arguments: Any) -> float:
    cells = [one for part in arguments for one in (part if isinstance(part, list) else [part])]
    return math.fsum(cell for cell in cells if _is_number(cell))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": _sum,
    "ABS": abs,
    "COUNTIF": _count_ifs,
    "COUNTIFS": _count_ifs,
    "DATE": lambda y, m, d: (datetime(int(y), int(m), int(d)) - datetime(1899, 12, 30)).days,
}


def shown(value: Any, number_format: str) -> str:
    """What a spreadsheet shows for a number in one of the formats that packs use."""
    if isinstance(value, timedelta):
        value /= timedelta(days=1)
    number = Decimal(f"{value:.15g}")
    sections = re.sub(r'"[^"]*"', "", number_format).split(";")
    if "ss" in number_format:
        minutes, seconds = divmod(int(half_up(number * 86_400, 0)), 60)
        hours, rest = divmod(minutes, 60)
        if "[h]" in number_format:
            return f"{hours}:{rest:02d}:{seconds:02d}"
        return f"{minutes}:{seconds:02d}"
    digits = sections[0].lstrip("+")
    rounded = half_up(number, len(digits.partition(".")[2]))
    plus = "+" if sections[0].startswith("+") and number > 0 else ""
    unsigned = len(sections) == 3 and not sections[1].startswith("-")
    return f"{plus}{abs(rounded) if unsigned else rounded:f}"
