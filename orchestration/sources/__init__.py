"""Live sources: ``SOURCES`` lists every fetch, ``fetches_for`` orders a dataset's."""

from orchestration.datasets import BY_NAME
from orchestration.sources import (
    csindex,
    eastmoney,
    eastmoney_funds,
    eastmoney_rates,
    sina,
    swsresearch,
)
from orchestration.sources.call import Fetch

SOURCES: tuple[Fetch, ...] = (
    *eastmoney.FETCHES,
    *eastmoney_funds.FETCHES,
    *eastmoney_rates.FETCHES,
    *sina.FETCHES,
    *csindex.FETCHES,
    *swsresearch.FETCHES,
)


def fetches_for(dataset: str) -> tuple[Fetch, ...]:
    """The fetches of a dataset in the order in which its declaration names upstreams."""
    order = BY_NAME[dataset].upstream
    place = {source: position for position, source in enumerate(order)}
    found = [fetch for fetch in SOURCES if fetch.dataset == dataset]
    return tuple(sorted(found, key=lambda fetch: place.get(fetch.source, len(place))))


__all__ = ["SOURCES", "fetches_for"]
