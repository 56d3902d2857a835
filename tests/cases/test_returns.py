"""Returns over gaps and corporate actions: the right number, or blank with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import actions
from tests.cases.desk import Desk, Row

LOST = "缺交易日数据"


def changes(desk: Desk, as_of: str, code: str) -> Row:
    (row,) = [row for row in desk.rows("company_changes", as_of) if row["code"] == code]
    return row


def bars(code: str, closes: dict[str, float], **fields: Any) -> list[Row]:
    return [
        {"code": code, "trade_date": day, "close": close, **fields}
        for day, close in closes.items()
    ]


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


def test_week_over_a_consolidation_in_hong_kong_is_blank(desk: Desk) -> None:
    taken = desk.take("hk_bars_over_a_consolidation.csv", dataset="hk_stock_bars")
    if taken.status == "good":
        row = changes(desk, "2024-10-31", "0700.HK")
        assert row["change_week"] is None
        assert row["change_week_reason"] == "疑似除权，无参考价"
        assert row["change_price_week"] is None


def test_printed_changes_prove_the_split_between_two_closes(desk: Desk) -> None:
    assert desk.take("wind_bars_over_a_split.csv", mapping="wind_bars").status == "good"
    row = changes(desk, "2024-10-31", "600001.SH")
    assert (row["change_month"], row["change_month_basis"]) == (
        pytest.approx(0.04),
        "ex_right_chain",
    )


def test_no_stock_month_of_a_market_full_of_actions_and_gaps_is_wrong(desk: Desk) -> None:
    outcomes, wrong = actions.run(desk, seed=2024, count=30)
    assert wrong == []
    kinds = {kind for kind, outcome in outcomes if outcome in actions.TOLERANCE}
    assert kinds >= {"CN reference", "CN printed", "CN bare"}, "returns are printed"
