"""How measures follow from other columns of their row: ``formulas.yml``, read and evaluated.

The same expression gives a spreadsheet formula and its value, so that a workbook shows the
number before any program recalculates it.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yanbao.base.errors import PackError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import read_yaml

FORMULAS = PROJECT_ROOT / "reports" / "formulas.yml"
_NAME = re.compile(r"\b[A-Za-z_]\w*")
_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Formula:
    """A formula, the value that it has, and in a word how it comes to it."""

    text: str
    value: float | bool
    how: str


@dataclass(frozen=True)
class Expression:
    """One right-hand side of ``formulas.yml``; ``names`` are the columns that it reads."""

    text: str
    names: tuple[str, ...]
    _tree: ast.expr

    def value(self, of: Callable[[str], float | None]) -> float | None:
        """The value of a row; nothing where an operand is missing or a divisor is zero."""
        known = {name: of(name) for name in self.names}
        numbers = {name: number for name, number in known.items() if number is not None}
        if len(numbers) < len(known):
            return None
        try:
            return _value(self._tree, numbers)
        except ZeroDivisionError:
            return None

    def sheet(self, reference: Callable[[str], str]) -> str:
        """The spreadsheet formula without its =, with each name as a cell."""
        cells = {"abs": "ABS"} | {name: reference(name) for name in self.names}
        return _NAME.sub(lambda name: cells[name[0]], "".join(self.text.split()))


def parse_expression(text: str, where: str) -> Expression:
    """Raises PackError for anything but columns, numbers, + - * / and abs()."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise PackError(
            f"the formula {text!r} cannot be read", where=where, hint="write a / b - 1"
        ) from error
    names = tuple(dict.fromkeys(_names(tree, where)))
    if not names:
        raise PackError(f"the formula {text!r} reads no column", where=where)
    return Expression(text, names, tree)


@cache
def load_formulas(path: Path = FORMULAS) -> dict[tuple[str, str], Expression]:
    """Expression by mart and column."""
    content = read_yaml(path, PackError)
    return {
        (str(mart), str(column)): parse_expression(str(text), f"{path.name}: {mart}.{column}")
        for mart, columns in content.items()
        for column, text in columns.items()
    }


def _names(node: ast.expr, where: str) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            yield from _names(left, where)
            yield from _names(right, where)
        case ast.Call(func=ast.Name(id="abs"), args=[inner], keywords=[]):
            yield from _names(inner, where)
        case ast.Constant(value=int() | float()):
            pass
        case _:
            raise PackError(
                f"{ast.unparse(node)!r} has no place in a formula",
                where=where,
                hint="use columns, numbers, + - * / ( ) and abs()",
            )


def _value(node: ast.expr, numbers: Mapping[str, float]) -> float:
    match node:
        case ast.Name(id=name):
            return numbers[name]
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_value(left, numbers), _value(right, numbers))
        case ast.Call(args=[inner]):
            return abs(_value(inner, numbers))
    return float(ast.literal_eval(node))
