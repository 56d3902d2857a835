"""Which of a dataset's columns a header means, by known names and by likeness."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache

from yanbao.catalog import DATASETS, Column, Dataset
from yanbao.catalog.marts import report_marts
from yanbao.inbox.days import day_of, has_year
from yanbao.inbox.header_units import folded, split_header
from yanbao.inbox.known import known_mappings
from yanbao.inbox.stated import stated
from yanbao.inbox.units import printed_number, seconds
from yanbao.scaffold.header_words import HEADER_WORDS
from yanbao.scaffold.mapping_text import DOUBTFUL_FORMATS, YEARLESS_FORMATS

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
    *YEARLESS_FORMATS,
)


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


def nearest_columns(
    dataset: Dataset, samples: dict[str, list[str]]
) -> dict[str, tuple[str, bool]]:
    """Our column for each header, and whether it is known and not merely alike.

    Names that are known go first: 收盘价 is the close, although 前收盘价 before it is like one.
    Where several headers are of one column, that of unadjusted prices is meant, else a guess.
    """
    known: dict[str, list[str]] = {}
    for header, cells in samples.items():
        found = nearest_column(dataset, header, cells, set())
        if found and found[1]:
            known.setdefault(found[0], []).append(header)
    chosen: dict[str, tuple[str, bool]] = {}
    for ours, headers in known.items():
        plain = [h for h in headers if any("none" in one.allowed for one in stated(h))]
        is_sure = len(headers) == 1 or len(plain) == 1
        chosen[(plain or headers)[0]] = (ours, is_sure)
    # A second header of a known column is no guess for another one.
    named = {header for headers in known.values() for header in headers}
    others = {h: cells for h, cells in samples.items() if h not in named}
    for header, cells in others.items():
        found = nearest_column(dataset, header, cells, {ours for ours, _ in chosen.values()})
        if found:
            chosen[header] = (found[0], False)
    return chosen


def nearest_column(
    dataset: Dataset, header: str, samples: list[str], taken: set[str]
) -> tuple[str, bool] | None:
    """Our column for a header, and whether it is known and not merely alike."""
    base = folded(_bare(header))
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


def _bare(header: str) -> str:
    """A header without its unit and the remarks in brackets behind it."""
    base, _ = split_header(header)
    return base if base == header else _bare(base)


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
        fitting = [s for s in samples if reads_as_number(column, s)]
    elif column.kind == "date":
        fitting = [s for s in samples if date_format([s])]
    else:
        return True
    return len(fitting) * 2 >= len(samples)


def reads_as_number(column: Column, sample: str) -> bool:
    if column.unit == "seconds" and seconds(sample) != sample:
        return True
    number = printed_number(sample, column, Decimal(1))
    return re.fullmatch(r"-?\d+(\.\d+)?", number) is not None


def date_format(samples: list[str]) -> str | None:
    """The one form of all days; where some are in the import format, that of the others."""
    others = [sample for sample in samples if day_of(sample, _FORMATS[0]) is None]
    for form in _FORMATS:
        lead = "" if has_year(form) else "2024 "
        if all(day_of(f"{lead}{sample}", form) for sample in others):
            return form
    return None
