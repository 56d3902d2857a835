"""Fitting text without a layout engine: lines of a width, and widths of table columns.

Office files are laid out where they are opened, with whatever font stands in for the one
that they name. So letters count as wide as in the widest common substitute (DejaVu Sans).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import PrintedTable

# What a line may break around: a CJK letter stands alone, Latin words and numbers do not.
_CJK = r"\u2e80-\u9fff\uf900-\uffef"
_PIECES = re.compile(rf"[{_CJK}]|[^\s{_CJK}]+|\s+")
_NOT_FIRST = frozenset("，。、；：？！）】》”’％%,.;:?!)]}〉」』·")
_WIDE = frozenset("mwMW%@&GOQ+=~<>—…")
_NARROW = frozenset(" .,:;'|!iIjl[]()/-")
_BOLD = 1.12


def office_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line in the unit of ``size``; never too small."""
    ems = sum(map(_ems, text))
    return ems * size * (_BOLD if bold else 1.0)


def _ems(letter: str) -> float:
    if ord(letter) > 0x2E7F or letter in "“”‘’·▲▼":
        return 1.0
    if letter in _WIDE:
        return 0.95
    if letter in _NARROW:
        return 0.42
    return 0.77 if letter.isupper() else 0.65


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The lines of ``text`` in ``width`` at a letter height of ``size`` (same unit).

    Closing punctuation stays on its line; a word wider than a line is cut.
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        fits = office_width(lines[-1] + piece.rstrip(), size, bold=bold) <= width
        if fits or (piece in _NOT_FIRST and lines[-1]):
            lines[-1] += piece
            continue
        lines.append("")
        for letter in piece.lstrip():
            if lines[-1] and office_width(lines[-1] + letter, size, bold=bold) > width:
                lines.append("")
            lines[-1] += letter
    return [line.strip() for line in lines if line.strip()] or [""]


def shown(cell: Cell) -> str:
    """All that a cell shows: arrow, text and mark."""
    arrow = f"{cell.arrow} " if cell.arrow else ""
    return f"{arrow}{cell.text}{cell.mark}"


@dataclass(frozen=True)
class ColumnFit:
    """Widths of a table's columns at a letter size, both in points."""

    size: float
    widths: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.widths)


def fit_columns(
    table: PrintedTable, available: float, sizes: Sequence[float], padding: float
) -> ColumnFit | None:
    """The largest of ``sizes`` at which the table fits ``available`` points; None if none.

    Numbers, dates and codes never wrap; names and words may, between letters or words.
    """
    columns = range(len(table.headers))
    for size in sizes:
        least = [_least(table, column, size) + padding for column in columns]
        if sum(least) <= available:
            most = [_most(table, column, size) + padding for column in columns]
            return ColumnFit(size, _shared(least, most, available))
    return None


def squeezed(table: PrintedTable, available: float, size: float, padding: float) -> ColumnFit:
    """For a table that no size fits: widths in proportion, and every column may wrap."""
    least = [_least(table, column, size) + padding for column in range(len(table.headers))]
    scale = available / sum(least)
    return ColumnFit(size, tuple(width * scale for width in least))


def _shared(
    least: Sequence[float], most: Sequence[float], available: float
) -> tuple[float, ...]:
    """Each column gets what it needs; what is left goes to those that would wrap."""
    wish = [max(0.0, high - low) for low, high in zip(least, most)]
    spare = available - sum(least)
    if sum(wish) > spare:
        return tuple(low + spare * more / sum(wish) for low, more in zip(least, wish))
    rest = (spare - sum(wish)) / len(least)
    return tuple(low + more + rest for low, more in zip(least, wish))


def _cells(table: PrintedTable, column: int, size: float) -> list[tuple[str, float]]:
    """Each printed text of a column with its width; totals are bold."""
    texts = [(shown(row.cells[column]), row) for row in table.rows]
    return [(text, office_width(text, size, bold=row.is_total)) for text, row in texts]


def _least(table: PrintedTable, column: int, size: float) -> float:
    """The narrowest width in which nothing breaks that must stay whole."""
    header = table.headers[column]
    cells = _cells(table, column, size)
    longest = max((width for _, width in cells), default=0.0)
    if header.style.kind == "text" and not all(_is_whole(text) for text, _ in cells):
        piece = _widest_piece([text for text, _ in cells], size)
        longest = max(piece, min(longest, size * 6), min(longest / 5, size * 12))
    return max(longest, _header_width(header.text, size))


def _most(table: PrintedTable, column: int, size: float) -> float:
    """The width at which no cell wraps, within reason for notes and long lists."""
    longest = max((width for _, width in _cells(table, column, size)), default=0.0)
    return max(min(longest, size * 28), _header_width(table.headers[column].text, size))


def _is_whole(text: str) -> bool:
    """Codes such as 001986.OF: short, and without a CJK letter or a blank."""
    return len(text) <= 12 and all(ord(letter) < 0x2E80 and letter != " " for letter in text)


def _widest_piece(texts: Sequence[str], size: float, *, bold: bool = False) -> float:
    pieces = {piece for text in texts for piece in _PIECES.findall(text)}
    widest = max((office_width(piece, size, bold=bold) for piece in pieces), default=0.0)
    return min(widest, size * 10)


def _header_width(text: str, size: float) -> float:
    """Room for a bold header in at most three lines, or in the lines that it states."""
    lines = text.split("\n")
    whole = max(office_width(line, size, bold=True) for line in lines)
    third = whole if len(lines) > 1 else whole / 3 + size
    return max(_widest_piece(lines, size, bold=True), min(whole, third))
