"""The one place where a stored value becomes printed digits.

HTML and CSV print ``NumberStyle.text``; XLSX holds ``scaled`` with ``excel_format``.
Rounding is half-up on the decimal representation, as the printed reports round
(2.675 prints 2.68), so all outputs show the same digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from yanbao.base.errors import ReleaseError
from yanbao.reporting.reading.release_reader import Metric
from yanbao.reporting.styling.number_policy import AS_STORED, NumberPolicy
from yanbao.reporting.styling.vocabulary import (
    CURRENCIES,
    MISSING,
    SCALES,
    ScaleWord,
    unit_word,
)

Tone = Literal["up", "down", "flat", ""]
Kind = Literal["number", "duration", "date", "quarter", "month", "text"]
ARROWS: dict[Tone, str] = {"up": "▲", "down": "▼", "flat": "", "": ""}

# Only these columns are signed and coloured: a change has a direction, a level has none.
_CHANGE = re.compile(
    r"^(?!rank_)(?:(?:change|return|delta)(?:_.*)?|relative|max_daily_(?:gain|loss)|.*_cagr_3y"
    r"|.*_(?:wow|mom|yoy|growth|change)|.*_growth_(?:fiscal_year|latest_period|1y)(?:_abs_base)?)$"
)
# The displays of amounts: the scale word that they print with.
_AMOUNTS: dict[str, ScaleWord] = {
    "number": "one",
    "integer": "one",
    "money_yi": "yi",
    "count_million": "million",
}


@dataclass(frozen=True)
class NumberStyle:
    """How one column prints. ``power`` shifts the stored value by a power of ten.

    ``negative_text``, where the house style has one, stands for numbers below zero.
    ``has_arrow`` puts ▲ or ▼ before the digits, whose sign stays.
    """

    kind: Kind = "text"
    power: int = 0
    decimals: int = 0
    signed: bool = False
    unit: str = ""
    negative_text: str = ""
    has_arrow: bool = False

    @property
    def is_numeric(self) -> bool:
        return self.kind in ("number", "duration")

    @property
    def align(self) -> Literal["left", "center", "right"]:
        """Where the column's cells stand: numbers right, texts left, days between."""
        if self.is_numeric:
            return "right"
        return "left" if self.kind == "text" else "center"

    def scaled(self, raw: object) -> Decimal | None:
        """The unrounded number in printed units (seconds for durations)."""
        number = to_decimal(raw)
        return None if number is None else number.scaleb(self.power)

    def rounded(self, raw: object) -> Decimal | None:
        number = self.scaled(raw)
        return None if number is None else half_up(number, self.decimals)

    def hides(self, raw: object) -> bool:
        """Whether a word or a dash stands for this number."""
        number = self.scaled(raw) if self.negative_text else None
        return number is not None and number < 0

    def text(self, raw: object) -> str:
        if self.hides(raw):
            return self.negative_text
        if self.kind == "number":
            return self._signed_text(self.rounded(raw))
        if self.kind == "duration":
            return duration_text(self.scaled(raw))
        if self.kind in DAYS:
            return DAYS[self.kind](raw)
        return plain_text(raw)

    def text_with_unit(self, raw: object) -> str:
        """For sentences: the digits and their unit, or the dash alone."""
        text = self.text(raw)
        bare = text == MISSING or self.kind != "number" or self.hides(raw)
        return text if bare else f"{text}{self.unit}"

    def magnitude(self, raw: object) -> str:
        """The digits without a sign, for sentences whose word gives the direction."""
        return replace(self, signed=False).text_with_unit(raw).removeprefix("-")

    def tone(self, raw: object) -> Tone:
        """Direction of the rounded number; empty for columns that are not changes."""
        number = self.rounded(raw)
        if not self.signed or number is None:
            return ""
        return "up" if number > 0 else "down" if number < 0 else "flat"

    def excel_format(self, raw: object, mark: str = "") -> str:
        """A number format that shows the same digits as ``text``.

        A value that rounds to zero needs sections without a sign, else a spreadsheet
        would print -0.00 where the page prints 0.00.
        """
        suffix = f'"{mark}"' if mark else ""
        if self.kind == "duration":
            number = self.scaled(raw) or Decimal(0)
            return ("[h]:mm:ss" if abs(number) >= 3600 else "[m]:ss") + suffix
        digits = "0" + (f".{'0' * self.decimals}" if self.decimals else "") + suffix
        if self.rounded(raw) == 0:
            return f"{digits};{digits};{digits}"
        rise, fall = (
            (f'"{ARROWS["up"]} "', f'"{ARROWS["down"]} "') if self.has_arrow else ("", "")
        )
        return f"{rise}+{digits};{fall}-{digits};{digits}" if self.signed else digits

    def _signed_text(self, number: Decimal | None) -> str:
        if number is None:
            return MISSING
        return f"{number:+f}" if self.signed and number > 0 else f"{number:f}"


