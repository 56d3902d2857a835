"""Loads ``reports/packs/<name>.yml`` into a ``PackSpec`` and checks it against marts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast, get_args

from yanbao.base.errors import PackError, UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_block import Block, read_yaml, unknown_name
from yanbao.reporting.grammar.mart_keys import mart_keys
from yanbao.reporting.grammar.pack_spec import (
    BUILT_IN_WORDS,
    COMPARISONS,
    ChartKind,
    ChartSpec,
    ColumnSpec,
    Condition,
    FactKind,
    FactSpec,
    ItemSpec,
    PackSpec,
    SectionSpec,
    Selection,
    SentenceSpec,
    Shown,
    SortKey,
    TableSpec,
)
from yanbao.reporting.grammar.templating import check_templates
from yanbao.reporting.styling.vocabulary import MOVES, SCALES, Movement, ScaleWord

PACKS = PROJECT_ROOT / "reports" / "packs"
SECTIONS = "sections"
ITEM_KINDS = ("table", "chart", "sentence")
FACT_KINDS = get_args(FactKind)
NEEDS_BY = frozenset({"top", "bottom", "names_where"})
DATED = frozenset({"highest", "lowest", "trend"})
NEEDS_CONDITION = frozenset({"names_where", "count_where", "share_where", "share_word"})
_CONDITION = re.compile(r"(>=|<=|!=|>|<|=)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)")


def pack_names(folder: Path = PACKS) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yml")))


def load_pack(pack: str, folder: Path = PACKS) -> PackSpec:
    """The pack of that name, or of that ``.yml`` path for a desk's own pack."""
    path = Path(pack) if pack.endswith((".yml", ".yaml")) else folder / f"{pack}.yml"
    if not path.is_file():
        known = pack_names(folder)
        near = "".join(f"did you mean {name}? " for name in get_close_matches(pack, known, n=1))
        raise UsageError(f"no pack is called {pack!r}", hint=f"{near}packs: {', '.join(known)}")
    try:
        return parse_pack(read_yaml(path), path.stem, path.parent)
    except PackError as error:
        where = f"{path.name}: {error.where}" if error.where != path.name else path.name
        raise PackError(error.what, where=where, hint=error.hint) from error


def parse_pack(content: Any, name: str, folder: Path = PACKS) -> PackSpec:
    """A pack from plain YAML values; ``name`` is the file's stem.

    ``folder`` is where the pack lies: sections that it uses are looked for beside it,
    then among the shipped ones.
    """
    root = Block(content, "")
    keys_block = root.block("keys")
    known = mart_keys() | {
        str(mart): keys_block.texts(str(mart), required=True) for mart in keys_block.values
    }
    title, subtitle = root.text("title"), root.text("subtitle", "")
    about = root.text("about", "")
    parameters = _parameters(root)
    sections = tuple(
        _section(entry, f"sections[{number}]", folder)
        for number, entry in enumerate(root.items("sections", required=True))
    )
    root.close()
    pack = PackSpec(name, title, about, subtitle, known, sections, parameters)
    for where, selection in pack.selections:
        if selection.mart not in known:
            raise unknown_name("mart", selection.mart, known, where)
    used = {selection.mart for _, selection in pack.selections}
    check_templates(pack)
    return replace(pack, keys={mart: known[mart] for mart in sorted(used)})


def _parameters(root: Block) -> dict[str, tuple[str, ...]]:
    """What a reader may set: the name that filters use, and the values to try in order."""
    block = root.block("parameters")
    for name in block.values:
        if name in BUILT_IN_WORDS:
            place = block.place(str(name))
            raise PackError(f"{name!r} is a built-in word", where=place, hint="rename it")
    return {str(name): block.texts(str(name), required=True) for name in block.values}


def _section(entry: Any, path: str, folder: Path) -> SectionSpec:
    """A section of the pack's own, or one that several packs use."""
    block = Block(entry, path)
    if block.has("use"):
        shared = _shared_section(block.text("use"), path, folder)
        title = block.text("title", shared.title)
        block.close()
        return SectionSpec(title, shared.items)
    title = block.text("title")
    items = tuple(
        _item(item, f"{path}.items[{number}]")
        for number, item in enumerate(block.items("items", required=True))
    )
    block.close()
    return SectionSpec(title, items)


