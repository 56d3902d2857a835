"""Loads ``reports/packs/<name>.yml`` into a ``PackSpec`` and checks it against marts."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

from orchestration.errors import UsageError
from reports.pack_spec import (
    BUILT_IN_WORDS,
    COMPARISONS,
    ChartKind,
    ChartSpec,
    ColumnSpec,
    Condition,
    FactKind,
    FactSpec,
    ItemSpec,
    PackError,
    PackSpec,
    SectionSpec,
    Selection,
    SentenceSpec,
    SortKey,
    TableSpec,
)
from reports.templating import check_templates
from reports.vocabulary import MOVES, SCALES, Movement, ScaleWord
from reports.yaml_block import Block, read_yaml, unknown_name

PACKS = Path(__file__).parent / "packs"
ITEM_KINDS = ("table", "chart", "sentence")
FACT_KINDS = get_args(FactKind)
NEEDS_BY = frozenset({"top", "bottom", "names_where"})
NEEDS_CONDITION = frozenset({"names_where", "count_where", "share_where", "share_word"})
_CONDITION = re.compile(r"(>=|<=|!=|>|<|=)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)")


def pack_names(folder: Path = PACKS) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yml")))


def load_pack(pack: str, folder: Path = PACKS) -> PackSpec:
    """The pack of that name, or of that ``.yml`` path for a desk's own pack."""
    path = Path(pack) if pack.endswith((".yml", ".yaml")) else folder / f"{pack}.yml"
    if not path.is_file():
        raise UsageError.unknown_name("pack", pack, pack_names(folder))
    try:
        return parse_pack(read_yaml(path), path.stem)
    except PackError as error:
        where = f"{path.name}: {error.where}" if error.where != path.name else path.name
        raise PackError(error.what, where=where, hint=error.hint) from error


def parse_pack(content: Any, name: str) -> PackSpec:
    """A pack from plain YAML values; ``name`` is the file's stem."""
    root = Block(content, "")
    keys_block = root.block("keys")
    keys = {str(mart): keys_block.texts(str(mart), required=True) for mart in keys_block.values}
    title, subtitle = root.text("title"), root.text("subtitle", "")
    parameters = _parameters(root)
    sections = tuple(
        _section(entry, f"sections[{number}]")
        for number, entry in enumerate(root.items("sections", required=True))
    )
    root.close()
    pack = PackSpec(name, title, subtitle, keys, sections, parameters)
    for where, selection in pack.selections:
        if selection.mart not in keys:
            raise unknown_name("mart listed under 'keys'", selection.mart, keys, where)
    check_templates(pack)
    return pack


def _parameters(root: Block) -> dict[str, str]:
    """What a reader may set: the name that filters use, and the value it has by itself."""
    block = root.block("parameters")
    for name in block.values:
        if name in BUILT_IN_WORDS:
            place = block.place(str(name))
            raise PackError(f"{name!r} is a built-in word", where=place, hint="rename it")
    return {str(name): block.text(str(name)) for name in block.values}


def _section(entry: Any, path: str) -> SectionSpec:
    block = Block(entry, path)
    title = block.text("title")
    items = tuple(
        _item(item, f"{path}.items[{number}]")
        for number, item in enumerate(block.items("items", required=True))
    )
    block.close()
    return SectionSpec(title, items)


def _item(entry: Any, path: str) -> ItemSpec:
    block = Block(entry, path)
    kinds = [kind for kind in ITEM_KINDS if block.has(kind)]
    if len(kinds) != 1:
        if not kinds and block.values:
            raise unknown_name("item kind", next(iter(block.values)), ITEM_KINDS, path)
        raise PackError("an item is one of table, chart, sentence", where=path)
    readers: dict[str, Callable[[Block], ItemSpec]] = {
        "table": _table,
        "chart": _chart,
        "sentence": _sentence,
    }
    item = readers[kinds[0]](block)
    block.close()
    return item


def _table(block: Block) -> TableSpec:
    selection = _selection(block, block.text("table"))
    count_by = block.texts("count_by")
    columns = () if count_by else _columns(block, "columns")
    facts = _facts(block, selection.mart)
    return TableSpec(
        path=block.path,
        selection=selection,
        columns=columns,
        title=block.text("title"),
        count_by=count_by,
        notes=block.texts("notes"),
        facts=facts,
    )


