"""Contract cases by upstream; a fetch without one fails the list test."""

from contract.case import Case
from contract.cases import (
    csindex,
    eastmoney,
    eastmoney_funds,
    eastmoney_rates,
    sina,
    swsresearch,
)

CASES: tuple[Case, ...] = (
    *csindex.CASES,
    *eastmoney.CASES,
    *eastmoney_funds.CASES,
    *eastmoney_rates.CASES,
    *sina.CASES,
    *swsresearch.CASES,
)
