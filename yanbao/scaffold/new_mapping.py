"""``yanbao new mapping``: a mapping proposed from a file's headers and first rows.

What is told by a shipped mapping, a column's name or its Chinese label is taken; what is
a guess says so; what a person has to decide is a TODO in a comment, so that the mapping
refuses the file until somebody did.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from yanbao.base import clock
from yanbao.base.errors import YanbaoError
from yanbao.catalog import DATASETS, Column, Dataset
from yanbao.inbox.days import day_of, has_year, week_days
from yanbao.inbox.header_units import split_header, tags_of
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.inbox.preview import Preview, preview
from yanbao.inbox.reading import ReadFile, read_file
from yanbao.inbox.self_description import UnsaidError
from yanbao.inbox.summary_rows import SUMMARY_NOTE
from yanbao.inbox.unit_mentions import may_be_titled, mentioned_factor, title_units
from yanbao.inbox.units import is_unit, multiplier, seconds
from yanbao.scaffold.mapping_text import (
    NOTE,
    YEARLESS_FORMATS,
    Proposal,
    first_filled,
    value_column,
    written,
)
from yanbao.scaffold.nearest_column import (
    date_format,
    nearest_column,
    nearest_columns,
    reads_as_number,
)
from yanbao.scaffold.wide_headers import WEEK, measure_names, wide_headers

_NO_VALUE = ("-", "--", "—", "——", "暂无", "N/A", "n/a", "#N/A")


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
            read = read_file(path, mapping=settled, today=today)
            held = read.must_hold or _without_year(proposal, read)
        except YanbaoError as error:
            unsaid = error.__cause__
            if isinstance(unsaid, UnsaidError):
                proposal.constants[unsaid.column] = unsaid.answers
                _drop_reference(proposal)
                continue
            held = error.what
        proposal.doubts += [held] if held else []
        return


def _drop_reference(proposal: Proposal) -> None:
    """An adjusted series has no reference price: its price before is adjusted as well."""
    if "none" in proposal.constants.get("adjustment", ("none",)):
        return
    for header in [h for h, ours in proposal.columns.items() if ours == "reference_close"]:
        del proposal.columns[header]
        proposal.units.pop("reference_close", None)
        proposal.ignored.append(header)


def _without_year(proposal: Proposal, read: ReadFile) -> str | None:
    """What to ask of a day whose year neither the rows nor the words of the file tell."""
    for cell in read.quarantined:
        form = proposal.dates.get(cell.column)
        if form in YEARLESS_FORMATS and day_of(f"2024 {cell.value}", form):
            return (
                f"which year is {cell.value} (row {cell.row}) of? The other rows, the title and"
                " the file's name do not say: write it into one of them"
            )
    return None


def _is_note(row: tuple[str, ...]) -> bool:
    if NOTE.search(first_filled(row)):
        return True
    return any(re.search(SUMMARY_NOTE, cell) for cell in row)


def _closeness(proposal: Proposal) -> tuple[float, int]:
    sure = len(proposal.columns) - len(proposal.guessed)
    required = len(proposal.dataset.required_columns)
    known = (sure + len(proposal.guessed) / 2) / required
    return known - len(proposal.missing) - proposal.foreign_codes, sure


def _proposed(seen: Preview, dataset: Dataset) -> Proposal:
    proposal = Proposal(dataset)
    wide = _proposed_wide(proposal, seen)
    free = {}
    for header in filter(None, seen.headers):
        samples = seen.samples(header)
        if header in wide:
            continue
        if _is_week(dataset, samples):
            proposal.week = proposal.week or header
        else:
            free[header] = samples
    nearest = nearest_columns(dataset, free)
    for header, samples in free.items():
        ours, sure = nearest.get(header, ("", True))
        # One number beside several periods belongs to one of them.
        if not ours or (proposal.wide and dataset.column(ours).kind in ("decimal", "integer")):
            proposal.ignored.append(header)
            continue
        proposal.columns[header] = ours
        if not sure:
            proposal.guessed.add(header)
        _guess_cells(proposal, header, dataset.column(ours), samples)
    _guess_day(proposal, seen)
    _doubt_witnesses(proposal)
    _guess_empty(proposal, seen)
    _guess_titled_units(proposal, seen)
    return proposal


def _proposed_wide(proposal: Proposal, seen: Preview) -> set[str]:
    """Propose columns that are really rows; the headers that are taken for such."""
    dataset = proposal.dataset
    wide = wide_headers(seen.headers, dataset)
    if wide is None:
        return set()
    used: set[str] = set()
    for measure, headers in measure_names(wide).items():
        samples = [cell for header in headers for cell in seen.samples(header)]
        taken = set(proposal.wide_columns.values())
        found = (value_column(dataset), True) if not measure else None
        found = found or nearest_column(dataset, measure, samples, taken)
        if not found or not found[0] or dataset.column(found[0]).kind != "decimal":
            continue
        if measure:
            proposal.wide_columns[measure] = found[0]
        used |= set(headers)
        _guess_cells(proposal, wide.measures[headers[0]], dataset.column(found[0]), samples)
        if not found[1]:
            proposal.doubts.append(f"is {measure} the column {found[0]}?")
    if not used:
        return used
    if wide.is_week:
        proposal.week = WEEK
    else:
        proposal.dates[dataset.date_column] = date_format(wide.periods()) or "TODO"
    group = WEEK if wide.is_week else dataset.date_column
    proposal.wide = wide.pattern(group, proposal.wide_columns)
    return used


def _guess_day(proposal: Proposal, seen: Preview) -> None:
    """The day that all headers of a terminal name and no column does: [报告期] 20240930."""
    wanted = [column.name for column in proposal.missing if column.kind == "date"]
    if len(wanted) != 1:
        return
    named: dict[str, set[str]] = {}
    for header in seen.headers:
        for tag, value in tags_of(header)[1].items():
            named.setdefault(tag, set()).add(value)
    for tag, values in named.items():
        form = date_format([*values])
        if len(values) == 1 and form and has_year(form):
            proposal.from_headers = rf"[\[【]{re.escape(tag)}[\]】]\s*(?P<{wanted[0]}>[^\s\[]+)"
            proposal.dates[wanted[0]] = form


def _doubt_witnesses(proposal: Proposal) -> None:
    """A change beside both closes proves what each is; what nothing proves is asked."""
    headers = {ours: header for header, ours in proposal.columns.items()}
    before, change = headers.get("reference_close"), headers.get("change_ratio")
    if before and not change:
        proposal.doubts.append(
            f"on an ex-right day, is {before} the exchange's reference price (除权除息参考价)?"
            " No printed change proves it"
        )
    for ours in proposal.bare_ratios:
        if not before or ours != "change_ratio":
            proposal.doubts.append(f"is {headers.get(ours, ours)} in percent, as units say?")


def _guess_empty(proposal: Proposal, seen: Preview) -> None:
    """The marks of no value among numbers, where no text that is required is written so."""
    dataset = proposal.dataset
    marks: set[str] = set()
    for header in filter(None, seen.headers):
        ours = proposal.columns.get(header, "")
        found = set(seen.samples(header)) & set(_NO_VALUE)
        if ours and dataset.column(ours).kind in ("text", "code"):
            if found and dataset.column(ours).required:
                return
        elif ours or proposal.wide:
            marks |= found
    proposal.empty = [mark for mark in _NO_VALUE if mark in marks]


def _guess_titled_units(proposal: Proposal, seen: Preview) -> None:
    """A unit above the header is that of every column that says none and can be in it."""
    words = list(dict.fromkeys(word for text in seen.title for word in title_units(text)))
    bare = {
        ours
        for header, ours in proposal.columns.items()
        if split_header(header)[1] is None and ours not in proposal.units
    }
    if proposal.wide:
        measured = [*proposal.wide_columns.values()] or [value_column(proposal.dataset)]
        bare |= {*measured} - {*proposal.units}
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
    labels = [week_days(sample) for sample in samples if not date_format([sample])]
    return weekly and bool(labels) and all(labels)


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
        elif column.unit == "fraction" and samples and not any("%" in s for s in samples):
            proposal.units[column.name] = "%"
            proposal.bare_ratios.append(column.name)
        plain = re.compile(r"[+-]?\d+(\.\d+)?")
        if any(not plain.fullmatch(s) and reads_as_number(column, s) for s in samples):
            proposal.printed = True
    elif column.kind == "date":
        form = date_format(samples)
        if form not in (None, "%Y-%m-%d"):
            proposal.dates[column.name] = str(form)
    elif column.kind == "code" and samples and column.pattern:
        # A bare number may be of any list; NVDA.O is no share of Shanghai.
        own = [s for s in samples if re.fullmatch(rf"\d{{1,6}}|{column.pattern}", s)]
        proposal.foreign_codes += 1 - len(own) / len(samples)
    if column.kind == "code" and any(re.fullmatch(r"\d{1,6}", s) for s in samples):
        proposal.pad_codes = True
