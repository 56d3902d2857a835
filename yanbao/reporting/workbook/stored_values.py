"""The stored values of the internal workbook, where they stand, and the formulas on them.

One sheet per mart holds the rows that the pack rests on, unscaled. Measures that follow from
other columns of their row are formulas there, totals are sums; printed cells refer to them
and only scale. A formula is used where its value prints the digits of the mart, else the
stored value stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from yanbao.reporting.printed.cell import SECONDS_PER_DAY, Cell, Counted, cell_value
from yanbao.reporting.printed.pack import PrintedPack, PrintedRow
from yanbao.reporting.styling.formatting import to_date, to_decimal
from yanbao.reporting.workbook.formulas import Expression, Formula, load_formulas

Address = tuple[str, str, str]  # mart, key of the row, column
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
        self._derived: dict[Address, Expression] = {}
        self._sums: dict[Address, tuple[str, ...]] = {}
        self._values: dict[Address, float] = {}
        self._derive()
        for table in pack.tables:
            for total, members in totals(table.rows):
                self._add_up(table.mart, total, members)
        self._keep_printed_digits(pack)

    def cell(self, cell: Cell) -> Formula | None:
        """What a printed number refers to; nothing where it rests on no stored value."""
        trace = cell.trace
        if trace is None:
            return None
        if trace.counted is not None:
            count = self._count(trace.mart, trace.counted)
            return count if count and count.value == cell.number else None
        address = (trace.mart, trace.row_key, trace.column)
        value = self.value(address)
        if value is None:
            return None
        sign, factor = _scale(cell)
        scaled = value * factor if sign == "*" else value / factor
        scaling = f"{sign}{factor}" if factor != 1 else ""
        return Formula(f"={self.reference(address)}{scaling}", scaled, self.how(address))

    def printed_value(self, cell: Cell) -> float:
        """What the cell of a printed number shows, before its format rounds it."""
        formula = self.cell(cell)
        return float(formula.value) if formula else cell_value(cell)

    def how(self, address: Address) -> str:
        if address in self._derived:
            return f"{COMPUTED} {self._derived[address].text}"
        return SUMMED if address in self._sums else LINKED

    def reference(self, address: Address) -> str:
        """The cell of a stored value, absolute: sorting a printed table keeps it."""
        mart, key, column = address
        place = xl_rowcol_to_cell(
            self._rows[mart][key], self._column(mart, column), row_abs=True, col_abs=True
        )
        return f"{quote_sheetname(self.names[mart])}!{place}"

    def value(self, address: Address) -> float | None:
        """The number in a cell, as its formula computes it."""
        if address in self._values:
            return self._values[address]
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
                    self._derived[mart, key, column] = expression
                    self._values[mart, key, column] = value

    def _add_up(self, mart: str, total: PrintedRow, members: tuple[PrintedRow, ...]) -> None:
        for cell in total.cells:
            if cell.trace is None or cell.trace.counted is not None or not members:
                continue
            address = (mart, total.key, cell.trace.column)
            numbers = [self.value((mart, one.key, cell.trace.column)) for one in members]
            present = [number for number in numbers if number is not None]
            stored = self.value(address)
            if address in self._derived or stored is None or not present:
                continue
            if math.isclose(math.fsum(present), stored, rel_tol=1e-9):
                self._sums[address] = tuple(one.key for one in members)
                self._values[address] = math.fsum(present)

    def _keep_printed_digits(self, pack: PrintedPack) -> None:
        """A computed value that would print other digits than the mart's is not used."""
        for cell in printed_cells(pack):
            if cell.trace is None or cell.trace.counted is not None:
                continue
            address = (cell.trace.mart, cell.trace.row_key, cell.trace.column)
            value = self._values.get(address)
            if value is not None and cell.style.text(fifteen_digits(value)) != cell.text:
                del self._values[address]
                self._derived.pop(address, None)
                self._sums.pop(address, None)

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
        place = self._column(mart, column)
        last = FIRST_ROW + len(self._rows[mart]) - 1
        first_cell, last_cell = (
            xl_rowcol_to_cell(row, place, row_abs=True, col_abs=True)
            for row in (FIRST_ROW, last)
        )
        return f"{quote_sheetname(self.names[mart])}!{first_cell}:{last_cell}"

    def formula(self, address: Address) -> Formula | None:
        mart, key, _ = address
        if address in self._derived:
            text = self._derived[address].sheet(
                lambda name: xl_rowcol_to_cell(self._rows[mart][key], self._column(mart, name))
            )
            return Formula(f"={text}", self._values[address], COMPUTED)
        if address in self._sums:
            rows = sorted(self._rows[mart][member] for member in self._sums[address])
            column = self._column(mart, address[2])
            spans = ",".join(
                f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"
                for first, last in _spans(rows)
            )
            return Formula(f"=SUM({spans})", self._values[address], SUMMED)
        return None


def totals(rows: Iterable[PrintedRow]) -> Iterator[tuple[PrintedRow, tuple[PrintedRow, ...]]]:
    """Each total of a table with the rows above it that no earlier total closed."""
    members: list[PrintedRow] = []
    for row in rows:
        if row.is_total:
            yield row, tuple(members)
            members = []
        else:
            members.append(row)


def printed_cells(pack: PrintedPack) -> Iterator[Cell]:
    """Every number of the tables and charts."""
    for table in pack.tables:
        for row in table.rows:
            yield from row.cells
    for chart in pack.charts:
        for point in chart.points:
            yield from (point.cell, *point.extras)


def fifteen_digits(value: float) -> Decimal:
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
