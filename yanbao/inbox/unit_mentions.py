"""Units that a file names beside its cells, where the mapping names none.

A number in 万 that is read as a plain one is wrong by four digits and looks right, so a
file whose title or header names another unit than the column's is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import Column
from yanbao.catalog.market_facts import CURRENCY_WORDS
from yanbao.inbox.findings import shown
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.units import is_unit, multiplier, split_header

_TITLE_UNIT = re.compile(r"单\s*位\s*[:：]\s*([^()（）\[\]【】\s]+)")
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


def title_units(text: str) -> tuple[str, ...]:
    """The units that a line above the header names: ``单位：亿元，%`` or ``下载量(万次)``."""
    named = [word for mention in _TITLE_UNIT.findall(text) for word in _BETWEEN.split(mention)]
    if not named:
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
    return mentioned_factor(word, column) is not None


def require_declared_units(
    mapping: Mapping,
    headers: tuple[str, ...],
    title: tuple[str, ...],
    place: Callable[[str], str],
) -> None:
    """Refuse a file whose words name a unit that the fitted mapping does not convert.

    ``place`` gives the address of a line of the title, or of a header.
    """
    currency = mapping.constants.get("currency")
    bare: list[Column] = []
    for header, column in _numbers(mapping, headers):
        _, word = split_header(header)
        if word is None or not is_unit(word):
            bare.append(column)
        elif mentioned_factor(word, column, currency) != 1:
            raise _refused(f"header {shown(header)!r} ({place(header)})", word, column)
    for text in title:
        for word in title_units(text):
            for column in bare:
                if (
                    may_be_titled(word, column)
                    and mentioned_factor(word, column, currency) != 1
                ):
                    raise _refused(f"title {shown(text)!r} ({place(text)})", word, column)


def _numbers(mapping: Mapping, headers: tuple[str, ...]) -> Iterator[tuple[str, Column]]:
    """The headers of number columns whose unit the mapping does not say."""
    for header in headers:
        ours = mapping.ours(header)
        if mapping.wide and mapping.wide.headers.fullmatch(header):
            ours = mapping.wide.value
        if ours not in mapping.dataset.column_names:
            continue
        column = mapping.dataset.column(ours)
        is_declared = ours in mapping.multipliers or ours in mapping.durations
        if column.kind in ("decimal", "integer") and not is_declared:
            yield header, column


def _refused(where: str, word: str, column: Column) -> FileRefusedError:
    return FileRefusedError(
        f"the {where} names the unit {word!r}, but {column.name} is in {column.unit or 1}"
        " and the mapping gives no unit for it",
        f"say it in the mapping, as in units: {{{column.name}: '{word}'}}; where it is not"
        f" meant for this column, units: {{{column.name}: 1}}",
    )
