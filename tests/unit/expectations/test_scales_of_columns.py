"""Every number has a guard of its unit and sign, and the guards let good batches through."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from gate_cases import TODAY, failing, named
from yanbao_gx.batch_suites import BatchContext

from benchmarks.made_up_batches import made_up_batches
from benchmarks.unit_mutations import FACTORS, SIGN, Batch, batches, mutations
from yanbao.base.check_result import GateResult
from yanbao.catalog import BY_NAME, DATASETS
from yanbao.quality.last_good import last_of_each
from yanbao.quality.raw_gate import check_batch
from yanbao.quality.scale_checks import is_about_scale

MEASURES = [(one.name, column) for one in DATASETS for column in one.measures]
# Columns whose declaration says why they have no guard.
UNGUARDED = {("corporate_actions", "shares_after"), ("corporate_actions", "shares_before")}


def test_every_numeric_column_has_a_scale_or_bounds_on_both_sides():
    without = {
        (dataset, column.name)
        for dataset, column in MEASURES
        if not column.scale.usual and (column.minimum is None or column.maximum is None)
    }
    assert without == UNGUARDED
    assert {(dataset, one.name) for dataset, one in MEASURES if one.scale.unguarded} == without
    assert len(MEASURES) > 75


def test_bounds_of_a_scale_hold_each_other():
    for dataset, column in MEASURES:
        scale = column.scale
        for low, high in filter(None, (scale.usual, scale.of_few, scale.step, scale.row_step)):
            assert 0 < low < high, (dataset, column.name)
        if scale.usual and scale.of_few:
            assert scale.of_few[0] <= scale.usual[0] < scale.usual[1] <= scale.of_few[1]


@cache
def clean() -> dict[tuple[str, str], Batch]:
    return {
        (name, batch.when): batch
        for name, rows in made_up_batches()
        for batch in batches(BY_NAME[name], rows)
    }


def test_made_up_batches_fill_every_column_that_is_rare():
    filled = {(name, column) for name, when in clean() for column in clean()[name, when].rows}
    rare = {("ratings", "target_price"), ("a_share_bars", "pb"), ("index_valuations", "pb")}
    assert rare <= filled


@pytest.mark.parametrize("name", sorted({name for name, _ in made_up_batches()}))
def test_clean_batch_raises_no_alarm(name):
    for when in ("first ever", "behind its history"):
        assert clean()[name, when].faults() == []


def test_numbers_in_another_unit_are_held_behind_their_history():
    """Twenty by chance; ``benchmarks.unit_mutations`` takes every column and factor."""
    behind = [batch for (_, when), batch in clean().items() if when == "behind its history"]
    chance = np.random.default_rng(12)
    for batch in chance.choice(np.array(behind, dtype=object), 20):
        filled = [one.name for one in batch.dataset.measures if one.name in batch.rows]
        name, factor = chance.choice(filled), float(chance.choice(FACTORS))
        ((column, _, mutant),) = mutations(batch, [factor], "all", only=name)
        assert mutant.is_held(), (batch.dataset.name, column.name, factor)


def of_statements(rows: pd.DataFrame, before: pd.DataFrame | None = None) -> GateResult:
    dataset = BY_NAME["income_statements"]
    previous = None if before is None else last_of_each(dataset, before)
    context = BatchContext(TODAY, is_feed=False, previous=previous, is_backfill=True)
    return check_batch(dataset, rows, context=context)


@pytest.fixture
def statements() -> pd.DataFrame:
    return clean()["income_statements", "first ever"].rows


@pytest.fixture
def last_period(statements) -> pd.DataFrame:
    return statements[statements["report_period"] == statements["report_period"].max()]


@pytest.fixture
def before(statements) -> pd.DataFrame:
    return statements[statements["report_period"] < statements["report_period"].max()]


def test_one_company_that_rose_thirtyfold_is_no_change_of_unit(last_period, before):
    money = [name for name in last_period if name.endswith("_ytd")]
    risen = last_period.copy()
    risen.loc[risen.index[:1], money] *= 30
    assert of_statements(risen, before).outcome == "pass"
    risen.loc[risen.index[:1], money] *= 100 / 30
    assert "row_scale(revenue_ytd)" in failing(of_statements(risen, before))


def test_losses_and_negative_bases_are_no_change_of_sign(last_period, before):
    profits = [name for name in last_period if name.startswith("net_profit")]
    lost = last_period.copy()
    lost.loc[lost.index[:9], profits] *= -0.5
    assert of_statements(lost, before).outcome == "pass"
    turned = last_period.assign(**{name: -last_period[name] for name in profits})
    assert {f"sign({name})" for name in profits} <= failing(of_statements(turned, before))


def test_one_profit_of_another_sign_than_the_others_is_held(last_period):
    turned = last_period.assign(net_profit_ytd=-last_period["net_profit_ytd"])
    gate = of_statements(turned)
    assert "proof(net_profit_ytd_beside_it)" in failing(gate)
    assert all(map(is_about_scale, failing(gate)))


def test_negative_revenue_needs_a_note(last_period):
    odd = last_period.copy()
    odd.loc[odd.index[0], "revenue_ytd"] *= -1
    assert "sign(revenue_ytd)" in failing(of_statements(odd))
    noted = odd.assign(source_note="returned goods of the year before")
    assert "sign(revenue_ytd)" not in failing(of_statements(noted))


def test_new_companies_large_and_small_are_taken_in(last_period, before):
    money = [name for name in last_period if name.endswith("_ytd")]
    new = last_period.head(2).assign(code=["998801.SZ", "998802.SZ"])
    new.loc[new.index[0], money] *= 200
    new.loc[new.index[1], money] /= 100
    assert of_statements(pd.concat([last_period, new]), before).outcome == "pass"


def test_batch_of_new_companies_alone_is_judged_by_usual_sizes(last_period, before):
    new = last_period.assign(code=[f"9988{n:02d}.SZ" for n in range(len(last_period))])
    assert of_statements(new, before).outcome == "pass"
    money = [name for name in new if name.endswith("_ytd")]
    in_wan = new.assign(**{name: new[name] / 1e4 for name in money})
    assert failing(of_statements(in_wan, before)) == {f"usual_size({name})" for name in money}


def test_single_row_of_a_feed_is_set_aside_and_the_rest_taken_in(bars, check_bars, previous):
    many = pd.concat([bars] * 50, ignore_index=True)
    many["code"] = [f"{number:06d}.SZ" for number in range(len(many))]
    known = many.assign(trade_date=pd.Timestamp("2024-10-30"), close=many["close"] / 1.01)
    many.loc[7, ["open", "high", "low", "close", "market_cap_cny", "amount_cny"]] *= 100
    gate = check_bars(many, previous=known, previous_rows=len(many))
    assert gate.outcome == "pass"
    assert gate.bad_rows == (7,)
    assert named(gate, "row_scale(close)").failing_rows == 1


def test_day_of_a_crash_is_taken_in(bars, check_bars):
    crash = bars.copy()
    for name in ("open", "high", "low", "close", "amount_cny", "market_cap_cny"):
        crash[name] = bars[name] * 0.8
    assert check_bars(crash).outcome == "pass"


def test_weights_in_fractions_and_weights_beyond_a_hundred_are_held():
    batch = clean()["index_constituents", "first ever"]
    for factor in (0.01, 100.0):
        assert batch.mutated(batch.dataset.column("weight_pct"), factor, "all").is_held()


def test_sign_of_a_market_is_held_where_it_has_one():
    batch = clean()["eps_forecasts", "behind its history"]
    ((_, _, mutant),) = mutations(batch, [SIGN], "all", only="eps")
    assert "sign(eps)" in mutant.faults()
