"""Fills a pack with the numbers of one release: spec + tables → ``PrintedPack``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from reports.composing.bench import Bench, date_span_text
from reports.composing.compose_chart import print_chart
from reports.composing.compose_table import print_table
from reports.composing.expand import expanded
from reports.composing.facts import compute_facts
from reports.grammar.pack_spec import (
    ChartSpec,
    ColumnSpec,
    FactSpec,
    ItemSpec,
    PackError,
    PackSpec,
    Selection,
    SentenceSpec,
    TableSpec,
)
from reports.grammar.parameters import bind, label_of
from reports.grammar.templating import fill
from reports.printed import (
    Footer,
    PrintedItem,
    PrintedPack,
    PrintedSection,
    PrintedSentence,
)
from reports.release_reader import ReportTables
from reports.styling.house import House
from reports.styling.vocabulary import DATE_KINDS, EVERYTHING_KNOWN, INTERNAL, SOURCE_MODES

# Every date but the run's own: as-of and known-at have their own places on the page.
_RUN_DATES = ("as_of_date", "known_at", "window_start", "window_end")


def compose(
    spec: PackSpec,
    release: ReportTables,
    given: Mapping[str, str] | None = None,
    house: House | None = None,
) -> PrintedPack:
    """The printed pack. Refuses a pack that names marts or columns the release lacks.

    ``given`` sets parameters of the pack to other values than its own. A pack for outsiders
    holds no row of a mart that may not leave the house.
    """
    check_columns(spec, Bench(release, spec.keys))
    settings = bind(spec, release, given or {})
    labels = {name: label_of(spec, release, name, value) for name, value in settings.items()}
    bench = Bench(release, spec.keys, settings, labels, house or House())
    sections = []
    tables = charts = 0
    for number, section in enumerate(spec.sections, start=1):
        items: list[PrintedItem] = []
        for item in expanded(bench, section.items):
            if isinstance(item, TableSpec):
                tables += 1
                items.append(print_table(bench, item, tables))
            elif isinstance(item, ChartSpec):
                charts += 1
                items.append(print_chart(bench, item, charts))
            else:
                items.append(_print_sentence(bench, item))
        sections.append(PrintedSection(number, section.title, tuple(items)))
    words = bench.words()
    marts = sorted({selection.mart for _, selection in spec.selections})
    sample_rows = any(bench.is_sample_row(row) for mart in marts for row in bench.rows(mart))
    return PrintedPack(
        name=spec.name,
        title=fill(spec.title, words),
        subtitle=fill(spec.subtitle, words),
        manifest=release.manifest,
        sections=tuple(sections),
        dates=tuple(_dates(bench, spec)),
        definitions=_definitions(bench, spec),
        is_sample=sample_rows or release.manifest.source_mode == "sample",
        footer=Footer(_facts(bench), tuple(_days(bench, spec))),
        house=bench.house,
        data=tuple(bench.printed_rows()),
        origins=release.origins,
    )


def check_columns(spec: PackSpec, bench: Bench) -> None:
    """Every column that the pack names exists in its mart."""
    for mart, key in spec.keys.items():
        _require(bench, mart, key, f"keys.{mart}")
    for item in spec.items:
        for mart, names, where in _uses(item):
            _require(bench, mart, names, where)


def _require(bench: Bench, mart: str, names: tuple[str, ...], where: str) -> None:
    known = bench.columns(mart)
    for name in names:
        if name and name not in known:
            near = get_close_matches(name, known, n=1)
            raise PackError(
                f"{mart} has no column {name!r}",
                where=where,
                hint=f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}",
            )


def _uses(item: ItemSpec) -> Iterator[tuple[str, tuple[str, ...], str]]:
    if isinstance(item, TableSpec):
        value = (item.value,) if item.value else ()
        names = (*_spec_names(*item.columns, *value), *item.count_by, *item.across, item.each)
        yield item.selection.mart, (*names, *_selection_names(item.selection)), item.path
    if isinstance(item, ChartSpec):
        label = (item.label,) if item.label else ()
        specs = (*item.x, *item.y, *label, *((item.line,) if item.line else ()))
        named = (*item.count_by, item.series, item.low, item.high, item.instead, item.each)
        names = (*named, *_spec_names(*specs))
        yield item.selection.mart, (*names, *_selection_names(item.selection)), item.path
    for fact in item.facts:
        yield fact.selection.mart, _fact_names(fact), fact.path


def _fact_names(fact: FactSpec) -> tuple[str, ...]:
    by = (fact.by,) if fact.by else ()
    names = (*_spec_names(fact.column, *by), fact.of, fact.on)
    return (*names, *_selection_names(fact.selection))


def _spec_names(*columns: ColumnSpec) -> tuple[str, ...]:
    return tuple(name for column in columns for name in (column.name, column.dated))


def _selection_names(selection: Selection) -> tuple[str, ...]:
    return (
        *(column for column, _ in (*selection.filters, *selection.among)),
        *(sort_key.column for sort_key in selection.sort),
        selection.latest,
        selection.same_period,
        selection.prefer,
        *selection.distinct,
    )


def _print_sentence(bench: Bench, spec: SentenceSpec) -> PrintedSentence:
    """The filled template; a sentence about rows that are not there says why."""
    asked = list(dict.fromkeys(fact.selection for fact in spec.facts))
    for selection in asked:
        if closed := bench.closed(selection.mart):
            return PrintedSentence(closed)
    if asked and not any(bench.select(selection).rows for selection in asked):
        return PrintedSentence(bench.no_rows(asked[0]))
    words, traces = compute_facts(bench, spec.facts)
    return PrintedSentence(fill(spec.template, words), traces)


def _dates(bench: Bench, spec: PackSpec) -> Iterator[tuple[str, str]]:
    """For the footer: section by section, the dates of the rows that it prints."""
    for section in spec.sections:
        days: dict[str, list[object]] = {}
        for item in section.items:
            if isinstance(item, SentenceSpec):
                continue
            mart = item.selection.mart
            for name in _date_columns(bench, mart):
                rows = bench.select(item.selection).rows
                days.setdefault(bench.label(mart, name), []).extend(row[name] for row in rows)
        spans = {label: date_span_text(values) for label, values in days.items()}
        text = "；".join(f"{label} {span}" for label, span in spans.items() if span)
        if text:
            yield section.title, text


def _facts(bench: Bench) -> tuple[tuple[str, str], ...]:
    manifest = bench.release.manifest
    mode = SOURCE_MODES.get(manifest.source_mode, manifest.source_mode)
    audience = (("分发范围", INTERNAL),) if bench.house.audience == "internal" else ()
    return (
        *audience,
        ("数据截至", manifest.as_of.isoformat()),
        ("知悉截至", manifest.known_at or EVERYTHING_KNOWN),
        ("发布编号", manifest.release_id),
        ("数据来源", mode),
        ("生成时间", manifest.created_text),
    )


def _days(bench: Bench, spec: PackSpec) -> Iterator[tuple[str, str]]:
    """Over the whole pack: the days of prices, filings, NAVs, sizes and fixings."""
    for kind, columns in DATE_KINDS.items():
        days: list[object] = []
        for _, selection in spec.selections:
            present = [name for name in columns if name in bench.columns(selection.mart)]
            rows = bench.select(selection).rows
            days.extend(row[name] for row in rows for name in present)
        if span := date_span_text(days):
            yield kind, span


def _date_columns(bench: Bench, mart: str) -> Iterator[str]:
    for name in bench.columns(mart):
        metric = bench.release.metrics.find(mart, name)
        if metric is not None and metric.display == "date" and name not in _RUN_DATES:
            yield name


def _definitions(bench: Bench, spec: PackSpec) -> tuple[tuple[str, str], ...]:
    """Label and definition of each printed measure, in the order of the pages."""
    found: dict[str, str] = {}
    for item in spec.items:
        columns: tuple[ColumnSpec, ...] = ()
        if isinstance(item, TableSpec):
            columns = item.columns
        elif isinstance(item, ChartSpec):
            columns = (*item.y, *((item.line,) if item.line else ()))
        for column in columns:
            mart = "" if isinstance(item, SentenceSpec) else item.selection.mart
            metric = bench.release.metrics.get(mart, column.name)
            if metric.definition and metric.display not in ("text", "date"):
                found.setdefault(bench.label(mart, column.name), metric.definition)
    return tuple(found.items())
