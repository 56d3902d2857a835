"""Prints one chart: categories in their final order, labels with every digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yanbao.base.errors import PackError
from yanbao.reporting.composing.compose_counts import COUNT, COUNT_HEADER, counted_points
from yanbao.reporting.composing.context import PackContext, dash_note, distinct_text, listed
from yanbao.reporting.composing.facts import compute_facts
from yanbao.reporting.composing.found import Found
from yanbao.reporting.composing.selection import Row
from yanbao.reporting.grammar.item_spec import ChartSpec
from yanbao.reporting.grammar.row_spec import ColumnSpec
from yanbao.reporting.grammar.templating import fill
from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.formatting import NumberStyle, plain_text, to_date

TIMELINES = ("line", "step")


def print_chart(context: PackContext, spec: ChartSpec, number: int) -> PrintedChart:
    found = Found(context, spec.selection)
    words = compute_facts(context, spec.facts.values())[0] | spec.words
    if spec.count_by:
        points = counted_points(found, spec)
        style, measure = replace(COUNT, unit="个"), COUNT_HEADER.text
        categories = tuple(point.category for point in points)
        dashes: list[str] = []
    else:
        names = _category_names(found, spec)
        style = _axis_style(found, spec)
        points = tuple(_points(found, spec, names))
        measure = "、".join(found.label(column.name) for column in spec.y)
        categories = tuple(
            sorted(set(names)) if spec.kind in TIMELINES else dict.fromkeys(names)
        )
        dashes = _dash_notes(found, spec, names)
    return PrintedChart(
        number=number,
        mart=found.mart,
        kind=spec.kind,
        title=context.title(spec.title, words, found.mart, found.rows),
        style=style,
        categories=categories,
        series=tuple(dict.fromkeys(point.series for point in points)),
        points=points,
        extra_headers=tuple(
            found.label(column.name) for column in (spec.label, spec.low, spec.high) if column
        ),
        notes=(
            *_notes(found, spec),
            *_late_notes(found, spec),
            *dashes,
            *(fill(note, words) for note in spec.notes),
        ),
        sources=distinct_text(row.get("source_note") for row in found.rows),
        sample=context.sample_mark(found.rows),
        line_style=_line_style(found, spec),
        line_series=found.label(spec.line.name) if spec.line else "",
        measure=measure,
        base=_base(spec, style),
        adjoining=spec.adjoining,
    )


def _base(spec: ChartSpec, style: NumberStyle) -> Decimal | None:
    """The level to compare with: the pack's own, else zero for lines of a change."""
    if spec.base is None and spec.kind in TIMELINES and style.signed:
        return Decimal(0)
    return spec.base


def _line_style(found: Found, spec: ChartSpec) -> NumberStyle | None:
    """The style of a combo's second measure, which has an axis and a unit of its own."""
    if spec.line is None:
        return None
    style = _style(found, spec.line)
    if not style.is_numeric:
        raise PackError("line must be a number", where=spec.path)
    if found.label(spec.line.name) in {found.label(measure.name) for measure in spec.y}:
        raise PackError("line repeats a measure of y", where=spec.path, hint="drop one")
    return style


def _style(found: Found, measure: ColumnSpec) -> NumberStyle:
    """The axis' style; where rows name their unit, that of the rows (all have one)."""
    style = found.style(measure)
    return found.row_style(style, measure.name, found.rows[0]) if found.rows else style


def _axis_style(found: Found, spec: ChartSpec) -> NumberStyle:
    """One axis has one unit: yuan beside dollars, or bp beside pips, cannot be drawn."""
    styles = [_style(found, measure) for measure in spec.y]
    kinds = {(style.kind, style.unit, style.power) for style in styles}
    for measure in spec.y:
        currencies = found.currencies(measure.name)
        units = {row.get(f"{measure.name}_unit") for row in found.rows}
        if len(currencies) > 1 or len(units) > 1 or len(kinds) > 1:
            raise PackError(
                f"{measure.name} has several units or currencies in one chart",
                where=spec.path,
                hint="filter to one, or chart a change in percent",
            )
    if not all(style.is_numeric for style in styles):
        raise PackError("y must be a number", where=spec.path)
    return styles[0]


def _category_names(found: Found, spec: ChartSpec) -> list[str]:
    """One name per row; rows that would share a name in one series are numbered."""
    seen: dict[tuple[str, str], int] = {}
    names = []
    for row in found.rows:
        name = " ".join(found.row_cell(column, row).text for column in spec.x)
        place = (name, plain_text(row[spec.series.name]) if spec.series else "")
        seen[place] = seen.get(place, 0) + 1
        names.append(name if seen[place] == 1 else f"{name} ({seen[place]})")
    if spec.kind == "step" and not all(to_date(name) for name in names):
        raise PackError(
            "x of a step chart must be one date per row and series", where=spec.path
        )
    return names


def _points(found: Found, spec: ChartSpec, names: Sequence[str]) -> Iterator[Point]:
    """Measure by measure, the point of each row."""
    for measure in spec.measures:
        for name, row in zip(names, found.rows):
            yield _point(found, spec, measure, row, name)


def _point(
    found: Found, spec: ChartSpec, measure: ColumnSpec, row: Row, category: str
) -> Point:
    def cell(column: ColumnSpec | None) -> Cell | None:
        return found.row_cell(column, row) if column else None

    is_line = measure is spec.line
    series = None if is_line else cell(spec.series)
    number = found.row_cell(measure, row)
    instead = row[spec.instead] if spec.instead and number.number is None else ""
    # The word belongs to the measure that has no value: the line of a combo, else y.
    is_meant = is_line or spec.line is None
    return Point(
        category=category,
        series=series.text if series else found.label(measure.name),
        cell=number,
        label=None if is_line else cell(spec.label),
        low=cell(spec.low),
        high=cell(spec.high),
        word=str(instead or "") if is_meant else "",
    )


def _dash_notes(found: Found, spec: ChartSpec, names: Sequence[str]) -> list[str]:
    """Which points are not drawn, and why."""
    dashed = [
        (name, f"{found.label(measure.name)}：{reason}")
        for measure in spec.y
        for name, row in zip(names, found.rows)
        if (reason := found.missing_reason(measure.name, row))
    ]
    return [dash_note(dashed, len(found.rows))] if dashed else []


def _late_notes(found: Found, spec: ChartSpec) -> Iterator[str]:
    """Which points rest on old data; the title says so where all of them do."""
    names: dict[str, dict[str, None]] = {}
    for row in found.rows:
        if reason := found.late_reason(row):
            columns = [*([spec.series] if spec.series else spec.x)] if not spec.count_by else []
            name = " ".join(found.row_cell(column, row).text for column in columns)
            names.setdefault(reason, {})[name] = None
    late = sum(bool(found.late_reason(row)) for row in found.rows)
    for reason, named in names.items():
        whom = "全图" if late == len(found.rows) else listed([*filter(None, named)])
        yield f"数据未更新（{reason}）：{whom}。"
    yield from (f"{reason}。" for reason in found.context.late(found.mart).beside)


def _notes(found: Found, spec: ChartSpec) -> tuple[str, ...]:
    if not found.rows:
        return (found.context.no_rows(found.selection),)
    if found.selected.total > len(found.rows) and not spec.count_by:
        return (f"共 {found.selected.total} 项，画出前 {len(found.rows)} 项。",)
    return ()
