"""A night that never ran: no wrong return after it, and it heals to the same hashes.

The same for many nights, on many days: ``python -m tests.fault.lost_nights``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import MadeOnce
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.data_gaps import MART as DATA_GAPS
from yanbao.quality.data_through import MART as DATA_THROUGH
from yanbao.sources.akshare_library import Library
from yanbao.warehouse.store import Parameters

from .filled_nights import content, open_steps
from .live_nights import live_nights
from .lost_nights import GOOD, lose

pytestmark = [pytest.mark.slow]

# The last session of a week, which the next one counts from, and three of that.
FRIDAY, MONDAY, LOST, LAST = (date(2024, 11, day) for day in (1, 4, 5, 6))
BARS = ("trading_days", "a_share_bars", "etf_bars", "index_bars", "hk_stock_bars", "fund_navs")


def test_a_lost_night_prints_nothing_wrong_is_named_and_heals_to_the_same_hashes(
    library: Library,
    live_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    made_once: MadeOnce,
    tmp_path: Path,
) -> None:
    def land(draft: Path) -> None:
        draft.mkdir()
        home = copy_home(live_home_template, draft / GOOD)
        with live_nights(library) as nights:
            for day in (FRIDAY, MONDAY, LOST, LAST):
                nights.evening_of(day)
                nights.to_gate(home, BARS)

    copy_home(made_once("lost_night", land) / GOOD, tmp_path / GOOD)
    whole = content(tmp_path / GOOD, [LAST])
    with live_nights(library) as nights:
        nights.evening_of(LAST)
        told = lose(nights, tmp_path, whole, (LOST, LAST), LOST, most=1, see=named_until_filled)
    assert told.wrong == []
    assert told.lost.counts["right"] > 0
    assert told.lost.counts["blank"] > 0
    assert told.filled.counts["blank"] < told.lost.counts["blank"]


def named_until_filled(home: Path) -> None:
    """The lost session stands with what fills it, and does not block."""
    steps: NightlySteps = open_steps(home)
    steps.transform(Parameters(LAST), is_rebuild=False, only=(DATA_GAPS, DATA_THROUGH))
    stale = {one.dataset: one for one in steps.stale(LAST)}
    for dataset in ("a_share_bars", "etf_bars"):
        assert f"{LOST} → yanbao backfill {dataset} --from " in stale[dataset].reason
        assert not stale[dataset].is_over
