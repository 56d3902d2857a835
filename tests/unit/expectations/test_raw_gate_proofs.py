"""Units, bars, scale and calendar: one column or one day proving another."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from gate_cases import DAY, TODAY, failing, named
from yanbao_gx.batch_suites import BatchContext, previous_columns

from yanbao.base.check_result import GateResult
from yanbao.catalog import BY_NAME
from yanbao.quality.raw_gate import SCALE_CHECKS, check_batch

PRICES = ["open", "high", "low", "close"]
INDICES = ["999001.SH", "999002.SZ", "999003.HI"]


def test_prices_times_100_are_rejected_with_the_message_of_scale(bars, previous, check_bars):
    same_day_before = bars[previous.columns]
    bars[PRICES] *= 100
    bars["amount_cny"] *= 100
    gate = check_bars(bars, previous=same_day_before)
    assert failing(gate) == {"scale", "cap_is_price_times_shares"}
    assert failing(gate) <= SCALE_CHECKS
    assert named(gate, "scale").message == (
        "a_share_bars 2024-10-31: rule scale failed: observed 100, expected 0.5–2 times the"
        " last good close (40 rows) → the unit of the column has changed at the source: map"
        " it and load again, or accept the batch with a reason if the step is real"
    )
    assert named(gate, "scale").sample[0]["code"] == "000001.SZ"


@pytest.mark.parametrize("factor", [0.001, 0.01, 100, 10_000])
def test_unit_of_the_amount_is_proven_by_the_prices(bars, check_bars, factor):
    gate = check_bars(bars.assign(amount_cny=bars["amount_cny"] * factor))
    assert failing(gate) == {"unit"}


def test_prices_times_100_break_the_unit_proof_without_any_previous_day(bars, check_bars):
    bars[PRICES] *= 100
    assert failing(check_bars(bars, previous=None)) == {"unit"}


def test_adjusted_prices_are_exempt_from_the_unit_proof(bars, check_bars):
    adjusted = bars.assign(adjustment="forward_ratio", amount_cny=bars["amount_cny"] * 3)
    assert check_bars(adjusted).outcome == "pass"


def test_suspended_shares_are_exempt_from_the_proofs(bars, check_bars):
    bars.loc[:4, ["open", "high", "low", "volume_shares", "amount_cny"]] = 0.0
    assert check_bars(bars).outcome == "pass"


def test_close_outside_low_and_high_is_rejected(bars, check_bars):
    swapped = bars.rename(columns={"low": "high", "high": "low"})
    assert "bar" in failing(check_bars(swapped.drop(columns="amount_cny")))
    bars.loc[0, "close"] = bars.loc[0, "high"] * 1.01
    assert "bar" in failing(check_bars(bars))


@pytest.mark.parametrize("factor", [0.0001, 100])
def test_cap_is_proven_by_price_and_the_shares_implied_before(bars, check_bars, factor):
    gate = check_bars(bars.assign(market_cap_cny=bars["market_cap_cny"] * factor))
    assert failing(gate) == {"cap_is_price_times_shares"}


def test_one_split_among_many_shares_is_not_a_change_of_scale(bars, check_bars):
    bars.loc[0, [*PRICES, "amount_cny", "market_cap_cny"]] /= 10
    assert named(check_bars(bars), "scale").outcome == "pass"


def test_entities_that_were_never_seen_have_no_scale_to_keep(bars, check_bars):
    strangers = bars.assign(code=[f"3{code[1:]}" for code in bars["code"]])
    gate = check_bars(strangers)
    assert gate.outcome == "pass"
    assert "scale" not in {one.check for one in gate.results}


def test_previous_columns_are_entity_scale_and_cap():
    assert previous_columns(BY_NAME["a_share_bars"]) == ("code", "close", "market_cap_cny")
    assert previous_columns(BY_NAME["market_caps"]) == ("code", "cap_basis", "market_cap")
    assert previous_columns(BY_NAME["funds"]) == ("fund_code",)


def check_navs(jump: float) -> GateResult:
    """Ten days of six funds; from the sixth day on the NAVs are multiplied."""
    days = pd.bdate_range("2024-10-14", periods=10)
    frame = pd.DataFrame(
        [
            {
                "fund_code": f"90000{fund}.OF",
                "nav_date": day,
                "nav": (1 + fund / 10) * (jump if number >= 5 else 1.0),
            }
            for fund in range(6)
            for number, day in enumerate(days)
        ]
    )
    context = BatchContext(today=TODAY, is_feed=False, is_backfill=True)
    return check_batch(BY_NAME["fund_navs"], frame, context=context)


def test_scale_that_jumps_inside_a_file_is_rejected_and_the_day_shown():
    gate = check_navs(jump=100.0)
    assert failing(gate) == {"daily_scale"}
    assert gate.failed[0].failing_rows == 1
    assert "such as 100" in gate.failed[0].message
    assert check_navs(jump=1.01).outcome == "pass"


def check_indices(frame: pd.DataFrame, expected: date | None = DAY) -> GateResult:
    previous = pd.DataFrame({"index_code": INDICES, "close": [1000.0, 2000.0, 3000.0]})
    context = BatchContext(today=TODAY, previous=previous, expected_day=expected)
    return check_batch(BY_NAME["index_bars"], frame, context=context)


@pytest.fixture
def index_bars() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "index_code": INDICES,
            "trade_date": pd.Timestamp(DAY),
            "close": [1010.0, 2020.0, 3030.0],
        }
    )


def test_index_without_a_row_for_the_session_is_rejected_and_named(index_bars):
    assert check_indices(index_bars).outcome == "pass"
    gate = check_indices(index_bars.iloc[:2])
    assert failing(gate) == {"calendar"}
    assert gate.failed[0].sample[0]["index_code"] == "999003.HI"
    late = index_bars.assign(
        trade_date=[pd.Timestamp(DAY), pd.Timestamp(DAY), pd.Timestamp("2024-10-30")]
    )
    assert failing(check_indices(late)) == {"calendar"}


def test_calendar_is_not_asked_without_an_expected_day(index_bars):
    gate = check_indices(index_bars.iloc[:2], expected=None)
    assert gate.outcome == "pass"


def test_previous_rows_without_the_key_could_not_be_compared(bars, check_bars, previous):
    gate = check_bars(bars, previous=previous.drop(columns="code"))
    assert gate.outcome == "could_not_run"
    assert [one.check for one in gate.failed] == ["entities"]


def test_scale_is_not_asked_where_no_previous_value_is_known(bars, check_bars, previous):
    previous["close"] = np.nan
    gate = check_bars(bars, previous=previous)
    assert "scale" not in {one.check for one in gate.results}
