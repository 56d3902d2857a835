"""Live sources: ``SOURCES`` has the fetches of every module that ``terms`` names."""

from datetime import date
from importlib import import_module

from yanbao.catalog import BY_NAME
from yanbao.raw.load import Load
from yanbao.sources.call import Fetch, Request
from yanbao.sources.terms import SOURCE_TERMS

SOURCES: tuple[Fetch, ...] = tuple(
    fetch for name in SOURCE_TERMS for fetch in import_module(f"{__name__}.{name}").FETCHES
)


def fetches_for(dataset: str) -> tuple[Fetch, ...]:
    """The fetches of a dataset in the order in which its declaration names upstreams."""
    order = BY_NAME[dataset].upstream
    found = [fetch for fetch in SOURCES if fetch.dataset == dataset]
    return tuple(sorted(found, key=lambda fetch: order.index(fetch.source)))


def fetch_of(load: Load) -> Fetch | None:
    """The fetch that made a call, or None for a file's."""
    call = (load.dataset, load.source, load.function)
    return next((f for f in SOURCES if (f.dataset, f.source, f.function) == call), None)


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


__all__ = ["SOURCES", "fetch_of", "fetches_for", "sources_of_parts"]
