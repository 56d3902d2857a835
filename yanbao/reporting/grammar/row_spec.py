"""Keys of a pack that choose rows and columns of a mart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from yanbao.base.yaml_file import Internal, Text, Texts, YamlModel, as_tuple, wrong
from yanbao.reporting.grammar.templating import parameter_of
from yanbao.reporting.styling.vocabulary import ScaleWord

Scalar = str | int | float | bool | None
Shown = Literal["plain", "quarter", "month", "arrow"]


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


def _scalars(value: Any) -> tuple[Scalar, ...]:
    """Values to compare with; YAML dates become ISO text as marts are compared."""
    found = tuple(one.isoformat() if isinstance(one, date) else one for one in as_tuple(value))
    if not found or any(isinstance(one, dict | list) for one in found):
        raise wrong("plain values are expected", "write one, or a list of several")
    return found


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


# Marks a key whose texts, or whose own keys, name columns of the mart.
COLUMNS = "names columns"
OneColumn = Annotated[Text, COLUMNS]
SomeColumns = Annotated[Texts, COLUMNS]
Values = Mapping[str, str]
UNBOUND: Values = MappingProxyType({})


class RowKeys(YamlModel):
    """The keys that choose rows of a mart (see ``Selection``)."""

    filters: Annotated[dict[Text, Scalars], COLUMNS] = Field(default={}, alias="filter")
    latest: OneColumn = ""
    same_period: OneColumn = ""
    prefer: OneColumn = ""
    among: Annotated[dict[Text, Scalars], COLUMNS] = Field(default={})
    distinct: SomeColumns = ()
    sort: SomeColumns = ()
    limit: Positive | None = None
    path: Internal[str] = ""
    selection: Internal[Selection] = Selection("")

    @property
    def named_columns(self) -> Iterator[str]:
        """Every column of the mart that this mapping names."""
        for key, field in type(self).model_fields.items():
            value = getattr(self, key)
            for one in value if isinstance(value, tuple | dict) else (value,):
                if isinstance(one, ColumnSpec):
                    yield from (one.name, one.dated)
                elif COLUMNS in field.metadata:
                    yield one.removeprefix("-")

    def selected(
        self, mart: str, base: Selection | None = None, values: Values = UNBOUND
    ) -> Selection:
        """The rows meant; a fact starts from the rows of its item, unlimited.

        ``values`` stand in the place of the names of parameters.
        """
        of = base if base is not None and base.mart == mart else Selection(mart)
        periods = bool(self.latest or self.same_period)
        own = _bound(self.filters, values)
        # A fact's own column narrows the rows of its item after they have been chosen.
        chosen = (of.latest or of.same_period or of.prefer) and not periods
        new = [column for column in own if chosen and column not in dict(of.filters)]
        among = {column: own.pop(column) for column in new} | _bound(self.among, values)
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


def _bound(
    conditions: Mapping[str, tuple[Scalar, ...]], values: Values
) -> dict[str, tuple[Scalar, ...]]:
    return {
        column: tuple(values.get(parameter_of(value), value) for value in wanted)
        for column, wanted in conditions.items()
    }
