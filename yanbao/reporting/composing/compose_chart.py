"""Prints one chart: categories in their final order, labels with every digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yanbao.base.errors import PackError
from yanbao.reporting.composing.compose_counts import print_counted_chart
from yanbao.reporting.composing.context import PackContext, distinct_text
from yanbao.reporting.composing.facts import compute_facts
from yanbao.reporting.composing.missing import dash_note, missing_reason
from yanbao.reporting.composing.selection import Row, Selected
from yanbao.reporting.grammar.item_spec import ChartSpec
from yanbao.reporting.grammar.row_spec import ColumnSpec
from yanbao.reporting.grammar.templating import fill
from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.formatting import NumberStyle, plain_text, to_date

TIMELINES = ("line", "step")


def print_chart(context: PackContext, spec: ChartSpec, number: int) -> PrintedChart:
    if spec.count_by:
        return print_counted_chart(context, spec, number)
    selected = context.select(spec.selection)
    mart = spec.selection.mart
    styles = [_style(context, mart, measure, selected.rows) for measure in spec.y]
    _require_one_unit(context, spec, styles, selected.rows)
    words = compute_facts(context, spec.facts.values())[0] | dict(spec.words)
    names = _category_names(context, spec, selected.rows)
    measures = (*spec.y, *((spec.line,) if spec.line else ()))
    points = tuple(
        _point(context, spec, measure, row=row, category=name)
        for measure in measures
        for row, name in zip(selected.rows, names)
    )
    categories = tuple(dict.fromkeys(names))
    if spec.kind in TIMELINES:
        categories = tuple(sorted(categories))
    line_style = _line_style(context, spec, selected.rows)
    return PrintedChart(
        number=number,
        mart=mart,
        kind=spec.kind,
        title=context.title(spec.title, words, selected.rows),
        style=styles[0],
        categories=categories,
        series=tuple(dict.fromkeys(point.series for point in points)),
        points=points,
        extra_headers=_extra_headers(context, spec),
        notes=(
            *_notes(context, spec, selected),
            *_dash_notes(context, spec, selected.rows, names),
            *(fill(note, words) for note in spec.notes),
        ),
        sources=distinct_text(row.get("source_note") for row in selected.rows),
        sample=context.sample_mark(selected.rows),
        line_style=line_style,
        line_series=context.label(mart, spec.line.name) if spec.line else "",
        measure="、".join(context.label(mart, measure.name) for measure in spec.y),
        base=_base(spec, styles[0]),
        adjoining=spec.adjoining,
    )


def _base(spec: ChartSpec, style: NumberStyle) -> Decimal | None:
    """The level to compare with: the pack's own, else zero for lines of a change."""
    if spec.base is None and spec.kind in TIMELINES and style.signed:
        return Decimal(0)
    return spec.base


def _line_style(
    context: PackContext, spec: ChartSpec, rows: Sequence[Row]
) -> NumberStyle | None:
    """The style of a combo's second measure, which has an axis and a unit of its own."""
    if spec.line is None:
        return None
    style = _style(context, spec.selection.mart, spec.line, rows)
    if not style.is_numeric:
        raise PackError("line must be a number", where=spec.path)
    if context.label(spec.selection.mart, spec.line.name) in {
        context.label(spec.selection.mart, measure.name) for measure in spec.y
    }:
        raise PackError("line repeats a measure of y", where=spec.path, hint="drop one")
    return style


def _style(
    context: PackContext, mart: str, measure: ColumnSpec, rows: Sequence[Row]
) -> NumberStyle:
    """The axis' style; where rows name their unit, that of the rows (all have one)."""
    style = context.style(mart, measure, rows)
    return context.row_style(style, measure.name, rows[0]) if rows else style


def _require_one_unit(
    context: PackContext, spec: ChartSpec, styles: Sequence[NumberStyle], rows: Sequence[Row]
) -> None:
    """One axis has one unit: yuan beside dollars, or bp beside pips, cannot be drawn."""
    kinds = {(style.kind, style.unit, style.power) for style in styles}
    for measure in spec.y:
        currencies = context.currencies(spec.selection.mart, measure.name, rows)
        units = {row.get(f"{measure.name}_unit") for row in rows}
        if len(currencies) > 1 or len(units) > 1 or len(kinds) > 1:
            raise PackError(
                f"{measure.name} has several units or currencies in one chart",
                where=spec.path,
                hint="filter to one, or chart a change in percent",
            )
    if not all(style.is_numeric for style in styles):
        raise PackError("y must be a number", where=spec.path)


def _category_names(context: PackContext, spec: ChartSpec, rows: Sequence[Row]) -> list[str]:
    """One name per row; rows that would share a name in one series are numbered."""
    mart = spec.selection.mart
    seen: dict[tuple[str, str], int] = {}
    names = []
    for row in rows:
        name = " ".join(
            context.cell(mart, column.name, context.style(mart, column, [row]), row).text
            for column in spec.x
        )
        place = (name, plain_text(row[spec.series.name]) if spec.series else "")
        seen[place] = seen.get(place, 0) + 1
        names.append(name if seen[place] == 1 else f"{name} ({seen[place]})")
    if spec.kind == "step" and not all(to_date(name) for name in names):
        raise PackError(
            "x of a step chart must be one date per row and series", where=spec.path
        )
    return names


def _point(
    context: PackContext,
    spec: ChartSpec,
    measure: ColumnSpec,
    *,
    row: Row,
    category: str,
) -> Point:
    mart = spec.selection.mart

    def cell(column: ColumnSpec | None) -> Cell | None:
        if column is None:
            return None
        return context.cell(mart, column.name, context.style(mart, column, [row]), row)

    series = context.label(mart, measure.name)
    if spec.series and measure is not spec.line:
        style = context.style(mart, spec.series, [row])
        series = context.cell(mart, spec.series.name, style, row).text
    number = context.cell(mart, measure.name, context.style(mart, measure, [row]), row)
    instead = row[spec.instead] if spec.instead and number.number is None else ""
    # The word belongs to the measure that has no value: the line of a combo, else y.
    is_meant = measure is (spec.line or measure)
    return Point(
        category=category,
        series=series,
        cell=number,
        label=None if measure is spec.line else cell(spec.label),
        low=cell(_named(spec.low)),
        high=cell(_named(spec.high)),
        word=str(instead or "") if is_meant else "",
    )


def _named(column: str) -> ColumnSpec | None:
    return ColumnSpec(column=column) if column else None


def _extra_headers(context: PackContext, spec: ChartSpec) -> tuple[str, ...]:
    names = (spec.label.name if spec.label else "", spec.low, spec.high)
    return tuple(context.label(spec.selection.mart, name) for name in names if name)


def _dash_notes(
    context: PackContext, spec: ChartSpec, rows: Sequence[Row], names: Sequence[str]
) -> Iterator[str]:
    """Which points are not drawn, and why."""
    found = [
        (name, f"{context.label(spec.selection.mart, measure.name)}：{reason}")
        for measure in spec.y
        for name, row in zip(names, rows)
        if (reason := missing_reason(context, spec.selection.mart, measure.name, row))
    ]
    if found:
        yield dash_note(found, len(rows))


def _notes(context: PackContext, spec: ChartSpec, selected: Selected) -> tuple[str, ...]:
    if not selected.rows:
        return (context.no_rows(spec.selection),)
    if selected.total > len(selected.rows):
        return (f"共 {selected.total} 项，画出前 {len(selected.rows)} 项。",)
    return ()
