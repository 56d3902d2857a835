"""Changes that a file prints, against the closes beside them and those that are stored."""

from __future__ import annotations

import pytest

from tests.cases.desk import Desk, Row


def bars(code: str, closes: dict[str, tuple[float, float | str]]) -> list[Row]:
    return [
        {"code": code, "trade_date": day, "close": close, "change_ratio": change}
        for day, (close, change) in closes.items()
    ]


def test_change_that_the_closes_of_the_same_file_contradict_waits_with_its_row(
    desk: Desk,
) -> None:
    taken = desk.take("printed_change_of_another_share.csv", dataset="a_share_bars")
    assert taken.status == "held"
    assert "rule printed_changes failed: observed row 4 600001.SH 2024-10-28" in taken.reason
    assert "-3.1200% is printed, the closes 10.2 and 10.3 make +0.9804%" in taken.reason
    assert "export the previous close" in taken.reason


def test_change_that_the_stored_close_contradicts_waits(desk: Desk) -> None:
    assert desk.take_rows("a_share_bars", bars("600001.SH", {"2024-10-30": (10.0, "")}))
    taken = desk.take_rows("a_share_bars", bars("600001.SH", {"2024-10-31": (10.5, 0.08)}))
    assert taken.status == "held"
    assert "the closes 10 and 10.5 make +5.0000%" in taken.reason


@pytest.mark.parametrize("change", [0.0123, 0.012, 0.01])
def test_change_is_compared_to_the_places_that_it_prints(desk: Desk, change: float) -> None:
    closes = {"2024-10-30": (10.0, ""), "2024-10-31": (10.12, change)}
    rows = bars("600001.SH", closes)
    expected = "good" if change in (0.012, 0.01) else "held"
    assert desk.take_rows("a_share_bars", rows).status == expected


def test_split_and_known_action_explain_a_change(desk: Desk) -> None:
    split = bars("600001.SH", {"2024-10-30": (20.0, 0.01), "2024-10-31": (10.1, 0.01)})
    assert desk.take_rows("a_share_bars", split).status == "good"


def test_reference_price_explains_a_dividend(desk: Desk) -> None:
    first, second = bars("600001.SH", {"2024-10-30": (20.0, ""), "2024-10-31": (20.0, 0.01)})
    rows = [{**first, "reference_close": 20.0}, {**second, "reference_close": 19.8}]
    assert desk.take_rows("a_share_bars", rows).status == "good"


def test_no_row_is_compared_over_a_lost_session(desk: Desk) -> None:
    rows = bars("600001.SH", {"2024-10-28": (10.0, ""), "2024-10-31": (11.0, 0.02)})
    assert desk.take_rows("a_share_bars", rows).status == "good"


def test_holidays_are_no_lost_session(desk: Desk) -> None:
    rows = bars("600001.SH", {"2024-09-30": (10.0, ""), "2024-10-08": (11.0, 0.02)})
    assert desk.take_rows("a_share_bars", rows).status == "held"


def test_dividend_in_a_column_that_is_right_elsewhere_is_taken_and_told(desk: Desk) -> None:
    codes = [f"6000{n:02d}.SH" for n in range(30)]
    rows = [
        row
        for code in codes
        for row in bars(code, {"2024-10-30": (10.0, ""), "2024-10-31": (10.1, 0.01)})
    ]
    rows[1]["change_ratio"] = 0.03
    taken = desk.take_rows("a_share_bars", rows)
    assert taken.status == "good"
    (told,) = [
        one
        for one in desk.zone.verdict(taken.stored.load.load_id)["results"]
        if one["check_name"] == "printed_ex_rights"
    ]
    assert (told["outcome"], told["severity"], told["failing_rows"]) == ("fail", "warn", 1)
    # What raises a reference price is no dividend.
    rows[1]["change_ratio"] = -0.03
    assert desk.take_rows("a_share_bars", rows).status == "held"