_FIXED = {
    "text": NumberStyle(),
    "flag": NumberStyle(),
    "date": NumberStyle(kind="date"),
    "duration": NumberStyle(kind="duration", unit="分:秒"),
}


def to_decimal(raw: object) -> Decimal | None:
    """The number as its shortest decimal text says it; NaN and infinite are missing."""
    if raw is None or isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    if isinstance(raw, float):
        return Decimal(repr(raw)) if math.isfinite(raw) else None
    number = Decimal(raw)
    return number if number.is_finite() else None


def half_up(number: Decimal, decimals: int) -> Decimal:
    """Half-up (away from zero) to ``decimals`` digits; never a negative zero."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def duration_text(seconds: Decimal | None) -> str:
    """m:ss, or h:mm:ss from one hour on; whole seconds, half-up."""
    if seconds is None:
        return MISSING
    whole = int(half_up(seconds, 0))
    minutes, rest = divmod(abs(whole), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    sign = "-" if whole < 0 else ""
    if hours:
        return f"{sign}{hours}:{minutes_of_hour:02d}:{rest:02d}"
    return f"{sign}{minutes}:{rest:02d}"


def to_date(raw: object) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ].*)?", raw):
        return date.fromisoformat(raw[:10])
    return None


def date_text(raw: object) -> str:
    day = to_date(raw)
    return day.isoformat() if day else plain_text(raw)


def quarter_text(raw: object) -> str:
    """2024Q3 for a day of the third quarter; anything that is no date as it is stored."""
    day = to_date(raw)
    return f"{day.year}Q{(day.month + 2) // 3}" if day else plain_text(raw)


def month_text(raw: object) -> str:
    """2024-10 for a day of October; anything that is no date as it is stored."""
    return date_text(raw)[:7] if to_date(raw) else plain_text(raw)


def plain_text(raw: object) -> str:
    """Text as stored; the dash for nothing, 是/否 for a truth value."""
    if raw is None or raw == "":
        return MISSING
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float | Decimal):
        number = to_decimal(raw)
        return MISSING if number is None else f"{number.normalize():f}"
    if isinstance(raw, datetime | date):
        return date_text(raw)
    return str(raw)


# The kinds that print a day, or the period in which it lies.
DAYS: dict[Kind, Callable[[object], str]] = {
    "date": date_text,
    "quarter": quarter_text,
    "month": month_text,
}


def is_change(column: str) -> bool:
    """Whether a column holds a change, by the naming of the marts (see docs of marts)."""
    return _CHANGE.match(column) is not None


def style_of(
    metric: Metric,
    *,
    currency: str = "",
    decimals: int | None = None,
    scale: ScaleWord | None = None,
    policy: NumberPolicy = AS_STORED,
) -> NumberStyle:
    """The style of a metric. ``currency`` is the one currency of the printed rows, if one.

    A scale that the pack states (``scale``) goes before the ``policy`` of the house style.

    Marts hold ratios as fractions and money in plain currency units, so ``percent``
    always shifts by two digits and ``money_yi`` by eight.
    """
    if metric.display in _FIXED:
        return _FIXED[metric.display]
    chosen = metric.decimals if decimals is None else decimals
    if usual := _AMOUNTS.get(metric.display):
        own, chosen = (scale, chosen) if scale else policy.scale(usual, chosen)
        shift, word = SCALES[own]
        power, unit = -shift, word + _plain_unit(metric.unit, currency)
    else:
        power, unit = _ratio(metric)
    return NumberStyle(
        kind="number",
        power=power,
        decimals=chosen,
        signed=is_change(metric.column),
        unit=unit,
        negative_text=policy.negative_text(metric.column),
    )


def _ratio(metric: Metric) -> tuple[int, str]:
    """Power of ten and unit word. Points of fractions are percentage points, others those of
    a score or an index."""
    is_share = metric.unit == "fraction"
    ratios = {
        "percent": (2, "%"),
        "points": (2, "百分点") if is_share else (0, unit_word(metric.unit)),
        "times": (0, "倍"),
    }
    if metric.display not in ratios:
        raise ReleaseError(
            f"no display is called {metric.display!r} ({metric.mart}.{metric.column})",
            where="meta/metrics",
            hint=f"known: {', '.join(sorted({*_AMOUNTS, *ratios, *_FIXED}))}",
        )
    return ratios[metric.display]


def row_unit_style(style: NumberStyle, unit: str) -> NumberStyle:
    """The style of one row where the row names its own unit (level_unit, change_unit)."""
    return replace(style, power=2 if unit == "fraction" else 0, unit=unit_word(unit))


def _plain_unit(unit: str, currency: str) -> str:
    if currency:
        return CURRENCIES.get(currency, currency)
    return "" if unit.endswith("currency") else unit_word(unit)
