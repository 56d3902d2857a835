"""The rows of one selection, and how their mart prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from yanbao.reporting.composing.context import PackContext
from yanbao.reporting.composing.selection import Row, Selected, is_missing, row_key
from yanbao.reporting.grammar.row_spec import ColumnSpec, Selection
from yanbao.reporting.printed.cell import Cell, Trace
from yanbao.reporting.reading.release_reader import Metric
from yanbao.reporting.styling.formatting import NumberStyle, row_unit_style, style_of
from yanbao.reporting.styling.vocabulary import basis_word


@dataclass(frozen=True)
class Found:
    """What a table, a chart or a fact asks of its mart."""

    context: PackContext
    selection: Selection

    @property
    def mart(self) -> str:
        return self.selection.mart

    @property
    def selected(self) -> Selected:
        return self.context.select(self.selection)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.selected.rows

    @property
    def columns(self) -> tuple[str, ...]:
        return self.context.columns(self.mart)

    @property
    def key(self) -> tuple[str, ...]:
        return self.context.keys[self.mart]

    def metric(self, column: str) -> Metric:
        return self.context.release.metrics.get(self.mart, column)

    def label(self, column: str) -> str:
        return self.context.label(self.mart, column)

    def style(self, column: ColumnSpec, rows: Iterable[Row] | None = None) -> NumberStyle:
        """The column's style; money that has one currency in ``rows`` names it."""
        currencies = self.currencies(column.name, rows)
        style = style_of(
            self.metric(column.name),
            currency=next(iter(currencies)) if len(currencies) == 1 else "",
            decimals=column.decimals,
            scale=column.scale,
            policy=self.context.house.numbers,
        )
        if column.shown == "quarter" or column.shown == "month":  # noqa: PLR1714 (for mypy)
            return replace(style, kind=column.shown)
        return replace(style, has_arrow=column.shown == "arrow")

    def row_style(self, style: NumberStyle, column: str, row: Row) -> NumberStyle:
        """Some columns hold several units; ``<column>_unit`` of the row then decides."""
        unit = row.get(f"{column}_unit")
        # A measure with a unit of its own (a fraction, shown as %) keeps it, whatever stands
        # beside it.
        if unit is None or not style.is_numeric or style.unit != f"see {column}_unit":
            return style
        return row_unit_style(style, str(unit))

    def currency_column(self, column: str) -> str:
        """The column that holds the currency of ``column``; empty where it is fixed."""
        unit = self.metric(column).unit
        if unit in self.columns:
            return unit if unit.endswith("currency") else ""
        return "currency" if unit == "currency" and "currency" in self.columns else ""

    def currencies(self, column: str, rows: Iterable[Row] | None = None) -> set[str]:
        source = self.currency_column(column)
        if not source:
            return set()
        found = self.rows if rows is None else rows
        return {str(row[source]) for row in found if row[source] and row[column] is not None}

    def cell(self, column: str, style: NumberStyle, row: Row) -> Cell:
        """The printed value of one column of one row, traced where it is a number."""
        raw = row[column]
        style = self.row_style(style, column, row)
        text = style.text(raw)
        if style.kind == "text":
            text = self.context.value_word(column, text)
        has_number = style.is_numeric and style.scaled(raw) is not None
        number = style.scaled(raw) if has_number and not style.hides(raw) else None
        return Cell(
            text=text,
            style=style,
            raw=raw,
            number=number,
            tone=style.tone(raw),
            trace=self.trace(column, row, text) if has_number else None,
        )

    def row_cell(self, column: ColumnSpec, row: Row) -> Cell:
        """The value of one row in its own style: its own currency, its own unit."""
        return self.cell(column.name, self.style(column, [row]), row)

    def trace(self, column: str, row: Row, text: str) -> Trace:
        return Trace(
            mart=self.mart,
            row_key=row_key(row, self.key),
            column=column,
            label=self.label(column),
            raw=row[column],
            text=text,
            metric_version=self.metric(column).version,
        )

    def late_reason(self, row: Row) -> str:
        """Why the row rests on old data; empty where it does not."""
        return self.context.late_reason(self.mart, row)

    def missing_reason(self, column: str, row: Row) -> str:
        """Why a value is missing, as the row says it, else as the metric dictionary does.

        Empty for a value that is there, for rows of totals, and for a row that rests on old
        data, which its mark says.
        """
        explained = row.get("is_total") is True or self.late_reason(row)
        reason = self.metric(column).missing
        if not is_missing(row[column]) or explained or not reason:
            return ""
        if own := row.get(f"{column}_reason"):
            return str(own)
        basis = str(row.get(f"{column}_basis") or "")
        return (basis and basis_word(basis)) or str(row.get("missing_reason_zh") or reason)
