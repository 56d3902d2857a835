"""Rows set aside because a cell's format shows another number than the cell holds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from yanbao.inbox.findings import BadCell, shown
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.received import BrokenRow, Doubt, Received

RULE = "number_format"


def without_doubts(
    received: Received,
    mapping: Mapping,
    columns: Collection[str],
    address: Callable[[str, int], str],
) -> Received:
    """The rows without a doubt in one of the ``columns``; the others are broken.

    A hidden scale is none where the mapping's unit of the column undoes it, as 万 in the
    header undoes a format that divides by ten thousand. ``mapping`` is fitted to the file.
    """
    bad: dict[int, BadCell] = {}
    for doubt in received.doubts:
        is_read = doubt.header in columns or _is_taken_apart(doubt.header, mapping)
        if is_read and not _is_settled(doubt, mapping):
            finding = BadCell(
                doubt.row,
                mapping.target(doubt.header),
                shown(doubt.shown.text),
                RULE,
                _why(doubt),
                address(doubt.header, doubt.row),
            )
            bad.setdefault(doubt.row, finding)
    return without_rows(received, bad)


def without_rows(received: Received, bad: dict[int, BadCell]) -> Received:
    """The rows without those that are bad as a whole, each with what is wrong with it."""
    if not bad:
        return received
    is_bad = pc.is_in(received.numbers, value_set=pa.array(bad, pa.int64()))
    broken = [
        BrokenRow(bad[number], tuple(cell or "" for cell in cells.values()))
        for number, cells in zip(
            received.numbers.filter(is_bad).to_pylist(),
            received.table.filter(is_bad).to_pylist(),
            strict=True,
        )
    ]
    good = pc.invert(is_bad)
    return replace(
        received,
        table=received.table.filter(good),
        numbers=received.numbers.filter(good),
        broken=tuple(sorted([*received.broken, *broken], key=lambda row: row.number)),
    )


def _is_taken_apart(header: str, mapping: Mapping) -> bool:
    """Whether a mapping makes other columns of a header's cells."""
    is_wide = mapping.wide is not None and mapping.wide.headers.fullmatch(header) is not None
    is_week = mapping.week is not None and mapping.week.header == header
    return is_wide or is_week or header in mapping.split


def _is_settled(doubt: Doubt, mapping: Mapping) -> bool:
    unit = mapping.multipliers.get(mapping.target(doubt.header))
    if doubt.shown.is_bare:
        return unit in (None, 1)
    return not doubt.shown.doubt and unit is not None and unit * doubt.shown.scale == 1


def _why(doubt: Doubt) -> str:
    if doubt.shown.doubt:
        return doubt.shown.doubt
    if doubt.shown.is_bare:
        return (
            "its number format writes a unit behind other numbers and none behind this one, and"
            " the mapping gives the column a unit; take it out, or format the cell as General"
        )
    times = f"{1 / doubt.shown.scale.normalize():,f}"
    return (
        f"its number format shows {doubt.shown.text}, a {times}th of what the cell holds, and"
        " no unit says so; name it in the header and in a mapping's units, or format the cell"
        " as General"
    )
