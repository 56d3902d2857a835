"""What a file says about itself, held against its mapping: used, or the file is refused.

A word in a title, a header, a sheet's or the file's name or a footnote says more than a
constant that somebody wrote for another file: what the mapping leaves open is filled by it, and
where the two disagree the file is refused with both places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.findings import shown
from yanbao.inbox.header_units import split_header
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.received import Received
from yanbao.inbox.stated import PARAMETER_COLUMN, Stated, meant, stated
from yanbao.inbox.units import is_unit
from yanbao.inbox.words import Words


class UnsaidError(FileRefusedError):
    """The file's words leave several ``answers`` open for a column; nobody has said which."""

    column: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Said:
    """What is said of a column, and where."""

    stated: Stated
    place: str

    def __str__(self) -> str:
        return f"{self.place} says {shown(self.stated.words)!r}"


def said_of_itself(mapping: Mapping, words: Words) -> dict[str, str]:
    """The constants that the file's own words give; ``mapping`` names its columns.

    Raises FileRefusedError where the words contradict the mapping, the dataset or each other,
    and where they leave open what the mapping does not say.
    """
    general = [_Said(one, place) for text, place in words.lines() for one in stated(text)]
    # Which list a code is in is said by its own header alone.
    general = [said for said in general if said.stated.about != "code"]
    held: dict[str, list[tuple[_Said, ...]]] = {}
    for header in words.headers:
        target = mapping.target(header)
        if target not in mapping.dataset.column_names:
            continue
        place = f"header {shown(header)!r} ({words.place_of(header)})"
        own = [_Said(one, place) for one in stated(header)]
        column = mapping.dataset.column(target)
        for about, answer in meant(mapping.dataset, column).items():
            said = tuple(_about(own, about) or _about(general, about))
            _require_agreement(_about(own, about), _about(general, about))
            if not said:
                continue
            if isinstance(answer, str):
                held.setdefault(answer, []).append(said)
            else:
                _require_own(said, answer, f"{target} of {mapping.dataset.name}")
    in_columns = {mapping.target(header) for header in words.headers}
    said_once = {name: said for name, said in held.items() if name not in in_columns}
    return dict(_constants(mapping, said_once))


def _about(said: list[_Said], about: str) -> list[_Said]:
    return [one for one in said if one.stated.about == about]


def _agreed(said: tuple[_Said, ...]) -> list[str]:
    """The values that agree with everything that is said."""
    first, *others = said
    return [v for v in first.stated.allowed if all(v in one.stated.allowed for one in others)]


def _possible(said: tuple[_Said, ...] | list[_Said]) -> set[str]:
    """The values that agree with something that is said."""
    return {value for one in said for value in one.stated.allowed}


def _require_agreement(own: list[_Said], general: list[_Said]) -> None:
    """A header says which of the things a title speaks of its column is, and no other."""
    if own and general and not _possible(own) & _possible(general):
        raise _contradiction(own[0], general[0])


def _contradiction(one: _Said, other: _Said) -> FileRefusedError:
    return FileRefusedError(
        f"the file contradicts itself: {one}, but {other}",
        "correct the wrong one, or export the file again",
    )


def _require_own(said: tuple[_Said, ...], own: tuple[str, ...], column: str) -> None:
    """A column that can only be one thing is said to be it."""
    one = said[0]
    possible = _possible(said) if one.stated.about == "currency" else set(_agreed(said))
    if not possible & set(own):
        raise FileRefusedError(
            f"{one}, but {column} is {' or '.join(own)}",
            "export it so, or map another column",
        )


def _constants(
    mapping: Mapping, held: dict[str, list[tuple[_Said, ...]]]
) -> Iterator[tuple[str, str]]:
    for name, columns in held.items():
        given = mapping.constants.get(name)
        for said in columns:
            if given is not None and given not in _possible(said):
                line = mapping.lines.get(name)
                where = f" (line {line})" if line else ""
                raise FileRefusedError(
                    f"{said[0]}, but mapping {mapping.name} gives {name}: {given}{where}",
                    "export the file as the mapping says, or give it a mapping of its own",
                )
        if given is None:
            yield name, _only(mapping, name, columns)


def _only(mapping: Mapping, name: str, columns: list[tuple[_Said, ...]]) -> str:
    """The one value that everything said of all columns leaves."""
    everything = tuple(dict.fromkeys(one for said in columns for one in said))
    agreed = _agreed(everything)
    if len(agreed) == 1:
        return agreed[0]
    first = everything[0]
    if agreed:
        unsaid = UnsaidError(
            f"{first}, which may be {name} {' or '.join(agreed)}",
            f"say which in a mapping, as in constants: {{{name}: {agreed[0]}}}",
        )
        unsaid.column, unsaid.answers = name, tuple(agreed)
        raise unsaid
    for other in everything[1:]:
        if not set(first.stated.allowed) & set(other.stated.allowed):
            raise _contradiction(first, other)
    raise FileRefusedError(
        f"{first}, which {mapping.dataset.name} has no place for", "export the file without it"
    )


def parameter_notes(received: Received, mapping: Mapping) -> Iterator[tuple[int, str]]:
    """What columns that are not read say of every row: 单位, 报表类型, 复权方式.

    Raises FileRefusedError where such a column says different things of different rows.
    """
    for header in received.table.column_names:
        if mapping.target(header) in mapping.dataset.column_names:
            continue
        cells = received.table.column(header).cast(pa.string())
        words = [cell for cell in cells.unique().to_pylist() if cell]
        if not PARAMETER_COLUMN.fullmatch(header.strip()):
            # A name of what the rows count may carry its unit: 指标, 下载量(万次).
            if len(words) != 1 or not is_unit(split_header(words[0])[1] or ""):
                continue
        elif len(words) > 1:
            raise FileRefusedError(
                f"column {shown(header)!r} is not read, and says {shown(words[0])!r} of one row"
                f" and {shown(words[1])!r} of another",
                "map the column, or keep the rows of one kind",
            )
        yield from ((received.numbers[0].as_py(), f"{header}：{word}") for word in words)
