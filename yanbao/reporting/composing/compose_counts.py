"""How many rows there are of each value: tables with their total, and charts."""

from __future__ import annotations

from dataclasses import replace

from yanbao.reporting.composing.context import PackContext, distinct_text
from yanbao.reporting.composing.facts import compute_facts
from yanbao.reporting.composing.selection import Row, Selected, count_rows_by, row_key
from yanbao.reporting.grammar.item_spec import ROW_COUNT, ChartSpec, TableSpec
from yanbao.reporting.grammar.parameters import bound
from yanbao.reporting.grammar.templating import fill
from yanbao.reporting.printed.cell import Cell, Counted, Header, Trace
from yanbao.reporting.printed.pack import Point, PrintedChart, PrintedRow
from yanbao.reporting.styling.formatting import NumberStyle, plain_text

_COUNT = NumberStyle(kind="number")
COUNT_HEADER = Header(ROW_COUNT, "数量", _COUNT)


def counted_rows(
    context: PackContext, spec: TableSpec, selected: Selected
) -> tuple[PrintedRow, ...]:
    """How many rows each combination has, and their total."""
    counted = count_rows_by(selected.rows, spec.count_by)
    rows = [_count_row(context, spec, row) for row in counted]
    if len(rows) > 1:
        total: Row = dict.fromkeys(spec.count_by[1:], "") | {
            spec.count_by[0]: "合计",
            ROW_COUNT: len(selected.rows),
        }
        rows.append(_count_row(context, spec, total, is_total=True))
    return tuple(rows)


def print_counted_chart(context: PackContext, spec: ChartSpec, number: int) -> PrintedChart:
    """One bar per value, in the order in which the sorted rows name them."""
    selected = context.select(spec.selection)
    words = compute_facts(context, spec.facts.values())[0] | dict(spec.words)
    places = {
        row_key(row, spec.count_by): place for place, row in enumerate(reversed(selected.rows))
    }
    counted = count_rows_by(selected.rows, spec.count_by)
    ordered = sorted(counted, key=lambda row: -places[row_key(row, spec.count_by)])
    printed = [_count_row(context, spec, row) for row in ordered]
    points = tuple(
        Point(
            category=" ".join(cell.text for cell in row.cells[:-1]),
            series=COUNT_HEADER.text,
            cell=row.cells[-1],
        )
        for row in printed
    )
    return PrintedChart(
        number=number,
        mart=spec.selection.mart,
        kind=spec.kind,
        title=context.title(spec.title, words, selected.rows),
        style=replace(_COUNT, unit="个"),
        categories=tuple(point.category for point in points),
        series=(COUNT_HEADER.text,),
        points=points,
        extra_headers=(),
        notes=(
            *(() if points else (context.no_rows(spec.selection),)),
            *(fill(note, words) for note in spec.notes),
        ),
        sources=distinct_text(row.get("source_note") for row in selected.rows),
        sample=context.sample_mark(selected.rows),
        measure=COUNT_HEADER.text,
    )


def _count_row(
    context: PackContext, spec: TableSpec | ChartSpec, row: Row, *, is_total: bool = False
) -> PrintedRow:
    count = row[ROW_COUNT]
    text = _COUNT.text(count)
    trace = Trace(
        mart=spec.selection.mart,
        row_key=f"count({row_key(row, spec.count_by)})",
        column=ROW_COUNT,
        label="数量",
        raw=count,
        text=text,
        counted=None if is_total else _matching(context, spec, row),
    )
    names = tuple(
        Cell(
            text="" if row[name] == "" else context.value_word(name, plain_text(row[name])),
            style=NumberStyle(),
        )
        for name in spec.count_by
    )
    number = Cell(text=text, style=_COUNT, raw=count, number=_COUNT.scaled(count), trace=trace)
    return PrintedRow((*names, number), is_total=is_total)


def _matching(context: PackContext, spec: TableSpec | ChartSpec, row: Row) -> Counted:
    """The rows that a count counts, by equal columns: its own and the table's filters."""
    filters = bound(spec.selection, context.settings).filters
    only = {name: values[0] for name, values in filters if len(values) == 1}
    return Counted(where=tuple((only | {name: row[name] for name in spec.count_by}).items()))
