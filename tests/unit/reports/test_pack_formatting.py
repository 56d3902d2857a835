"""Printed digits: half-up rounding, signs, units, durations, spreadsheet formats."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest

from yanbao.base.errors import ReleaseError
from yanbao.reporting.reading.release_reader import Metric
from yanbao.reporting.styling.formatting import NumberStyle, is_change, row_unit_style, style_of
from yanbao.reporting.styling.vocabulary import MISSING


def metric(column: str, unit: str, display: str, decimals: int = 2) -> Metric:
    return Metric("m", column, "标签", unit, decimals, display, "", "", "1")


PERCENT = style_of(metric("change_week", "fraction", "percent"))
TIMES = style_of(metric("pe", "times", "times"))


@pytest.mark.parametrize(
    ("value", "printed"),
    [(18.195, "18.20"), (23.29 / 1.28, "18.20"), (2.675, "2.68"), (1.005, "1.01"),
     (-2.675, "-2.68"), (Decimal("0.125"), "0.13"), (7, "7.00")],
)  # fmt: skip
def test_rounding_is_half_up_on_the_decimal_text(value: object, printed: str) -> None:
    assert TIMES.text(value) == printed


@pytest.mark.parametrize(
    ("fraction", "printed"),
    [(0.0305, "+3.05"), (-0.0305, "-3.05"), (0.01005, "+1.01"), (0.0, "0.00"),
     (0.00004, "0.00"), (-0.00004, "0.00"), (-0.00005, "-0.01")],
)  # fmt: skip
def test_change_carries_its_sign_and_never_a_negative_zero(
    fraction: float, printed: str
) -> None:
    assert PERCENT.text(fraction) == printed


@pytest.mark.parametrize("value", [None, math.nan, math.inf, Decimal("NaN")])
def test_value_that_is_no_number_prints_a_dash(value: object) -> None:
    assert PERCENT.text(value) == MISSING
    assert PERCENT.scaled(value) is None
    assert PERCENT.tone(value) == ""


def test_tone_follows_the_rounded_number() -> None:
    assert [PERCENT.tone(value) for value in (0.01, -0.01, 0.00001)] == ["up", "down", "flat"]
    assert TIMES.tone(12.0) == ""


@pytest.mark.parametrize(
    ("seconds", "printed"),
    [(371, "6:11"), (59.5, "1:00"), (0, "0:00"), (3600, "1:00:00"), (None, MISSING)],
)
def test_duration_prints_whole_seconds(seconds: object, printed: str) -> None:
    assert style_of(metric("stay", "seconds", "duration")).text(seconds) == printed


def test_money_prints_in_yi_of_its_currency() -> None:
    money = metric("market_cap", "currency", "money_yi")
    assert style_of(money, currency="USD").unit == "亿美元"
    assert style_of(money).unit == "亿"
    assert style_of(money, currency="USD").text(2547910000000.0) == "25479.10"
    assert style_of(metric("fund_size", "CNY", "money_yi")).unit == "亿元"


def test_scale_of_a_column_names_itself_in_the_unit() -> None:
    style = style_of(metric("visits", "visits", "number"), scale="million")
    assert (style.text(816e6), style.unit) == ("816.00", "百万次")


def test_points_of_fractions_are_percentage_points_and_others_stay() -> None:
    assert style_of(metric("relative", "fraction", "points")).text(0.144628) == "+14.46"
    assert style_of(metric("arena_score", "points", "points", 0)).text(1339.0) == "1339"


def test_row_unit_decides_scale_and_word() -> None:
    style = style_of(metric("level", "level_unit", "number"))
    assert row_unit_style(style, "percent").text(4.62) == "4.62"
    assert row_unit_style(style, "fraction").text(0.0462) == "4.62"
    assert row_unit_style(style, "cny_per_usd").unit == "元/美元"


@pytest.mark.parametrize(
    ("column", "expected"),
    [("change_week", True), ("return_3m", True), ("visits_wow", True), ("change", True),
     ("revenue_growth_yoy", True), ("relative", True), ("rank_visits_wow", False),
     ("close", False), ("price", False), ("exchange", False)],
)  # fmt: skip
def test_only_changes_are_signed(column: str, expected: bool) -> None:
    assert is_change(column) is expected


def test_spreadsheet_format_shows_the_printed_digits() -> None:
    assert PERCENT.excel_format(0.0305) == "+0.00;-0.00;0.00"
    assert PERCENT.excel_format(-0.00001) == "0.00;0.00;0.00"
    assert PERCENT.excel_format(0.0305, "†") == '+0.00"†";-0.00"†";0.00"†"'
    assert TIMES.excel_format(18.0) == "0.00"
    assert NumberStyle(kind="duration").excel_format(371) == "[m]:ss"


def test_dates_and_truth_print_as_words() -> None:
    assert NumberStyle(kind="date").text(date(2024, 10, 18)) == "2024-10-18"
    assert [NumberStyle().text(value) for value in (True, False, "", 12.50)] == [
        "是", "否", MISSING, "12.5",
    ]  # fmt: skip


def test_unknown_display_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ReleaseError, match=r"no display is called 'percnt'.*percent"):
        style_of(metric("change_week", "fraction", "percnt"))
