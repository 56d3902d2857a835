"""Applying a mapping to received columns: dates, codes, units, constants.

A cell that the mapping cannot repair is left as it was received, so that the checks
quarantine it with the value that the person knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from yanbao.catalog import Column
from yanbao.inbox.code_repair import one_spelling, repair_code, rule_for
from yanbao.inbox.days import day_of, has_year, in_its_year, iso_day
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.units import has_own_unit, printed_number, scaled, seconds


def apply_mapping(table: pa.Table, mapping: Mapping, *, own_units: bool = False) -> pa.Table:
    """The table with our column names, repaired as the mapping says; same rows, order.

    With ``own_units``, a cell that carries its unit (``2.6%``, ``3.2亿``) is read with it
    whatever the mapping says: in a workbook that is the cell's format, not what was typed.
    """
    currency = mapping.constants.get("currency") or _only_word(table, "currency")
    for position, name in enumerate(table.column_names):
        column = mapping.dataset.column(name)
        cells = _bare(table.column(position), column)
        repaired = _repaired(
            _translated(cells, name, mapping), column, mapping, currency, own_units
        )
        if repaired is not table.column(position):
            table = table.set_column(position, name, repaired)
    for name, value in mapping.constants.items():
        table = table.append_column(name, pa.repeat(pa.scalar(value), table.num_rows))
    return table


def _translated(cells: pa.ChunkedArray, name: str, mapping: Mapping) -> pa.ChunkedArray:
    """Marks that mean no value become null; the vendor's words become ours."""
    words = mapping.values.get(name, {})
    if not _is_text(cells.type) or not (mapping.empty or words):
        return cells
    known: dict[str, str | None] = {**dict.fromkeys(mapping.empty), **words}
    return _each_distinct(cells, lambda value: known.get(value, value))


def _repaired(
    cells: pa.ChunkedArray,
    column: Column,
    mapping: Mapping,
    currency: str | None,
    own_units: bool,
) -> pa.ChunkedArray:
    if column.name in mapping.durations and _is_text(cells.type):
        return _each_distinct(cells, seconds)
    if column.kind in ("decimal", "integer"):
        return _number(cells, column, mapping, currency, own_units)
    date_format = mapping.dates.get(column.name, mapping.date_format)
    if column.kind == "date" and date_format and _is_datable(cells.type):
        return _days(_as_text(cells), date_format, mapping)
    if column.kind == "code" and (mapping.pad_codes or mapping.code_suffix):
        return _each_distinct(_as_text(cells), _code(column, mapping))
    if column.kind == "code" and _is_text(cells.type) and _takes_hong_kong(column):
        return _each_distinct(cells, one_spelling)
    return cells


def _days(cells: pa.ChunkedArray, date_format: str, mapping: Mapping) -> pa.ChunkedArray:
    if has_year(date_format):
        return _each_distinct(cells, lambda value: iso_day(value, date_format))
    full = (day_of(value, "%Y-%m-%d") for value in set(cells.to_pylist()) - {None})
    around = [*filter(None, full), *mapping.months]
    return _each_distinct(cells, lambda value: in_its_year(value, date_format, around))


def _number(
    cells: pa.ChunkedArray,
    column: Column,
    mapping: Mapping,
    currency: str | None,
    own_units: bool,
) -> pa.ChunkedArray:
    factor = mapping.multipliers.get(column.name, Decimal(1))
    if not _is_text(cells.type) or not (mapping.printed_numbers or own_units):
        return _scaled(cells, factor) if column.name in mapping.multipliers else cells

    def change(value: str) -> str:
        if mapping.printed_numbers or has_own_unit(value):
            return printed_number(value, column, factor, currency)
        return scaled(value, factor) if column.name in mapping.multipliers else value

    return _each_distinct(cells, change)


def _bare(cells: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """The cells without the apostrophe that marks a code, a day or a number as text."""
    if column.kind == "text" or not _is_text(cells.type):
        return cells
    if not pc.any(pc.starts_with(cells, "'")).as_py():
        return cells
    return pc.replace_substring_regex(cells, "^'", "")


def _only_word(table: pa.Table, name: str) -> str | None:
    """The one word that fills a column of text; ``None`` where there are others."""
    if name not in table.column_names or not _is_text(table.column(name).type):
        return None
    words = table.column(name).unique().to_pylist()
    return words[0] if len(words) == 1 else None


def _takes_hong_kong(column: Column) -> bool:
    return re.fullmatch(column.pattern or "", "0700.HK") is not None


def _is_datable(kind: pa.DataType) -> bool:
    """Text, or dates written as whole numbers such as 20241031."""
    return _is_text(kind) or bool(pa.types.is_integer(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _as_text(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    return cells if _is_text(cells.type) else cells.cast(pa.string())


def _each_distinct(
    cells: pa.ChunkedArray, change: Callable[[str], str | None]
) -> pa.ChunkedArray:
    """Apply a change to each distinct value once: codes and dates repeat a lot."""
    encoded = cells.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    changed = pa.array([change(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([pc.take(changed, encoded.indices)], pa.string())


def _code(column: Column, mapping: Mapping) -> Callable[[str], str]:
    pattern = column.pattern or ".*"

    rule = rule_for(pattern, mapping.code_suffix)

    def change(value: str) -> str:
        return repair_code(value, pattern, pad=mapping.pad_codes, suffix_rule=rule)

    return change


def _scaled(cells: pa.ChunkedArray, multiplier: Decimal) -> pa.ChunkedArray:
    """Multiply in decimal arithmetic: 3.7 亿 is 370000000, not 370000000.00000006."""
    if _is_text(cells.type):
        return _each_distinct(cells, lambda value: scaled(value, multiplier))
    numbers = [
        None if value is None else float(Decimal(repr(value)) * multiplier)
        for value in cells.cast(pa.float64()).to_pylist()
    ]
    return pa.chunked_array([numbers], pa.float64())
