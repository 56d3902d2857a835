"""What every pack prints when the day of the report runs away from the data.

``python -m tests.integration.freshness HOME`` prints the table for the current release of a
state folder: per exhibit and number of days past the release, what it is printed with.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from yanbao.releases.adhoc import AdHocBuilder, released_parameters
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.item_spec import SentenceSpec
from yanbao.reporting.grammar.pack_loader import load_pack, pack_names
from yanbao.reporting.printed.pack import PrintedItem, PrintedSentence, PrintedTable
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.vocabulary import NO_CLAIM, NO_ROWS
from yanbao.warehouse.store import Parameters

PAST = (1, 7, 31, 92, 366, 730)
EMPTY, MARKED, NOTED, SILENT, PRINTED = "empty", "marked", "noted", "no claim", "printed"
MARKS = ("数据截至", "之后财报未导入", "数据早于本期", "数据未更新")


@dataclass(frozen=True)
class Shown:
    """One exhibit of a pack for a day; ``state`` is what a reader is told of its age."""

    pack: str
    mart: str
    kind: str
    state: str
    text: str


def build_after(release: Release, builds: Path, days: int) -> ReleaseReader:
    """The marts of a release, so many days after its day."""
    day = released_parameters(release).as_of + timedelta(days=days)
    return ReleaseReader(AdHocBuilder(builds, release, Parameters(day)).build_all())


def shown(reader: ReleaseReader) -> Iterator[Shown]:
    """Every exhibit of every pack."""
    for name in pack_names():
        spec = load_pack(name)
        sentences = (item for item in spec.items if isinstance(item, SentenceSpec))
        for item in compose(spec, reader).items:
            if isinstance(item, PrintedSentence):
                asked = next(sentences).facts.values()
                mart = next((fact.selection.mart for fact in asked), "")
                yield Shown(name, mart, "sentence", state_of(item), item.text)
            else:
                text = " ".join((item.title, *item.notes))
                yield Shown(name, item.mart, item.SIGN, state_of(item), text)


def state_of(item: PrintedItem) -> str:
    if isinstance(item, PrintedSentence):
        if item.text.startswith(NO_CLAIM):
            return SILENT
        if item.text.startswith(NO_ROWS):
            return EMPTY
        return NOTED if any(mark in item.text for mark in MARKS) else PRINTED
    if not (item.rows if isinstance(item, PrintedTable) else item.points):
        return EMPTY
    if any(mark in item.title for mark in MARKS):
        return MARKED
    return NOTED if any(mark in note for note in item.notes for mark in MARKS) else PRINTED


def main(arguments: Sequence[str]) -> None:
    release = ReleaseStore(Path(arguments[0]) / "releases").current()
    states: dict[tuple[str, str, str], dict[int, Counter[str]]] = {}
    with TemporaryDirectory() as builds:
        for days in PAST:
            for one in shown(build_after(release, Path(builds), days)):
                place = states.setdefault((one.pack, one.mart, one.kind), {})
                place.setdefault(days, Counter())[one.state] += 1
    print("\t".join(("pack", "mart", "exhibit", *(f"+{days}" for days in PAST))))
    for place, by_days in states.items():
        told = (
            ", ".join(f"{count} {state}" for state, count in by_days.get(days, {}).items())
            for days in PAST
        )
        print("\t".join((*place, *told)))


if __name__ == "__main__":
    main(sys.argv[1:])
