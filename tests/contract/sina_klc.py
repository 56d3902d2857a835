"""Writes the two compressed texts that Sina's quote files use, so that replies can be made.

The library decodes them with Sina's own JavaScript. Numbers are written least bit first,
six bits to a letter; a text starts with its format: 1479 for bars, 139 for a run of days,
3466 for bars with amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
DAY_ZERO = date(1970, 1, 1) + timedelta(days=7657)
BARS_FORMAT, DAYS_FORMAT, AMOUNT_FORMAT = 1479, 139, 3466
PRICE_BITS, VOLUME_BITS = 21, 30

Bar = tuple[date, float, float, float, float, int]


class BitText:
    """A text of six-bit letters under construction."""

    def __init__(self) -> None:
        self._bits: list[int] = []

    def put(self, value: int, width: int) -> BitText:
        self._bits += [(value >> place) & 1 for place in range(width)]
        return self

    def __str__(self) -> str:
        padded = self._bits + [0] * (-len(self._bits) % 6)
        sixes = (padded[start : start + 6] for start in range(0, len(padded), 6))
        return "".join(LETTERS[sum(bit << i for i, bit in enumerate(six))] for six in sixes)


def _number(day: date) -> int:
    return (day - DAY_ZERO).days


def _weekday_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def _weekdays(after: date, until: date) -> int:
    span = (after + timedelta(days=n + 1) for n in range((until - after).days))
    return sum(day.weekday() < 5 for day in span)


def encode_bars(bars: Sequence[Bar], decimals: int = 2) -> str:
    """(day, open, high, low, close, volume) on ascending weekdays, as Sina sends them."""
    scale = 10**decimals
    before = _weekday_before(bars[0][0])
    text = BitText().put(BARS_FORMAT, 12).put(63, 6).put(decimals, 6)
    text.put(_number(before) + 1, 18).put(0, 3).put(4, 3)
    close, volume = 0, 0
    for place, (day, opened, high, low, closed, traded) in enumerate(bars):
        step = _weekdays(before, day)
        text.put(16 + (32 if place == 0 or step != 1 else 0), 6)
        if place == 0:
            text.put(63, 6).put(7, 3).put(4, 3)
        elif step != 1:
            text.put(0, 6).put(step, 6)
        o, h, lo, c = (round(price * scale) for price in (opened, high, low, closed))
        for part in (o - close, h - o, o - lo, c - o):
            text.put(part, PRICE_BITS)
        text.put(traded - volume, VOLUME_BITS)
        close, volume, before = c, traded, day
    return str(text)


def encode_days(first: date, last: date) -> str:
    """Every weekday from ``first`` to ``last``, as one run without holidays."""
    before = _weekday_before(first)
    text = BitText().put(DAYS_FORMAT, 12).put(62, 6)
    text.put(_number(before) + 1, 18).put(_number(last), 18)
    for bit in (1, 1, 1, 1, 1, 0):
        text.put(bit, 1)
    return str(text.put(_weekdays(before, last), 12))


def encode_bars_with_amount(bars: Sequence[Bar]) -> str:
    """The same bars in the newer format, whose decoder derives an amount for each.

    Every record names its day outright; widths are set once, in the first record. A
    record that changes nothing ends the text.
    """
    text = BitText().put(AMOUNT_FORMAT, 12).put(63, 6)
    close, volume = 0, 0
    for place, (day, opened, high, low, closed, traded) in enumerate(bars):
        for bit in (1, 1, 0, 1):
            text.put(bit, 1)
        _put_widths(text, wider=place == 0)
        text.put(1, 1).put(1, 3).put(_number(day), 18).put(0, 1)
        o, h, lo, c = (round(price * 100) for price in (opened, high, low, closed))
        for part in (o - close, h - o, o - lo, c - o):
            text.put(part, 24)
        text.put(traded - volume, VOLUME_BITS).put(0, 15)
        close, volume = c, traded
    for bit in (1, 1, 0, 0, 0):
        text.put(bit, 1)
    return str(text)


def _put_widths(text: BitText, *, wider: bool) -> None:
    """Five steps wider for open, high, low, close and volume; amount as it is."""
    for _ in range(5):
        text.put(0b0111111 if wider else 0, 7 if wider else 1)
    text.put(0, 1)
