"""How the raw gate knows that a number still has its unit and its sign.

A scale is declared beside its column; a column without words of its own is followed from
batch to batch by the default. All bounds are factors of ten apart from what they guard
against: a unit (万, 亿, percent, lots of 100) moves a number a hundredfold or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Span = tuple[float, float]
Sign = Literal["positive", "mostly_positive", "any"]
# What a number grows with, so that numbers of different lengths of time can be compared.
Per = Literal["", "month_of_year", "days"]

HALF_TO_DOUBLE: Span = (0.5, 2.0)  # no median of a market goes so far in a day
FIFTH_TO_FIVEFOLD: Span = (0.2, 5.0)
# A company's revenue can rise thirtyfold; a unit in the same place moves it a hundredfold.
FORTYFOLD: Span = (1 / 40, 40.0)


@dataclass(frozen=True)
class Scale:
    """The guards of one numeric column. Sizes are absolute values; zeros say nothing.

    Against history: ``step`` bounds the median of five or more entities' steps since their
    last good value, ``few_step`` that of fewer, ``row_step`` every single step, inside a
    batch too (``None``: single values jump for good reasons).
    Where an entity has no history: ``usual`` bounds the median size of five or more such
    entities, ``possible`` that of fewer, by default ten times as far. ``largest`` bounds the
    greatest size among five or more rows.
    ``sign``: ``positive`` allows a negative number in one row of a thousand,
    ``mostly_positive`` asks for a median above zero and that most signs stay as they were.
    ``printed_in`` names the text that prints the number, and the column of the word behind it.
    ``per`` is what the number grows with. ``unguarded`` says why a column can have no guard.
    """

    usual: Span | None = None
    possible: Span | None = None
    largest: Span | None = None
    step: Span = FIFTH_TO_FIVEFOLD
    few_step: Span | None = None
    row_step: Span | None = FORTYFOLD
    sign: Sign = "positive"
    per: Per = ""
    printed_in: tuple[str, str] | None = None
    unguarded: str = ""

    @property
    def of_few(self) -> Span | None:
        if self.possible or not self.usual:
            return self.possible
        low, high = self.usual
        return low / 10, high * 10

    @property
    def step_of_few(self) -> Span:
        return self.few_step or self.row_step or FORTYFOLD


# Any number: without words of its own it is followed from batch to batch.
FOLLOWED = Scale()


@dataclass(frozen=True)
class Proof:
    """Two columns of a row that prove each other's unit: ``over`` divided by ``under``.

    ``usual`` bounds the median of five or more rows, ``possible`` every row but one in a
    hundred, ``step`` the median against the same ratio of the last good rows.
    ``same_sign``: the two differ in sign in at most half of the rows. ``unadjusted``: it
    holds of prices that were paid, not of adjusted ones.
    """

    over: str
    under: str
    check: str
    usual: Span
    possible: Span
    step: Span | None = None
    same_sign: bool = False
    unadjusted: bool = False
