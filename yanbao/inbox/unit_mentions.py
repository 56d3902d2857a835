"""Units that a file names beside its cells, where the mapping names none.

A number in 万 that is read as a plain one is wrong by four digits and looks right, so a
file whose title or header names another unit than the column's is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import Column
from yanbao.catalog.market_facts import CURRENCY_WORDS
from yanbao.inbox.findings import shown
from yanbao.inbox.header_units import split_header
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.received import Received
from yanbao.inbox.units import is_unit, multiplier
from yanbao.inbox.words import Words

_TITLE_UNIT = re.compile(
    r"(?:单\s*位\s*(?:均?为|[:：])?\s*|\bunits?\s*:\s*|\bin\s+)"
    r"((?:[a-z$]{1,4}\$?\s*)?(?:thousands?|millions?|billions?|mn|bn|'000s?)\b"
    r"|[^()（）\[\]【】\s]+)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Za-z]")
ROWS_OF_WORDS = 3  # below a header: names in another language, units, dates
_BETWEEN = re.compile(r"[、,，;；]")
# A title's 万 is about what is counted or paid, never about these.
_NEVER_SCALED = (
    "rank",
    "year",
    "months",
    "scale",
    "points",
    "points or percent",
    "cores",
    "GB",
    "times",
    "quote per base",
)

# Nor is a price: 万元 above a table of bars is what was traded.
PRICES = ("open", "high", "low", "close", "reference_close", "nav")


def title_units(text: str) -> tuple[str, ...]:
    """The units that a line above the header names: ``单位：亿元，%`` or ``下载量(万次)``."""
    named = [word for mention in _TITLE_UNIT.findall(text) for word in _BETWEEN.split(mention)]
    # A file's name such as visits_in_thousands is one word, of which no unit is a part.
    if not named and not (text.isascii() and text.isidentifier()):
        named = [split_header(text)[1] or ""]
    return tuple(word for word in named if word and is_unit(word))


def mentioned_factor(word: str, column: Column, currency: str | None = None) -> Decimal | None:
    """``multiplier``; where the row says its currency, any one may be the row's own."""
    tried: list[str | None] = [currency] if currency else [None, *CURRENCY_WORDS]
    factors = (multiplier(word, column, one) for one in tried)
    return next((factor for factor in factors if factor is not None), None)


def may_be_titled(word: str, column: Column) -> bool:
    """Whether a title's unit can be meant for a column."""
    if column.kind not in ("decimal", "integer") or column.unit in _NEVER_SCALED:
        return False
    factor = mentioned_factor(word, column)
    return factor is not None and (factor == 1 or column.name not in PRICES)


def require_declared_units(mapping: Mapping, words: Words) -> None:
    """Refuse a file whose words name another unit than the fitted mapping converts.

    A header's unit is its column's; one above or below the table is that of each column whose
    header names none, unless the mapping gives the column a plain number.
    """
    currency = mapping.constants.get("currency")
    bare: list[Column] = []
    for header, column in _numbers(mapping, words.headers):
        _, word = split_header(header)
        if word is None or not is_unit(word):
            bare.append(column)
        elif not _agrees(mapping, column, mentioned_factor(word, column, currency)):
            where = f"header {shown(header)!r} ({words.place_of(header)})"
            raise _refused(where, word, column, mapping)
    for text, place in words.lines():
        named = title_units(text)
        for column in bare:
            fitting = [word for word in named if may_be_titled(word, column)]
            if not fitting or mapping.unit_words.get(column.name, "")[:1].isdigit():
                continue
            factors = [mentioned_factor(word, column, currency) for word in fitting]
            if not any(_agrees(mapping, column, factor) for factor in factors):
                raise _refused(f"{shown(text)!r} ({place})", fitting[0], column, mapping)


def require_units_below(mapping: Mapping, received: Received) -> None:
    """Refuse a file whose first rows hold units that the fitted mapping does not convert.

    Terminals print 万元 below a name as often as beside it. Set aside as a bad row, it would
    leave numbers behind that nobody converts.
    """
    currency = mapping.constants.get("currency")
    for number, row in zip(
        received.numbers, received.table.slice(0, ROWS_OF_WORDS).to_pylist()
    ):
        filled = {header: str(cell) for header, cell in row.items() if cell is not None}
        words = {
            header: (filled[header].strip("()（）[]【】 "), column)
            for header, column in _numbers(mapping, tuple(filled))
        }
        # One letter is what somebody typed into a cell.
        if not all(is_unit(word) and not _LETTER.fullmatch(word) for word, _ in words.values()):
            continue
        for header, (word, column) in words.items():
            if not _agrees(mapping, column, mentioned_factor(word, column, currency)):
                where = f"line {number.as_py()} below header {shown(header)!r}"
                raise _refused(where, word, column, mapping)


def _agrees(mapping: Mapping, column: Column, factor: Decimal | None) -> bool:
    declared = mapping.multipliers.get(column.name)
    if declared is None:
        return factor == 1
    return declared == factor or mapping.unit_words.get(column.name) == "1"


def _numbers(mapping: Mapping, headers: tuple[str, ...]) -> Iterator[tuple[str, Column]]:
    """The headers of number columns."""
    for header in headers:
        ours = mapping.target(header)
        if ours in mapping.dataset.column_names and ours not in mapping.durations:
            column = mapping.dataset.column(ours)
            if column.kind in ("decimal", "integer"):
                yield header, column


def _refused(where: str, word: str, column: Column, mapping: Mapping) -> FileRefusedError:
    given = mapping.unit_words.get(column.name)
    if given is None:
        against = f"{column.name} is in {column.unit or 1} and the mapping gives no unit for it"
    else:
        line = mapping.lines.get(column.name)
        at = f" (line {line})" if line else ""
        against = f"mapping {mapping.name} gives {column.name} the unit {given!r}{at}"
    return FileRefusedError(
        f"the {where} names the unit {word!r}, but {against}",
        f"say it in the mapping, as in units: {{{column.name}: '{word}'}}; where it is not"
        f" meant for this column, units: {{{column.name}: 1}}",
    )
