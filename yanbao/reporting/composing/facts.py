"""The computed words of titles and sentences: a small, closed set of functions.

Each fact returns its text and the traces of the numbers in it. Directions are words
chosen by the sign of the rounded number, so a sentence cannot contradict its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from yanbao.base.errors import PackError
from yanbao.reporting.composing.context import PackContext, date_span
from yanbao.reporting.composing.selection import Row, holds, is_missing, row_key, sort_rows
from yanbao.reporting.grammar.fact_spec import Condition, FactSpec
from yanbao.reporting.grammar.row_spec import SortKey
from yanbao.reporting.grammar.templating import fill
from yanbao.reporting.printed.cell import Counted, Trace
from yanbao.reporting.styling.formatting import NumberStyle, date_text, plain_text
from yanbao.reporting.styling.vocabulary import (
    MISSING,
    MOVES,
    NOT_LISTED,
    PERCENTAGE_POINTS,
    SLIGHT,
    TREND,
    UNCHANGED,
    join_names,
    share_words,
)


@dataclass(frozen=True)
class Fact:
    text: str
    traces: tuple[Trace, ...] = ()


PERCENT = NumberStyle(kind="number", power=2, decimals=1, unit="%")


def compute_facts(
    context: PackContext, facts: Iterable[FactSpec]
) -> tuple[dict[str, str], tuple[Trace, ...]]:
    """Words for a template (built-in ones included), and the traces behind them."""
    words = context.words()
    traces: list[Trace] = []
    for spec in facts:
        if context.closed(spec.selection.mart):
            words[spec.name] = MISSING
            continue
        rows = context.select(spec.selection).rows
        new = {"than": fill(spec.than, words), "named": fill(spec.named, context.settings)}
        fact = FUNCTIONS[spec.kind](context, spec.model_copy(update=new), rows)
        words[spec.name] = fact.text
        traces.extend(fact.traces)
    return words, tuple(traces)


def _extreme(
    context: PackContext, spec: FactSpec, rows: Sequence[Row], *, descending: bool
) -> Fact:
    """name（value） for the n largest or smallest that meet ``is``; ties by the key."""
    mart, measure = spec.selection.mart, spec.measure
    present = [row for row in _meeting(spec, rows) if not is_missing(row[measure.name])]
    order = (SortKey(measure.name, descending),)
    ranked = sort_rows(present, order, context.keys[mart])[: spec.count]
    cells = [context.row_cell(mart, measure, row) for row in ranked]
    names = [
        f"{plain_text(row[spec.column.name])}（{cell.text_with_unit}）"
        for row, cell in zip(ranked, cells)
    ]
    traces = (
        context.trace(mart, measure.name, row, cell.text_with_unit)
        for row, cell in zip(ranked, cells)
    )
    return Fact(_listed(spec, names), tuple(traces))


def _names_where(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    del context
    met = _meeting(spec, rows)
    return Fact(_listed(spec, [plain_text(row[spec.column.name]) for row in met]))


def _listed(spec: FactSpec, names: list[str]) -> str:
    return join_names(names) if names or not spec.none else spec.none


def _count_where(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    count = len(_meeting(spec, rows))
    return Fact(str(count), (_count_trace(context, spec, rows, count, str(count)),))


def _share_where(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    """Share of the rows that have a value; rows without one are in neither part."""
    share = _share(spec, rows)
    text = PERCENT.text_with_unit(share)
    return Fact(text, (_count_trace(context, spec, rows, share, text),))


def _share_word(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    """超半数, 半数, 超6成 …: the share in tenths, in the words of the reports."""
    share = _share(spec, rows)
    if share is None:
        return Fact(MISSING)
    text = share_words(share)
    return Fact(text, (_count_trace(context, spec, rows, share, text),))


def _value(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    row = _only_row(spec, rows)
    if row is None:
        return Fact(MISSING)
    cell = context.row_cell(spec.selection.mart, spec.column, row)
    text = cell.text_with_unit
    return Fact(text, (_row_trace(context, spec, row, text),) if cell.style.is_numeric else ())


def _move(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    """上涨1.23%, 跑输沪深300 2.30个百分点: the word from the sign of the rounded change,
    digits without a sign."""
    row = _only_row(spec, rows)
    if row is None or is_missing(row[spec.column.name]):
        return Fact(MISSING)
    cell = context.row_cell(spec.selection.mart, spec.column, row)
    rounded = cell.style.rounded(cell.raw)
    if rounded is None:
        raise PackError(f"{spec.column.name} is not a number", where=spec.path)
    if rounded == 0:
        text = f"与{spec.than}{UNCHANGED}" if spec.than else UNCHANGED
        return Fact(text, (_row_trace(context, spec, row, cell.text),))
    rise, fall, slight_rise, slight_fall = MOVES[spec.words]
    if abs(rounded) < Decimal(SLIGHT[spec.words]):
        rise, fall = slight_rise, slight_fall
    than = f"{spec.than} " if spec.than else ""
    is_relative = spec.words == "relative"
    style = replace(cell.style, unit=PERCENTAGE_POINTS) if is_relative else cell.style
    text = f"{rise if rounded > 0 else fall}{than}{style.magnitude(cell.raw)}"
    return Fact(text, (_row_trace(context, spec, row, text),))


def _trend(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    """持续攀升 where each of the last n changes is a rise, else the word of the last one.

    Changes count as they print: one that rounds to zero is neither rise nor fall.
    """
    mart, order = spec.selection.mart, (SortKey(spec.on, descending=True),)
    ordered = sort_rows(rows, order, context.keys[mart])[: spec.count]
    cells = [context.row_cell(mart, spec.column, row) for row in ordered]
    changes = [cell.style.rounded(cell.raw) or 0 for cell in cells]
    signs = [(change > 0) - (change < 0) for change in changes]
    if not ordered or is_missing(ordered[0][spec.column.name]):
        return Fact(MISSING)
    rise, fall, some_rise, some_fall = TREND
    if len(signs) == spec.count > 1 and set(signs) in ({1}, {-1}):
        text = rise if signs[0] > 0 else fall
    else:
        ordered = ordered[:1]
        text = UNCHANGED if signs[0] == 0 else some_rise if signs[0] > 0 else some_fall
    return Fact(text, tuple(_row_trace(context, spec, row, text) for row in ordered))


def _rank(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    """第4, or 第3（与甲并列）: the place that the mart gives, and who shares it."""
    own = [row for row in rows if row[spec.of] == spec.named]
    row = _only_row(spec, own)
    if row is None or is_missing(row[spec.column.name]):
        return Fact(NOT_LISTED)
    place = row[spec.column.name]
    tied = [
        plain_text(other[spec.of])
        for other in rows
        if other is not row and other[spec.column.name] == place
    ]
    text = f"第{context.row_cell(spec.selection.mart, spec.column, row).text}"
    shared = f"{text}（与{join_names(tied)}并列）" if tied else text
    return Fact(shared, (_row_trace(context, spec, row, text),))


def _extreme_day(
    context: PackContext, spec: FactSpec, rows: Sequence[Row], *, descending: bool
) -> Fact:
    """The largest or smallest value with its first day: 4.70%（2024-04-25）."""
    present = [row for row in rows if not is_missing(row[spec.column.name])]
    if not present:
        return Fact(MISSING)
    order = (SortKey(spec.column.name, descending), SortKey(spec.on, descending=False))
    row = sort_rows(present, order, context.keys[spec.selection.mart])[0]
    text = context.row_cell(spec.selection.mart, spec.column, row).text_with_unit
    trace = _row_trace(context, spec, row, text)
    return Fact(f"{text}（{date_text(row[spec.on])}）", (trace,))


def _dates(context: PackContext, spec: FactSpec, rows: Sequence[Row]) -> Fact:
    """The one date (or quarter) of a column, or first 至 last."""
    span = date_span(row[spec.column.name] for row in rows)
    if span is None:
        return Fact(MISSING)
    style = context.style(spec.selection.mart, spec.column, rows)
    return Fact(" 至 ".join(dict.fromkeys(style.text(day) for day in span)))


FUNCTIONS: dict[str, Callable[[PackContext, FactSpec, Sequence[Row]], Fact]] = {
    "top": partial(_extreme, descending=True),
    "bottom": partial(_extreme, descending=False),
    "names_where": _names_where,
    "count_where": _count_where,
    "share_where": _share_where,
    "share_word": _share_word,
    "value": _value,
    "move": _move,
    "dates": _dates,
    "trend": _trend,
    "rank": _rank,
    "highest": partial(_extreme_day, descending=True),
    "lowest": partial(_extreme_day, descending=False),
}


def _meeting(spec: FactSpec, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if holds(spec.condition, row[spec.measure.name])]


def _share(spec: FactSpec, rows: Sequence[Row]) -> Decimal | None:
    present = [row for row in rows if not is_missing(row[spec.column.name])]
    if not present:
        return None
    return Decimal(len(_meeting(spec, present))) / Decimal(len(present))


def _only_row(spec: FactSpec, rows: Sequence[Row]) -> Row | None:
    """The one row meant; several rows mean that the pack does not choose."""
    if len(rows) > 1:
        raise PackError(
            f"{len(rows)} rows of {spec.selection.mart} match, one is needed",
            where=spec.path,
            hint="narrow it under 'where', or add sort and limit: 1",
        )
    return rows[0] if rows else None


def _row_trace(context: PackContext, spec: FactSpec, row: Row, text: str) -> Trace:
    return context.trace(spec.selection.mart, spec.column.name, row, text)


def _count_trace(
    context: PackContext, spec: FactSpec, rows: Sequence[Row], raw: object, text: str
) -> Trace:
    is_share, condition = spec.kind != "count_where", spec.condition
    mart, column = spec.selection.mart, spec.column.name
    tested = f"{column} {condition.test} {condition.bound}"
    return Trace(
        mart=mart,
        row_key=f"{'share' if is_share else 'count'}({tested})",
        column=column,
        label=context.label(mart, column),
        raw=raw,
        text=text,
        metric_version=context.release.metrics.get(mart, column).version,
        counted=Counted(
            keys=tuple(row_key(row, context.keys[mart]) for row in rows),
            column=column,
            criterion=_criterion(condition),
            is_share=is_share,
        ),
    )


def _criterion(condition: Condition) -> str:
    """The condition as COUNTIF takes it; a missing value is a dash there."""
    if condition.test in ("true", "false"):
        return condition.test.upper()
    if condition.test in ("present", "missing"):
        return f"<>{MISSING}" if condition.test == "present" else MISSING
    comparison = {"!=": "<>"}.get(condition.test, condition.test)
    return f"{comparison}{condition.bound:f}"
