"""Whether a table fits a sheet of A4: as it is, in smaller letters, or on a wide page."""

from __future__ import annotations

import re
from typing import Literal

from yanbao.reporting.printed.pack import PrintedTable

Fit = Literal["", "tight", "wide"]
# What lies between the margins and the letters of paged.css.j2 (8.5, 7.2 pt), in CSS pixels.
PORTRAIT = 668.0
_PADDING = 11.0
_NORMAL, _TIGHT = 11.4, 9.6
# The least width of a text that wraps, in letters.
_WRAPPED = {_NORMAL: 14, _TIGHT: 10}
# A long text wraps; a shorter one stays on its line.
_LONG_TEXT = 18
_LONG_HEADER = 8
_FIRST_CJK = 0x2E7F
_UNBROKEN = re.compile(r"[^\s⺀-鿿＀-￯]+")


def fit_of(table: PrintedTable) -> Fit:
    if table_width(table, _NORMAL) <= PORTRAIT:
        return ""
    return "tight" if table_width(table, _TIGHT) <= PORTRAIT else "wide"


def table_width(table: PrintedTable, size: float) -> float:
    """The least width that breaks no number, date or word, for letters of ``size`` pixels."""
    return sum(_column_width(table, column, size) for column in range(len(table.headers)))


def _column_width(table: PrintedTable, column: int, size: float) -> float:
    header = table.headers[column].text
    words = [_text_width(word, size) for word in _UNBROKEN.findall(header)]
    # A header of two or three letters on a line would make a tower (see paged.css.j2).
    least = min(_text_width(header, size), size * (4.4 if len(header) > _LONG_HEADER else 3.7))
    cells = [_cell_width(row.cells[column].text, size) for row in table.rows]
    return max([*words, least, *cells], default=0.0) + _PADDING


def _cell_width(text: str, size: float) -> float:
    whole = _text_width(text, size)
    if len(text) <= _LONG_TEXT:
        return whole
    words = [_text_width(word, size) for word in _UNBROKEN.findall(text)]
    return max([*words, size * _WRAPPED[size]])


def _text_width(text: str, size: float) -> float:
    """As the embedded fonts set it: CJK glyphs are square, digits and signs narrower."""
    return size * sum(_glyph_width(letter) for letter in text)


def _glyph_width(letter: str) -> float:
    if ord(letter) > _FIRST_CJK:
        return 1.0
    if letter.isdigit():
        return 0.56
    return 0.36 if letter in "-.,:+()/ " else 0.62
