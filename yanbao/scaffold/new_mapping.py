"""``yanbao new mapping``: a mapping proposed from a file's headers and first rows.

What is told by a shipped mapping, a column's name or its Chinese label is taken; what is
a guess says so; what a person has to decide is a TODO in a comment, so that the mapping
refuses the file until somebody did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import yaml

from yanbao.catalog import DATASETS, Column, Dataset
from yanbao.catalog.marts import report_marts
from yanbao.inbox.days import week_days
from yanbao.inbox.fitting import folded
from yanbao.inbox.known import known_mappings
from yanbao.inbox.preview import Preview, preview
from yanbao.inbox.summary_rows import SUMMARY_NOTE
from yanbao.inbox.unit_mentions import may_be_titled, title_units
from yanbao.inbox.units import multiplier, printed_number, seconds, split_header
from yanbao.scaffold.header_words import HEADER_WORDS

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
    "%m/%d/%Y",
    "%d/%m/%Y",
)
_MONTH_HEADER = r"20\d{2}[-/.年]?\d{1,2}月?"
_NOTE = re.compile(r"^(数据来源|资料来源|来源|注[:：]|备注[:：]|Source|Note)")


@dataclass
class _Proposal:
    """What the mapping will say; ``guessed`` are headers whose column is not certain."""

    dataset: Dataset
    columns: dict[str, str] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    week: str | None = None
    wide: str | None = None
    printed: bool = False
    pad_codes: bool = False
    stray_units: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[Column]:
        filled = {*self.columns.values()}
        if self.week:
            filled |= {"period_start", "period_end"}
        if self.wide:
            filled |= {self.dataset.date_column, _value_column(self.dataset)}
        return [
            self.dataset.column(name)
            for name in self.dataset.required_columns
            if name not in filled
        ]


def propose_mapping(path: Path, dataset: Dataset | None = None) -> tuple[str, Dataset]:
    """YAML for a file, and the dataset it is for: the one given, else the nearest."""
    seen = preview(path)
    candidates = [dataset] if dataset else list(DATASETS)
    # What stands in a note or a total tells nothing about the cells of a column.
    sampled = replace(seen, rows=tuple(row for row in seen.rows if not _is_note(row)))
    proposals = [_proposed(sampled, one) for one in candidates]
    best = max(proposals, key=_closeness)
    return _written(path, seen, best), best.dataset


def _is_note(row: tuple[str, ...]) -> bool:
    if _NOTE.search(_first_filled(row)):
        return True
    return any(re.search(SUMMARY_NOTE, cell) for cell in row)


def _first_filled(row: tuple[str, ...]) -> str:
    return next(filter(None, row), "")


def _closeness(proposal: _Proposal) -> tuple[float, int]:
    sure = len(proposal.columns) - len(proposal.guessed)
    required = len(proposal.dataset.required_columns)
    return (sure + len(proposal.guessed) / 2) / required - len(proposal.missing), sure


def _proposed(seen: Preview, dataset: Dataset) -> _Proposal:
    proposal = _Proposal(dataset)
    wide = [header for header in seen.headers if re.fullmatch(_MONTH_HEADER, header)]
    if len(wide) > 1 and dataset.date_column and _value_column(dataset):
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
        _guess_cells(proposal, "", dataset.column(_value_column(dataset)), cells)
        proposal.dates[dataset.date_column] = _date_format(wide) or "TODO"
    _guess_titled_units(proposal, seen)
    return proposal


def _guess_titled_units(proposal: _Proposal, seen: Preview) -> None:
    """A unit above the header is that of every column that says none and can be in it."""
    words = list(dict.fromkeys(word for text in seen.title for word in title_units(text)))
    bare = {
        ours
        for header, ours in proposal.columns.items()
        if split_header(header)[1] is None and ours not in proposal.units
    }
    if proposal.wide:
        bare |= {_value_column(proposal.dataset)} - {*proposal.units}
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


def _value_column(dataset: Dataset) -> str:
    """The one number that every row of a dataset has; empty where there are several."""
    numbers = [c.name for c in dataset.columns if c.required and c.kind == "decimal"]
    return numbers[0] if len(numbers) == 1 else ""


def _is_week(dataset: Dataset, samples: list[str]) -> bool:
    weekly = {"period_start", "period_end"} <= set(dataset.column_names)
    labels = [week_days(sample) for sample in samples if not _date_format([sample])]
    return weekly and bool(labels) and all(labels)


@cache
def _aliases() -> dict[str, dict[str, str]]:
    """Names that are known for each dataset's columns, folded: shipped mappings and labels."""
    known: dict[str, dict[str, str]] = {one.name: {} for one in DATASETS}
    for mapping in known_mappings():
        for header, ours in {**mapping.columns, **mapping.optional_columns}.items():
            known[mapping.dataset.name].setdefault(folded(split_header(header)[0]), ours)
            for other in DATASETS:
                if ours in other.column_names:
                    known[other.name].setdefault(folded(split_header(header)[0]), ours)
    for mart in report_marts().values():
        for name, words in mart.columns.items():
            for one in DATASETS:
                if name in one.column_names:
                    known[one.name].setdefault(folded(words.label_zh), name)
    for one in DATASETS:
        for name in one.column_names:
            for word in HEADER_WORDS.get(name, ()):
                known[one.name].setdefault(folded(word), name)
        known[one.name] |= {folded(name): name for name in one.column_names}
        known[one.name] |= {folded(name.replace("_", " ")): name for name in one.column_names}
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


