"""What the tests of both gates share: the day, and how results are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from yanbao.base.check_result import CheckResult, GateResult
from yanbao.quality.release_gate import check_release

BEFORE = date(2024, 10, 30)
DAY = date(2024, 10, 31)
TODAY = date(2024, 11, 1)
SHARES = 40


def release(
    marts: Mapping[str, pd.DataFrame], expected: list[str] | None = None, **others: Any
) -> dict[str, GateResult]:
    """The release gate's results by subject."""
    parameters: dict[str, Any] = {"previous": None, "as_of": DAY, "known_at": None} | others
    results = check_release(marts, expected_marts=expected or list(marts), **parameters)
    return {result.subject: result for result in results}


def named(result: GateResult, check: str) -> CheckResult:
    """The one check of that name, which must have been evaluated."""
    (found,) = [one for one in result.results if one.check == check]
    return found


def failing(result: GateResult) -> set[str]:
    return {one.check for one in result.failed}
