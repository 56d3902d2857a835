"""XLSX files: one table on one sheet, as text; anything that could be read two ways is
refused with the address of the cell that is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from yanbao.base.errors import FileRefusedError
from yanbao.catalog.cell_rules import NUMBER_PATTERN
from yanbao.inbox.csv_sheet import UNNAMED
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.intake import Content, Limits
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.received import (
    BrokenRow,
    Received,
    TextColumns,
    check_headers,
    joined_headers,
)
from yanbao.inbox.xlsx_cells import SheetRow, address, letters, marks_of, rows_of
from yanbao.inbox.xlsx_package import Package
from yanbao.inbox.xlsx_workbook import SheetEntry, Workbook


class XlsxSheet:
    """One table of a workbook.

    Without a mapping it is the only visible sheet with content, and its first filled row
    is the header. A mapping may name ``sheet`` and ``header_row``.
    """

    encoding = "xlsx"

    def __init__(self, content: Content, limits: Limits, mapping: Mapping | None) -> None:
        self._path = content.path
        self._limits = limits
        self._mapping = mapping
        self.is_mapped = mapping is not None
        self._package = Package(content.path, content.data)
        self._workbook = Workbook(self._package)
        self._notes: list[str] = []
        self.sheet = self._chosen_sheet()
        self._merges, hidden_columns = marks_of(self._package, self.sheet)
        if hidden_columns:
            self._notes.append("hidden columns are read like the others")
        self._rows = rows_of(self._package, self._workbook, self.sheet)
        self.title: tuple[str, ...] = ()
        self._title_starts: dict[int, int] = {}
        self.first_column = 1
        self._header_end = 0
        self._first_merged = 0
        self._formulas: list[tuple[int, int]] = []
        self.headers = self._read_header()

    def column_of(self, header: str) -> str:
        """The letters of a header's column."""
        return letters(self.first_column + self.headers.index(header))

    def address_of(self, text: str) -> str:
        """The cell of a header, or the first one of a line of the title."""
        if text in self.title:
            row = self.title.index(text) + 1
            return address(row, self._title_starts[row])
        return f"{self.column_of(text)}{self._header_end}"

    def _chosen_sheet(self) -> SheetEntry:
        sheets = [sheet for sheet in self._workbook.sheets if sheet.part]
        wanted = self._mapping.sheet if self._mapping else None
        if wanted:
            for sheet in sheets:
                if sheet.name.strip() == wanted:
                    return sheet
            names = ", ".join(shown(sheet.name) for sheet in sheets)
            raise self.refuse(f"there is no sheet {wanted!r}", f"its sheets are: {names}")
        filled = [sheet for sheet in sheets if self._first_cell(sheet)]
        visible = [sheet for sheet in filled if not sheet.hidden]
        if not visible:
            where = f"; hidden: {filled[0].name}" if filled else ""
            raise self.refuse(f"no visible sheet has content{where}", "export it again")
        if len(visible) > 1:
            names = ", ".join(f"{sheet.name}!{self._first_cell(sheet)}" for sheet in visible)
            raise self.refuse(
                f"several sheets have content: {names}",
                "keep one sheet per file, or name it in a mapping: yanbao new mapping FILE",
            )
        hidden = [shown(sheet.name) for sheet in filled if sheet.hidden]
        if hidden:
            self._notes.append(f"hidden sheets are not read: {', '.join(hidden)}")
        return visible[0]

    def _first_cell(self, sheet: SheetEntry) -> str:
        for row in rows_of(self._package, self._workbook, sheet):
            if row.cells:
                return address(row.number, min(row.cells))
        return ""

    def _read_header(self) -> tuple[str, ...]:
        first = self._mapping.header_row if self._mapping else None
        last = self._mapping.header_end if self._mapping else None
        rows: list[SheetRow] = []
        for row in self._rows:
            if first is not None and row.number < first:
                gap = row.number - 1 - len(self.title)
                self.title += ("",) * gap
                self.title += (" ".join(row.cells[at] for at in sorted(row.cells)),)
                self._title_starts[row.number] = min(row.cells, default=1)
                continue
            if first is None and not row.cells:
                continue
            self._note_formulas(row)
            rows.append(row)
            if last is None or row.number >= last:
                break
        if not any(row.cells for row in rows):
            raise self.refuse(
                f"there is no header on sheet {self.sheet.name}",
                "put the column names above the rows, or give header_row in a mapping",
            )
        return self._checked_headers(rows)

    def _checked_headers(self, rows: list[SheetRow]) -> tuple[str, ...]:
        spread = [self._spread(row) for row in rows]
        self._header_end = rows[-1].number
        columns = sorted({column for cells in spread for column in cells})
        self.first_column, end = columns[0], columns[-1] + 1
        span = range(self.first_column, end)
        names = joined_headers([[cells.get(column, "") for column in span] for cells in spread])
        row = self._header_end

        def place(at: int) -> str:
            return address(row, self.first_column + at)

        check_headers(names, self._limits.columns, self.refuse, place)
        if self._mapping is None and "" in names:
            where = place(names.index(""))
            raise self.refuse(
                f"the header is empty in {where}: two tables side by side?",
                "keep one table per sheet, or say in a mapping which columns are read",
            )
        return tuple(
            name or UNNAMED.format(position=letters(self.first_column + at))
            for at, name in enumerate(names)
        )

    def _spread(self, row: SheetRow) -> dict[int, str]:
        """A header row's names, a merged one over all its columns.

        Only a mapping that says which rows are the header may have merged ones in it.
        """
        cells = dict(row.cells)
        for merge in self._merges:
            if not merge.first_row <= row.number <= merge.last_row:
                continue
            if self._mapping is None or self._mapping.header_row is None:
                raise self.refuse(
                    f"merged cells {merge} stand in the header",
                    "unmerge them, or give header_row in a mapping: yanbao new mapping FILE",
                )
            text = row.cells.get(merge.first_column, "")
            if merge.first_row == row.number and text:
                columns = range(merge.first_column, merge.last_column + 1)
                cells |= dict.fromkeys(columns, text)
        return cells

    def load(self) -> Received:
        """Every filled row below the header, numbered as on the sheet."""
        self._merges = [m for m in self._merges if m.last_row > self._header_end]
        self._first_merged = min((m.first_row for m in self._merges), default=0)
        reader = _Table(self, self._limits)
        for row in self._rows:
            if self._mapping and self._mapping.last_row and row.number > self._mapping.last_row:
                reader.left_out += bool(row.cells)
                continue
            self._note_formulas(row)
            self._check_merged(row)
            reader.take(row)
        return reader.received([*self._notes, *self._formula_notes()])

    def _check_merged(self, row: SheetRow) -> None:
        if not self._merges or row.number < self._first_merged:
            return
        for merge in self._merges:
            if merge.first_row <= row.number <= merge.last_row and row.cells:
                notes = self._mapping.skip_rows if self._mapping else ()
                text = row.cells[min(row.cells)]
                if any(note.search(text) for note in notes):
                    continue
                raise self.refuse(
                    f"merged cells {merge} stand among the rows",
                    "unmerge them and fill each cell, or skip notes with a mapping (skip_rows)",
                )

    def _note_formulas(self, row: SheetRow) -> None:
        if row.unsolved:
            raise self.refuse(
                f"cell {address(row.number, row.unsolved[0])} holds a formula without a stored"
                " result, and formulas are never run",
                "open and save the file in a spreadsheet, or paste values",
            )
        self._formulas += [(row.number, column) for column in row.formulas]

    def _formula_notes(self) -> list[str]:
        if not self._formulas:
            return []
        first = address(*self._formulas[0])
        return [
            f"{len(self._formulas):,} cells hold formulas, the first {first}; the results"
            " stored in the file were read"
        ]

    def refuse(self, why: str, hint: str) -> FileRefusedError:
        return FileRefusedError.of(self._path, why, hint)


