"""The stored values of the internal workbook, where they stand, and the formulas on them.

One sheet per mart holds the rows that the pack rests on, unscaled. Measures that follow from
other columns of their row are formulas there, totals are sums; printed cells refer to them
and only scale. A formula is used where its value prints the digits of the mart, else the
stored value stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter.utility import (
    quote_sheetname,
    xl_range,
    xl_range_formula,
    xl_rowcol_to_cell,
)

from yanbao.reporting.printed.cell import SECONDS_PER_DAY, Address, Cell, Counted, cell_value
from yanbao.reporting.printed.pack import PrintedPack, PrintedRow
from yanbao.reporting.styling.formatting import to_date, to_decimal
from yanbao.reporting.workbook.formulas import Formula, load_formulas

FIRST_ROW = 4  # below the header of a sheet
_LONGEST_TEXT = 255  # of a text within a formula
LINKED, COMPUTED, SUMMED, COUNTED = "引用", "计算", "合计", "计数"


class StoredValues:
    """Where each stored value of a pack stands, and what computes it there.

    A workbook for outsiders has none.
    """

    def __init__(self, pack: PrintedPack) -> None:
        is_live = pack.house.audience == "internal"
        self.marts = {one.mart: one for one in pack.data} if is_live else {}
        self.names = {mart: f"数据 {mart}"[:31] for mart in self.marts}
        self._rows = {
            mart: {key: row for row, key in enumerate(one.rows, start=FIRST_ROW)}
            for mart, one in self.marts.items()
        }
        self._formulas: dict[Address, Formula] = {}
        self._derive()
        for table in pack.tables:
            members: list[PrintedRow] = []
            for row in table.rows:
                if row.is_total:
                    self._add_up(table.mart, row, members)
                members = [] if row.is_total else [*members, row]
        self._keep_printed_digits(pack)

    def formula(self, address: Address) -> Formula | None:
        """What computes a stored value on its own sheet."""
        return self._formulas.get(address)

    def cell(self, cell: Cell) -> Formula | None:
        """What a printed number refers to; nothing where it rests on no stored value."""
        trace = cell.trace
        if trace is None:
            return None
        if trace.counted is not None:
            count = self._count(trace.mart, trace.counted)
            return count if count and count.value == cell.number else None
        value = self.value(trace.address)
        if value is None:
            return None
        sign, factor = _scale(cell)
        scaled = value * factor if sign == "*" else value / factor
        scaling = f"{sign}{factor}" if factor != 1 else ""
        text = f"={self.reference(trace.address)}{scaling}"
        return Formula(text, scaled, self.how(trace.address))

    def printed_value(self, cell: Cell) -> float:
        """What the cell of a printed number shows, before its format rounds it."""
        formula = self.cell(cell)
        return float(formula.value) if formula else cell_value(cell)

    def how(self, address: Address) -> str:
        formula = self.formula(address)
        return formula.how if formula else LINKED

    def reference(self, address: Address) -> str:
        """The cell of a stored value, absolute: sorting a printed table keeps it."""
        return f"{quote_sheetname(self.names[address[0]])}!{self._cell(*address, fixed=True)}"

    def _cell(self, mart: str, key: str, column: str, *, fixed: bool = False) -> str:
        place = self._rows[mart][key], self._column(mart, column)
        return str(xl_rowcol_to_cell(*place, row_abs=fixed, col_abs=fixed))

    def value(self, address: Address) -> float | None:
        """The number in a cell, as its formula computes it."""
        if formula := self.formula(address):
            return float(formula.value)
        number = to_decimal(self.raw(address))
        return None if number is None else float(number)

    def raw(self, address: Address) -> object:
        mart, key, column = address
        rows = self.marts[mart].rows if mart in self.marts else {}
        return rows.get(key, {}).get(column)

    def _column(self, mart: str, column: str) -> int:
        return self.marts[mart].columns.index(column) + 1

    def _derive(self) -> None:
        for (mart, column), expression in load_formulas().items():
            rows = self.marts.get(mart)
            if rows is None or not {column, *expression.names} <= set(rows.columns):
                continue
            for key in rows.rows:
                stored = self.value((mart, key, column))
                value = expression.value(lambda name, k=key, m=mart: self.value((m, k, name)))  # type: ignore[misc]
                if stored is not None and value is not None and _close(stored, value):
                    text = expression.sheet(lambda name, k=key, m=mart: self._cell(m, k, name))  # type: ignore[misc]
                    how = f"{COMPUTED} {expression.text}"
                    self._formulas[mart, key, column] = Formula(f"={text}", value, how)

    def _add_up(self, mart: str, total: PrintedRow, members: Sequence[PrintedRow]) -> None:
        for cell in total.cells:
            if cell.trace is None or cell.trace.counted is not None or not members:
                continue
            column = cell.trace.column
            address = (mart, total.key, column)
            numbers = [self.value((mart, one.key, column)) for one in members]
            present = [number for number in numbers if number is not None]
            stored = self.value(address)
            if address in self._formulas or stored is None or not present:
                continue
            if math.isclose(math.fsum(present), stored, rel_tol=1e-9):
                rows = sorted(self._rows[mart][one.key] for one in members)
                at = self._column(mart, column)
                spans = (xl_range(first, at, last, at) for first, last in _spans(rows))
                text = f"=SUM({','.join(spans)})"
                self._formulas[address] = Formula(text, math.fsum(present), SUMMED)

    def _keep_printed_digits(self, pack: PrintedPack) -> None:
        """A computed value that would print other digits than the mart's is not used."""
        for cell in _printed_cells(pack):
            if cell.trace is None or cell.trace.counted is not None:
                continue
            formula = self.formula(cell.trace.address)
            if formula and cell.style.text(_fifteen_digits(formula.value)) != cell.text:
                del self._formulas[cell.trace.address]

    def _count(self, mart: str, counted: Counted) -> Formula | None:
        """COUNTIFS over the mart's sheet, where it holds no rows but those of the table."""
        if not counted.where or mart not in self.marts:
            return None
        rows = self.marts[mart].rows.values()
        value = sum(
            all(_same(row[name], wanted) for name, wanted in counted.where) for row in rows
        )
        criteria = [_criterion(wanted) for _, wanted in counted.where]
        if any(one is None for one in criteria):
            return None
        parts = [
            f"{self._range(mart, name)},{criterion}"
            for (name, _), criterion in zip(counted.where, criteria)
        ]
        return Formula(f"=COUNTIFS({','.join(parts)})", value, COUNTED)

    def _range(self, mart: str, column: str) -> str:
        """All cells of a column on the mart's sheet."""
        place, last = self._column(mart, column), FIRST_ROW + len(self._rows[mart]) - 1
        return str(xl_range_formula(self.names[mart], FIRST_ROW, place, last, place))


