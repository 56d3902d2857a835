"""How many rows there are of each value: tables with their total, and charts."""

from __future__ import annotations

from yanbao.reporting.composing.found import Found
from yanbao.reporting.composing.selection import Row, count_rows_by, row_key
from yanbao.reporting.grammar.item_spec import ROW_COUNT, ChartSpec, TableSpec
from yanbao.reporting.printed.cell import Cell, Counted, Header, Trace
from yanbao.reporting.printed.pack import Point, PrintedRow
from yanbao.reporting.styling.formatting import NumberStyle, plain_text

COUNT = NumberStyle(kind="number")
COUNT_HEADER = Header(ROW_COUNT, "数量", COUNT)


def counted_rows(found: Found, spec: TableSpec) -> tuple[PrintedRow, ...]:
    """How many rows each combination has, and their total."""
    rows = [_count_row(found, spec, row) for row in count_rows_by(found.rows, spec.count_by)]
    if len(rows) > 1:
        total: Row = dict.fromkeys(spec.count_by[1:], "") | {
            spec.count_by[0]: "合计",
            ROW_COUNT: len(found.rows),
        }
        rows.append(_count_row(found, spec, total, is_total=True))
    return tuple(rows)


def counted_points(found: Found, spec: ChartSpec) -> tuple[Point, ...]:
    """One point per value, in the order in which the sorted rows name them."""
    counted = {
        row_key(row, spec.count_by): _count_row(found, spec, row).cells
        for row in count_rows_by(found.rows, spec.count_by)
    }
    ordered = dict.fromkeys(row_key(row, spec.count_by) for row in found.rows)
    return tuple(
        Point(" ".join(cell.text for cell in names), COUNT_HEADER.text, count)
        for *names, count in (counted[key] for key in ordered)
    )


def _count_row(
    found: Found, spec: TableSpec | ChartSpec, row: Row, *, is_total: bool = False
) -> PrintedRow:
    count = row[ROW_COUNT]
    text = COUNT.text(count)
    trace = Trace(
        mart=found.mart,
        row_key=f"count({row_key(row, spec.count_by)})",
        column=ROW_COUNT,
        label=COUNT_HEADER.text,
        raw=count,
        text=text,
        counted=None if is_total else _matching(spec, row),
    )
    words = (
        found.context.value_word(name, plain_text(row[name])) if row[name] != "" else ""
        for name in spec.count_by
    )
    number = Cell(text=text, style=COUNT, raw=count, number=COUNT.scaled(count), trace=trace)
    names = (Cell(word, NumberStyle()) for word in words)
    return PrintedRow((*names, number), is_total=is_total)


def _matching(spec: TableSpec | ChartSpec, row: Row) -> Counted:
    """The rows that a count counts, by equal columns: its own and the table's filters."""
    only = {name: values[0] for name, values in spec.selection.filters if len(values) == 1}
    return Counted(where=tuple((only | {name: row[name] for name in spec.count_by}).items()))
