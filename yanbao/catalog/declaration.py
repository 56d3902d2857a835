"""What a dataset is: its grain, key, columns, cadence and how completeness is judged.

A declaration is the single home of an import format and of its core table. Landing, the raw
gate, ``yanbao sources``, staging of files, the union of sources, core and its contract, and
``docs/import_formats.md`` all come from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, get_args

from yanbao.base.errors import UsageError
from yanbao.catalog.market_facts import A_SHARE_CODE, EXCHANGE_INDEX_CODE
from yanbao.catalog.scales import FOLLOWED, Proof, Scale
from yanbao.catalog.terms import OF_A_FILE, Terms

Kind = Literal["code", "text", "date", "decimal", "integer", "boolean"]
Partitioning = Literal["trade_date", "report_period", "week", "snapshot"]
Completeness = Literal["calendar", "last_good", "announced_total", "none"]
WINDOW_START = "period_start"  # of rows that count over days of their own
ENTITY_KINDS = ("product", "company", "model")
# Columns, or columns by the condition under which they are meant.
Columns = tuple[str, ...] | Mapping[str, tuple[str, ...]]

SQL_TYPES: dict[Kind, str] = {
    "code": "varchar",
    "text": "varchar",
    "date": "date",
    "decimal": "double",
    "integer": "bigint",
    "boolean": "boolean",
}

HK_CODE = r"(\d{4}|[1-9]\d{4})\.HK"
US_VENUES = ("O", "N", "A")
US_CODE = rf"[A-Z][A-Z0-9\-]*\.({'|'.join(US_VENUES)})"
FUND_CODE = r"\d{6}\.OF"
OVERSEAS_CODE = rf"({HK_CODE}|{US_CODE})"
LISTED_CODE = rf"({A_SHARE_CODE}|{OVERSEAS_CODE})"
INDEX_CODE = rf"({EXCHANGE_INDEX_CODE}|[A-Z0-9]+\.(CSI|SI|GI|HI|WI))"


@dataclass(frozen=True)
class Column:
    """One column of an import format.

    ``unit`` is empty for text, codes and dates. ``pattern`` is a full-match regular
    expression for codes. ``minimum`` and ``maximum`` are inclusive plausibility bounds
    in the column's unit; a cell outside them is quarantined. ``not_before`` is the column of
    the day that this one's may not precede. ``scale`` is how the raw gate knows a number's unit
    and sign.
    """

    name: str
    description: str
    kind: Kind
    unit: str = ""
    required: bool = False
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    example: str = ""
    not_before: str = ""
    scale: Scale = FOLLOWED

    @property
    def is_number(self) -> bool:
        return self.kind in ("decimal", "integer")

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.kind]

    @property
    def is_prose(self) -> bool:
        """Whether it holds names and titles, which come with tags and entities of a page."""
        is_word = self.allowed or self.name in ("currency", "source_note", "url")
        return self.kind == "text" and not is_word


SOURCE_NOTE = Column(
    "source_note",
    "Where the row was transcribed from (report and table), or 样例 for made-up data.",
    "text",
)


@dataclass(frozen=True)
class Dataset:
    """A dataset in its import format, and what its core table needs beyond it.

    ``date_column`` is the period the row is about, by default the first day of the key; rows
    without a day in their key are undated. It may not lie in the future unless
    ``future_allowed``. ``staleness_days`` is the allowance after which a stale dataset
    blocks a release; ``None`` means that it never does. ``lag_sessions`` is by how many
    sessions the newest row of a nightly answer may lag behind; ``None`` means that it is not
    judged. Rows are due by the sessions of ``market`` (SQL of the row), ``due_after_days``
    after the newest one, or through the day ``due_on`` (SQL of ``parameters``); without any
    of them they are never due. Each value of ``parts_by``, a column or ``exchange``, is due
    for itself. ``told_by`` is SQL: which rows of the table that it merges into are its own;
    ``covers_to`` the last day that a row is about, by default the date column.

    ``upstream`` lists the live sources in the order in which they are tried.
    ``proofs`` are pairs of columns that prove each other's unit. ``price_columns`` hold prices
    that stand once they were quoted: a file with another one for a stored key waits for a
    person. ``file_terms`` say whether numbers of an analyst's file may be passed on; those of a
    live source follow the source.

    The rest is SQL for core. ``available_on`` is the day on which a reader in Beijing could
    know the row, by default the date column; ``first_available_on`` is that of a key's first
    version. Both may use the columns, ``landed_at`` and ``source_name`` (``inbox`` for files).
    ``not_carried`` names, by source, the columns of core that it does not have: else their
    nulls would replace what another source gave. Of generated staging it is known which columns
    a source never gives. ``filled`` says what stands in an empty column. ``share_names`` are
    the columns that core writes in a name's one spelling. ``entities`` are the
    columns that name a product, company or model, each with that kind; core has an id beside
    each of them, by the names of ``entity_day``. A dataset that ``merges_into`` another core
    table gives its columns there by ``as_merged``, by default those of the same name.
    """

    name: str = ""
    group: str = ""
    label: str = ""
    grain: str = ""
    key: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    cadence: str = ""
    date_column: str = ""
    partitioning: Partitioning = "snapshot"
    completeness: Completeness = "none"
    staleness_days: int | None = None
    lag_sessions: int | None = None
    market: str = ""
    due_after_days: int | None = None
    due_on: str = ""
    parts_by: str = ""
    told_by: str = ""
    covers_to: str = ""
    future_allowed: bool = False
    upstream: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    price_columns: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    share_names: tuple[str, ...] = ()
    file_terms: Terms = OF_A_FILE
    notes: str = field(default="", compare=False)
    available_on: str = ""
    first_available_on: str = ""
    entity_day: str = ""
    merges_into: str = ""
    not_carried: Mapping[str, Columns] = field(default_factory=dict, compare=False)
    filled: Mapping[str, str] = field(default_factory=dict, compare=False)
    as_merged: Mapping[str, str] = field(default_factory=dict, compare=False)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise UsageError.unknown_name(f"column of {self.name}", name, self.column_names)

    def __post_init__(self) -> None:
        if SOURCE_NOTE.name not in {column.name for column in self.columns}:
            object.__setattr__(self, "columns", (*self.columns, SOURCE_NOTE))
        for word in ("name", "group", "label", "grain", "key", "cadence"):
            if not getattr(self, word):
                what = self.name or "a dataset"
                raise UsageError(f"{what} has no {word}", hint="add it to the declaration")
        for column in self.columns:
            if not column.description.strip():
                raise UsageError(
                    f"{self.name}.{column.name} has no description",
                    hint="say what it holds: core, dbt docs and import formats print it",
                )
        proven = [name for proof in self.proofs for name in (proof.over, proof.under)]
        named = [*self.key, *proven, *self.price_columns, *self.filled, *self.share_names]
        named += dict(self.entities)
        for name in filter(None, [*named, self.date_column]):
            self.column(name)
        if not self.date_column:
            days = [name for name in self.key if self.column(name).kind == "date"]
            object.__setattr__(self, "date_column", next(iter(days), ""))
        for kind, used, known in (
            ("upstream", self.not_carried, self.upstream),
            ("kind of entity", dict(self.entities).values(), ENTITY_KINDS),
            ("partitioning", [self.partitioning], get_args(Partitioning)),
            ("completeness", [self.completeness], get_args(Completeness)),
        ):
            for word in used:
                if word not in known:
                    raise UsageError.unknown_name(f"{kind} of {self.name}", word, known)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def measures(self) -> tuple[Column, ...]:
        """The columns that hold numbers."""
        return tuple(column for column in self.columns if column.is_number)

    @property
    def entity_columns(self) -> tuple[str, ...]:
        """The key without its days: what is followed from batch to batch."""
        return tuple(name for name in self.key if self.column(name).kind != "date")

    @property
    def previous_columns(self) -> tuple[str, ...]:
        """What the raw gate wants to know of an entity's last good row."""
        names = [*self.entity_columns, self.date_column, *(one.name for one in self.measures)]
        if any(column.scale.per == "days" for column in self.measures):
            names.append(WINDOW_START)
        return tuple(dict.fromkeys(filter(None, names)))

    @property
    def required_columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def core_column(self, name: str) -> str:
        """What core calls a column of the import format."""
        return next((core for core, sql in self.as_merged.items() if sql == name), name)

    @property
    def core_table(self) -> str:
        return self.merges_into or self.name

    @property
    def is_due(self) -> bool:
        """Whether rows are due at all: lists that stand until the next one are not."""
        return bool(self.market or self.due_on or self.due_after_days is not None)


def code(name: str, pattern: str, description: str, *, example: str = "") -> Column:
    """A required code column, always text with its exchange suffix."""
    return Column(name, description, "code", required=True, pattern=pattern, example=example)


text = partial(Column, kind="text")
day = partial(Column, kind="date", example="2024-10-31")


def number(
    name: str,
    unit: str,
    description: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
    example: str = "",
    scale: Scale = FOLLOWED,
) -> Column:
    return Column(
        name,
        description,
        "decimal",
        unit,
        required=required,
        minimum=minimum,
        maximum=maximum,
        example=example,
        scale=scale,
    )


def count(
    name: str,
    unit: str,
    description: str,
    *,
    required: bool = False,
    minimum: float = 0,
    maximum: float | None = None,
    scale: Scale = FOLLOWED,
) -> Column:
    return Column(
        name,
        description,
        "integer",
        unit,
        required=required,
        minimum=minimum,
        maximum=maximum,
        scale=scale,
    )
