"""The cells of one sheet, row by row, in the kind of their number format; no formula is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from xml.etree.ElementTree import Element

from yanbao.catalog.cell_rules import NUMBER_PATTERN
from yanbao.inbox.number_formats import Shown
from yanbao.inbox.units import has_own_unit
from yanbao.inbox.xlsx_package import Package
from yanbao.inbox.xlsx_workbook import PLAIN, SheetEntry, Workbook, text_of

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]{2,30})"')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\s[^>]*?hidden="(?:1|true)"')
_OVERLAP = 512
# Numbers that are their own shortest text: few enough digits, and no zero at an end.
_SHORT = re.compile(r"(?!-0$)-?(?=[\d.]{1,16}$)(?:0|[1-9]\d*)(?:\.\d*[1-9])?")


@dataclass
class SheetRow:
    """A row's filled cells by column, counted from 1, in the order of the columns.

    ``doubtful`` are the cells whose format shows another number than is stored. ``formulas``
    are columns whose cell holds a formula with a stored result, ``unsolved`` those without one.
    """

    number: int
    hidden: bool
    cells: dict[int, str] = field(default_factory=dict)
    doubtful: dict[int, Shown] = field(default_factory=dict)
    formulas: tuple[int, ...] = ()
    unsolved: tuple[int, ...] = ()

    @property
    def is_filled(self) -> bool:
        return bool(self.cells)

    @property
    def first_cell(self) -> str:
        """The address of the first filled cell; of the row's first, where there is none."""
        return address(self.number, min(self.cells, default=1))

    def is_number(self, column: int) -> bool:
        text = self.cells[column]
        plain = text.rstrip("%").replace(",", "")
        return re.fullmatch(NUMBER_PATTERN, plain) is not None or has_own_unit(text)


@dataclass(frozen=True)
class Merge:
    """A merged range: its rows and columns, counted from 1."""

    rows: range
    columns: range

    def __str__(self) -> str:
        first = address(self.rows[0], self.columns[0])
        return f"{first}:{address(self.rows[-1], self.columns[-1])}"


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def address(row: int, column: int) -> str:
    """A cell's address as a spreadsheet shows it."""
    return f"{letters(column)}{row}"


def place(reference: str) -> tuple[int, int] | None:
    """Row and column of an address."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    return int(match[2]), _column(match[1])


@lru_cache(maxsize=1024)
def _column(name: str) -> int:
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def marks_of(package: Package, sheet: SheetEntry) -> tuple[list[Merge], bool]:
    """Merged ranges, which a sheet lists behind its rows, and whether columns are hidden."""
    merges, hidden, tail = set(), False, b""
    for block in package.blocks(sheet.part):
        text = tail + block
        merges.update(_MERGE.findall(text))
        hidden = hidden or _HIDDEN_COLUMNS.search(text) is not None
        tail = text[-_OVERLAP:]
    found = []
    for reference in merges:
        first, _, last = reference.decode().partition(":")
        start, end = place(first), place(last or first)
        if start and end:
            rows, columns = (sorted(pair) for pair in zip(start, end, strict=True))
            found.append(Merge(range(rows[0], rows[1] + 1), range(columns[0], columns[1] + 1)))
    return sorted(found, key=lambda m: (m.rows[0], m.columns[0])), hidden


def rows_of(package: Package, workbook: Workbook, sheet: SheetEntry) -> Iterator[SheetRow]:
    """Rows in order, also those without content; addresses out of order refuse the file."""
    last = 0
    for element in package.elements(sheet.part, "row", called=f"sheet {sheet.name}"):
        number = element.get("r", str(last + 1))
        if not number.isdecimal() or not last < int(number) <= LAST_ROW:
            raise sheet.damaged(f"row {number[:20]} is no row of a sheet")
        last = int(number)
        row = SheetRow(last, element.get("hidden") in ("1", "true"))
        _fill(row, element, workbook, sheet)
        yield row


def _fill(row: SheetRow, element: Element, workbook: Workbook, sheet: SheetEntry) -> None:
    column = 0
    for cell in element.iter("c"):
        reference = cell.get("r", "")
        number, wanted = place(reference) or (row.number, column + 1)
        if number != row.number or not column < wanted <= LAST_COLUMN:
            raise sheet.damaged(f"cell {reference[:20]} is out of place")
        column = wanted
        inline = cell.find("is")
        text = cell.findtext("v", "") if inline is None else text_of(inline)
        if cell.find("f") is not None and text:
            row.formulas += (column,)
        elif cell.find("f") is not None:
            row.unsolved += (column,)
        if not text:
            continue
        if cell.get("t") == "s":
            if not text.isdecimal() or int(text) >= len(workbook.strings):
                raise sheet.damaged(f"cell {reference} has no text")
            text = workbook.strings[int(text)]
        shown = _shown(cell, text, workbook)
        if value := shown.text.strip():
            row.cells[column] = value
        if not shown.is_plain:
            row.doubtful[column] = shown


def _shown(cell: Element, text: str, workbook: Workbook) -> Shown:
    """What a cell shows that holds ``text``, without losing digits of plain numbers."""
    kind = cell.get("t", "n")
    if kind in ("b", "e"):
        return Shown({"1": "true", "0": "false"}.get(text, text) if kind == "b" else text)
    style = cell.get("s", "0")
    at = int(style) if style.isdecimal() else 0
    form = workbook.formats[at] if at < len(workbook.formats) else PLAIN
    if kind != "n":
        return form.text_of(text)
    if form.is_plain and _SHORT.fullmatch(text):
        return Shown(text)  # nearly all of a large sheet; the same, and at once
    try:
        # The file keeps 17 digits of a binary number; the shortest text of it is what was
        # typed.
        return form.number_of(Decimal(repr(float(text))), workbook.epoch)
    except (InvalidOperation, ValueError, OverflowError):
        return Shown(text)
