"""The suite of one mart at the release gate, and what is derived before it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import great_expectations as gx
import pandas as pd
from great_expectations.expectations.expectation import Expectation

Derive = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class MartSuite:
    """``derive`` adds the columns that some of the expectations are about."""

    suite: gx.ExpectationSuite
    derive: Derive


def mart_suite(
    mart: str, *expectations: Expectation, derive: Derive = lambda mart: mart
) -> MartSuite:
    return MartSuite(gx.ExpectationSuite(mart, expectations), derive)
