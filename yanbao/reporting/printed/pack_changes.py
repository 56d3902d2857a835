"""Where two printings of one pack differ, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yanbao.reporting.printed.pack import PrintedChart, PrintedPack, PrintedTable


@dataclass(frozen=True)
class PrintedChange:
    """One printed cell, point or sentence; ``before`` or ``after`` is empty where it is not
    printed. ``exhibit`` is 表1, 图2 or the section of a sentence.
    """

    pack: str
    exhibit: str
    cell: str
    before: str
    after: str


def printed_changes(before: PrintedPack, after: PrintedPack) -> Iterator[PrintedChange]:
    """What is printed otherwise, in the order of the pack."""
    old, new = _printed(before), _printed(after)
    for place in dict.fromkeys([*new, *old]):
        texts = old.get(place, ""), new.get(place, "")
        if texts[0] != texts[1]:
            yield PrintedChange(after.name, *place, *texts)


def _printed(pack: PrintedPack) -> dict[tuple[str, str], str]:
    """Text by exhibit and cell: a row by its key, for rows move when ranks do."""
    found: dict[tuple[str, str], str] = {}
    for section in pack.sections:
        sentences = 0
        for item in section.items:
            if isinstance(item, PrintedTable):
                for row in item.rows:
                    name = _row_name(row.key, row.cells[0].text)
                    for header, cell in zip(item.headers, row.cells):
                        place = item.caption, f"{name} · {header.text}"
                        found[_free(found, place)] = f"{cell.text}{cell.mark}"
            elif isinstance(item, PrintedChart):
                for point in item.points:
                    parts = (point.category, point.series)
                    place = item.caption, " · ".join(filter(None, parts))
                    found[_free(found, place)] = point.text
            else:
                sentences += 1
                found[section.heading, f"第{sentences}句"] = item.text
    return found


def _row_name(key: str, first: str) -> str:
    return first if not key or first in key.split("|") else f"{first}（{key}）"


def _free(found: dict[tuple[str, str], str], place: tuple[str, str]) -> tuple[str, str]:
    """The place, numbered where the exhibit has another of its name."""
    exhibit, cell = place
    number = 2
    while place in found:
        place = exhibit, f"{cell} #{number}"
        number += 1
    return place
