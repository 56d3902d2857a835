"""The computed words of titles and sentences: a small, closed set of functions.

Each fact returns its text and the traces of the numbers in it. Directions are words
chosen by the sign of the rounded number, so a sentence cannot contradict its digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yanbao.base.errors import PackError
from yanbao.reporting.composing.context import IS_STALE, PackContext, date_span
from yanbao.reporting.composing.found import Found
from yanbao.reporting.composing.selection import Row, holds, is_missing, row_key, sort_rows
from yanbao.reporting.grammar.fact_spec import Condition, FactSpec
from yanbao.reporting.grammar.row_spec import SortKey
from yanbao.reporting.grammar.templating import fill
from yanbao.reporting.printed.cell import Cell, Counted, Trace
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

Fact = tuple[str, tuple[Trace, ...]]
ABSENT: Fact = (MISSING, ())
PERCENT = NumberStyle(kind="number", power=2, decimals=1, unit="%")


def compute_facts(
    context: PackContext, facts: Iterable[FactSpec], *, is_claim: bool = False
) -> tuple[dict[str, str], tuple[Trace, ...]]:
    """Words for a template (built-in ones included), and the traces behind them.

    A claim is made of rows whose data are up to date alone.
    """
    words = context.words()
    traces: list[Trace] = []
    for spec in facts:
        if context.closed(spec.selection.mart):
            words[spec.name] = MISSING
            continue
        new = {"than": fill(spec.than, words), "named": fill(spec.named, context.settings)}
        asked = _Asked(context, spec.selection, spec.model_copy(update=new), is_claim)
        # The functions bear the names of the grammar.
        words[spec.name], behind = getattr(asked, spec.kind)()
        traces.extend(behind)
    return words, tuple(traces)


def current_rows(context: PackContext, fact: FactSpec) -> tuple[Row, ...]:
    """The rows of a fact whose data are up to date; all of them where it asks which are not,
    and of results, whose quarter is named."""
    rows, mart = context.select(fact.selection).rows, fact.selection.mart
    if fact.measure.name == IS_STALE or context.late(mart).are_results:
        return rows
    return tuple(row for row in rows if not context.late_reason(mart, row))


def has_basis(fact: FactSpec, rows: Sequence[Row]) -> bool:
    """Whether a row has a value of what a fact counts, ranks or prints."""
    if fact.condition.test == "missing":
        return bool(rows)
    return any(not is_missing(row[fact.measure.name]) for row in rows)


@dataclass(frozen=True)
class _Asked(Found):
    """A fact and the rows that it is about; each function answers with text and traces."""

    spec: FactSpec
    is_claim: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        return current_rows(self.context, self.spec) if self.is_claim else super().rows

    def top(self) -> Fact:
        """name（value） for the n largest or smallest that meet ``is``; ties by the key."""
        measure = self.spec.measure
        present = [row for row in self._meeting(self.rows) if not is_missing(row[measure.name])]
        by = SortKey(measure.name, descending=self.spec.kind == "top")
        ranked = self._sorted(present, by)[: self.spec.count]
        texts = [self.row_cell(measure, row).text_with_unit for row in ranked]
        names = [f"{self._name(row)}（{text}）" for row, text in zip(ranked, texts)]
        traces = (self.trace(measure.name, row, text) for row, text in zip(ranked, texts))
        return self._listed(names), tuple(traces)

    bottom = top

    def names_where(self) -> Fact:
        return self._listed([self._name(row) for row in self._meeting(self.rows)]), ()

    def count_where(self) -> Fact:
        """Rows of which none has a value are not counted: zero would say that all were seen."""
        if not has_basis(self.spec, self.rows):
            return ABSENT
        count = len(self._meeting(self.rows))
        return str(count), (self._count_trace(count, str(count)),)

    def share_where(self) -> Fact:
        """Share of the rows that have a value; rows without one are in neither part."""
        share = self._share()
        text = PERCENT.text_with_unit(share)
        return text, (self._count_trace(share, text),)

    def share_word(self) -> Fact:
        """超半数, 半数, 超6成 …: the share in tenths, in the words of the reports."""
        share = self._share()
        if share is None:
            return ABSENT
        text = share_words(share)
        return text, (self._count_trace(share, text),)

    def value(self) -> Fact:
        row = self._only_row(self.rows)
        if row is None:
            return ABSENT
        cell = self._cell(row)
        text = cell.text_with_unit
        return text, (self._trace(row, text),) if cell.style.is_numeric else ()

    def move(self) -> Fact:
        """上涨1.23%, 跑输沪深300 2.30个百分点: the word from the sign of the rounded change,
        digits without a sign."""
        spec, row = self.spec, self._only_row(self.rows)
        if row is None or is_missing(row[spec.column.name]):
            return ABSENT
        cell = self._cell(row)
        rounded = cell.style.rounded(cell.raw)
        if rounded is None:
            raise PackError(f"{spec.column.name} is not a number", where=spec.path)
        if rounded == 0:
            text = f"与{spec.than}{UNCHANGED}" if spec.than else UNCHANGED
            return text, (self._trace(row, cell.text),)
        rise, fall, slight_rise, slight_fall = MOVES[spec.words]
        if abs(rounded) < Decimal(SLIGHT.get(spec.words, 0)):
            rise, fall = slight_rise, slight_fall
        than = f"{spec.than} " if spec.than else ""
        is_relative = spec.words == "relative"
        style = replace(cell.style, unit=PERCENTAGE_POINTS) if is_relative else cell.style
        text = f"{rise if rounded > 0 else fall}{than}{style.magnitude(cell.raw)}"
        return text, (self._trace(row, text),)

    def trend(self) -> Fact:
        """持续攀升 where each of the last n changes is a rise, else the word of the last one.

        Changes count as they print: one that rounds to zero is neither rise nor fall.
        """
        count, column = self.spec.count, self.spec.column.name
        ordered = self._sorted(self.rows, SortKey(self.spec.on, descending=True))[:count]
        if not ordered or is_missing(ordered[0][column]):
            return ABSENT
        changes = [cell.style.rounded(cell.raw) or 0 for cell in map(self._cell, ordered)]
        signs = [(change > 0) - (change < 0) for change in changes]
        rise, fall, some_rise, some_fall = TREND
        if len(signs) == count > 1 and set(signs) in ({1}, {-1}):
            text = rise if signs[0] > 0 else fall
        else:
            ordered = ordered[:1]
            text = UNCHANGED if signs[0] == 0 else some_rise if signs[0] > 0 else some_fall
        return text, tuple(self._trace(row, text) for row in ordered)

    def rank(self) -> Fact:
        """第4, or 第3（与甲并列）: the place that the mart gives, and who shares it."""
        of, column = self.spec.of, self.spec.column.name
        if not self.rows:
            return ABSENT
        row = self._only_row([row for row in self.rows if row[of] == self.spec.named])
        if row is None or is_missing(row[column]):
            return NOT_LISTED, ()
        tied = [
            plain_text(other[of])
            for other in self.rows
            if other is not row and other[column] == row[column]
        ]
        text = f"第{self._cell(row).text}"
        shared = f"{text}（与{join_names(tied)}并列）" if tied else text
        return shared, (self._trace(row, text),)

    def highest(self) -> Fact:
        """The largest or smallest value with its first day: 4.70%（2024-04-25）."""
        column, on = self.spec.column.name, self.spec.on
        present = [row for row in self.rows if not is_missing(row[column])]
        if not present:
            return ABSENT
        by = (SortKey(column, self.spec.kind == "highest"), SortKey(on, descending=False))
        row = self._sorted(present, *by)[0]
        text = self._cell(row).text_with_unit
        return f"{text}（{date_text(row[on])}）", (self._trace(row, text),)

    lowest = highest

    def dates(self) -> Fact:
        """The one date (or quarter) of a column, or first 至 last."""
        span = date_span(row[self.spec.column.name] for row in self.rows)
        if span is None:
            return ABSENT
        style = self.style(self.spec.column)
        return " 至 ".join(dict.fromkeys(style.text(day) for day in span)), ()

    def _name(self, row: Row) -> str:
        return plain_text(row[self.spec.column.name])

    def _cell(self, row: Row) -> Cell:
        return self.row_cell(self.spec.column, row)

    def _trace(self, row: Row, text: str) -> Trace:
        return self.trace(self.spec.column.name, row, text)

    def _sorted(self, rows: Iterable[Row], *by: SortKey) -> list[Row]:
        return sort_rows(rows, by, self.key)

    def _meeting(self, rows: Iterable[Row]) -> list[Row]:
        tested = self.spec.measure.name
        return [row for row in rows if holds(self.spec.condition, row[tested])]

    def _listed(self, names: list[str]) -> str:
        return join_names(names) if names or not self.spec.none else self.spec.none

    def _share(self) -> Decimal | None:
        present = [row for row in self.rows if not is_missing(row[self.spec.column.name])]
        return Decimal(len(self._meeting(present))) / len(present) if present else None

    def _only_row(self, rows: Sequence[Row]) -> Row | None:
        """The one row meant; several rows mean that the pack does not choose."""
        if len(rows) > 1:
            raise PackError(
                f"{len(rows)} rows of {self.mart} match, one is needed",
                where=self.spec.path,
                hint="narrow it under 'where', or add sort and limit: 1",
            )
        return rows[0] if rows else None

    def _count_trace(self, raw: object, text: str) -> Trace:
        column, condition = self.spec.column.name, self.spec.condition
        is_share = self.spec.kind != "count_where"
        tested = f"{column} {condition.test} {condition.bound}"
        return Trace(
            mart=self.mart,
            row_key=f"{'share' if is_share else 'count'}({tested})",
            column=column,
            label=self.label(column),
            raw=raw,
            text=text,
            metric_version=self.metric(column).version,
            counted=Counted(
                keys=tuple(row_key(row, self.key) for row in self.rows),
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
