"""XLSX files: one table on one sheet, as text; anything that could be read two ways is
refused with the address of the cell that is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.csv_sheet import UNNAMED
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.intake import Content, Limits
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.received import (
    BrokenRow,
    Doubt,
    Received,
    Sheet,
    TextRows,
    joined_headers,
    rows_to_header,
    spread,
)
from yanbao.inbox.xlsx_cells import SheetRow, address, letters, marks_of, rows_of
from yanbao.inbox.xlsx_package import Package
from yanbao.inbox.xlsx_workbook import SheetEntry, Workbook


class XlsxSheet(Sheet):
    """One table of a workbook.

    Without a mapping it is the only visible sheet with content, and its first filled row
    is the header. A mapping may name ``sheet`` and ``header_row``.
    """

    encoding = "xlsx"

    def __init__(self, content: Content, limits: Limits, mapping: Mapping | None) -> None:
        self._mapping = mapping
        self._header_lines = mapping.header_lines if mapping else None
        self._package = Package(content.data)
        self._workbook = Workbook(self._package)
        self._notes: list[str] = []
        self._formulas: list[tuple[int, int]] = []
        sheet = self._chosen_sheet(mapping.sheet if mapping else None)
        self.name = sheet.name
        if where := self._workbook.reformatted(sheet):
            raise FileRefusedError(
                f"conditional formatting shows the numbers of {shown(where)} as others than are"
                " stored",
                "clear these rules, or format the cells themselves",
            )
        self._merges, hidden_columns = marks_of(self._package, sheet)
        if hidden_columns:
            self._notes.append("hidden columns are read like the others")
        self._rows = rows_of(self._package, self._workbook, sheet)
        self._above, header = rows_to_header(self._rows, self._header_lines)
        texts = {row.number: " ".join(row.cells.values()) for row in self._above}
        self.title = tuple(texts.get(at, "") for at in range(1, max(texts, default=0) + 1))
        self._columns = range(0)
        self._header_end = 0
        self.headers = self._read_header(header, limits.columns)

    def place_of(self, text: str) -> str:
        """The cell of a header, or the first one of a line of the title."""
        for row in self._above:
            if " ".join(row.cells.values()) == text:
                return f"cell {row.first_cell}"
        return f"cell {self.address(text, self._header_end)}"

    def address(self, header: str, row: int) -> str:
        """The address of a cell below a header."""
        return address(row, self._columns[self.headers.index(header)])

    def _chosen_sheet(self, wanted: str | None) -> SheetEntry:
        sheets = [sheet for sheet in self._workbook.sheets if sheet.part]
        if wanted:
            for sheet in sheets:
                if sheet.name.strip() == wanted:
                    return sheet
            names = ", ".join(shown(sheet.name) for sheet in sheets)
            raise FileRefusedError(f"there is no sheet {wanted!r}", f"its sheets are: {names}")
        begins = {sheet: self._first_cell(sheet) for sheet in sheets}
        filled = [sheet for sheet in sheets if begins[sheet]]
        visible = [sheet for sheet in filled if not sheet.hidden]
        if not visible:
            where = f"; hidden: {filled[0].name}" if filled else ""
            raise FileRefusedError(f"no visible sheet has content{where}", "export it again")
        if len(visible) > 1:
            names = ", ".join(f"{sheet.name}!{begins[sheet]}" for sheet in visible)
            raise FileRefusedError(
                f"several sheets have content: {names}",
                "keep one sheet per file, or name it in a mapping: yanbao new mapping FILE",
            )
        hidden = [shown(sheet.name) for sheet in filled if sheet.hidden]
        if hidden:
            self._notes.append(f"hidden sheets are not read: {', '.join(hidden)}")
        return visible[0]

    def _first_cell(self, sheet: SheetEntry) -> str:
        rows = rows_of(self._package, self._workbook, sheet)
        return next((row.first_cell for row in rows if row.is_filled), "")

    def _read_header(self, rows: list[SheetRow], most: int) -> tuple[str, ...]:
        for row in rows:
            self._note_formulas(row)
        if not any(row.is_filled for row in rows):
            raise FileRefusedError(
                f"there is no header on sheet {self.name}",
                "put the column names above the rows, or give header_row in a mapping",
            )
        filled = [self._spread(row) for row in rows]
        columns = {column for cells in filled for column in cells}
        self._columns = range(min(columns), max(columns) + 1)
        self._header_end = rows[-1].number
        place = partial(address, self._header_end)
        lines = [[cells.get(column, "") for column in self._columns] for cells in filled]
        if not any(rows[0].number in merge.rows for merge in self._merges):
            lines = [*(spread(line, lines[-1]) for line in lines[:-1]), lines[-1]]
        names = joined_headers(lines, most, lambda at: place(self._columns[at]))
        if self._mapping is None and "" in names:
            raise FileRefusedError(
                f"the header is empty in {place(self._columns[names.index('')])}: two tables"
                " side by side?",
                "keep one table per sheet, or say in a mapping which columns are read",
            )
        return tuple(
            name or UNNAMED.format(position=letters(column))
            for column, name in zip(self._columns, names, strict=True)
        )

    def _spread(self, row: SheetRow) -> dict[int, str]:
        """A header row's names, a merged one over all its columns.

        Only a mapping that says which rows are the header may have merged ones in it.
        """
        cells = dict(row.cells)
        for merge in self._merges:
            if row.number not in merge.rows:
                continue
            if self._header_lines is None:
                raise FileRefusedError(
                    f"merged cells {merge} stand in the header",
                    "unmerge them, or give header_row in a mapping: yanbao new mapping FILE",
                )
            text = row.cells.get(merge.columns[0], "")
            if merge.rows[0] == row.number and text:
                cells |= dict.fromkeys(merge.columns, text)
        return cells

    def load(self) -> Received:
        """Every filled row below the header, numbered as on the sheet."""
        rows = TextRows(self.headers)
        self._merges = [merge for merge in self._merges if merge.rows[-1] > self._header_end]
        last_row = self._mapping.last_row if self._mapping else None
        hidden: list[int] = []
        outside: list[str] = []
        blank = left_out = last = 0
        numeric = set(self._columns)
        for row in self._rows:
            if last_row and row.number > last_row:
                left_out += row.is_filled
                continue
            self._note_formulas(row)
            if not row.is_filled:
                continue
            self._check_merged(row)
            if rows.numbers and row.number > last + 1:
                blank += row.number - last - 1
                self._refuse_second_header(row, numeric)
            last = row.number
            if row.hidden:
                hidden.append(row.number)
            beyond = [column for column in row.cells if column not in self._columns]
            if beyond and self._mapping is None:
                rows.broken.append(_ragged(row, beyond[0]))
                continue
            outside += [address(row.number, column) for column in beyond[:1]]
            if len(beyond) < len(row.cells):
                rows.add(row.number, tuple(map(row.cells.get, self._columns)))
                rows.doubts += self._doubts(row)
                numeric -= {at for at in numeric & row.cells.keys() if not row.is_number(at)}
        notes = _notes(blank, hidden, outside, left_out)
        warnings = [*self._notes, *self._formula_notes(), *notes]
        return rows.received(f"sheet {self.name}", warnings)

    def _doubts(self, row: SheetRow) -> Iterator[Doubt]:
        for column, shown_cell in row.doubtful.items():
            if column in self._columns:
                header = self.headers[column - self._columns.start]
                yield Doubt(row.number, header, shown_cell)

    def _check_merged(self, row: SheetRow) -> None:
        for merge in self._merges:
            if row.number not in merge.rows:
                continue
            notes = self._mapping.skip_rows if self._mapping else ()
            text = row.cells[min(row.cells)]
            if not any(note.search(text) for note in notes):
                raise FileRefusedError(
                    f"merged cells {merge} stand among the rows",
                    "unmerge them and fill each cell, or skip notes with a mapping (skip_rows)",
                )

    def _refuse_second_header(self, row: SheetRow, numeric: set[int]) -> None:
        """After an empty row, words where there were only numbers are another header."""
        filled = [column for column in row.cells if column in self._columns]
        is_wordy = len(filled) > 1 and not any(map(row.is_number, filled))
        if is_wordy and numeric.intersection(filled):
            raise FileRefusedError(
                f"a second table seems to begin in {row.first_cell}",
                "keep one table per sheet, or give last_row in a mapping",
            )

    def _note_formulas(self, row: SheetRow) -> None:
        if row.unsolved:
            raise FileRefusedError(
                f"cell {address(row.number, row.unsolved[0])} holds a formula without a stored"
                " result, and formulas are never run",
                "open and save the file in a spreadsheet, or paste values",
            )
        self._formulas += [(row.number, column) for column in row.formulas]

    def _formula_notes(self) -> Iterator[str]:
        if self._formulas:
            yield (
                f"{len(self._formulas):,} cells hold formulas, the first"
                f" {address(*self._formulas[0])}; the results stored in the file were read"
            )


def _ragged(row: SheetRow, column: int) -> BrokenRow:
    where = address(row.number, column)
    hint = f"cell {where} stands outside the columns of the header; empty it"
    finding = BadCell(row.number, "", shown(row.cells[column]), "ragged", hint, where)
    return BrokenRow(finding, tuple(row.cells.values()))


def _notes(blank: int, hidden: list[int], outside: list[str], left_out: int) -> Iterator[str]:
    if blank:
        yield f"{blank:,} blank rows were skipped"
    if hidden:
        yield (
            f"{len(hidden):,} hidden rows are read like the others, the first is"
            f" row {hidden[0]}"
        )
    if outside:
        yield (
            f"{len(outside):,} rows have cells outside the header, the first"
            f" {outside[0]}; these cells are not read"
        )
    if left_out:
        yield f"{left_out:,} rows below last_row were left out"
