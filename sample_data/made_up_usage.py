"""Closed forms of the made-up app downloads and GPU prices: straight lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from made_up_calendars import AS_OF
from made_up_reference import Row

MONTHS = tuple(date(2023 + (9 + i) // 12, (9 + i) % 12 + 1, 1) for i in range(13))
STORES = ("样例商店甲", "样例商店乙")
# Downloads of the first month and what each month adds, per store.
APPS = {"样例应用甲": (1_000_000, 50_000), "样例应用乙": (800_000, -20_000)}
PARTIAL_APP = "样例应用乙"
FIRST_QUOTE = date(2023, 11, 6)
USED_FROM = 4


def downloads_in(app: str, month: int) -> int:
    """Downloads of the app in month 0 to 12, in each store."""
    first, step = APPS[app]
    return first + step * month


def app_downloads() -> Iterator[Row]:
    """The last month of one app is partial."""
    for app in APPS:
        for store in STORES:
            for index, month in enumerate(MONTHS):
                is_partial = app == PARTIAL_APP and month == MONTHS[-1]
                yield {
                    "app": app,
                    "store": store,
                    "month": month,
                    "downloads": downloads_in(app, index),
                    "is_partial": "true" if is_partial else "false",
                }


def gpu_price_on(week: int) -> tuple[Decimal, Decimal | None]:
    """New and used price in US dollars; the first weeks have no used one."""
    used = Decimal(22_000 - 80 * week) if week >= USED_FROM else None
    return Decimal(30_000 - 50 * week), used


def gpu_prices() -> Iterator[Row]:
    for week in range((AS_OF - FIRST_QUOTE).days // 7 + 1):
        new, used = gpu_price_on(week)
        yield {
            "gpu": "样例显卡",
            "marketplace": "样例市场",
            "quoted_on": FIRST_QUOTE + timedelta(days=7 * week),
            "price_new": new,
            "price_used": used,
            "currency": "USD",
        }