def _shared_section(name: str, path: str, folder: Path) -> SectionSpec:
    homes = [home / SECTIONS for home in dict.fromkeys((folder, PACKS))]
    for home in homes:
        if (file := home / f"{name}.yml").is_file():
            entry = read_yaml(file)
            if isinstance(entry, dict) and "use" in entry:
                raise PackError("a shared section cannot use another", where=f"{file.name}")
            return _section(entry, f"{path} ({SECTIONS}/{file.name})", folder)
    known = {stem for home in homes for stem in pack_names(home)}
    raise unknown_name("section", name, known, f"{path}.use")


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
    facts = _facts(block, selection)
    across = block.texts("across")
    return TableSpec(
        path=block.path,
        selection=selection,
        columns=columns,
        title=block.text("title"),
        count_by=count_by,
        across=across,
        value=_column(block.take("value"), block.place("value")) if across else None,
        each=block.text("each", ""),
        notes=block.texts("notes"),
        facts=facts,
    )


def _chart(block: Block) -> ChartSpec:
    kind = cast(ChartKind, block.choice("chart", get_args(ChartKind), "bar"))
    selection = _selection(block, block.text("mart"))
    facts = _facts(block, selection)
    count_by = block.texts("count_by")
    measures = () if count_by else _columns(block, "y")
    by = _column(block.take("series"), block.place("series")) if block.has("series") else None
    series = by.name if by else ""
    if len(measures) > 1 and (series or kind in ("bar", "dot")):
        raise PackError(
            f"a {kind} chart with these settings takes one measure",
            where=block.place("y"),
            hint="use chart: grouped bar, or drop series",
        )
    if kind == "arrows" and (len(measures) != 2 or series):
        raise PackError(
            "arrows lead from the first to the second of two measures",
            where=block.place("y"),
            hint="give y two columns, and no series",
        )
    return ChartSpec(
        path=block.path,
        kind=kind,
        selection=selection,
        x=() if count_by else _columns(block, "x"),
        y=measures,
        title=block.text("title"),
        series=series,
        series_shown=by.shown if by else "plain",
        label=_column(block.take("label"), block.place("label"))
        if block.has("label")
        else None,
        low=block.text("low", ""),
        high=block.text("high", ""),
        line=_column(block.take("line"), block.place("line")) if kind == "combo" else None,
        instead=block.text("instead", ""),
        base=block.number("base", None),
        adjoining=block.flag("adjoining"),
        count_by=count_by,
        each=block.text("each", ""),
        notes=block.texts("notes"),
        facts=facts,
    )


def _sentence(block: Block) -> SentenceSpec:
    base = _selection(block, block.text("mart", "") if block.has("mart") else "")
    facts = _facts(block, base)
    return SentenceSpec(block.path, block.text("sentence"), facts)


def _selection(
    block: Block, mart: str, filter_key: str = "filter", base: Selection | None = None
) -> Selection:
    """The rows that a block asks for; a fact starts from the rows of its item, unlimited."""
    of = base if base is not None and base.mart == mart else Selection(mart)
    filters = block.block(filter_key)
    own = {str(column): filters.scalars(str(column)) for column in filters.values}
    periods = block.has("latest") or block.has("same_period")
    # A fact's own column narrows the rows of its item after they have been chosen.
    chosen = (of.latest or of.same_period or of.prefer) and not periods
    new = [name for name in own if chosen and name not in dict(of.filters)]
    among = {name: own.pop(name) for name in new}
    later = block.block("among")
    among |= {str(column): later.scalars(str(column)) for column in later.values}
    return Selection(
        mart=mart,
        filters=tuple((dict(of.filters) | own).items()),
        among=tuple((dict(of.among) | among).items()),
        latest=block.text("latest", "" if periods else of.latest),
        same_period=block.text("same_period", "" if periods else of.same_period),
        prefer=block.text("prefer", of.prefer),
        distinct=block.texts("distinct") or of.distinct,
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
        shown=cast(Shown, block.choice("shown", get_args(Shown), "plain")),
    )
    block.close()
    return column


def _facts(block: Block, base: Selection) -> tuple[FactSpec, ...]:
    facts = block.block("facts")
    return tuple(_fact(str(name), facts, base) for name in facts.values)


def _fact(name: str, facts: Block, base: Selection) -> FactSpec:
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
        selection=_selection(block, block.text("mart", base.mart or None), "where", base),
        column=_column(block.take(kind), block.place(kind)),
        by=_column(block.take("by"), block.place("by")) if kind in NEEDS_BY else None,
        count=block.whole_number("n", 3, low=1) or 3,
        condition=_condition(block)
        if kind in NEEDS_CONDITION or (kind in NEEDS_BY and block.has("is"))
        else None,
        words=cast(Movement, block.choice("words", MOVES, "price")),
        none=block.text("none", "") if kind in NEEDS_BY else "",
        than=block.text("than", "") if kind == "move" else "",
        of=block.text("of") if kind == "rank" else "",
        named=block.text("named") if kind == "rank" else "",
        on=block.text("on") if kind in DATED else "",
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
