"""Fills a pack with the numbers of one release: spec + tables → ``PrintedPack``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from yanbao.base.errors import PackError, nearest
from yanbao.reporting.composing.compose_chart import print_chart
from yanbao.reporting.composing.compose_table import print_table
from yanbao.reporting.composing.context import IS_STALE, PackContext, date_span_text
from yanbao.reporting.composing.facts import compute_facts, current_rows, has_basis
from yanbao.reporting.grammar.fact_spec import FactSpec
from yanbao.reporting.grammar.item_spec import (
    EACH_WORD,
    ChartSpec,
    ItemSpec,
    SentenceSpec,
    TableSpec,
)
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.grammar.parameters import bind
from yanbao.reporting.grammar.row_spec import Selection
from yanbao.reporting.grammar.templating import fill
from yanbao.reporting.printed.pack import (
    Footer,
    PrintedItem,
    PrintedPack,
    PrintedSection,
    PrintedSentence,
)
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.formatting import plain_text
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.vocabulary import (
    DATE_KINDS,
    EVERYTHING_KNOWN,
    INTERNAL,
    LEFT_OUT,
    NO_CLAIM,
    NOTHING_IN_WINDOW,
    SOURCE_MODES,
)

# Every date but the run's own: as-of and known-at have their own places on the page.
# Facts about a set of rows: a dash among its words would not say that nothing is known.
OF_MANY = ("count_where", "names_where", "share_where", "share_word", "top", "bottom")
_RUN_DATES = ("as_of_date", "known_at", "window_start", "window_end")


def compose(
    spec: PackSpec,
    release: ReleaseReader,
    given: Mapping[str, str] | None = None,
    house: HouseStyle | None = None,
) -> PrintedPack:
    """The printed pack. Refuses a pack that names marts or columns the release lacks.

    ``given`` sets parameters of the pack to other values than its own. A pack for outsiders
    holds no row of a mart that may not be passed on.
    """
    check_columns(spec, PackContext(release, spec.keys))
    bound = bind(spec, release, given or {})
    settings = {name: value for name, (value, _) in bound.items()}
    labels = {name: label for name, (_, label) in bound.items()}
    context = PackContext(release, spec.keys, settings, labels, house or HouseStyle())
    spec = spec.placed(settings)
    sections = []
    tables = charts = 0
    for number, section in enumerate(spec.sections, start=1):
        items: list[PrintedItem] = []
        for item in chain.from_iterable(_expanded(context, one) for one in section.items):
            if isinstance(item, TableSpec):
                tables += 1
                items.append(print_table(context, item, tables))
            elif isinstance(item, ChartSpec):
                charts += 1
                items.append(print_chart(context, item, charts))
            else:
                items.append(_print_sentence(context, item))
        sections.append(PrintedSection(number, section.title, tuple(items)))
    words = context.words()
    marts = sorted({selection.mart for _, selection in spec.selections})
    sample_rows = any(
        context.is_sample_row(row) for mart in marts for row in context.rows(mart)
    )
    return PrintedPack(
        name=spec.name,
        title=fill(spec.title, words),
        subtitle=fill(spec.subtitle, words),
        manifest=release.manifest,
        sections=tuple(sections),
        dates=tuple(_dates(context, spec)),
        definitions=_definitions(context, spec),
        is_sample=sample_rows or release.manifest.source_mode == "sample",
        footer=Footer(_facts(context), tuple(_days(context, spec))),
        house=context.house,
        data=tuple(context.printed_rows()),
        origins=release.origins,
    )


def check_columns(spec: PackSpec, context: PackContext) -> None:
    """Every column that the pack names exists in its mart."""
    named = [(mart, key, f"keys.{mart}") for mart, key in spec.keys.items()]
    named += [(one.selection.mart, tuple(one.named_columns), one.path) for one in spec.places]
    for mart, names, where in named:
        for name in filter(None, names):
            if name not in (known := context.columns(mart)):
                what = f"{mart} has no column {name!r}"
                raise PackError(what, where=where, hint=nearest(name, known))


def _expanded(context: PackContext, item: ItemSpec) -> Iterator[ItemSpec]:
    """The item, or for ``each`` one per value of its column, in the order of the rows.

    Without rows the item stays as it is, and reports that there are none.
    """
    if isinstance(item, SentenceSpec) or not item.each:
        yield item
        return
    rows = context.select(replace(item.selection, limit=None)).rows
    values = dict.fromkeys(row[item.each] for row in rows)
    if not values:
        yield item.model_copy(update={"words": {EACH_WORD: ""}})
    for value in values:
        wanted = value if isinstance(value, str | int | float | bool) else None
        word = context.value_word(item.each, plain_text(value))
        about = item.at(item.path, context.settings, ((item.each, (wanted,)),))
        yield about.model_copy(update={"words": {EACH_WORD: word}})


def _print_sentence(context: PackContext, spec: SentenceSpec) -> PrintedSentence:
    """The filled template; a sentence about missing or old rows gives the reason instead."""
    asked = list(dict.fromkeys(fact.selection for fact in spec.facts.values()))
    for selection in asked:
        if closed := context.closed(selection.mart):
            return PrintedSentence(closed)
    if asked and not any(context.select(selection).rows for selection in asked):
        return PrintedSentence(context.no_rows(asked[0]))
    if reason := _why_no_claim(context, spec.facts.values()):
        return PrintedSentence(f"{NO_CLAIM}：{reason}。")
    words, traces = compute_facts(context, spec.facts.values(), is_claim=True)
    text = fill(spec.template, words)
    if left_out := "；".join(_left_out(context, asked)):
        text = f"{text}（{LEFT_OUT}：{left_out}）"
    behind = [context.late(selection.mart) for selection in asked]
    beside = [one for late in behind for one in late.beside]
    beside += [late.every_row for late in behind if late.are_results]
    aside = "；".join(dict.fromkeys(beside))
    return PrintedSentence(f"{text}（{aside}）" if aside else text, traces)


def _why_no_claim(context: PackContext, facts: Iterable[FactSpec]) -> str:
    """Why nothing can be said: most of what is asked rests on old data, or has no value."""
    measured = [
        fact for fact in facts if fact.kind != "dates" and fact.measure.name != IS_STALE
    ]
    for fact in measured:
        late, rows = context.late(fact.selection.mart), context.select(fact.selection).rows
        old = 0 if late.are_results else sum(bool(late.reason(row)) for row in rows)
        if 2 * old < len(rows) and has_basis(fact, current_rows(context, fact)):
            return ""
    reasons: dict[str, None] = {}
    for fact in measured:
        mart = fact.selection.mart
        told = [context.late_reason(mart, row) for row in context.select(fact.selection).rows]
        reasons |= dict.fromkeys(filter(None, told))
    counted = [fact for fact in measured if fact.kind in OF_MANY]
    if counted and not reasons:
        first = counted[0]
        mart, column = first.selection.mart, first.measure.name
        missing = context.release.metrics.get(mart, column).missing or NOTHING_IN_WINDOW
        return f"{context.label(mart, column)}，{missing}"
    return "；".join(reasons)


def _left_out(context: PackContext, asked: Iterable[Selection]) -> Iterator[str]:
    """Why some rows of a sentence are not part of it, each reason once."""
    reasons: dict[str, None] = {}
    for selection in asked:
        if context.late(selection.mart).are_results:
            continue
        rows = context.select(selection).rows
        found = (context.late_reason(selection.mart, row) for row in rows)
        reasons |= dict.fromkeys(filter(None, found))
    yield from reasons


def _dates(context: PackContext, spec: PackSpec) -> Iterator[tuple[str, str]]:
    """For the footer: section by section, the dates of the rows that it prints."""
    for section in spec.sections:
        days: dict[str, list[object]] = {}
        for item in section.items:
            if isinstance(item, SentenceSpec):
                continue
            mart = item.selection.mart
            for name in _date_columns(context, mart):
                rows = context.select(item.selection).rows
                days.setdefault(context.label(mart, name), []).extend(row[name] for row in rows)
        spans = {label: date_span_text(values) for label, values in days.items()}
        text = "；".join(f"{label} {span}" for label, span in spans.items() if span)
        if text:
            yield section.title, text


def _facts(context: PackContext) -> tuple[tuple[str, str], ...]:
    manifest = context.release.manifest
    mode = SOURCE_MODES.get(manifest.source_mode, manifest.source_mode)
    audience = (("分发范围", INTERNAL),) if context.house.audience == "internal" else ()
    return (
        *audience,
        ("报告日", manifest.as_of.isoformat()),
        ("知悉截至", manifest.known_at or EVERYTHING_KNOWN),
        ("发布编号", manifest.release_id),
        ("数据来源", mode),
        ("生成时间", manifest.created_text),
    )


def _days(context: PackContext, spec: PackSpec) -> Iterator[tuple[str, str]]:
    """Over the whole pack: the days of prices, filings, NAVs, sizes and fixings."""
    for kind, columns in DATE_KINDS.items():
        days: list[object] = []
        for _, selection in spec.selections:
            present = [name for name in columns if name in context.columns(selection.mart)]
            rows = context.select(selection).rows
            days.extend(row[name] for row in rows for name in present)
        if span := date_span_text(days):
            yield kind, span


def _date_columns(context: PackContext, mart: str) -> Iterator[str]:
    for name in context.columns(mart):
        metric = context.release.metrics.find(mart, name)
        if metric is not None and metric.display == "date" and name not in _RUN_DATES:
            yield name


def _definitions(context: PackContext, spec: PackSpec) -> tuple[tuple[str, str], ...]:
    """Label and definition of each printed measure, in the order of the pages."""
    found: dict[str, str] = {}
    for item in spec.items:
        if isinstance(item, SentenceSpec):
            continue
        mart = item.selection.mart
        for column in item.columns if isinstance(item, TableSpec) else item.measures:
            metric = context.release.metrics.get(mart, column.name)
            if metric.definition and metric.display not in ("text", "date"):
                found.setdefault(context.label(mart, column.name), metric.definition)
    return tuple(found.items())
