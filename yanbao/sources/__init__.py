"""Live sources: ``SOURCES`` lists every fetch, ``fetches_for`` orders a dataset's."""

from datetime import date

from yanbao.catalog import BY_NAME
from yanbao.sources import (
    akshare_bundle,
    bse,
    cninfo,
    csindex,
    eastmoney,
    eastmoney_funds,
    eastmoney_overseas,
    eastmoney_rates,
    eastmoney_research,
    eastmoney_results,
    legulegu,
    safe,
    sina,
    sina_quotes,
    sse,
    swsresearch,
    szse,
    tencent,
    tonghuashun,
)
from yanbao.sources.call import Fetch, Request

# Within a dataset whose declaration names no upstreams, this order is the fallback order.
SOURCES: tuple[Fetch, ...] = (
    *eastmoney.FETCHES,
    *eastmoney_funds.FETCHES,
    *eastmoney_rates.FETCHES,
    *eastmoney_results.FETCHES,
    *eastmoney_research.FETCHES,
    *sse.FETCHES,
    *szse.FETCHES,
    *bse.FETCHES,
    *csindex.FETCHES,
    *swsresearch.FETCHES,
    *sina.FETCHES,
    *cninfo.FETCHES,
    *eastmoney_overseas.FETCHES,
    *sina_quotes.FETCHES,
    *tencent.FETCHES,
    *legulegu.FETCHES,
    *safe.FETCHES,
    *tonghuashun.FETCHES,
    *akshare_bundle.FETCHES,
)


def fetches_for(dataset: str) -> tuple[Fetch, ...]:
    """The fetches of a dataset in the order in which its declaration names upstreams."""
    order = BY_NAME[dataset].upstream
    place = {source: position for position, source in enumerate(order)}
    found = [fetch for fetch in SOURCES if fetch.dataset == dataset]
    return tuple(sorted(found, key=lambda fetch: place.get(fetch.source, len(place))))


def fetch_of(dataset: str, source: str, function: str) -> Fetch | None:
    """The fetch that made a call, or None for a file's."""
    call = (dataset, source, function)
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