class _Table:
    """Rows of one table, gathered column by column."""

    def __init__(self, sheet: XlsxSheet, limits: Limits) -> None:
        self._sheet = sheet
        self._limits = limits
        self._width = len(sheet.headers)
        self._columns = TextColumns(sheet.headers)
        self._numbers: list[int] = []
        self._broken: list[BrokenRow] = []
        self._always_number = [True] * self._width
        self._gap = False
        self._blank = 0
        self._hidden: list[int] = []
        self._outside: list[str] = []
        self._last = 0
        self.left_out = 0

    def take(self, row: SheetRow) -> None:
        if not row.cells:
            self._gap = True
            return
        if self._last and row.number > self._last + 1:
            self._gap = True
        first, width = self._sheet.first_column, self._width
        cells = [row.cells.get(first + at) for at in range(width)]
        if self._gap and self._numbers:
            self._blank += row.number - self._last - 1
            self._refuse_second_header(row, cells)
        self._gap, self._last = False, row.number
        if row.hidden:
            self._hidden.append(row.number)
        outside = [column for column in row.cells if not first <= column < first + width]
        if outside and not self._sheet.is_mapped:
            self._broken.append(self._ragged(row, outside[0]))
            self._bound()
            return
        self._outside += [address(row.number, column) for column in outside[:1]]
        if not any(cells):
            return
        self._numbers.append(row.number)
        self._columns.add(cells)
        for at, cell in enumerate(cells):
            if cell is not None and self._always_number[at] and not _is_number(cell):
                self._always_number[at] = False

    def _refuse_second_header(self, row: SheetRow, cells: list[str | None]) -> None:
        """After an empty row, words where there were only numbers are another header."""
        words = [cell for cell in cells if cell is not None and not _is_number(cell)]
        filled = [cell for cell in cells if cell is not None]
        if len(filled) < 2 or len(words) < len(filled):
            return
        if any(self._always_number[at] for at, cell in enumerate(cells) if cell is not None):
            raise self._sheet.refuse(
                f"a second table seems to begin in {address(row.number, min(row.cells))}",
                "keep one table per sheet, or give last_row in a mapping",
            )

    def _ragged(self, row: SheetRow, column: int) -> BrokenRow:
        where = address(row.number, column)
        hint = f"cell {where} stands outside the columns of the header; empty it"
        texts = tuple(row.cells[at] for at in sorted(row.cells))
        return BrokenRow(
            BadCell(row.number, "", shown(row.cells[column]), "ragged", hint, where), texts
        )

    def _bound(self) -> None:
        if len(self._broken) > self._limits.bad_cells:
            first = self._broken[0].finding
            raise self._sheet.refuse(
                f"more than {self._limits.bad_cells:,} rows reach beyond the header", first.hint
            )

    def received(self, notes: list[str]) -> Received:
        if not self._numbers and not self._broken:
            raise self._sheet.refuse(
                f"sheet {self._sheet.sheet.name} has a header and no data rows",
                "export it again",
            )
        warnings = (*notes, *self._warnings())
        numbers = pa.array(self._numbers, pa.int64())
        return Received(self._columns.table(), numbers, tuple(self._broken), warnings)

    def _warnings(self) -> Iterator[str]:
        if self._blank:
            yield f"{self._blank:,} blank rows were skipped"
        if self._hidden:
            yield (
                f"{len(self._hidden):,} hidden rows are read like the others, the first is"
                f" row {self._hidden[0]}"
            )
        if self._outside:
            yield (
                f"{len(self._outside):,} rows have cells outside the header, the first"
                f" {self._outside[0]}; these cells are not read"
            )
        if self.left_out:
            yield f"{self.left_out:,} rows below last_row were left out"


def _is_number(cell: str) -> bool:
    return re.fullmatch(NUMBER_PATTERN, cell.rstrip("%").replace(",", "")) is not None
