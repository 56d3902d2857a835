"""How measures follow from other columns of their row: ``formulas.yml``, read and evaluated.

The same expression gives a spreadsheet formula and its value, so that a workbook shows the
number before any program recalculates it.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yanbao.base.errors import PackError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import read_yaml

FORMULAS = PROJECT_ROOT / "reports" / "formulas.yml"
_SIGNS: dict[type[ast.operator], tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
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
        return _sheet(self._tree, reference)


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


def _is_abs(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "abs"
        and len(node.args) == 1
        and not node.keywords
    )


def _names(node: ast.expr, where: str) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        yield from _names(node.left, where)
        yield from _names(node.right, where)
    elif isinstance(node, ast.Call) and _is_abs(node):
        yield from _names(node.args[0], where)
    elif not (isinstance(node, ast.Constant) and isinstance(node.value, int | float)):
        raise PackError(
            f"{ast.unparse(node)!r} has no place in a formula",
            where=where,
            hint="use columns, numbers, + - * / ( ) and abs()",
        )


def _value(node: ast.expr, numbers: dict[str, float]) -> float:
    if isinstance(node, ast.Name):
        return numbers[node.id]
    if isinstance(node, ast.BinOp):
        return _SIGNS[type(node.op)][1](_value(node.left, numbers), _value(node.right, numbers))
    if isinstance(node, ast.Call):
        return abs(_value(node.args[0], numbers))
    return float(ast.literal_eval(node))


def _sheet(node: ast.expr, reference: Callable[[str], str]) -> str:
    if isinstance(node, ast.Name):
        return reference(node.id)
    if isinstance(node, ast.BinOp):
        parts = (node.left, node.right)
        left, right = (
            f"({_sheet(part, reference)})"
            if isinstance(part, ast.BinOp)
            else _sheet(part, reference)
            for part in parts
        )
        return f"{left}{_SIGNS[type(node.op)][0]}{right}"
    if isinstance(node, ast.Call):
        return f"ABS({_sheet(node.args[0], reference)})"
    return ast.unparse(node)


def _operand(node: ast.expr, reference: Callable[[str], str]) -> str:
    text = _sheet(node, reference)
    return f"({text})" if isinstance(node, ast.BinOp) else text
