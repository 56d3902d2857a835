"""The text of a proposed mapping: what is known, what is a guess, and what is to be settled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from yanbao.catalog import Column, Dataset
from yanbao.inbox.header_units import split_header
from yanbao.inbox.preview import Preview
from yanbao.inbox.summary_rows import SUMMARY_NOTE

NOTE = re.compile(r"^(数据来源|资料来源|来源|注[:：]|备注[:：]|Source|Note)")
# Where the first number is not above 12 in any row, either can be the month.
YEARLESS_FORMATS = ("%m月%d日", "%m-%d", "%m/%d")
DOUBTFUL_FORMATS = ("%m/%d/%Y", "%d/%m/%Y")


@dataclass
class Proposal:
    """What the mapping will say; ``guessed`` are headers whose column is not certain."""

    dataset: Dataset
    columns: dict[str, str] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    week: str | None = None
    wide: str | None = None
    wide_columns: dict[str, str] = field(default_factory=dict)
    printed: bool = False
    pad_codes: bool = False
    stray_units: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    constants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    foreign_codes: float = 0.0
    from_headers: str | None = None
    bare_ratios: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[Column]:
        filled = {*self.columns.values()}
        if self.from_headers:
            filled |= set(re.compile(self.from_headers).groupindex)
        if self.week:
            filled |= {"period_start", "period_end"}
        if self.wide:
            filled |= {*self.wide_columns.values()} or {value_column(self.dataset)}
            filled |= {self.dataset.date_column}
        return [
            self.dataset.column(name)
            for name in self.dataset.required_columns
            if name not in filled
        ]


def value_column(dataset: Dataset) -> str:
    """The one number that every row of a dataset has; empty where there are several."""
    numbers = [c.name for c in dataset.columns if c.required and c.kind == "decimal"]
    return numbers[0] if len(numbers) == 1 else ""


def first_filled(row: tuple[str, ...]) -> str:
    return next(filter(None, row), "")


def written(path: Path, seen: Preview, proposal: Proposal) -> str:
    return "\n".join(_lines(path, seen, proposal)) + "\n"


def _lines(path: Path, seen: Preview, proposal: Proposal) -> Iterator[str]:
    dataset = proposal.dataset
    yield f"# Proposed from {path.name}. Settle what is to do; docs/inbox.md lists the keys."
    yield f"dataset: {dataset.name}  # {dataset.label}: {dataset.grain}"
    if seen.header_row != "1":
        yield f"header_row: {seen.header_row}"
    if seen.sheet:
        yield f"sheet: {_scalar(seen.sheet)}"
    yield "columns:" if proposal.columns else "columns: {}"
    for header, ours in proposal.columns.items():
        doubt = "  # TODO: is it this column?" if header in proposal.guessed else ""
        key = split_header(header)[0] if proposal.units.get(ours) == "header" else header
        yield f"  {_scalar(key)}: {ours}{doubt}"
    for header in proposal.ignored:
        yield f"  # {_scalar(header)}: not read; {dataset.name} has no column for it"
    if proposal.week:
        header = _quoted(proposal.week)
        yield f"week: {{header: {header}, start: period_start, end: period_end}}"
    if proposal.from_headers:
        yield f"from_headers: {_quoted(proposal.from_headers)}"
    if proposal.wide:
        yield "wide:"
        yield f"  headers: {_quoted(proposal.wide)}"
        if proposal.wide_columns:
            yield "  values:"
            yield from (
                f"    {_scalar(k)}: {ours}" for k, ours in proposal.wide_columns.items()
            )
        else:
            yield f"  value: {value_column(dataset)}"
    if proposal.constants:
        yield "constants:"
        for name, (first, *others) in proposal.constants.items():
            doubt = f"  # TODO: or {' or '.join(others)}?" if others else ""
            yield f"  {name}: {first}{doubt}"
    yield from _missing_lines(proposal)
    yield from _cell_lines(proposal)
    yield from _skip_lines(seen, proposal)
    yield from (f"# TODO: {' '.join(doubt.split())}" for doubt in proposal.doubts)


def _skip_lines(seen: Preview, proposal: Proposal) -> Iterator[str]:
    """Notes by their first cell, and totals where the checks do not know them for what they
    are: in a name of the key they are quarantined, with their row."""
    if any(NOTE.search(first_filled(row)) for row in seen.rows):
        yield f"skip_rows: [{_quoted(NOTE.pattern)}]"
    dataset = proposal.dataset
    names = {
        header
        for header, ours in proposal.columns.items()
        if ours in dataset.key and dataset.column(ours).kind == "text"
    }
    totals = dict.fromkeys(
        header
        for row in seen.rows
        for header, cell in zip(seen.headers, row)
        if header and header not in names and re.search(SUMMARY_NOTE, cell)
    )
    if totals:
        yield "skip_where:"
        yield from (f"  {_scalar(header)}: {_quoted(SUMMARY_NOTE)}" for header in totals)


def _cell_lines(proposal: Proposal) -> Iterator[str]:
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
            doubt = "  # TODO: month first?" if form in DOUBTFUL_FORMATS else ""
            yield f"  {name}: {_scalar(form)}{doubt}"
    if proposal.empty:
        yield f"empty: [{', '.join(map(_quoted, proposal.empty))}]"
    if proposal.printed:
        yield "printed_numbers: true"
    if proposal.pad_codes:
        yield "pad_codes: true"
        rule = _suffix(dataset)
        # The rule for indices completes those alone that are known.
        doubt = "" if rule == "index" else "  # TODO: are these all such codes?"
        yield f"code_suffix: {rule}{doubt}"


def _missing_lines(proposal: Proposal) -> Iterator[str]:
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
    if "index_code" in dataset.column_names:
        return "[index, a_share]" if "code" in dataset.column_names else "index"
    return "hk" if dataset.name.startswith("hk_") else "a_share"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _scalar(text: str) -> str:
    """Text as YAML reads it back, quoted only where it has to be."""
    style = '"' if "\n" in text else None
    line: str = yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style=style)
    return line.removesuffix("\n").removesuffix("\n...")
