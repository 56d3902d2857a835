"""Items that stand for several: one table or chart for each value of a column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from yanbao.reporting.composing.context import PackContext
from yanbao.reporting.grammar.fact_spec import FactSpec
from yanbao.reporting.grammar.item_spec import (
    EACH_WORD,
    ChartSpec,
    ItemSpec,
    SentenceSpec,
    TableSpec,
)
from yanbao.reporting.grammar.row_spec import Scalar, Selection
from yanbao.reporting.styling.formatting import plain_text


def expanded(context: PackContext, items: Iterable[ItemSpec]) -> Iterator[ItemSpec]:
    """The items in order; one of ``each`` gives way to one per value, in the order of rows.

    Without rows the item stays as it is, and reports that there are none.
    """
    for item in items:
        if isinstance(item, SentenceSpec) or not item.each:
            yield item
            continue
        rows = context.select(replace(item.selection, limit=None)).rows
        values = dict.fromkeys(row[item.each] for row in rows)
        if not values:
            yield item.model_copy(update={"words": ((EACH_WORD, ""),)})
        for value in values:
            yield _about(context, item, value)


def _about(
    context: PackContext, item: TableSpec | ChartSpec, value: object
) -> TableSpec | ChartSpec:
    """The item for one value; its facts about the same mart are narrowed with it."""
    wanted = value if isinstance(value, str | int | float | bool) else None

    def fact(spec: FactSpec) -> FactSpec:
        if spec.selection.mart != item.selection.mart:
            return spec
        narrowed = _narrowed(spec.selection, item.each, wanted)
        return spec.model_copy(update={"selection": narrowed})

    return item.model_copy(
        update={
            "selection": _narrowed(item.selection, item.each, wanted),
            "facts": {name: fact(spec) for name, spec in item.facts.items()},
            "words": ((EACH_WORD, context.value_word(item.each, plain_text(value))),),
        }
    )


def _narrowed(selection: Selection, column: str, value: Scalar) -> Selection:
    return replace(selection, among=(*selection.among, (column, (value,))))
