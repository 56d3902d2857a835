"""Units, printed numbers, durations, days and weeks, as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanbao.catalog import BY_NAME, Column
from yanbao.inbox.days import iso_day, week_days
from yanbao.inbox.header_units import split_header
from yanbao.inbox.units import multiplier, printed_number, scaled, seconds

VISITS = BY_NAME["web_traffic"].column("visits")
CHANGE = BY_NAME["web_traffic"].column("visits_wow_reported")
YIELD = BY_NAME["government_yields"].column("yield_pct")
AMOUNT = BY_NAME["a_share_bars"].column("amount_cny")
SHARES = BY_NAME["a_share_bars"].column("volume_shares")
CAP = BY_NAME["market_caps"].column("market_cap")
LENGTH = BY_NAME["web_traffic"].column("avg_visit_duration_seconds")


@pytest.mark.parametrize(
    ("word", "column", "currency", "expected"),
    [
        ("万", VISITS, None, "10000"),
        ("亿次", VISITS, None, "100000000"),
        ("M", VISITS, None, "1000000"),
        ("百万", VISITS, None, "1000000"),
        ("万亿", AMOUNT, None, "1000000000000"),
        ("万元", AMOUNT, None, "10000"),
        ("亿元", AMOUNT, None, "100000000"),
        ("百万元人民币", AMOUNT, None, "1000000"),
        ("万美元", AMOUNT, None, None),
        ("亿美元", CAP, "USD", "100000000"),
        ("亿元", CAP, "USD", None),
        ("亿元", CAP, None, None),
        ("亿", CAP, None, "100000000"),
        ("手", SHARES, None, "100"),
        ("万股", SHARES, None, "10000"),
        ("手", VISITS, None, None),
        ("%", CHANGE, None, "0.01"),
        ("％", CHANGE, None, "0.01"),
        ("bp", CHANGE, None, "0.0001"),
        ("%", YIELD, None, "1"),
        ("%", VISITS, None, None),
        ("万", CHANGE, None, None),
        ("分钟", LENGTH, None, "60"),
        ("ten", VISITS, None, None),
    ],
)
def test_a_unit_word_fits_the_column_or_is_refused(
    word: str, column: Column, currency: str | None, expected: str | None
) -> None:
    found = multiplier(word, column, currency)
    assert found == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(
    ("header", "base", "word"),
    [
        ("净利润(万元)", "净利润", "万元"),
        ("净利润（单位：亿元）", "净利润", "亿元"),
        ("净利润\n[单位] 万元", "净利润", "万元"),
        ("环比%", "环比", "%"),
        ("环比 (%)", "环比", "%"),
        ("净利润", "净利润", None),
    ],
)
def test_the_unit_is_read_out_of_a_header(header: str, base: str, word: str | None) -> None:
    assert split_header(header) == (base, word)


@pytest.mark.parametrize(
    ("value", "column", "factor", "expected"),
    [
        ("1,234,567.5", VISITS, 1, "1234567.5"),
        ("１，２３４", VISITS, 1, "1234"),
        ("3.2亿", VISITS, 1, "320000000"),
        ("3.2亿", VISITS, 10_000, "320000000"),
        ("816", VISITS, 1_000_000, "816000000"),
        ("-2.6%", CHANGE, 1, "-0.026"),
        ("2.6%", CHANGE, "0.01", "0.026"),
        ("4.62%", YIELD, 1, "4.62"),
        ("(5.5)", AMOUNT, 1, "-5.5"),
        ("¥1,000", AMOUNT, 1, "1000"),
        ("$1,000", AMOUNT, 1, "$1,000"),
        ("1.2万亿元", AMOUNT, 1, "1200000000000"),
        ("12,34", VISITS, 1, "12,34"),
        ("1.234,5", VISITS, 1, "1.234,5"),
        ("(5.5", AMOUNT, 1, "(5.5"),
        ("5%", AMOUNT, 1, "5%"),
        ("about 5", AMOUNT, 1, "about 5"),
        ("--", AMOUNT, 1, "--"),
    ],
)
def test_a_printed_number_is_read_or_left_as_it_stands(
    value: str, column: Column, factor: int | str, expected: str
) -> None:
    assert printed_number(value, column, Decimal(factor)) == expected


@given(st.decimals(-(10**12), 10**12, places=4))
def test_a_number_with_thousands_commas_is_the_number(number: Decimal) -> None:
    read = printed_number(f"{number:,}", VISITS, Decimal(1))
    assert Decimal(read) == number
    assert Decimal(scaled(str(number), Decimal(10_000))) == number * 10_000


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_numbers_and_days(text: str) -> None:
    read = printed_number(text, VISITS, Decimal(1))
    assert read == text or Decimal(read).is_finite()
    week_days(text)
    assert seconds(text) == text or seconds(text).isdigit()


@given(st.integers(0, 999), st.integers(0, 59))
def test_minutes_and_seconds_become_whole_seconds(minutes: int, rest: int) -> None:
    assert seconds(f"{minutes}:{rest:02}") == str(minutes * 60 + rest)


def test_only_real_durations_become_seconds() -> None:
    assert seconds("0:06:11") == seconds("00:06:11") == seconds("6:11") == "371"
    assert [seconds(text) for text in ("6:61", "1:70:00", "6.11", "")] == [
        "6:61",
        "1:70:00",
        "6.11",
        "",
    ]


@pytest.mark.parametrize(
    ("label", "days"),
    [
        ("2024-W42", ("2024-10-14", "2024-10-20")),
        ("2024年第42周", ("2024-10-14", "2024-10-20")),
        ("2024.10.14-2024.10.18", ("2024-10-14", "2024-10-18")),
        ("2024.10.14-10.18", ("2024-10-14", "2024-10-18")),
        ("2024-10-14 ~ 2024-10-18", ("2024-10-14", "2024-10-18")),
        ("2024年10月14日至18日", ("2024-10-14", "2024-10-18")),
        ("2024/12/30-1/5", ("2024-12-30", "2025-01-05")),
        ("2024-10-14", ("2024-10-14", "2024-10-20")),
        ("10.14-10.18", None),
        ("2024.10.18-2024.10.14", None),
        ("2024-W54", None),
        ("2024.02.30-2024.03.01", None),
        ("last week", None),
    ],
)
def test_a_week_label_is_two_days_or_no_week(label: str, days: tuple[str, str] | None) -> None:
    assert week_days(label) == days


def test_a_month_is_its_first_day_and_other_text_stays() -> None:
    assert iso_day("2024-10", "%Y-%m") == "2024-10-01"
    assert iso_day("2024年10月", "%Y年%m月") == "2024-10-01"
    assert iso_day("October", "%Y-%m") == "October"
