"""Closed forms of the made-up funds: unit, cumulative and adjusted NAV of eight classes.

The C class of a fund is its A class with a constant drag per NAV day, so that A returns are
never below C returns. One fund pays a distribution whose reinvestment factor is exactly
1.04, one was established in July 2024 (no six-month return), and one stopped publishing
forty days before the as-of day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from made_up_calendars import AS_OF, FIRST_BAR, nav_days

NAV_PLACES = Decimal("0.0001")
DRAG = Decimal("0.00002")
DISTRIBUTION_ON = date(2024, 8, 15)
REINVESTMENT = Decimal("1.04")
STALE_AFTER = date(2024, 9, 20)
FUND_COMPANY = "样例基金管理公司"


@dataclass(frozen=True)
class FundClass:
    """One share class; ``level`` is its unit NAV on its first NAV day.

    With a distribution, ``level`` is instead the NAV of the ex-date before it is paid.
    """

    fund_code: str
    fund_name: str
    fund_type: str
    level: Decimal
    growth: Decimal
    size_cny: Decimal
    first_nav: date = FIRST_BAR
    last_nav: date = AS_OF
    distribution: Decimal = Decimal(0)

    @property
    def share_class(self) -> str:
        return self.fund_name[-1]

    @property
    def anchor(self) -> date:
        return DISTRIBUTION_ON if self.distribution else self.first_nav

    def c_class(self) -> FundClass:
        """Its C class: the next code, 2 % lower, DRAG slower, half the size."""
        lower = Decimal("0.98")
        return replace(
            self,
            fund_code=f"{int(self.fund_code[:6]) + 1}.OF",
            fund_name=f"{self.fund_name[:-1]}C",
            level=self.level * lower,
            growth=self.growth - DRAG,
            size_cny=self.size_cny / 2,
            distribution=self.distribution * lower,
        )

    def has_paid(self, day: date) -> bool:
        return bool(self.distribution) and day >= DISTRIBUTION_ON


# Code, name, type, first NAV, growth a NAV day, size in millions, and what is special.
A_CLASSES = tuple(
    FundClass(
        f"{code}.OF", name, kind, Decimal(level), Decimal(growth), Decimal(size * 10**6), **more
    )
    for code, name, kind, level, growth, size, more in (
        ("999001", "样例人工智能混合A", "混合型", "1.20", "0.0011", 840, {}),
        ("999003", "样例人工智能主题A", "混合型", "1.30", "0.0006", 460,
         {"distribution": Decimal("0.05")}),
        ("999005", "样例中证人工智能ETF联接A", "指数型", "1.00", "0.0021", 1250,
         {"first_nav": date(2024, 7, 15)}),
        ("999007", "样例人工智能产业A", "指数型", "0.90", "-0.0004", 36,
         {"last_nav": STALE_AFTER}),
    )
)  # fmt: skip
FUND_CLASSES = {
    share.fund_code: share for fund in A_CLASSES for share in (fund, fund.c_class())
}


def nav_on(fund_code: str, day_index: int) -> Decimal | None:
    """Unit NAV on a NAV day, counted from 30 December 2022; None where unpublished."""
    fund, day = FUND_CLASSES[fund_code], nav_days()[day_index]
    if not fund.first_nav <= day <= fund.last_nav:
        return None
    growth = (1 + fund.growth) ** (day_index - nav_days().index(fund.anchor))
    level = fund.level * growth / (REINVESTMENT if fund.has_paid(day) else 1)
    return level.quantize(NAV_PLACES, ROUND_HALF_UP)


def adjusted_nav_on(fund_code: str, day_index: int) -> Decimal | None:
    """Unit NAV with the distribution reinvested on its ex-date."""
    nav = nav_on(fund_code, day_index)
    if nav is None:
        return None
    paid = FUND_CLASSES[fund_code].has_paid(nav_days()[day_index])
    return nav * REINVESTMENT if paid else nav


def cumulative_nav_on(fund_code: str, day_index: int) -> Decimal | None:
    """Unit NAV plus all distributions paid so far."""
    nav, fund = nav_on(fund_code, day_index), FUND_CLASSES[fund_code]
    if nav is None:
        return None
    return nav + fund.distribution if fund.has_paid(nav_days()[day_index]) else nav
