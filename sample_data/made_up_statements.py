"""Closed forms of the made-up income statements, exact to the yuan.

A single quarter is a straight line over the years times the quarter's weight, so that every
growth rate is a ratio of small integers and each status word of the profit vocabulary is
met by two companies. Two filings were restated: one recent half-year, and one old year
after the newer nine months were out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

MILLION = 1_000_000
QUARTER_WEIGHTS = (8, 10, 11, 13)  # tenths; the fourth quarter is the strongest
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
PERIODS = (
    date(2020, 12, 31),
    *(date(year, *end) for year in range(2021, 2025) for end in QUARTER_ENDS),
)[:-1]


@dataclass(frozen=True)
class Line:
    """Millions of yuan in 2022 and the change per year; one quarter of weight 1."""

    level: int
    slope: int

    def quarter(self, year: int, quarter: int) -> int:
        value = self.level + self.slope * (year - 2022)
        return value * QUARTER_WEIGHTS[quarter - 1] * MILLION // 10

    def cumulative(self, year: int, quarter: int) -> int:
        return sum(self.quarter(year, number) for number in range(1, quarter + 1))


# Profit of 2024 against 2023, in the words of the status vocabulary.
PROFIT_LINES = {
    "正增长": Line(100, 20),
    "持平": Line(80, 0),
    "利润下滑": Line(200, -40),
    "扭亏": Line(-60, 40),
    "转亏": Line(60, -40),
    "亏损收窄": Line(-100, 30),
    "亏损扩大": Line(-20, -30),
}
SPECIAL_LINES = {
    "999009.SH": ("扭亏", Line(-30, 30)),  # zero base
    "999010.SH": ("利润下滑", Line(80, -40)),  # falls to zero
}
COMPANIES = (
    *(f"9990{number:02d}.SH" for number in range(1, 14)),
    *(f"9991{number:02d}.SZ" for number in range(1, 5)),
    "999201.BJ",
)


@dataclass(frozen=True)
class Restatement:
    """A later version of one filing: revenue and profit change by these yuan."""

    code: str
    period: date
    announced_on: date
    revenue_change: int
    profit_change: int

    def applied(self, revenue: int, profit: int) -> tuple[int, int]:
        return revenue + self.revenue_change, profit + self.profit_change


RESTATEMENTS = (
    Restatement(
        "999003.SH", date(2024, 6, 30), date(2024, 10, 15), -60 * MILLION, -24 * MILLION
    ),
    Restatement(
        "999006.SH", date(2023, 12, 31), date(2024, 10, 31), -30 * MILLION, -9 * MILLION
    ),
)


def profit_status(code: str) -> str:
    """The status word of any single quarter of 2024 against 2023."""
    if code in SPECIAL_LINES:
        return SPECIAL_LINES[code][0]
    return tuple(PROFIT_LINES)[COMPANIES.index(code) % len(PROFIT_LINES)]


def profit_line(code: str) -> Line:
    return (
        SPECIAL_LINES[code][1] if code in SPECIAL_LINES else PROFIT_LINES[profit_status(code)]
    )


def revenue_line(code: str) -> Line:
    """Revenues between 500 and 2200 million a quarter; every third company shrinks."""
    number = COMPANIES.index(code)
    return Line(500 + 100 * number, -25 if number % 3 == 2 else 20 + 10 * (number % 5))


def announced_on(code: str, period: date) -> date:
    """Filing day: within the legal window, a day or so apart from company to company."""
    number = COMPANIES.index(code)
    start, spread = {
        3: (date(period.year, 4, 18), 12),
        6: (date(period.year, 8, 12), 18),
        9: (date(period.year, 10, 16), 14),
        12: (date(period.year + 1, 3, 12), 18),
    }[period.month]
    return start + timedelta(days=number % spread)


def versions(code: str, period: date) -> list[tuple[date, int, int]]:
    """(announced_on, revenue, profit) of every version of a cumulative statement."""
    year, quarter = period.year, period.month // 3
    revenue = revenue_line(code).cumulative(year, quarter)
    profit = profit_line(code).cumulative(year, quarter)
    # The nine months rest on the restated half-year, so the third quarter is untouched.
    for change in RESTATEMENTS:
        if change.code == code and change.period.year == year and change.period < period:
            revenue, profit = change.applied(revenue, profit)
    return [
        (announced_on(code, period), revenue, profit),
        *(
            (change.announced_on, *change.applied(revenue, profit))
            for change in RESTATEMENTS
            if (change.code, change.period) == (code, period)
        ),
    ]
