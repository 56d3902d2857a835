"""CSV lines to records, strictly, without losing a line.

A stray quotation mark makes an ordinary reader swallow every line up to the next one.
Here such a record gives up its first line only, and reading goes on with the second.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from yanbao.inbox.encoding import Encoding, Line, Undecodable, lines_of
from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.received import BrokenRow

_HEADER_WITHIN = 20
# What a spreadsheet takes as the separator; a person never sees the line.
_SAID = re.compile(r'\s*"?sep=([,;|\t])"?[,;|\t\s]*', re.IGNORECASE)
# A formula that stands for its text, so that a spreadsheet keeps the zeros of a code.
_FORMULA_OF_TEXT = re.compile(r'="((?:[^"]|"")*)"')


class Record(NamedTuple):
    """A record's cells, the line on which it starts, and whether its last line ends.

    A tuple, because there is one per line of the file and it is the cheapest to make.
    """

    number: int
    cells: list[str]
    ended: bool

    @property
    def is_filled(self) -> bool:
        return any(map(str.strip, self.cells))


class _UndecodableLineError(Exception):
    """Carries an undecodable line past the reader, which knows only text."""

    def __init__(self, line: Undecodable) -> None:
        self.line = line
        super().__init__()


def records_of(data: bytes, encoding: Encoding, header_line: int = 1) -> Records:
    """A file's records, separated as its first line (``sep=;``) says or its header shows.

    The header is sought from ``header_line`` on: the first line that holds a separator.
    """
    first = next(lines_of(data, encoding), "")
    said = _SAID.fullmatch(first.rstrip("\r\n")) if isinstance(first, str) else None
    delimiter = said[1] if said else ","
    if not said:
        lines = islice(lines_of(data, encoding), header_line - 1, header_line + _HEADER_WITHIN)
        texts = (line for line in lines if isinstance(line, str))
        delimiter = next(filter(None, map(_separator, texts)), ",")
    return Records(lines_of(data, encoding), delimiter, is_said=said is not None)


def _separator(line: str) -> str:
    """What separates a header's names; a tab where there is no comma, empty where nothing does.

    A comma may stand in a name, and an export for spreadsheets writes tabs beside its commas.
    """
    bare = re.sub(r'"[^"]*"', "", line)
    counts = {mark: bare.count(mark) for mark in ",;|"}
    if "\t" in bare and not counts[","]:
        return "\t"
    most = max(counts, key=counts.__getitem__)
    return most if counts[most] else ""


class Records:
    """The records of a file in order, blank ones included; broken ones as such."""

    def __init__(self, lines: Iterator[Line], delimiter: str, *, is_said: bool = False) -> None:
        self._lines = islice(lines, int(is_said), None)
        self._again: deque[Line] = deque()
        self._taken: list[str] = []
        self._line = int(is_said)
        self.delimiter = delimiter
        self._reader = csv.reader(_Feed(self), strict=True, delimiter=delimiter)
        # The number of cells of a record, once the header has shown it.
        self.width: int | None = None

    def __iter__(self) -> Iterator[Record | BrokenRow]:
        while True:
            self._taken.clear()
            start = self._line + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except _UndecodableLineError as error:
                yield self._undecodable(start, error.line)
            except csv.Error as error:
                yield self._unreadable(start, str(error))
            else:
                if len(self._taken) > 1 and self._swallowed_a_record():
                    yield self._unreadable(start, "a quotation mark is not closed")
                else:
                    if any('="' in line for line in self._taken):
                        cells = [*map(_text_of, cells)]
                    yield Record(start, cells, self._taken[-1].endswith(("\n", "\r")))

    def next_line(self) -> str:
        """The next line for the reader; raises where the line is not text."""
        line = self._again.popleft() if self._again else next(self._lines)
        if isinstance(line, Undecodable):
            if self._taken:
                self._again.appendleft(line)
            raise _UndecodableLineError(line)
        self._taken.append(line)
        self._line += 1
        return line

    def _undecodable(self, start: int, line: Undecodable) -> BrokenRow:
        if self._taken:
            return self._unreadable(start, "a quotation mark is not closed")
        self._line += 1
        hint = (
            f"byte {line.offset:,} of the file is not text in its encoding;"
            " save the file as CSV UTF-8"
        )
        finding = BadCell(start, "", shown(line.escaped), "undecodable", hint)
        return BrokenRow(finding, (line.escaped,))

    def _unreadable(self, start: int, reason: str) -> BrokenRow:
        """Give up the record's first line and read the others again."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._line = start
        text = first.rstrip("\r\n")
        if text == first:
            rule, hint = "truncated", "the file ends inside this row; export it again"
        elif "field larger" in reason:
            rule, hint = "unreadable", "a cell is longer than any text that belongs here"
        else:
            rule, hint = "unreadable", f"check the quotation marks of this line ({reason})"
        return BrokenRow(BadCell(start, "", shown(text), rule, hint), (text,))

    def _swallowed_a_record(self) -> bool:
        """Whether a later line of the record is a whole record by itself.

        A cell with line breaks is legitimate; one of whose lines has all the commas of
        a record and no open quotation mark is a stray mark further up.
        """
        if self.width is None or self.width < 2:
            return False
        return any(
            line.count('"') % 2 == 0 and line.count(self.delimiter) == self.width - 1
            for line in self._taken[1:]
        )


def _text_of(cell: str) -> str:
    match = _FORMULA_OF_TEXT.fullmatch(cell.strip())
    return match[1].replace('""', '"') if match else cell


class _Feed(Iterator[str]):
    """Feeds the reader; an iterator class, because a generator ends at its first error."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __next__(self) -> str:
        return self._records.next_line()
