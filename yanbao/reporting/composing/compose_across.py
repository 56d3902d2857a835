"""Prints a table whose columns are values of the mart: models down, benchmarks across."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.base.errors import PackError
from yanbao.reporting.composing.context import PackContext, header_text, unit_text
from yanbao.reporting.composing.selection import Row, row_key
from yanbao.reporting.grammar.item_spec import TableSpec
from yanbao.reporting.grammar.row_spec import ColumnSpec
from yanbao.reporting.printed.cell import Cell, Header
from yanbao.reporting.printed.pack import PrintedRow
from yanbao.reporting.styling.formatting import NumberStyle, plain_text
from yanbao.reporting.styling.vocabulary import MISSING

Values = tuple[str, ...]
NOT_LISTED = "来源未列该项"


def print_across(
    context: PackContext, spec: TableSpec, value: ColumnSpec, rows: Sequence[Row]
) -> tuple[tuple[Header, ...], tuple[PrintedRow, ...]]:
    """One row per value of ``columns``, one column per value of ``across``, as first seen."""
    mart, names = spec.selection.mart, tuple(column.name for column in spec.columns)
    cells: dict[Values, dict[Values, Row]] = {}
    heads: dict[Values, list[Row]] = {}
    for row in rows:
        side, head = _values(row, names), _values(row, spec.across)
        if head in cells.setdefault(side, {}):
            raise PackError(
                f"two rows of {mart} share the cell {' '.join(side)} × {' '.join(head)}",
                where=spec.path,
                hint="name more columns, or filter",
            )
        cells[side][head] = row
        heads.setdefault(head, []).append(row)
    styles = {head: context.style(mart, value, found) for head, found in heads.items()}
    headers = (
        *(Header(name, context.label(mart, name), NumberStyle()) for name in names),
        *(
            Header(
                column=value.name,
                text=header_text(" ".join(head), _unit(context, mart, styles[head], found)),
                style=styles[head],
                definition=context.release.metrics.get(mart, value.name).definition,
            )
            for head, found in heads.items()
        ),
    )
    printed = []
    for found in cells.values():
        first = next(iter(found.values()))
        left = [context.cell(mart, name, NumberStyle(), first) for name in names]
        right = [
            context.cell(mart, value.name, styles[head], found[head])
            if head in found
            else Cell(MISSING, styles[head])
            for head in heads
        ]
        key = row_key(first, context.keys[mart])
        remarks = (NOT_LISTED,) if len(found) < len(heads) else ()
        printed.append(PrintedRow((*left, *right), remarks=remarks, key=key))
    return headers, tuple(printed)


def _values(row: Row, names: Sequence[str]) -> Values:
    return tuple(plain_text(row[name]) for name in names)


def _unit(context: PackContext, mart: str, style: NumberStyle, rows: Sequence[Row]) -> str:
    """The unit of a column, where its rows name just one."""
    if style.unit not in context.columns(mart):
        return style.unit
    units = {unit_text(row[style.unit]) for row in rows if row[style.unit]}
    return units.pop() if len(units) == 1 else ""
