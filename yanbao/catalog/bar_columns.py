"""The columns that bars of every market share: prices, volume and what adjusts them."""

from __future__ import annotations

from yanbao.catalog.declaration import Column, number, text
from yanbao.catalog.scales import Scale
from yanbao.catalog.usual_sizes import CHANGE_OF_A_SESSION, VOLUME

BAR_PRICES = ("open", "high", "low", "close")
ADJUSTMENTS = ("none", "split", "forward_ratio", "forward_additive", "backward_ratio")


def prices(unit: str, scale: Scale, lowest: float = -100_000) -> tuple[Column, ...]:
    return tuple(
        number(
            name,
            unit,
            f"{name.capitalize()} price of the session.",
            required=name == "close",
            minimum=lowest if name != "close" else 0.0001,
            maximum=10_000_000,
            example="12.34",
            scale=scale,
        )
        for name in BAR_PRICES
    )


def volume() -> Column:
    return number("volume_shares", "shares", "Traded volume.", minimum=0, scale=VOLUME)


def adjustment() -> Column:
    return text(
        "adjustment",
        "How the prices were adjusted; empty means none. An adjusted series is used as it"
        " is, labelled, and never mixed with unadjusted prices.",
        allowed=ADJUSTMENTS,
    )


def witnesses(currency: str, scale: Scale) -> tuple[Column, ...]:
    """What tells an ex-right day from a fall of the price."""
    return (
        number(
            "reference_close",
            currency,
            "The exchange's reference price (previous close after ex-rights);"
            " unadjusted series only.",
            minimum=0.0001,
            scale=scale,
        ),
        number(
            "change_ratio",
            "fraction",
            "Change of the session as the source prints it, from the reference price;"
            " proves that price where it is not given. 0.0123 is 1.23 %.",
            minimum=-1,
            maximum=100,
            scale=CHANGE_OF_A_SESSION,
        ),
    )
