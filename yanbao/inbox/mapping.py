"""Mapping files: how a vendor's export becomes an import format.

A mapping says everything that changes a value: which header is which column, what is
constant, in which unit a column stands, how days are written, and whether codes may be
repaired. Nothing is repaired that no mapping asks for. ``docs/inbox.md`` lists the keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from yanbao.catalog import Dataset
from yanbao.catalog.terms import Terms


@dataclass(frozen=True)
class Week:
    """A column of week labels and the two columns that its first and last day fill."""

    header: str
    start: str
    end: str


@dataclass(frozen=True)
class Wide:
    """Columns that are really rows, as one column per month or per product.

    ``headers`` matches the whole header; its named groups are columns of the dataset, and
    ``value`` is the column that the cells fill.
    """

    headers: re.Pattern[str]
    value: str

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.headers.groupindex)


@dataclass(frozen=True)
class Mapping:
    """How one vendor's file is read.

    ``columns`` maps received headers to ours, ``optional_columns`` those that may be
    absent, ``constants`` fills columns that the file lacks, ``units`` multiplies
    (亿元 → yuan: 100000000), ``header_units`` are read from the file's header and
    ``durations`` are m:ss. ``code_suffix`` names the rule that derives an exchange suffix,
    ``header_row`` and ``header_end`` are the header's first and last line counted from 1,
    ``last_row`` is the table's last line, ``dates`` and ``date_format`` are in the notation
    of ``strptime``. ``from_title``, ``from_headers`` and ``from_file_name`` find constants
    by named groups, and ``split`` takes a cell of a header apart by them. ``sheet`` and
    ``last_row`` are about workbooks and say nothing about CSV. ``sha256`` is that of the
    mapping's text: a file read by another text is read anew.
    ``redistribution`` says whether its numbers may be passed on.
    ``unsettled`` counts its lines with a TODO.
    """

    name: str
    dataset: Dataset
    columns: dict[str, str] = field(default_factory=dict)
    optional_columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    units: dict[str, Decimal] = field(default_factory=dict)
    unit_words: dict[str, str] = field(default_factory=dict)
    header_units: frozenset[str] = frozenset()
    durations: frozenset[str] = frozenset()
    printed_numbers: bool = False
    empty: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    pad_codes: bool = False
    code_suffix: str | None = None
    header_row: int | None = None
    header_end: int | None = None
    last_row: int | None = None
    sheet: str | None = None
    date_format: str | None = None
    dates: dict[str, str] = field(default_factory=dict)
    week: Week | None = None
    wide: Wide | None = None
    split: dict[str, re.Pattern[str]] = field(default_factory=dict)
    skip_rows: tuple[re.Pattern[str], ...] = ()
    skip_where: dict[str, re.Pattern[str]] = field(default_factory=dict)
    from_title: re.Pattern[str] | None = None
    from_headers: re.Pattern[str] | None = None
    from_file_name: re.Pattern[str] | None = None
    redistribution: Terms | None = None
    sha256: str = ""
    unsettled: int = 0

    def ours(self, header: str) -> str:
        """Our name of a received column; a header that is not mapped keeps its own."""
        return self.columns.get(header, header)

    @property
    def found_constants(self) -> frozenset[str]:
        """Columns that the file's name, title or headers fill."""
        patterns = (self.from_title, self.from_headers, self.from_file_name)
        return frozenset(name for p in patterns if p for name in p.groupindex)

    @property
    def filled(self) -> list[str]:
        """Every column that the mapping fills, as often as it does."""
        week = [self.week.start, self.week.end] if self.week else []
        wide = [*self.wide.groups, self.wide.value] if self.wide else []
        split = [name for pattern in self.split.values() for name in pattern.groupindex]
        mapped = [*self.columns.values(), *self.constants, *self.found_constants]
        return [*mapped, *week, *wide, *split]
