"""CSV files: header, columns as text, and the rows that do not fit the header."""

from __future__ import annotations

from collections.abc import Iterator

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.csv_records import Record, records_of
from yanbao.inbox.encoding import detect
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.intake import Content, Limits
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.plausible_text import require_plausible
from yanbao.inbox.received import (
    BrokenRow,
    Received,
    Sheet,
    TextRows,
    joined_headers,
    rows_to_header,
    spread,
)

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
UNNAMED = "(column {position} without a name)"


class CsvSheet(Sheet):
    """One CSV file, read once from front to back.

    The header is the first line with content, or the lines that a mapping names: there a
    name stands for the empty cells to its right in all but the last of them.
    """

    def __init__(self, content: Content, limits: Limits, mapping: Mapping | None) -> None:
        self._most_broken = limits.bad_cells
        lines = mapping.header_lines if mapping else None
        found = detect(content.data)
        require_plausible(content.data, found)
        self.encoding = found.name
        self._doubtful_lines = found.doubtful_lines
        self._records = records_of(content.data, found, lines[0] if lines else 1)
        self.may_have_decimal_commas = self._records.delimiter == ";"
        self._stream = iter(self._records)
        above, header = rows_to_header(self._stream, lines)
        self.title = tuple(" ".join(filter(None, map(str.strip, r.cells))) for r in above)
        self.headers = self._read_header(header, limits.columns)
        self._records.width = len(self.headers)

    def _read_header(self, rows: list[Record | BrokenRow], most: int) -> tuple[str, ...]:
        for row in rows:
            if isinstance(row, BrokenRow):
                raise FileRefusedError(
                    f"the header (line {row.number}) cannot be read: {row.finding.rule}",
                    row.finding.hint,
                )
        if not rows:
            raise FileRefusedError(
                "there is no header", "put the column names on the first line"
            )
        cells = [[cell.strip() for cell in row.cells] for row in rows]
        *groups, last = cells
        names = joined_headers([*(spread(above, last) for above in groups), last], most)
        return tuple(
            name or UNNAMED.format(position=position)
            for position, name in enumerate(names, start=1)
        )

    def load(self) -> Received:
        """Every row; those with too few or too many cells come back as broken."""
        rows = TextRows(self.headers)
        blank, ended = 0, True
        for record in self._stream:
            if not record.is_filled:
                blank += 1
                continue
            row = record if isinstance(record, BrokenRow) else self._fitted(record)
            if isinstance(row, BrokenRow):
                rows.broken.append(row)
                self._bound(rows.broken)
            else:
                rows.add(row.number, row.cells)
                ended = row.ended
        return rows.received("the file", self._warnings(blank, ended))

    def _fitted(self, record: Record) -> Record | BrokenRow:
        """The record, or why it does not fit the header."""
        found, width = len(record.cells), len(self.headers)
        if found == width:
            return record
        if record.ended:
            rule = "ragged"
            mark = _SEPARATORS[self._records.delimiter]
            hint = f"{found} cells where the header has {width}; quote cells that hold {mark}"
        else:
            rule = "truncated"
            hint = f"the file ends inside this row ({found} of {width} cells); export it again"
        text = self._records.delimiter.join(record.cells)
        finding = BadCell(record.number, "", shown(text), rule, hint)
        return BrokenRow(finding, tuple(record.cells))

    def _bound(self, broken: list[BrokenRow]) -> None:
        if len(broken) > self._most_broken:
            first = broken[0].finding
            raise FileRefusedError(
                f"more than {self._most_broken:,} lines cannot be read as rows,"
                f" the first is line {first.row} ({first.rule})",
                first.hint,
            )

    def _warnings(self, blank: int, ended: bool) -> Iterator[str]:
        if blank:
            yield f"{blank:,} blank rows were skipped"
        if self._doubtful_lines:
            yield (
                f"the file was read as {self.encoding}, but {self._doubtful_lines:,} of its"
                " lines are valid UTF-8 too; look for garbled text"
            )
        if not ended:
            yield "the last line has no line end; make sure that the export was complete"
