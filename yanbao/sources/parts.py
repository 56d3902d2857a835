"""Which source is the first and which the second choice for each part of a dataset."""

from __future__ import annotations

from datetime import date

from yanbao.sources import fetches_for
from yanbao.sources.call import Request


def sources_of_parts(dataset: str, day: date) -> dict[str, tuple[str, ...]]:
    """Part → the sources that a run of a day would ask for it, first choice first."""
    request = Request(dataset, day, is_weekly=True)
    found: dict[str, dict[str, None]] = {}
    for fetch in fetches_for(dataset):
        if fetch.cadence == "backfill":
            continue
        for arguments in fetch.plan(request):
            for part in arguments.answers:
                found.setdefault(part, {})[fetch.source] = None
    return {part: tuple(sources) for part, sources in found.items()}
