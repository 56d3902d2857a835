"""Returns over gaps and corporate actions: the right number, or blank with its reason."""

from __future__ import annotations

import pytest

from tests.cases import actions
from tests.cases.desk import Desk, Taken, bars, changes
from yanbao.cli.main import main
from yanbao.quality.gating import gate_pending

LOST = "缺交易日数据"


def test_week_over_a_lost_session_is_never_the_product_of_the_days_that_are_left(
    desk: Desk,
) -> None:
    assert desk.take("bars_with_a_lost_session.csv", dataset="a_share_bars").status == "good"
    row = changes(desk, "2024-10-18", "600001.SH")
    assert (row["change_week"], row["limit_up_streak"]) == (None, None)
    assert LOST in row["change_week_reason"]
    assert LOST in row["limit_up_streak_reason"]
    # The price alone needs both ends and no more.
    assert row["change_price_week"] == pytest.approx(0.61)


@pytest.mark.parametrize(
    ("dataset", "code", "day"),
    [
        ("a_share_bars", "600001.SH", "2024-10-12"),  # a Saturday on which offices worked
        ("a_share_bars", "600001.SH", "2024-10-03"),  # the calendar lacks it
        ("etf_bars", "510300.SH", "2024-10-13"),
        ("hk_stock_bars", "0700.HK", "2024-10-11"),  # Chung Yeung
        ("us_stock_bars", "NVDA.O", "2024-11-28"),  # Thanksgiving
        ("index_bars", "000300.SH", "2024-10-05"),
        ("index_bars", "IXIC.GI", "2024-10-12"),  # no exchange trades at weekends
    ],
)
def test_close_of_a_day_without_a_session_waits_and_is_no_base(
    desk: Desk, dataset: str, code: str, day: str
) -> None:
    known = ("2024-09-30", "2024-10-08", "2024-10-09", "2024-10-10", "2024-10-11")
    calendar = [{"market": "CN", "trade_date": one} for one in known]
    assert desk.take_rows("trading_days", calendar).status == "good"
    named = "index_code" if dataset == "index_bars" else "code"
    row = {named: code, "trade_date": "2024-10-09", "close": 10}
    assert desk.take_rows(dataset, [row]).status == "good"
    taken = desk.take_rows(dataset, [{**row, "trade_date": day, "close": 10.5}])
    assert taken.status == "held"
    assert f"rule sessions failed: observed row 2 {code} {day}" in taken.reason


def decide(desk: Desk, taken: Taken, *actions: str) -> None:
    """Accept a held load as a person does, and build."""
    load_id = taken.stored.load.load_id
    words = ["--home", str(desk.settings.home), "hold", "accept", load_id, "--reason", "公告"]
    assert main([*words, *(f"--action={action}" for action in actions)]) == 0
    gate_pending(desk.zone, desk.store, lambda _: None)
    desk.build()


def held_consolidation(desk: Desk) -> Taken:
    taken = desk.take("hk_bars_over_a_consolidation.csv", dataset="hk_stock_bars")
    assert taken.status == "held"
    assert "row 3 0700.HK 2024-10-28: 0.4 to 4.1" in taken.reason
    return taken


def test_step_that_no_trading_makes_is_held_and_the_action_behind_it_serves_the_return(
    desk: Desk,
) -> None:
    taken = held_consolidation(desk)
    decide(desk, taken, "consolidation:0700.HK:2024-10-28:10:1")
    row = changes(desk, "2024-10-31", "0700.HK")
    assert (row["change_week"], row["change_week_basis"]) == (pytest.approx(0.05), "split")
    decision = desk.zone.decision(taken.stored.load.load_id)
    assert decision
    assert decision["actions"] == ["consolidation:0700.HK:2024-10-28:10:1"]


@pytest.mark.parametrize("action", [None, "split:0700.HK:2024-10-28:10:1"])
def test_accepting_a_step_without_its_action_leaves_the_return_blank(
    desk: Desk, action: str | None
) -> None:
    decide(desk, held_consolidation(desk), *([action] if action else []))
    row = changes(desk, "2024-10-31", "0700.HK")
    assert (row["change_week"], row["change_price_week"]) == (None, None)
    assert row["change_week_reason"] == "疑似除权，无参考价"


def test_person_may_say_that_the_price_did_move(desk: Desk) -> None:
    rows = bars("9999.HK", {"2024-10-25": 10.0, "2024-10-28": 6.0, "2024-10-31": 6.6})
    taken = desk.take_rows("hk_stock_bars", rows)
    assert taken.status == "held"
    decide(desk, taken, "move:9999.HK:2024-10-28")
    row = changes(desk, "2024-10-31", "9999.HK")
    assert (row["change_week"], row["change_week_basis"]) == (pytest.approx(-0.34), "price")


def test_printed_changes_prove_the_split_between_two_closes(desk: Desk) -> None:
    assert desk.take("wind_bars_over_a_split.csv", mapping="wind_bars").status == "good"
    row = changes(desk, "2024-10-31", "600001.SH")
    assert (row["change_month"], row["change_month_basis"]) == (
        pytest.approx(0.04),
        "printed_chain",
    )


def test_no_stock_month_of_a_market_full_of_actions_and_gaps_is_wrong(desk: Desk) -> None:
    outcomes, wrong = actions.run(desk, seed=2024, count=30)
    assert wrong == []
    kinds = {kind for kind, outcome in outcomes if outcome in actions.TOLERANCE}
    assert kinds >= {"CN reference", "CN printed", "CN bare"}, "returns are printed"
