"""``yanbao new mapping``: a mapping proposed from a file's headers and first rows.

What is told by a shipped mapping, a column's name or its Chinese label is taken; what is
a guess says so; what a person has to decide is a TODO in a comment, so that the mapping
refuses the file until somebody did.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from yanbao.base import clock
from yanbao.base.errors import YanbaoError
from yanbao.catalog import DATASETS, Column, Dataset
from yanbao.catalog.marts import report_marts
from yanbao.inbox.days import week_days
from yanbao.inbox.fitting import folded
from yanbao.inbox.known import known_mappings
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.inbox.preview import Preview, preview
from yanbao.inbox.reading import read_file
from yanbao.inbox.self_description import UnsaidError
from yanbao.inbox.summary_rows import SUMMARY_NOTE
from yanbao.inbox.unit_mentions import may_be_titled, mentioned_factor, title_units
from yanbao.inbox.units import is_unit, multiplier, printed_number, seconds, split_header
from yanbao.scaffold.header_words import HEADER_WORDS
from yanbao.scaffold.mapping_text import (
    DOUBTFUL_FORMATS,
    NOTE,
    Proposal,
    first_filled,
    value_column,
    written,
)

_ALIKE = 0.62
_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%Y-%m",
    "%Y/%m",
    "%Y年%m月",
    *DOUBTFUL_FORMATS,
)
_MONTH_HEADER = r"20\d{2}[-/.年]?\d{1,2}月?"


def propose_mapping(path: Path, dataset: Dataset | None = None) -> tuple[str, Dataset]:
    """YAML for a file, and the dataset it is for: the one given, else the nearest."""
    seen = preview(path)
    candidates = [dataset] if dataset else list(DATASETS)
    # What stands in a note or a total tells nothing about the cells of a column.
    sampled = replace(seen, rows=tuple(row for row in seen.rows if not _is_note(row)))
    proposals = [_proposed(sampled, one) for one in candidates]
    best = max(proposals, key=_closeness)
    if not best.missing:
        _try_out(path, seen, best)
    return written(path, seen, best), best.dataset


def _try_out(path: Path, seen: Preview, proposal: Proposal) -> None:
    """Read the file as proposed: what it contradicts or leaves open becomes a TODO."""
    today = clock.today_in_beijing()
    for _ in proposal.dataset.columns:
        try:
            mapping = parse_mapping(written(path, seen, proposal), "proposed", where="proposal")
            settled = mapping.model_copy(update={"unsettled": {}})
            held = read_file(path, mapping=settled, today=today).must_hold
        except YanbaoError as error:
            unsaid = error.__cause__
            if isinstance(unsaid, UnsaidError):
                proposal.constants[unsaid.column] = unsaid.answers
                continue
            held = error.what
        proposal.doubts += [held] if held else []
        return


def _is_note(row: tuple[str, ...]) -> bool:
    if NOTE.search(first_filled(row)):
        return True
    return any(re.search(SUMMARY_NOTE, cell) for cell in row)


def _closeness(proposal: Proposal) -> tuple[float, int]:
    sure = len(proposal.columns) - len(proposal.guessed)
    required = len(proposal.dataset.required_columns)
    return (sure + len(proposal.guessed) / 2) / required - len(proposal.missing), sure


def _proposed(seen: Preview, dataset: Dataset) -> Proposal:
    proposal = Proposal(dataset)
    wide = [header for header in seen.headers if re.fullmatch(_MONTH_HEADER, header)]
    if len(wide) > 1 and dataset.date_column and value_column(dataset):
        proposal.wide = _MONTH_HEADER
    for header in filter(None, seen.headers):
        if proposal.wide and header in wide:
            continue
        samples = seen.samples(header)
        if _is_week(dataset, samples):
            proposal.week = proposal.week or header
            continue
        found = _nearest_column(dataset, header, samples, set(proposal.columns.values()))
        if found is None:
            proposal.ignored.append(header)
            continue
        ours, sure = found
        proposal.columns[header] = ours
        if not sure:
            proposal.guessed.add(header)
        _guess_cells(proposal, header, dataset.column(ours), samples)
    if proposal.wide:
        cells = [cell for header in wide for cell in seen.samples(header)]
        _guess_cells(proposal, "", dataset.column(value_column(dataset)), cells)
        proposal.dates[dataset.date_column] = _date_format(wide) or "TODO"
    _guess_titled_units(proposal, seen)
    return proposal


def _guess_titled_units(proposal: Proposal, seen: Preview) -> None:
    """A unit above the header is that of every column that says none and can be in it."""
    words = list(dict.fromkeys(word for text in seen.title for word in title_units(text)))
    bare = {
        ours
        for header, ours in proposal.columns.items()
        if split_header(header)[1] is None and ours not in proposal.units
    }
    if proposal.wide:
        bare |= {value_column(proposal.dataset)} - {*proposal.units}
    meant = False
    for name in [name for name in proposal.dataset.column_names if name in bare]:
        column = proposal.dataset.column(name)
        fitting = [word for word in words if may_be_titled(word, column)]
        meant = meant or bool(fitting)
        if len(fitting) == 1 and multiplier(fitting[0], column) is not None:
            if multiplier(fitting[0], column) != 1:
                proposal.units[name] = fitting[0]
        elif fitting:
            proposal.units[name] = f"TODO {', '.join(fitting)}"
    if words and not meant:
        proposal.stray_units = words


def _is_week(dataset: Dataset, samples: list[str]) -> bool:
    weekly = {"period_start", "period_end"} <= set(dataset.column_names)
    labels = [week_days(sample) for sample in samples if not _date_format([sample])]
    return weekly and bool(labels) and all(labels)


@cache
def _aliases() -> dict[str, dict[str, str]]:
    """Names that are known for each dataset's columns, folded: shipped mappings and labels."""
    pairs = [
        (split_header(header)[0], name)
        for mapping in known_mappings()
        for header, name in {**mapping.columns, **mapping.optional_columns}.items()
    ]
    pairs += [
        (words.label_zh, name)
        for mart in report_marts().values()
        for name, words in mart.columns.items()
    ]
    shared = [(folded(word), name) for word, name in pairs]
    known: dict[str, dict[str, str]] = {}
    for one in DATASETS:
        names = one.column_names
        own = [(folded(word), name) for name in names for word in HEADER_WORDS.get(name, ())]
        aliases = known[one.name] = {}
        for word, name in [*shared, *own]:
            if name in names:
                aliases.setdefault(word, name)
        aliases |= {folded(name): name for name in names}
        aliases |= {folded(name.replace("_", " ")): name for name in names}
    return known


