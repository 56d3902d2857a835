"""What a report pack is: sections of tables, charts and sentences, each bound to a mart.

A pack chooses and orders; it holds no number, no header and no date of its own.
``yanbao.reporting.grammar.pack_loader`` reads these declarations from YAML.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from yanbao.base.yaml_block import Scalar
from yanbao.reporting.styling.vocabulary import Movement, ScaleWord

ChartKind = Literal["bar", "grouped bar", "column", "combo", "line", "step", "dot", "arrows"]
FactKind = Literal[
    "top",
    "bottom",
    "names_where",
    "count_where",
    "share_where",
    "share_word",
    "value",
    "move",
    "trend",
    "rank",
    "highest",
    "lowest",
    "dates",
]
Shown = Literal["plain", "quarter", "month", "arrow"]


COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
# Names that every template may use besides its own facts.
BUILT_IN_WORDS = (
    "as_of",
    "as_of_cn",
    "month",
    "year",
    "prev_year",
    "week_start",
    "known_at",
)
ROW_COUNT = "row_count"
# In templates, the value for which a table or chart of ``each`` is printed.
EACH_WORD = "each"


@dataclass(frozen=True)
class SortKey:
    """Unrounded values decide; missing values come last in both directions."""

    column: str
    descending: bool


@dataclass(frozen=True)
class Selection:
    """Which rows of a mart: equality filters, the latest date, order, and how many.

    ``latest`` keeps one date, ``same_period`` the latest date and the same day of earlier
    years: third quarters beside third quarters. ``prefer`` keeps the rows that have a value
    there if any row has one, else all: the watch list of a desk that keeps one, else every
    share. ``among`` filters what is left by then: a class within the latest quarter, and not
    the latest quarter of that class. ``distinct`` keeps one row per
    value: a company in two segments counts once in a sentence about companies.
    """

    mart: str
    filters: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()
    latest: str = ""
    same_period: str = ""
    prefer: str = ""
    among: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()
    distinct: tuple[str, ...] = ()
    sort: tuple[SortKey, ...] = ()
    limit: int | None = None


@dataclass(frozen=True)
class Condition:
    """A comparison with a number in stored units, or presence, or a truth value."""

    test: str
    bound: Decimal = Decimal(0)


@dataclass(frozen=True)
class ColumnSpec:
    """One printed column. ``dated`` names the date column whose date the header carries.

    ``shown`` prints a date as its quarter (2024Q3) or month (2024-10), or a change with an
    arrow (▲ +2.60).
    """

    name: str
    dated: str = ""
    decimals: int | None = None
    scale: ScaleWord | None = None
    shown: Shown = "plain"


@dataclass(frozen=True)
class FactSpec:
    """One computed word or number of a template.

    ``column`` is what the function is about; ``by`` is the measure that ranks or tests
    where ``column`` is a name. ``none`` is printed where a list of names is empty. ``than``
    names what a move is compared with, and may use facts before it. ``of`` and ``named`` say
    whose rank is meant; ``on`` is the column that dates a highest or lowest value, or orders
    the changes of a trend.
    """

    name: str
    kind: FactKind
    selection: Selection
    column: ColumnSpec
    by: ColumnSpec | None = None
    count: int = 3
    condition: Condition | None = None
    words: Movement = "price"
    none: str = ""
    than: str = ""
    of: str = ""
    named: str = ""
    on: str = ""
    path: str = ""


@dataclass(frozen=True)
class TableSpec:
    """``across`` names the columns whose values stand side by side, ``value`` what stands
    below them; ``columns`` then name the rows. ``each`` prints one table for each value
    of a column, whose word is ``{each}`` in titles and notes; ``words`` holds it once the
    value is chosen.
    """

    path: str
    selection: Selection
    columns: tuple[ColumnSpec, ...]
    title: str
    count_by: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    value: ColumnSpec | None = None
    each: str = ""
    words: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[FactSpec, ...] = ()


@dataclass(frozen=True)
class ChartSpec:
    """``x`` names the categories (joined where several), ``y`` the measures.

    ``label`` is a second measure printed beside each bar; ``low`` and ``high`` are the
    distances of an interval below and above a dot. ``line`` is the second measure of a
    combo, with a unit of its own. ``instead`` names the column whose word (扭亏) stands where
    the measure is undefined. ``base`` is a level to compare lines with. ``adjoining`` columns
    are those of a histogram. ``count_by`` draws, in the place of ``x`` and ``y``, how many
    rows have each value of its columns. ``each`` and ``words`` are those of a table.
    """

    path: str
    kind: ChartKind
    selection: Selection
    x: tuple[ColumnSpec, ...]
    y: tuple[ColumnSpec, ...]
    title: str
    series: str = ""
    series_shown: Shown = "plain"
    label: ColumnSpec | None = None
    low: str = ""
    high: str = ""
    line: ColumnSpec | None = None
    instead: str = ""
    base: Decimal | None = None
    adjoining: bool = False
    count_by: tuple[str, ...] = ()
    each: str = ""
    words: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[FactSpec, ...] = ()


@dataclass(frozen=True)
class SentenceSpec:
    path: str
    template: str
    facts: tuple[FactSpec, ...]


ItemSpec = TableSpec | ChartSpec | SentenceSpec


@dataclass(frozen=True)
class SectionSpec:
    title: str
    items: tuple[ItemSpec, ...]


@dataclass(frozen=True)
class PackSpec:
    """``keys`` gives, for each mart used, the columns that name one row of it.

    ``parameters`` are what a reader may set (pool, theme, universe), with the pack's own
    values; a filter names one as ``'{pool}'``, and a template prints its label. Of several
    values the first that the release has rows for serves, under its own name.
    ``about`` is one line for lists of packs.
    """

    name: str
    title: str
    about: str
    subtitle: str
    keys: dict[str, tuple[str, ...]]
    sections: tuple[SectionSpec, ...]
    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def items(self) -> Iterator[ItemSpec]:
        for section in self.sections:
            yield from section.items

    @property
    def selections(self) -> Iterator[tuple[str, Selection]]:
        """Each selection of the pack with the place where it is declared."""
        for item in self.items:
            if not isinstance(item, SentenceSpec):
                yield item.path, item.selection
            for fact in item.facts:
                yield fact.path, fact.selection
