"""Contract cases by upstream; a fetch without one fails the list test."""

from ..case import Case
from . import (
    csindex,
    eastmoney,
    eastmoney_funds,
    eastmoney_overseas,
    eastmoney_rates,
    eastmoney_research,
    eastmoney_results,
    exchanges,
    second_sources,
    sina,
    sina_quotes,
    swsresearch,
)

CASES: tuple[Case, ...] = (
    *csindex.CASES,
    *eastmoney.CASES,
    *eastmoney_funds.CASES,
    *eastmoney_overseas.CASES,
    *eastmoney_rates.CASES,
    *eastmoney_research.CASES,
    *eastmoney_results.CASES,
    *exchanges.CASES,
    *second_sources.CASES,
    *sina.CASES,
    *sina_quotes.CASES,
    *swsresearch.CASES,
)
