"""Fitting a mapping to one file: its headers as they are written, its units, its title.

A mapping names headers as people read them. Here line breaks, spaces and full-width
brackets stop mattering, units are read out of headers, and what the file's name, title or
headers say once becomes a constant of every row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.days import iso_day
from yanbao.inbox.findings import shown
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.units import multiplier, split_header

# A terminal's header names its parameters below its name: 净利润 [报告期] 20240930 [单位] 元.
_TAGS = re.compile(r"\s*\[[^\]]*\]\s*[^\[]*")


def fitted(
    mapping: Mapping, stem: str, headers: tuple[str, ...], title: tuple[str, ...] = ()
) -> Mapping:
    """The mapping with this file's own headers, units and constants.

    ``title`` is the text above the header. Raises FileRefusedError where the file says
    something twice or not at all.
    """
    finder = _Headers(mapping, headers)
    columns = {finder.find(key, ours) or key: ours for key, ours in mapping.columns.items()}
    optional = mapping.optional_columns
    found = {finder.find(key, ours): ours for key, ours in optional.items()}
    columns |= {header: ours for header, ours in found.items() if header is not None}
    constants = {**mapping.constants, **_found_constants(mapping, stem, headers, title)}
    units, words = _header_units(mapping, columns, constants.get("currency"))
    return mapping.model_copy(
        update={
            "columns": columns,
            "constants": constants,
            "multipliers": {**mapping.multipliers, **units},
            "unit_words": {**mapping.unit_words, **words},
        }
    )


def fits(mapping: Mapping, headers: tuple[str, ...]) -> bool:
    """Whether a file with these headers is of the mapping's kind: every header is there."""
    finder = _Headers(mapping, headers)
    wanted = [finder.has(key, ours) for key, ours in mapping.columns.items()]
    if mapping.week:
        wanted.append(mapping.week.header in headers)
    wanted += [header in headers for header in mapping.split]
    if mapping.wide:
        wanted.append(any(mapping.wide.headers.fullmatch(header) for header in headers))
    return bool(wanted) and all(wanted)


def folded(header: str) -> str:
    """A header without what differs from export to export: width, case, white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).casefold()


class _Headers:
    """Finds the header that a mapping means."""

    def __init__(self, mapping: Mapping, headers: tuple[str, ...]) -> None:
        self._mapping = mapping
        self._headers = headers

    def has(self, key: str, ours: str) -> bool:
        return len(self._candidates(key, ours)) == 1

    def find(self, key: str, ours: str) -> str | None:
        candidates = self._candidates(key, ours)
        if len(candidates) > 1:
            both = " and ".join(repr(shown(header)) for header in candidates)
            raise FileRefusedError(
                f"columns {both} both are {key!r} of mapping {self._mapping.name}",
                "leave one of them out of the file",
            )
        return candidates[0] if candidates else None

    def _candidates(self, key: str, ours: str) -> list[str]:
        if key in self._headers:
            return [key]
        wanted = folded(key)
        same = [header for header in self._headers if folded(header) == wanted]
        if same:
            return same
        if ours in self._mapping.header_units:
            same = [h for h in self._headers if folded(split_header(h)[0]) == wanted]
        if not same and self._mapping.from_headers:
            same = [h for h in self._headers if folded(_TAGS.sub("", h)) == wanted]
        return same


def _header_units(
    mapping: Mapping, columns: dict[str, str], currency: str | None
) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The multipliers that the file's headers ask for, and the words that did."""
    units, words = {}, {}
    for header, ours in columns.items():
        if ours not in mapping.header_units:
            continue
        column = mapping.dataset.column(ours)
        _, word = split_header(header)
        factor = multiplier(word, column, currency) if word else None
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
        units[ours] = factor
        words[ours] = f"{word} (header)"
    return units, words


def _found_constants(
    mapping: Mapping, stem: str, headers: tuple[str, ...], title: tuple[str, ...]
) -> dict[str, str]:
    places = (
        ("title", mapping.from_title, title),
        ("headers", mapping.from_headers, headers),
        ("name", mapping.from_file_name, (stem,)),
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
