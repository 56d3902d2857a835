"""Tables, charts and sentences, as a pack declares them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag, model_validator

from yanbao.base.yaml_file import Internal, Text, Texts, as_list, unknown, wrong
from yanbao.reporting.grammar.fact_spec import FactSpec, Name
from yanbao.reporting.grammar.row_spec import (
    UNBOUND,
    Column,
    Columns,
    Filters,
    OneColumn,
    RowKeys,
    SomeColumns,
    Values,
)

ChartKind = Literal["bar", "grouped bar", "column", "combo", "line", "step", "dot", "arrows"]
ROW_COUNT = "row_count"
# In templates, the value for which a table or chart of ``each`` is printed.
EACH_WORD = "each"


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(f"a number is expected, not {value!r}")
    return Decimal(str(value))


class ItemKeys(RowKeys):
    """What tables, charts and sentences share. ``words`` holds the word of ``each``."""

    mart: Text
    facts: dict[Name, FactSpec] = Field(default={})
    words: Internal[dict[str, str]] = Field(default={})

    def at(self, path: str, values: Values = UNBOUND, among: Filters = ()) -> Self:
        """The item in its place: it and its facts know which rows they mean."""
        selection = self.selected(self.mart, values=values)
        selection = replace(selection, among=(*selection.among, *among))
        facts = {
            name: fact.at(f"{path}.facts.{name}", name, selection, values)
            for name, fact in self.facts.items()
        }
        return self.model_copy(update={"path": path, "selection": selection, "facts": facts})


class Figure(ItemKeys):
    """What tables and charts share.

    ``each`` prints one for each value of a column, whose word is ``{each}`` in title and
    notes. ``count_by`` prints how many rows have each value of its columns.
    """

    title: Text
    count_by: SomeColumns = ()
    each: OneColumn = ""
    notes: Texts = ()

    @property
    def templates(self) -> tuple[tuple[str, str], ...]:
        """Key and text of each template."""
        return ("title", self.title), *(("notes", note) for note in self.notes)


class TableSpec(Figure):
    """``across`` names the columns whose values stand side by side, ``value`` what stands
    below them; ``columns`` then name the rows.
    """

    mart: Text = Field(alias="table")
    columns: Columns = ()
    across: SomeColumns = ()
    value: Column | None = None

    @model_validator(mode="after")
    def _has_columns_or_counts(self) -> Self:
        _require_one(columns=self.columns, count_by=self.count_by)
        if bool(self.across) != (self.value is not None):
            raise wrong("across and value belong together", "give both, or none")
        return self


class ChartSpec(Figure):
    """``x`` names the categories (joined where several), ``y`` the measures.

    ``label`` is a second measure printed beside each bar; ``low`` and ``high`` are the
    distances of an interval below and above a dot. ``line`` is the second measure of a
    combo, with a unit of its own. ``instead`` names the column whose word (扭亏) stands where
    the measure is undefined. ``base`` is a level to compare lines with. ``adjoining`` columns
    are those of a histogram. ``count_by`` stands in the place of ``x`` and ``y``.
    """

    kind: ChartKind = Field(alias="chart")
    x: Columns = ()
    y: Columns = ()
    series: Column | None = None
    label: Column | None = None
    low: Column | None = None
    high: Column | None = None
    line: Column | None = None
    instead: OneColumn = ""
    base: Annotated[Decimal, PlainValidator(_decimal, json_schema_input_type=float)] | None = (
        None
    )
    adjoining: bool = False

    @property
    def measures(self) -> Columns:
        """What is drawn; the second measure of a combo is the last."""
        return (*self.y, *((self.line,) if self.line else ()))

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

    @property
    def templates(self) -> tuple[tuple[str, str], ...]:
        """Key and text of its template."""
        return (("sentence", self.template),)


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
