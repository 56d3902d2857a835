"""Fitting a mapping to one file: its headers as they are written, its units, its title.

A mapping names headers as people read them. Here line breaks, spaces and full-width
brackets stop mattering, units are read out of headers, and what the file's name, title or
headers say once becomes a constant of every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.days import iso_day, named_months
from yanbao.inbox.findings import shown
from yanbao.inbox.header_units import folded, split_header, tags_of
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.self_description import said_of_itself
from yanbao.inbox.unit_mentions import mentioned_factor
from yanbao.inbox.words import Words


def fitted(mapping: Mapping, words: Words) -> Mapping:
    """The mapping with this file's own headers, units and constants.

    Raises FileRefusedError where the file says something twice or not at all, or where its
    words contradict the mapping.
    """
    columns, headers = {}, words.headers
    for key, ours in {**mapping.columns, **mapping.optional_columns}.items():
        header = _one_meant(mapping, headers, key, ours)
        if header or key in mapping.columns:
            columns[header or key] = ours
    constants = {**mapping.constants, **_found_constants(mapping, words)}
    mapping = mapping.model_copy(update={"columns": columns, "constants": constants})
    constants = {**constants, **said_of_itself(mapping, words)}
    units, unit_words = _header_units(mapping, headers, constants.get("currency"))
    return mapping.model_copy(
        update={
            "constants": constants,
            "months": tuple(named_months(text for text, _ in words.lines())),
            "multipliers": {**mapping.multipliers, **units},
            "unit_words": {**mapping.unit_words, **unit_words},
        }
    )


def fits(mapping: Mapping, headers: tuple[str, ...]) -> bool:
    """Whether a file with these headers is of the mapping's kind: every header is there."""
    meant = [_meant(mapping, headers, key, ours) for key, ours in mapping.columns.items()]
    wanted = [len(found) == 1 for found in meant]
    if mapping.week and not (mapping.wide and mapping.week.header in mapping.wide.groups):
        wanted.append(mapping.week.header in headers)
    wanted += [header in headers for header in mapping.split]
    if mapping.wide:
        wanted.append(any(mapping.wide.headers.fullmatch(header) for header in headers))
    return bool(wanted) and all(wanted)


def _meant(mapping: Mapping, headers: tuple[str, ...], key: str, ours: str) -> list[str]:
    """The headers that a mapping can mean by one of its keys."""
    if key in headers:
        return [key]
    wanted = folded(key)
    same = [header for header in headers if folded(header) == wanted]
    if not same:
        bare = split_header if ours in mapping.header_units else tags_of
        same = [header for header in headers if folded(bare(header)[0]) == wanted]
    return same


def _one_meant(mapping: Mapping, headers: tuple[str, ...], key: str, ours: str) -> str | None:
    meant = _meant(mapping, headers, key, ours)
    if len(meant) > 1:
        both = " and ".join(repr(shown(header)) for header in meant)
        raise FileRefusedError(
            f"columns {both} both are {key!r} of mapping {mapping.name}",
            "leave one of them out of the file",
        )
    return meant[0] if meant else None


def _header_units(
    mapping: Mapping, headers: tuple[str, ...], currency: str | None
) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The multipliers that the file's headers ask for, and the words that did."""
    units: dict[str, Decimal] = {}
    words: dict[str, str] = {}
    for header in headers:
        ours = mapping.target(header)
        if ours not in mapping.header_units:
            continue
        column = mapping.dataset.column(ours)
        _, word = split_header(header)
        factor = mentioned_factor(word, column, currency) if word else None
        if word is None or factor is None:
            problem = (
                f"names the unit {word!r}, which cannot be turned into {column.unit or 1}"
                if word
                else f"names no unit, where mapping {mapping.name} says units: header"
            )
            raise FileRefusedError(
                f"header {shown(header)!r} {problem}",
                f"write the unit into the header, as in 下载量(万), or give {ours} another"
                " unit in the mapping",
            )
        if units.setdefault(ours, factor) != factor:
            raise FileRefusedError(
                f"header {shown(header)!r} and one before it name two units of {ours}",
                "export them in one unit",
            )
        words[ours] = f"{word} (header)"
    return units, words


def _found_constants(mapping: Mapping, words: Words) -> dict[str, str]:
    places = (
        ("title", mapping.from_title, words.sheet.title),
        ("headers", mapping.from_headers, words.headers),
        ("name", mapping.from_file_name, (words.path.stem,)),
    )
    constants: dict[str, str] = {}
    for place, pattern, texts in places:
        if pattern is not None:
            constants |= _found_in(mapping, place, pattern, texts)
    return constants


def _found_in(
    mapping: Mapping, place: str, pattern: re.Pattern[str], texts: Iterable[str]
) -> dict[str, str]:
    """What a pattern finds, where it finds the same everywhere."""
    matches = [match.groupdict() for text in texts if (match := pattern.search(text))]
    if not matches:
        names = ", ".join(pattern.groupindex)
        raise FileRefusedError(
            f"the file's {place} does not say {names} as mapping {mapping.name} expects",
            f"it looks for {pattern.pattern}",
        )
    for other in matches[1:]:
        if other != matches[0]:
            raise FileRefusedError(
                f"the file's {place} says both {matches[0]} and {other}",
                "keep the columns of one of them",
            )
    return {name: _constant(mapping, name, text or "") for name, text in matches[0].items()}


def _constant(mapping: Mapping, name: str, text: str) -> str:
    translated = mapping.values.get(name, {}).get(text, text)
    date_format = mapping.dates.get(name, mapping.date_format)
    if mapping.dataset.column(name).kind == "date" and date_format:
        return iso_day(translated, date_format)
    return translated