def _guess_cells(proposal: _Proposal, header: str, column: Column, samples: list[str]) -> None:
    """Units, days and codes, from the header and the cells of one column."""
    _, word = split_header(header)
    if column.kind in ("decimal", "integer"):
        if column.unit == "seconds" and any(seconds(s) != s for s in samples):
            proposal.units[column.name] = "m:ss"
        elif word and multiplier(word, column) is not None:
            proposal.units[column.name] = "header"
        elif word:
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


def _written(path: Path, seen: Preview, proposal: _Proposal) -> str:
    return "\n".join(_lines(path, seen, proposal)) + "\n"


def _lines(path: Path, seen: Preview, proposal: _Proposal) -> Iterator[str]:
    dataset = proposal.dataset
    yield f"# Proposed from {path.name}. Settle what is to do; docs/inbox.md lists the keys."
    yield f"dataset: {dataset.name}  # {dataset.label}: {dataset.grain}"
    if seen.header_row > 1:
        yield f"header_row: {seen.header_row}"
    if seen.sheet:
        yield f"sheet: {_scalar(seen.sheet)}"
    yield "columns:" if proposal.columns else "columns: {}"
    for header, ours in proposal.columns.items():
        doubt = "  # TODO: is it this column?" if header in proposal.guessed else ""
        key = split_header(header)[0] if proposal.units.get(ours) == "header" else header
        yield f"  {_scalar(key)}: {ours}{doubt}"
    for header in proposal.ignored:
        yield f"  # {_scalar(header)}: not read; no column of {dataset.name} is like it"
    if proposal.week:
        header = _quoted(proposal.week)
        yield f"week: {{header: {header}, start: period_start, end: period_end}}"
    if proposal.wide:
        pattern = f"(?P<{dataset.date_column}>{proposal.wide})"
        yield f"wide: {{headers: {_quoted(pattern)}, value: {_value_column(dataset)}}}"
    yield from _missing_lines(proposal)
    yield from _cell_lines(proposal)
    yield from _skip_lines(seen)


def _skip_lines(seen: Preview) -> Iterator[str]:
    """Notes and totals by their first cell; totals that stand further right by their column."""
    starts = [_first_filled(row) for row in seen.rows]
    patterns = [
        pattern
        for pattern in (_NOTE.pattern, SUMMARY_NOTE)
        if any(re.search(pattern, start) for start in starts)
    ]
    if patterns:
        yield f"skip_rows: [{', '.join(map(_quoted, patterns))}]"
    totals = {
        header: SUMMARY_NOTE
        for at, header in enumerate(seen.headers)
        for row in seen.rows
        if header and at < len(row) and re.search(SUMMARY_NOTE, row[at])
        if row[at] != _first_filled(row)
    }
    if totals:
        yield "skip_where:"
        yield from (f"  {_scalar(header)}: {_quoted(p)}" for header, p in totals.items())


def _cell_lines(proposal: _Proposal) -> Iterator[str]:
    """How cells are written: units, days, printed numbers, codes."""
    dataset = proposal.dataset
    known = {name: word for name, word in proposal.units.items() if "TODO" not in word}
    if known:
        yield "units:"
        yield from (f"  {name}: {_scalar(word)}" for name, word in known.items())
    for name, word in proposal.units.items():
        if name not in known:
            unit = dataset.column(name).unit
            yield f"# TODO units: {name} is in {unit}, the file says {word[5:]}"
    if proposal.stray_units:
        words = ", ".join(proposal.stray_units)
        yield f"# TODO units: the title says {words}, which no column here can be in"
    if proposal.dates:
        yield "dates:"
        for name, form in proposal.dates.items():
            doubt = "  # TODO: month first?" if form in _FORMATS[-2:] else ""
            yield f"  {name}: {_scalar(form)}{doubt}"
    if proposal.printed:
        yield "printed_numbers: true"
    if proposal.pad_codes:
        yield "pad_codes: true"
        yield f"code_suffix: {_suffix(dataset)}  # TODO: are these all such codes?"


def _missing_lines(proposal: _Proposal) -> Iterator[str]:
    if not proposal.missing:
        return
    yield "# TODO: these columns are required. Map a header above, or write the value here:"
    yield "# constants:"
    for column in proposal.missing:
        example = f", e.g. {column.example}" if column.example else ""
        yield f"#   {column.name}: {column.description}{example}"


def _suffix(dataset: Dataset) -> str:
    if "fund_code" in dataset.column_names:
        return "fund"
    return "hk" if dataset.name.startswith("hk_") else "a_share"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _scalar(text: str) -> str:
    """Text as YAML reads it back, quoted only where it has to be."""
    style = '"' if "\n" in text else None
    line: str = yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style=style)
    return line.removesuffix("\n").removesuffix("\n...")
