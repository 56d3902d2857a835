"""Mapping files: how a vendor's export becomes an import format.

A mapping says everything that changes a value: which header is which column, what is
constant, in which unit a column stands, how days are written, and whether codes may be
repaired. Nothing is repaired that no mapping asks for. ``docs/inbox.md`` lists the keys.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_validator

from yanbao.base.yaml_file import Internal, Text, YamlModel, as_list, as_tuple, unknown, wrong
from yanbao.catalog import BY_NAME, Dataset
from yanbao.catalog.declared_terms import DeclaredTerms
from yanbao.catalog.terms import Terms
from yanbao.inbox.code_repair import SUFFIX_RULES
from yanbao.inbox.header_units import folded, split_header
from yanbao.inbox.units import is_duration

FROM_HEADER = "header"
_HEADER_LINES = 5


def _dataset(name: Any) -> Dataset:
    if isinstance(name, Dataset):
        return name
    if not isinstance(name, str) or name not in BY_NAME:
        raise unknown("dataset", name, BY_NAME)
    return BY_NAME[name]


def _flag(value: Any) -> bool:
    """Every value of a mapping file is a text."""
    if value not in ("true", "false"):
        raise wrong(f"{value!r} is neither true nor false", "write true or false")
    return bool(value == "true")


def _line(value: Any) -> int:
    if not re.fullmatch(r"[1-9]\d{0,6}", str(value), re.ASCII):
        raise wrong(f"{value!r} is not a line number", "count lines from 1")
    return int(value)


def _lines(value: Any) -> tuple[int, int]:
    """One line, or the first and last line of a header: ``3`` or ``2-3``."""
    if isinstance(value, tuple):
        return value
    match = re.fullmatch(r"([1-9]\d{0,5})(?:-([1-9]\d{0,5}))?", str(value), re.ASCII)
    lines = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if lines[1] - lines[0] not in range(_HEADER_LINES):
        raise wrong(f"{value!r} is not a line number", "count lines from 1: 3, or 2-3")
    return lines


def _suffix_rule(name: str) -> str:
    if name not in SUFFIX_RULES:
        raise unknown("code_suffix rule", name, SUFFIX_RULES)
    return name


def _date_format(text: str) -> str:
    if "%" not in text:
        raise wrong(f"{text!r} has no % parts", "for 2024/10/31: '%Y/%m/%d'")
    return text


def _pattern(text: Any) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, TypeError) as error:
        hint = "escape ( ) [ ] with \\"
        raise wrong(f"{text!r} is no regular expression ({error})", hint) from error


def _naming(pattern: re.Pattern[str]) -> re.Pattern[str]:
    if not pattern.groupindex:
        raise wrong(f"{pattern.pattern!r} names no column", "write (?P<column>...) in it")
    return pattern


# A mapping file is read as texts, so that 007 keeps its zeros; an editor sees a number there.
Word = Annotated[
    Text,
    BeforeValidator(lambda text: text, json_schema_input_type=str | float | bool),
    AfterValidator(str.strip),
]
Words = dict[Word, Word]
NamedDataset = Annotated[
    Dataset,
    PlainValidator(_dataset, json_schema_input_type=str),
    Field(json_schema_extra={"enum": sorted(BY_NAME)}),
]
Flag = Annotated[bool, PlainValidator(_flag, json_schema_input_type=bool)]
Line = Annotated[int, PlainValidator(_line, json_schema_input_type=int)]
Lines = Annotated[tuple[int, int], PlainValidator(_lines, json_schema_input_type=int | str)]
SuffixRule = Annotated[
    Word, AfterValidator(_suffix_rule), Field(json_schema_extra={"enum": sorted(SUFFIX_RULES)})
]
SuffixRules = Annotated[
    tuple[SuffixRule, ...],
    BeforeValidator(as_tuple, json_schema_input_type=SuffixRule | list[SuffixRule]),
]
DateFormat = Annotated[Word, AfterValidator(_date_format)]
Pattern = Annotated[re.Pattern[str], PlainValidator(_pattern, json_schema_input_type=str)]
Naming = Annotated[Pattern, AfterValidator(_naming)]


class Week(YamlModel):
    """A column of week labels and the two columns that its first and last day fill."""

    header: Word
    start: Word
    end: Word


class Wide(YamlModel):
    """Columns that are really rows, as one column per month or per product.

    ``headers`` matches the whole header; its named groups are columns of the dataset or the
    mapping's week, and ``value`` is the column that the cells fill. Where each of them has
    several measures, the group ``measure`` says which, and ``values`` its column.
    """

    headers: Naming
    value: Word | None = None
    values: Words = Field(default={})

    @model_validator(mode="after")
    def _fills_a_column(self) -> Self:
        if (self.value is None) != ("measure" in self.headers.groupindex and bool(self.values)):
            what = "wide has neither one value nor values by a group (?P<measure>...)"
            raise wrong(what, "write value: COLUMN, or values: {MEASURE: column}")
        return self

    @property
    def groups(self) -> tuple[str, ...]:
        """What the headers say of the rows."""
        return tuple(name for name in self.headers.groupindex if name != "measure")

    @property
    def targets(self) -> tuple[str, ...]:
        return (self.value,) if self.value else tuple(self.values.values())

    def target(self, header: str) -> str | None:
        """The column that a header's cells fill; a measure's unit need not be named."""
        match = self.headers.fullmatch(header)
        if match is None or self.value:
            return self.value if match else None
        known = {folded(measure): column for measure, column in self.values.items()}
        texts = (match["measure"], split_header(match["measure"])[0])
        return next((known[folded(text)] for text in texts if folded(text) in known), None)


class Mapping(YamlModel):
    """How one vendor's file is read.

    ``columns`` maps received headers to ours, ``optional_columns`` those that may be
    absent, ``constants`` fills columns that the file lacks, ``unit_words`` says the unit of
    a column: a word or number to multiply with (``multipliers``: 亿元 → yuan:
    100000000), ``header`` or m:ss. ``code_suffix`` names the rules that derive an exchange
    suffix, ``header_row`` is the header's line counted from 1, or its first and last
    (``2-3``), ``last_row`` is the table's last line, ``dates`` and ``date_format`` are in the
    notation of ``strptime``. ``from_title``, ``from_headers`` and ``from_file_name`` find
    constants by named groups, and ``split`` takes a cell of a header apart by them. ``sheet``
    and ``last_row`` are about workbooks and say nothing about CSV. ``sha256`` is that of the
    mapping's text: a file read by another text is read anew.
    ``redistribution`` says whether its numbers may be passed on. ``lines`` says in which line
    a constant or a unit stands.
    ``months`` are those that the file's words name, for days without a year.
    ``unsettled`` are its lines with a TODO, by number.
    """

    dataset: NamedDataset
    columns: Words = Field(default={})
    optional_columns: Words = Field(default={})
    constants: Words = Field(default={})
    unit_words: Words = Field(default={}, alias="units")
    printed_numbers: Flag = False
    empty: Annotated[tuple[Word, ...], BeforeValidator(as_list)] = ()
    values: dict[Word, Words] = Field(default={})
    pad_codes: Flag = False
    code_suffix: SuffixRules = ()
    header_lines: Lines | None = Field(default=None, alias="header_row")
    last_row: Line | None = None
    sheet: Word | None = None
    date_format: DateFormat | None = None
    dates: dict[Word, DateFormat] = Field(default={})
    week: Week | None = None
    wide: Wide | None = None
    split: dict[Word, Naming] = Field(default={})
    skip_rows: Annotated[tuple[Pattern, ...], BeforeValidator(as_list)] = ()
    skip_where: dict[Word, Pattern] = Field(default={})
    from_title: Naming | None = None
    from_headers: Naming | None = None
    from_file_name: Naming | None = None
    redistribution: DeclaredTerms | None = None
    name: Internal[str] = ""
    months: Internal[tuple[date, ...]] = ()
    multipliers: Internal[dict[str, Decimal]] = Field(default={})
    lines: Internal[dict[str, int]] = Field(default={})
    sha256: Internal[str] = ""
    unsettled: Internal[dict[int, str]] = Field(default={})

    @property
    def header_rows(self) -> int:
        """How many lines the header has."""
        first, last = self.header_lines or (1, 1)
        return last - first + 1

    @property
    def header_units(self) -> frozenset[str]:
        """Columns whose unit is read from the file's header."""
        return frozenset(k for k, word in self.unit_words.items() if word == FROM_HEADER)

    @property
    def durations(self) -> frozenset[str]:
        return frozenset(k for k, word in self.unit_words.items() if is_duration(word))

    @property
    def converted(self) -> dict[str, str]:
        """The unit of each column that is multiplied; a duration has no multiplier."""
        return {k: word for k, word in self.unit_words.items() if not is_duration(word)}

    @property
    def terms(self) -> Terms | None:
        return self.redistribution.terms if self.redistribution else None

    def ours(self, header: str) -> str:
        """Our name of a received column; a header that is not mapped keeps its own."""
        return self.columns.get(header, header)

    def target(self, header: str) -> str:
        """The column that a received header fills, also one of the wide ones."""
        return (self.wide and self.wide.target(header)) or self.ours(header)

    @property
    def found_constants(self) -> frozenset[str]:
        """Columns that the file's name, title or headers fill."""
        patterns = (self.from_title, self.from_headers, self.from_file_name)
        return frozenset(name for p in patterns if p for name in p.groupindex)

    @property
    def filled(self) -> list[str]:
        """Every column that the mapping fills, as often as it does."""
        week = [self.week.start, self.week.end] if self.week else []
        wide = [*self.wide.groups, *self.wide.targets] if self.wide else []
        split = [name for pattern in self.split.values() for name in pattern.groupindex]
        mapped = [*self.columns.values(), *self.constants, *self.found_constants]
        header = self.week.header if self.week else None
        return [*mapped, *week, *(name for name in wide if name != header), *split]
