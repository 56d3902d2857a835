"""What a report pack is: sections of tables, charts and sentences, each bound to a mart.

A pack chooses and orders; it holds no number, no header and no date of its own. Each class
is a mapping of the YAML; ``yanbao.reporting.grammar.pack_loader`` reads them.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    model_validator,
)

from yanbao.base.errors import PackError
from yanbao.base.yaml_file import (
    Internal,
    SomeTexts,
    Text,
    Texts,
    YamlModel,
    as_list,
    as_tuple,
    unknown,
    wrong,
)
from yanbao.reporting.styling.vocabulary import Movement, ScaleWord

Scalar = str | int | float | bool | None
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
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
Shown = Literal["plain", "quarter", "month", "arrow"]
COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_CONDITION = re.compile(r"(>=|<=|!=|>|<|=)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)")
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


Filters = tuple[tuple[str, tuple[Scalar, ...]], ...]


@dataclass(frozen=True)
class Selection:
    """Which rows of a mart: equality filters, the latest date, order, and how many.

    ``latest`` keeps one date, ``same_period`` the latest date and the same day of earlier
    years: third quarters beside third quarters. ``prefer`` keeps the rows that have a value
    there if any row has one, else all: the watch list of a team that keeps one, else every
    share. ``among`` filters what is left by then: a class within the latest quarter, and not
    the latest quarter of that class. ``distinct`` keeps one row per
    value: a company in two segments counts once in a sentence about companies.
    """

    mart: str
    filters: Filters = ()
    latest: str = ""
    same_period: str = ""
    prefer: str = ""
    among: Filters = ()
    distinct: tuple[str, ...] = ()
    sort: tuple[SortKey, ...] = ()
    limit: int | None = None


@dataclass(frozen=True)
class Condition:
    """A comparison with a number in stored units, or presence, or a truth value."""

    test: str
    bound: Decimal = Decimal(0)


def _name(name: str) -> str:
    if name in BUILT_IN_WORDS:
        raise wrong(f"{name!r} is a built-in word", "rename it")
    return name


def _scalars(value: Any) -> tuple[Scalar, ...]:
    """Values to compare with; YAML dates become ISO text as marts are compared."""
    found = tuple(one.isoformat() if isinstance(one, date) else one for one in as_tuple(value))
    if not found or any(isinstance(one, dict | list) for one in found):
        raise wrong("plain values are expected", "write one, or a list of several")
    return found


def _condition(value: Any) -> Condition:
    """``is: '> 0'``, ``'>= 50%'``, ``present``, ``missing``, true or false."""
    if isinstance(value, bool):
        return Condition("true" if value else "false")
    if value in ("present", "missing"):
        return Condition(value)
    match = _CONDITION.fullmatch(str(value).strip())
    if match is None:
        raise wrong(
            f"the condition {value!r} cannot be read",
            f"use {' '.join(COMPARISONS)} with a number, or present, missing, true",
        )
    return Condition(match[1], Decimal(match[2]).scaleb(-2 if match[3] else 0))


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(f"a number is expected, not {value!r}")
    return Decimal(str(value))


class ColumnSpec(YamlModel):
    """One printed column. ``dated`` names the date column whose date the header carries.

    ``shown`` prints a date as its quarter (2024Q3) or month (2024-10), or a change with an
    arrow (▲ +2.60).
    """

    name: Text = Field(alias="column")
    dated: Text = ""
    decimals: Annotated[int, Field(ge=0)] | None = None
    scale: ScaleWord | None = None
    shown: Shown = "plain"


def _column(value: Any) -> Any:
    """The name of a column stands for a column without settings."""
    return {"column": value} if isinstance(value, str) else value


Name = Annotated[Text, AfterValidator(_name)]
Scalars = Annotated[
    tuple[Scalar, ...], PlainValidator(_scalars, json_schema_input_type=Scalar | list[Scalar])
]
Column = Annotated[
    ColumnSpec, BeforeValidator(_column, json_schema_input_type=str | ColumnSpec)
]
Columns = Annotated[
    tuple[Column, ...], BeforeValidator(as_tuple, json_schema_input_type=Column | list[Column])
]
Positive = Annotated[int, Field(ge=1)]


class RowKeys(YamlModel):
    """The keys that say which rows of a mart are meant (see ``Selection``)."""

    filters: dict[Text, Scalars] = Field(default={}, alias="filter")
    latest: Text = ""
    same_period: Text = ""
    prefer: Text = ""
    among: dict[Text, Scalars] = Field(default={})
    distinct: Texts = ()
    sort: Texts = ()
    limit: Positive | None = None
    path: Internal[str] = ""
    selection: Internal[Selection] = Selection("")

    def selected(self, mart: str, base: Selection | None = None) -> Selection:
        """The rows meant; a fact starts from the rows of its item, unlimited."""
        of = base if base is not None and base.mart == mart else Selection(mart)
        periods = bool(self.latest or self.same_period)
        own = dict(self.filters)
        # A fact's own column narrows the rows of its item after they have been chosen.
        chosen = (of.latest or of.same_period or of.prefer) and not periods
        new = [column for column in own if chosen and column not in dict(of.filters)]
        among = {column: own.pop(column) for column in new} | self.among
        return Selection(
            mart=mart,
            filters=tuple((dict(of.filters) | own).items()),
            among=tuple((dict(of.among) | among).items()),
            latest=self.latest or ("" if periods else of.latest),
            same_period=self.same_period or ("" if periods else of.same_period),
            prefer=self.prefer or of.prefer,
            distinct=self.distinct or of.distinct,
            sort=tuple(SortKey(one.removeprefix("-"), one[0] == "-") for one in self.sort),
            limit=self.limit,
        )


_NAMING = ("top", "bottom", "names_where")
_COUNTING = ("count_where", "share_where", "share_word")
_DATED = ("highest", "lowest", "trend")
# The keys that only some functions have, and the functions that need them.
_ONLY_OF: dict[str, tuple[str, ...]] = {
    "by": _NAMING,
    "condition": (*_NAMING, *_COUNTING),
    "none": _NAMING,
    "than": ("move",),
    "of": ("rank",),
    "named": ("rank",),
    "on": _DATED,
}
_NEEDED_BY: dict[str, tuple[str, ...]] = {
    "by": _NAMING,
    "condition": ("names_where", *_COUNTING),
    "of": ("rank",),
    "named": ("rank",),
    "on": _DATED,
}


class FactSpec(RowKeys):
    """One computed word or number of a template: the function ``kind`` of ``column``.

    ``by`` is the measure that ranks or tests where ``column`` is a name. ``none`` is printed
    where a list of names is empty. ``than`` names what a move is compared with, and may use
    facts before it. ``of`` and ``named`` say whose rank is meant; ``on`` is the column that
    dates a highest or lowest value, or orders the changes of a trend.
    """

    top: Column | None = None
    bottom: Column | None = None
    names_where: Column | None = None
    count_where: Column | None = None
    share_where: Column | None = None
    share_word: Column | None = None
    value: Column | None = None
    move: Column | None = None
    trend: Column | None = None
    rank: Column | None = None
    highest: Column | None = None
    lowest: Column | None = None
    dates: Column | None = None
    mart: Text = ""
    filters: dict[Text, Scalars] = Field(default={}, alias="where")
    by: Column | None = None
    count: Positive = Field(default=3, alias="n")
    condition: (
        Annotated[Condition, PlainValidator(_condition, json_schema_input_type=bool | str)]
        | None
    ) = Field(default=None, alias="is")
    words: Movement = "price"
    none: Text = ""
    than: Text = ""
    of: Text = ""
    named: Text = ""
    on: Text = ""
    name: Internal[str] = ""

    @property
    def kind(self) -> FactKind:
        return next(kind for kind in FACT_KINDS if getattr(self, kind) is not None)

    @property
    def column(self) -> ColumnSpec:
        column: ColumnSpec = getattr(self, self.kind)
        return column

    @model_validator(mode="after")
    def _has_the_keys_of_its_function(self) -> Self:
        kinds = [kind for kind in FACT_KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise wrong("a fact has one function", f"write one of {', '.join(FACT_KINDS)}")
        for field, functions in _ONLY_OF.items():
            key = FactSpec.model_fields[field].alias or field
            if field in self.model_fields_set and kinds[0] not in functions:
                raise wrong(f"{kinds[0]} takes no {key!r}", f"only {', '.join(functions)} do")
            if field not in self.model_fields_set and kinds[0] in _NEEDED_BY.get(field, ()):
                raise wrong(f"the key {key!r} is missing", f"{kinds[0]} needs it")
        return self

    def at(self, path: str, name: str, base: Selection) -> Self:
        """The fact in its place; it starts from the rows of its item."""
        selection = self.selected(self.mart or base.mart, base)
        return self.model_copy(update={"path": path, "name": name, "selection": selection})


class ItemKeys(RowKeys):
    """What tables, charts and sentences share. ``words`` holds the word of ``each``."""

    mart: Text
    facts: dict[Name, FactSpec] = Field(default={})
    words: Internal[tuple[tuple[str, str], ...]] = ()

    def at(self, path: str) -> Self:
        """The item in its place: it and its facts know which rows they mean."""
        selection = self.selected(self.mart)
        facts = {
            name: fact.at(f"{path}.facts.{name}", name, selection)
            for name, fact in self.facts.items()
        }
        return self.model_copy(update={"path": path, "selection": selection, "facts": facts})


class TableSpec(ItemKeys):
    """``across`` names the columns whose values stand side by side, ``value`` what stands
    below them; ``columns`` then name the rows. ``each`` prints one table for each value
    of a column, whose word is ``{each}`` in titles and notes.
    """

    mart: Text = Field(alias="table")
    title: Text
    columns: Columns = ()
    count_by: Texts = ()
    across: Texts = ()
    value: Column | None = None
    each: Text = ""
    notes: Texts = ()

    @property
    def below(self) -> ColumnSpec:
        """The column below those of ``across``; only a table across has one."""
        if self.value is None:
            raise PackError("the key 'value' is missing", where=self.path)
        return self.value

    @model_validator(mode="after")
    def _has_columns_or_counts(self) -> Self:
        _require_one(columns=self.columns, count_by=self.count_by)
        if bool(self.across) != (self.value is not None):
            raise wrong("across and value belong together", "give both, or none")
        return self


class ChartSpec(ItemKeys):
    """``x`` names the categories (joined where several), ``y`` the measures.

    ``label`` is a second measure printed beside each bar; ``low`` and ``high`` are the
    distances of an interval below and above a dot. ``line`` is the second measure of a
    combo, with a unit of its own. ``instead`` names the column whose word (扭亏) stands where
    the measure is undefined. ``base`` is a level to compare lines with. ``adjoining`` columns
    are those of a histogram. ``count_by`` draws, in the place of ``x`` and ``y``, how many
    rows have each value of its columns. ``each`` is that of a table.
    """

    kind: ChartKind = Field(alias="chart")
    title: Text
    x: Columns = ()
    y: Columns = ()
    series: Column | None = None
    label: Column | None = None
    low: Text = ""
    high: Text = ""
    line: Column | None = None
    instead: Text = ""
    base: Annotated[Decimal, PlainValidator(_decimal, json_schema_input_type=float)] | None = (
        None
    )
    adjoining: bool = False
    count_by: Texts = ()
    each: Text = ""
    notes: Texts = ()

    @model_validator(mode="after")
    def _has_the_keys_of_its_kind(self) -> Self:
        _require_one(y=self.y, count_by=self.count_by)
        _require_one(x=self.x, count_by=self.count_by)
        if len(self.y) > 1 and (self.series or self.kind in ("bar", "dot")):
            what = f"a {self.kind} chart with these settings takes one measure in y"
            raise wrong(what, "use chart: grouped bar, or drop series")
        if self.kind == "arrows" and (len(self.y) != 2 or self.series):
            what = "arrows lead from the first to the second of two measures"
            raise wrong(what, "give y two columns, and no series")
        if (self.kind == "combo") != (self.line is not None):
            raise wrong("a combo, and no other chart, has a line", "give a combo its line")
        return self


class SentenceSpec(ItemKeys):
    mart: Text = ""
    template: Text = Field(alias="sentence")


def _require_one(**given: tuple[object, ...]) -> None:
    """Exactly one of two keys."""
    first, second = given
    if given[first] and given[second]:
        raise wrong(f"{first} and {second} exclude each other", "drop one of them")
    if not given[first] and not given[second]:
        raise wrong(f"the key {first!r} is missing", f"add it, or {second}")


ItemSpec = TableSpec | ChartSpec | SentenceSpec
ITEM_KINDS = ("table", "chart", "sentence")


def _item(value: Any) -> Any:
    if not isinstance(value, dict):
        raise wrong("a mapping is expected here", "an item is a table, a chart or a sentence")
    kinds = [kind for kind in ITEM_KINDS if kind in value]
    if not kinds and value:
        raise unknown("item kind", next(iter(value)), ITEM_KINDS)
    if len(kinds) != 1:
        raise wrong("an item is one of table, chart, sentence", "make several items of it")
    return value


Item = Annotated[
    Annotated[TableSpec, Tag("<table>")]
    | Annotated[ChartSpec, Tag("<chart>")]
    | Annotated[SentenceSpec, Tag("<sentence>")],
    Discriminator(lambda value: next(f"<{kind}>" for kind in ITEM_KINDS if kind in value)),
    BeforeValidator(_item),
]
Items = Annotated[tuple[Item, ...], BeforeValidator(as_list)]


class SectionSpec(YamlModel):
    """``file`` is the shared section's, empty for one of the pack's own."""

    title: Text
    items: Annotated[Items, Field(min_length=1)]
    file: Internal[str] = ""


class UsedSection(YamlModel):
    """A section that several packs use, by the name of its file."""

    use: Text
    title: Text = ""


def _section(value: Any, info: ValidationInfo) -> Any:
    """A shared section in the place of the mapping that uses it."""
    if not isinstance(value, dict) or "use" not in value:
        return value
    for key in value:
        if key not in UsedSection.known_keys():
            raise unknown("key", key, UsedSection.known_keys())
    shared: SectionSpec = (info.context or {})["shared"](value["use"])
    return shared.model_copy(update={"title": str(value.get("title") or shared.title)})


Section = Annotated[
    SectionSpec, BeforeValidator(_section, json_schema_input_type=SectionSpec | UsedSection)
]
Sections = Annotated[tuple[Section, ...], BeforeValidator(as_list)]


class PackSpec(YamlModel):
    """``keys`` gives, for each mart used, the columns that name one row of it.

    ``parameters`` are what a reader may set (pool, theme, universe), with the pack's own
    values; a filter names one as ``'{pool}'``, and a template prints its label. Of several
    values the first that the release has rows for serves, under its own name.
    ``about`` is one line for lists of packs.
    """

    title: Text
    about: Text = ""
    subtitle: Text = ""
    keys: dict[Text, SomeTexts] = Field(default={})
    parameters: dict[Name, SomeTexts] = Field(default={})
    sections: Annotated[Sections, Field(min_length=1)]
    name: Internal[str] = ""

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
            for fact in item.facts.values():
                yield fact.path, fact.selection

    def at(self, name: str, keys: dict[str, tuple[str, ...]]) -> Self:
        """The pack under its name; ``keys`` are those of all known marts."""
        sections = []
        for number, section in enumerate(self.sections):
            place = f"sections[{number}]" + (f" ({section.file})" if section.file else "")
            items = tuple(
                item.at(f"{place}.items[{at}]") for at, item in enumerate(section.items)
            )
            sections.append(section.model_copy(update={"items": items}))
        new = {"name": name, "keys": keys | self.keys, "sections": tuple(sections)}
        return self.model_copy(update=new)
