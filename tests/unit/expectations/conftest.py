"""A good batch and a good release, made up; each test spoils one thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from gate_cases import BEFORE, DAY, SHARES, TODAY
from yanbao_gx.batch_suites import BatchContext

from yanbao.base.check_result import GateResult
from yanbao.catalog import BY_NAME
from yanbao.quality.raw_gate import check_batch

CheckBars = Callable[..., GateResult]
Marts = dict[str, pd.DataFrame]
GOOD_RELEASE = Path(__file__).with_name("good_release.yml")


@pytest.fixture
def bars() -> pd.DataFrame:
    """One session of forty made-up shares, unadjusted, in yuan and shares."""
    close = pd.Series([10.0 + number for number in range(SHARES)])
    volume = pd.Series([1_000_000.0 + 1_000 * number for number in range(SHARES)])
    return pd.DataFrame(
        {
            "code": [f"{number:06d}.SZ" for number in range(1, SHARES + 1)],
            "trade_date": pd.Timestamp(DAY),
            "open": close * 0.99,
            "high": close * 1.02,
            "low": close * 0.98,
            "close": close,
            "volume_shares": volume,
            "amount_cny": volume * close,
            "adjustment": None,
            "market_cap_cny": close * 1e9,
        }
    )


@pytest.fixture
def previous(bars: pd.DataFrame) -> pd.DataFrame:
    """The session before: the same shares one per cent cheaper."""
    before = bars.copy()
    before["trade_date"] = pd.Timestamp(BEFORE)
    before[["open", "high", "low", "close", "amount_cny", "market_cap_cny"]] /= 1.01
    return before


@pytest.fixture
def check_bars(previous: pd.DataFrame) -> CheckBars:
    """Judge A-share bars as a feed of the day; keywords change what the gate knows."""

    def check(frame: pd.DataFrame, **known: Any) -> GateResult:
        context: dict[str, Any] = {
            "today": TODAY,
            "previous": previous,
            "previous_rows": SHARES,
            "expected_day": DAY,
        }
        return check_batch(
            BY_NAME["a_share_bars"], frame, context=BatchContext(**(context | known))
        )

    return check


@pytest.fixture
def marts() -> Marts:
    """A small release, plausible and in agreement."""
    rows = yaml.safe_load(GOOD_RELEASE.read_text(encoding="utf-8"))
    parameters = {"as_of_date": DAY, "known_at": None}
    return {
        name: pd.DataFrame([parameters | record for record in records])
        for name, records in rows.items()
    }
