"""Prints a table whose columns are values of the mart: models down, benchmarks across."""

from __future__ import annotations

from collections.abc import Sequence

from yanbao.base.errors import PackError
from yanbao.reporting.composing.context import header_text, unit_text
from yanbao.reporting.composing.found import Found
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
    found: Found, spec: TableSpec, value: ColumnSpec
) -> tuple[tuple[Header, ...], tuple[PrintedRow, ...]]:
    """One row per value of ``columns``, one column per value of ``across``, as first seen."""
    names = [column.name for column in spec.columns]
    cells: dict[Values, dict[Values, Row]] = {}
    heads: dict[Values, list[Row]] = {}
    for row in found.rows:
        side, head = _values(row, names), _values(row, spec.across)
        if head in cells.setdefault(side, {}):
            raise PackError(
                f"two rows of {found.mart} share the cell {' '.join(side)} × {' '.join(head)}",
                where=spec.path,
                hint="name more columns, or filter",
            )
        cells[side][head] = row
        heads.setdefault(head, []).append(row)
    styles = {head: found.style(value, rows) for head, rows in heads.items()}
    headers = (
        *(Header(name, found.label(name), NumberStyle()) for name in names),
        *(
            Header(
                column=value.name,
                text=header_text(" ".join(head), _unit(found, styles[head], rows)),
                style=styles[head],
                definition=found.metric(value.name).definition,
            )
            for head, rows in heads.items()
        ),
    )
    printed = []
    for by_head in cells.values():
        first = next(iter(by_head.values()))
        left = [found.cell(name, NumberStyle(), first) for name in names]
        right = [
            found.cell(value.name, style, by_head[head])
            if head in by_head
            else Cell(MISSING, style)
            for head, style in styles.items()
        ]
        remarks = (NOT_LISTED,) if len(by_head) < len(heads) else ()
        key = row_key(first, found.key)
        printed.append(PrintedRow((*left, *right), remarks=remarks, key=key))
    return headers, tuple(printed)


def _values(row: Row, names: Sequence[str]) -> Values:
    return tuple(plain_text(row[name]) for name in names)


def _unit(found: Found, style: NumberStyle, rows: Sequence[Row]) -> str:
    """The unit of a column, where its rows name just one."""
    if style.unit not in found.columns:
        return style.unit
    units = {unit_text(row[style.unit]) for row in rows if row[style.unit]}
    return units.pop() if len(units) == 1 else ""