def _nearest_column(
    dataset: Dataset, header: str, samples: list[str], taken: set[str]
) -> tuple[str, bool] | None:
    """Our column for a header, and whether it is known and not merely alike."""
    base = folded(split_header(header)[0])
    names = {
        alias: ours
        for alias, ours in _aliases()[dataset.name].items()
        if ours not in taken and _may_hold(dataset.column(ours), samples)
    }
    if base in names:
        return names[base], True
    scored = [(_likeness(base, alias), ours) for alias, ours in names.items()]
    score, ours = max(scored, default=(0.0, ""))
    return (ours, False) if score >= _ALIKE else None


def _likeness(header: str, alias: str) -> float:
    """How alike two names are; one inside the other counts, since headers are wordy."""
    if len(alias) > 1 and (alias in header or header in alias):
        return 0.7 + 0.3 * min(len(alias), len(header)) / max(len(alias), len(header))
    return SequenceMatcher(None, header, alias).ratio()


def _may_hold(column: Column, samples: list[str]) -> bool:
    """Whether most sample cells can be of the column's kind."""
    if not samples:
        return True
    if column.kind in ("decimal", "integer"):
        fitting = [s for s in samples if _reads_as_number(column, s)]
    elif column.kind == "date":
        fitting = [s for s in samples if _date_format([s])]
    else:
        return True
    return len(fitting) * 2 >= len(samples)


def _reads_as_number(column: Column, sample: str) -> bool:
    if column.unit == "seconds" and seconds(sample) != sample:
        return True
    number = printed_number(sample, column, Decimal(1))
    return re.fullmatch(r"-?\d+(\.\d+)?", number) is not None


def _date_format(samples: list[str]) -> str | None:
    for form in _FORMATS:
        try:
            for sample in samples:
                datetime.strptime(sample, form)
        except ValueError:
            continue
        return form
    return None


def _guess_cells(proposal: Proposal, header: str, column: Column, samples: list[str]) -> None:
    """Units, days and codes, from the header and the cells of one column."""
    _, word = split_header(header)
    if column.kind in ("decimal", "integer"):
        if column.unit == "seconds" and any(seconds(s) != s for s in samples):
            proposal.units[column.name] = "m:ss"
        elif word and mentioned_factor(word, column) is not None:
            proposal.units[column.name] = "header"
        elif word and is_unit(word):
            proposal.units[column.name] = f"TODO {word}"
        plain = re.compile(r"[+-]?\d+(\.\d+)?")
        if any(not plain.fullmatch(s) and _reads_as_number(column, s) for s in samples):
            proposal.printed = True
    elif column.kind == "date":
        form = _date_format(samples)
        if form not in (None, "%Y-%m-%d"):
            proposal.dates[column.name] = str(form)
    elif column.kind == "code" and any(re.fullmatch(r"\d{1,6}", s) for s in samples):
        proposal.pad_codes = True
