"""What can be wrong with a row, in the words that go back to the person."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class BadCell:
    """One cell, or one whole row, that breaks a rule.

    ``row`` is the number that a person sees: the line of a CSV file on which the record
    starts, the data row of a Parquet file counted from 1. ``column`` is empty where the
    row as a whole is at fault, and names all key columns for a duplicate. ``cell`` is the
    address on the sheet of a workbook, as ``D17``.
    """

    row: int
    column: str
    value: str
    rule: str
    hint: str
    cell: str = ""


def shown(value: str) -> str:
    """The value, shortened so that one runaway cell cannot flood a report."""
    if len(value) <= SHOWN_CHARACTERS:
        return value
    return f"{value[:SHOWN_CHARACTERS]}… ({len(value):,} characters)"
