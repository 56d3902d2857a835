"""The computed words of titles, notes and sentences, as a pack declares them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from yanbao.base.yaml_file import Internal, Text, wrong
from yanbao.reporting.grammar.row_spec import (
    COLUMNS,
    Column,
    ColumnSpec,
    OneColumn,
    Positive,
    RowKeys,
    Scalars,
    Selection,
    Values,
)
from yanbao.reporting.grammar.templating import BUILT_IN_WORDS
from yanbao.reporting.styling.vocabulary import Movement

_NAMING = ("top", "bottom", "names_where")
_COUNTING = ("count_where", "share_where", "share_word")
_DATED = ("highest", "lowest", "trend")
FACT_KINDS = (*_NAMING, *_COUNTING, *_DATED, "value", "move", "rank", "dates")
# The keys that only some functions take: those that need one, and those that may have it.
_ONLY_OF: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "by": (_NAMING, ()),
    "condition": (("names_where", *_COUNTING), ("top", "bottom")),
    "none": ((), _NAMING),
    "than": ((), ("move",)),
    "of": (("rank",), ()),
    "named": (("rank",), ()),
    "on": (_DATED, ()),
}
COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_CONDITION = re.compile(r"(>=|<=|!=|>|<|=)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)")


@dataclass(frozen=True)
class Condition:
    """A comparison with a number in stored units, or presence, or a truth value.

    Without a test every value meets it.
    """

    test: str = ""
    bound: Decimal = Decimal(0)


def _name(name: str) -> str:
    if name in BUILT_IN_WORDS:
        raise wrong(f"{name!r} is a built-in word", "rename it")
    return name


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


Name = Annotated[Text, AfterValidator(_name)]


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
    filters: Annotated[dict[Text, Scalars], COLUMNS] = Field(default={}, alias="where")
    by: Column | None = None
    count: Positive = Field(default=3, alias="n")
    condition: Annotated[
        Condition, PlainValidator(_condition, json_schema_input_type=bool | str)
    ] = Field(default=Condition(), alias="is")
    words: Movement = "price"
    none: Text = ""
    than: Text = ""
    of: OneColumn = ""
    named: Text = ""
    on: OneColumn = ""
    name: Internal[str] = ""

    @property
    def kind(self) -> str:
        return next(kind for kind in FACT_KINDS if getattr(self, kind) is not None)

    @property
    def column(self) -> ColumnSpec:
        column: ColumnSpec = getattr(self, self.kind)
        return column

    @property
    def measure(self) -> ColumnSpec:
        """What ranks or is tested."""
        return self.by or self.column

    @model_validator(mode="after")
    def _has_the_keys_of_its_function(self) -> Self:
        kinds = [kind for kind in FACT_KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise wrong("a fact has one function", f"write one of {', '.join(FACT_KINDS)}")
        (kind,) = kinds
        for field, (needed, allowed) in _ONLY_OF.items():
            key = FactSpec.model_fields[field].alias or field
            is_given = field in self.model_fields_set
            if is_given and kind not in (*needed, *allowed):
                raise wrong(f"{kind} takes no {key!r}", "drop it, or use another function")
            if not is_given and kind in needed:
                raise wrong(f"the key {key!r} is missing", f"{kind} needs it")
        return self

    def at(self, path: str, name: str, base: Selection, values: Values) -> Self:
        """The fact in its place; it starts from the rows of its item."""
        selection = self.selected(self.mart or base.mart, base, values)
        return self.model_copy(update={"path": path, "name": name, "selection": selection})
