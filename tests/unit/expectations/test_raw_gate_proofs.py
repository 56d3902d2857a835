"""Units, bars, scale and calendar: one column or one day proving another."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from gate_cases import DAY, TODAY, failing, named
from yanbao_gx.batch_suites import BatchContext

from yanbao.base.check_result import GateResult
from yanbao.catalog import BY_NAME
from yanbao.quality.raw_gate import check_batch
from yanbao.quality.scale_checks import is_about_scale

PRICES = ["open", "high", "low", "close"]
INDICES = ["999001.SH", "999002.SZ", "999003.HI"]


def test_prices_times_100_are_rejected_with_the_message_of_scale(bars, previous, check_bars):
    bars[PRICES] *= 100
    bars["amount_cny"] *= 100
    previous[PRICES] *= 1.01
    gate = check_bars(bars)
    moved = {f"{check}({name})" for name in PRICES for check in ("scale", "row_scale")}
    amount = {"scale(amount_cny)"}
    assert failing(gate) == moved | amount | {"proof(cap_is_price_times_shares)"}
    assert all(is_about_scale(check) for check in failing(gate))
    assert named(gate, "scale(close)").message == (
        "a_share_bars 2024-10-31: rule scale(close) failed: observed 100, expected 0.5–2 times"
        " the last good close (40 rows) → the unit of the column has changed at the source: map"
        " it and load again, or accept the batch with a reason if the step is real"
    )
    assert named(gate, "scale(close)").sample[0]["code"] == "000001.SZ"


@pytest.mark.parametrize("factor", [0.001, 0.01, 100, 10_000])
def test_unit_of_the_amount_is_proven_by_the_prices(bars, check_bars, factor):
    gate = check_bars(bars.assign(amount_cny=bars["amount_cny"] * factor))
    assert failing(gate) == {"unit", "scale(amount_cny)"}


def test_prices_times_100_break_the_unit_proof_without_any_previous_day(bars, check_bars):
    bars[PRICES] *= 100
    gate = check_bars(bars, previous=None)
    assert {"unit", "usual_size(close)"} < failing(gate)


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
    caps = {"scale(market_cap_cny)", "row_scale(market_cap_cny)"}
    assert failing(gate) == caps | {"proof(cap_is_price_times_shares)"}


def test_one_split_among_many_shares_is_not_a_change_of_scale(bars, check_bars):
    bars.loc[0, [*PRICES, "amount_cny", "market_cap_cny"]] /= 10
    assert named(check_bars(bars), "scale(close)").outcome == "pass"


def test_entities_that_were_never_seen_have_no_scale_to_keep(bars, check_bars):
    strangers = bars.assign(code=[f"3{code[1:]}" for code in bars["code"]])
    gate = check_bars(strangers)
    assert gate.outcome == "pass"
    assert not any(one.check.startswith("scale(") for one in gate.results)


def test_previous_columns_are_entity_day_and_numbers():
    assert BY_NAME["market_caps"].previous_columns == (
        "code",
        "cap_basis",
        "trade_date",
        "market_cap",
    )
    assert BY_NAME["funds"].previous_columns == ("fund_code",)


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
    assert failing(gate) == {"daily_scale(nav)", "row_step(nav)", "usual_size(nav)"}
    assert named(gate, "daily_scale(nav)").failing_rows == 1
    assert named(gate, "daily_scale(nav)").sample == (
        {"nav_date": "2024-10-21", "step": "100"},
    )
    assert "such as 100" in named(gate, "daily_scale(nav)").message
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
    assert {one.check for one in gate.failed} == {"entities", "scales"}


def test_scale_is_not_asked_where_no_previous_value_is_known(bars, check_bars, previous):
    previous["close"] = np.nan
    gate = check_bars(bars, previous=previous)
    assert "scale(close)" not in {one.check for one in gate.results}