def _chart(block: Block) -> ChartSpec:
    kind = cast(ChartKind, block.choice("chart", get_args(ChartKind), "bar"))
    selection = _selection(block, block.text("mart"))
    facts = _facts(block, selection.mart)
    measures = _columns(block, "y")
    series = block.text("series", "")
    if len(measures) > 1 and (series or kind in ("bar", "dot")):
        raise PackError(
            f"a {kind} chart with these settings takes one measure",
            where=block.place("y"),
            hint="use chart: grouped bar, or drop series",
        )
    return ChartSpec(
        path=block.path,
        kind=kind,
        selection=selection,
        x=block.texts("x", required=True),
        y=measures,
        title=block.text("title"),
        series=series,
        label=_column(block.take("label"), block.place("label"))
        if block.has("label")
        else None,
        low=block.text("low", ""),
        high=block.text("high", ""),
        notes=block.texts("notes"),
        facts=facts,
    )


def _sentence(block: Block) -> SentenceSpec:
    facts = _facts(block, block.text("mart", "") if block.has("mart") else "")
    return SentenceSpec(block.path, block.text("sentence"), facts)


def _selection(block: Block, mart: str, filter_key: str = "filter") -> Selection:
    filters = block.block(filter_key)
    return Selection(
        mart=mart,
        filters=tuple((str(column), filters.scalars(str(column))) for column in filters.values),
        latest=block.text("latest", ""),
        prefer=block.text("prefer", ""),
        distinct=block.texts("distinct"),
        sort=tuple(
            SortKey(entry.removeprefix("-"), entry.startswith("-"))
            for entry in block.texts("sort")
        ),
        limit=block.whole_number("limit", None, low=1),
    )


def _columns(block: Block, key: str) -> tuple[ColumnSpec, ...]:
    return tuple(
        _column(entry, f"{block.place(key)}[{number}]")
        for number, entry in enumerate(block.items(key, required=True))
    )


def _column(entry: Any, path: str) -> ColumnSpec:
    if isinstance(entry, str):
        return ColumnSpec(entry)
    block = Block(entry, path)
    scale = block.choice("scale", SCALES, "yi") if block.has("scale") else None
    column = ColumnSpec(
        name=block.text("column"),
        dated=block.text("dated", ""),
        decimals=block.whole_number("decimals", None),
        scale=cast(ScaleWord | None, scale),
    )
    block.close()
    return column


def _facts(block: Block, mart: str) -> tuple[FactSpec, ...]:
    facts = block.block("facts")
    return tuple(_fact(str(name), facts, mart) for name in facts.values)


def _fact(name: str, facts: Block, mart: str) -> FactSpec:
    block = facts.block(name)
    if name in BUILT_IN_WORDS:
        raise PackError(f"{name!r} is a built-in word", where=block.path, hint="rename it")
    kinds = [kind for kind in FACT_KINDS if block.has(kind)]
    if len(kinds) != 1:
        first = next(iter(block.values), "")
        raise unknown_name("function", first, FACT_KINDS, block.path)
    kind = cast(FactKind, kinds[0])
    fact = FactSpec(
        name=name,
        kind=kind,
        selection=_selection(block, block.text("mart", mart or None), "where"),
        column=_column(block.take(kind), block.place(kind)),
        by=_column(block.take("by"), block.place("by")) if kind in NEEDS_BY else None,
        count=block.whole_number("n", 3, low=1) or 3,
        condition=_condition(block)
        if kind in NEEDS_CONDITION or (kind in NEEDS_BY and block.has("is"))
        else None,
        words=cast(Movement, block.choice("words", MOVES, "price")),
        path=block.path,
    )
    block.close()
    return fact


def _condition(block: Block) -> Condition:
    """``is: '> 0'``, ``'>= 50%'``, ``present``, ``missing``, true or false."""
    value = block.take("is")
    if isinstance(value, bool):
        return Condition("true" if value else "false")
    if value in ("present", "missing"):
        return Condition(str(value))
    match = _CONDITION.fullmatch(str(value).strip())
    if match is None:
        raise PackError(
            f"the condition {value!r} cannot be read",
            where=block.place("is"),
            hint=f"use {' '.join(COMPARISONS)} with a number, or present, missing, true",
        )
    bound = Decimal(match[2]).scaleb(-2 if match[3] else 0)
    return Condition(match[1], bound)
