"""The cells of one sheet, row by row, in the kind of their number format; no formula is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from xml.parsers import expat

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.xlsx_package import (
    Attributes,
    Package,
    damaged_workbook,
    local,
    strict_parser,
)
from yanbao.inbox.xlsx_workbook import NumberFormat, SheetEntry, Workbook

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]{2,30})"')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\s[^>]*?hidden="(?:1|true)"')
_OVERLAP = 512


@dataclass
class SheetRow:
    """A row's filled cells by column, counted from 1.

    ``formulas`` are columns whose cell holds a formula with a stored result, ``unsolved``
    those without one.
    """

    number: int
    hidden: bool
    cells: dict[int, str] = field(default_factory=dict)
    formulas: list[int] = field(default_factory=list)
    unsolved: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Merge:
    """A merged range, both ends included, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first = address(self.first_row, self.first_column)
        return f"{first}:{address(self.last_row, self.last_column)}"


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
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


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
        ends = place(first), place(last or first)
        if ends[0] and ends[1]:
            found.append(Merge(*ends[0], *ends[1]))
    return sorted(found, key=lambda m: (m.first_row, m.first_column)), hidden


def rows_of(package: Package, workbook: Workbook, sheet: SheetEntry) -> Iterator[SheetRow]:
    """Rows in order, also those without content; addresses out of order refuse the file."""
    reader = _Reader(package, workbook, sheet)
    try:
        for block in package.blocks(sheet.part):
            reader.parser.Parse(block, False)
            yield from reader.take()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged_workbook(package.path, f"sheet {sheet.name}: {error}") from error
    yield from reader.take()


class _Reader:
    """Collects rows while the parser goes through a sheet's XML."""

    def __init__(self, package: Package, workbook: Workbook, sheet: SheetEntry) -> None:
        self._path = package.path
        self._name = sheet.name
        self._strings = workbook.strings
        self._formats = workbook.formats
        self._epoch = datetime(1904, 1, 1) if workbook.from_1904 else datetime(1899, 12, 30)
        self._done: list[SheetRow] = []
        self._row = SheetRow(0, False)
        self._column = 0
        self._attributes: Attributes = {}
        self._text: list[str] = []
        self._collecting = False
        self._guide = 0
        self._has_formula = False
        self.parser = strict_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def take(self) -> list[SheetRow]:
        done, self._done = self._done, []
        return done

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._collecting = not self._guide
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._guide += 1
        elif name == "row":
            number = attributes.get("r", str(self._row.number + 1))
            if not number.isdigit() or not self._row.number < int(number) <= LAST_ROW:
                raise self._refuse(f"row {number[:20]} is no row of a sheet")
            hidden = attributes.get("hidden") in ("1", "true")
            self._row, self._column = SheetRow(int(number), hidden), 0

    def _start_cell(self, attributes: Attributes) -> None:
        found = place(attributes["r"]) if "r" in attributes else None
        column = found[1] if found else self._column + 1
        out_of_place = found is not None and found[0] != self._row.number
        if out_of_place or not self._column < column <= LAST_COLUMN:
            raise self._refuse(f"cell {attributes.get('r', '')[:20]} is out of place")
        self._column = column
        self._attributes = attributes
        self._text.clear()
        self._has_formula = False

    def _characters(self, data: str) -> None:
        if self._collecting:
            self._text.append(data)

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name in ("v", "t"):
            self._collecting = False
        elif name == "rPh":
            self._guide -= 1
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._done.append(self._row)

    def _end_cell(self) -> None:
        text = "".join(self._text)
        if self._has_formula:
            solved = self._row.formulas if text else self._row.unsolved
            solved.append(self._column)
        if text:
            value = self._value(text).strip()
            if value:
                self._row.cells[self._column] = value

    def _value(self, text: str) -> str:
        kind = self._attributes.get("t", "n")
        if kind == "s":
            if not text.isdigit() or int(text) >= len(self._strings):
                raise self._refuse(f"cell {self._attributes.get('r', '')} has no text")
            return self._strings[int(text)]
        if kind == "b":
            return "true" if text == "1" else "false"
        if kind != "n":
            return text
        style = self._attributes.get("s", "0")
        at = int(style) if style.isdigit() else 0
        form = self._formats[at] if at < len(self._formats) else NumberFormat("number")
        try:
            return _shown(text, form, self._epoch)
        except (InvalidOperation, ValueError, OverflowError):
            return text

    def _refuse(self, why: str) -> FileRefusedError:
        return damaged_workbook(self._path, f"sheet {self._name}: {why}")


def _shown(text: str, form: NumberFormat, epoch: datetime) -> str:
    """A stored number as the sheet shows it, without losing digits of plain numbers."""
    # The file keeps 17 digits of a binary number; the shortest text of it is what was typed.
    number = Decimal(repr(float(text)))
    if form.kind == "date":
        moment = epoch + timedelta(seconds=round(float(number) * 86_400))
        day = moment.date().isoformat()
        return day if moment.time() == datetime.min.time() else f"{day} {moment.time()}"
    if form.kind == "time":
        return _time(round(float(number) * 86_400), form.code)
    if form.kind == "percent":
        return f"{_plain(number * 100)}%"
    plain = _plain(number)
    return plain.zfill(int(form.code)) if form.kind == "zeros" else plain


def _time(seconds: int, code: str) -> str:
    if code == "m:s":
        return f"{seconds // 60}:{seconds % 60:02}"
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if code == "h:m":
        return f"{hours}:{minutes:02}"
    return f"{hours}:{minutes:02}:{seconds % 60:02}"


def _plain(number: Decimal) -> str:
    return format(number.normalize() + 0, "f")
