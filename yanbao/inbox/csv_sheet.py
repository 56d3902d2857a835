"""CSV files: header, columns as text, and the rows that do not fit the header."""

from __future__ import annotations

from itertools import islice

import pyarrow as pa

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.csv_records import Record, Records
from yanbao.inbox.encoding import detect, lines_of
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.intake import Content, Limits
from yanbao.inbox.received import (
    BrokenRow,
    Received,
    TextColumns,
    check_headers,
    joined_headers,
)

UNNAMED = "(column {position} without a name)"


class CsvSheet:
    """One CSV file, read once from front to back.

    The separator is the comma, or the tab where the header has tabs and no comma.
    ``header_row`` is the line of the header; by default the first line with content. Up to
    ``header_end`` the lines make one header: a name stands for the empty cells to its
    right in all but the last of them.
    """

    def __init__(
        self,
        content: Content,
        limits: Limits,
        header_row: int | None = None,
        header_end: int | None = None,
    ) -> None:
        self._path = content.path
        self._limits = limits
        found = detect(content.data)
        self.encoding = found.name
        self._doubtful_lines = found.doubtful_lines
        header_lines = islice(lines_of(content.data, found), (header_row or 1) - 1, None)
        first = next(
            (line for line in header_lines if not isinstance(line, str) or line.strip()), ""
        )
        tabbed = isinstance(first, str) and "\t" in first and "," not in first
        self._records = Records(lines_of(content.data, found), "\t" if tabbed else ",")
        self._stream = iter(self._records)
        self.title: tuple[str, ...] = ()
        self.headers = self._read_header(header_row, header_end or header_row)
        self._records.width = len(self.headers)

    def _read_header(self, header_row: int | None, header_end: int | None) -> tuple[str, ...]:
        rows: list[list[str]] = []
        for record in self._stream:
            line = record.finding.row if isinstance(record, BrokenRow) else record.line
            if header_row is not None and line < header_row:
                self.title += (" ".join(filter(None, map(str.strip, record.cells))),)
                continue
            if isinstance(record, BrokenRow):
                raise self._refuse(
                    f"the header (line {line}) cannot be read: {record.finding.rule}",
                    record.finding.hint,
                )
            if header_row is None and _is_blank(record.cells):
                continue
            rows.append([cell.strip() for cell in record.cells])
            if header_end is None or line >= header_end:
                above = [_spread(cells) for cells in rows[:-1]]
                return self._checked_headers(joined_headers([*above, rows[-1]]))
        raise self._refuse("there is no header", "put the column names on the first line")

    def _checked_headers(self, names: list[str]) -> tuple[str, ...]:
        check_headers(names, self._limits.columns, self._refuse)
        return tuple(
            name or UNNAMED.format(position=position)
            for position, name in enumerate(names, start=1)
        )

    def load(self) -> Received:
        """Every row; those with too few or too many cells come back as broken."""
        columns = TextColumns(self.headers)
        numbers: list[int] = []
        broken: list[BrokenRow] = []
        blank, ended = 0, True
        for record in self._stream:
            row = record if isinstance(record, BrokenRow) else self._fitted(record)
            if row is None:
                blank += 1
            elif isinstance(row, BrokenRow):
                broken.append(row)
                self._bound(broken)
            else:
                numbers.append(row.line)
                columns.add(row.cells)
                ended = row.ended
        if not numbers and not broken:
            raise self._refuse("the file has a header and no data rows", "export it again")
        warnings = self._warnings(blank, ended)
        numbered = pa.array(numbers, pa.int64())
        return Received(columns.table(), numbered, tuple(broken), warnings)

    def _fitted(self, record: Record) -> Record | BrokenRow | None:
        """The record, ``None`` for a blank one, or why it does not fit the header."""
        if not record.cells or (not record.cells[0].strip() and _is_blank(record.cells)):
            return None
        found, width = len(record.cells), len(self.headers)
        if found == width:
            return record
        text = ",".join(record.cells)
        if record.ended:
            rule = "ragged"
            hint = f"{found} cells where the header has {width}; quote cells that hold commas"
        else:
            rule = "truncated"
            hint = f"the file ends inside this row ({found} of {width} cells); export it again"
        finding = BadCell(record.line, "", shown(text), rule, hint)
        return BrokenRow(finding, tuple(record.cells))

    def _bound(self, broken: list[BrokenRow]) -> None:
        if len(broken) > self._limits.bad_cells:
            first = broken[0].finding
            raise self._refuse(
                f"more than {self._limits.bad_cells:,} lines cannot be read as rows,"
                f" the first is line {first.row} ({first.rule})",
                first.hint,
            )

    def _warnings(self, blank: int, ended: bool) -> tuple[str, ...]:
        warnings = []
        if blank:
            warnings.append(f"{blank:,} blank rows were skipped")
        if self._doubtful_lines:
            warnings.append(
                f"the file was read as {self.encoding}, but {self._doubtful_lines:,} of its"
                " lines are valid UTF-8 too; look for garbled text"
            )
        if not ended:
            warnings.append(
                "the last line has no line end; make sure that the export was complete"
            )
        return tuple(warnings)

    def _refuse(self, why: str, hint: str) -> FileRefusedError:
        return FileRefusedError.of(self._path, why, hint)


def _spread(cells: list[str]) -> list[str]:
    """A name over several columns stands in the first of them; give it to the others."""
    last = ""
    return [last := cell or last for cell in cells]


def _is_blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)