def _printed_cells(pack: PrintedPack) -> Iterator[Cell]:
    """Every number of the tables and charts."""
    for table in pack.tables:
        for row in table.rows:
            yield from row.cells
    for chart in pack.charts:
        for point in chart.points:
            yield from (point.cell, *point.extras)


def _fifteen_digits(value: float) -> Decimal:
    """A spreadsheet prints what fifteen significant digits say."""
    return Decimal(f"{value:.15g}")


def _scale(cell: Cell) -> tuple[str, int]:
    """Printed units from stored ones; dividing loses nothing that a product would."""
    if cell.style.kind == "duration":
        return "/", SECONDS_PER_DAY
    power = cell.style.power
    return ("*", 10**power) if power > 0 else ("/", 10**-power)


def _close(stored: float, value: float) -> bool:
    """Marts round their doubles; more than that is another number."""
    return math.isclose(stored, value, rel_tol=1e-6, abs_tol=1e-8)


def _same(value: object, wanted: object) -> bool:
    """Equal as COUNTIFS compares: texts without regard to case."""
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return value == wanted


def _criterion(wanted: object) -> str | None:
    """One criterion of COUNTIFS; nothing where a formula cannot hold it."""
    if wanted is None:
        return '"="'
    if isinstance(wanted, bool):
        return str(wanted).upper()
    if (day := to_date(wanted)) is not None and not isinstance(wanted, str):
        return f"DATE({day.year},{day.month},{day.day})"
    if (number := to_decimal(wanted)) is not None:
        return f"{number:f}"
    text = str(wanted)
    for sign in "~*?":
        text = text.replace(sign, f"~{sign}")
    quoted = f"={text}".replace('"', '""')
    return f'"{quoted}"' if len(quoted) <= _LONGEST_TEXT else None


def _spans(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring rows."""
    first = last = rows[0]
    for row in rows[1:]:
        if row > last + 1:
            yield first, last
            first = row
        last = row
    yield first, last
