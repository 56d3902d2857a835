"""The rules of one mart at the release gate, and the two bounds that most of them are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from yanbao_gx.rules import Rule, Within

TRACE = "trace the rows to raw with yanbao trace; repair the source or the model"


@dataclass(frozen=True)
class Plausibility:
    """The rules of one mart, and what to derive before they are evaluated."""

    rules: tuple[Rule, ...]
    derive: Callable[[pd.DataFrame], pd.DataFrame] = lambda mart: mart


def within(column: str, low: float | None, high: float | None = None) -> Within:
    """Values between the bounds, bounds included."""
    return Within(column=column, low=low, high=high, hint=TRACE)


def beyond(column: str, low: float | None, high: float | None = None) -> Within:
    """Values between the bounds, bounds excluded."""
    return Within(column=column, low=low, high=high, exclusive=True, hint=TRACE)
