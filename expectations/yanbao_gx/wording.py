"""How bounds and cells are written in a verdict."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any


def between(low: float | None, high: float | None, *, exclusive: bool = False) -> str:
    """``0.5–2``, ``≥ 1``, ``any finite number``; negative bounds are spelt with ``to``."""
    if low is None and high is None:
        return "any finite number"
    if high is None:
        return f"{'>' if exclusive else '≥'} {shown(low)}"
    if low is None:
        return f"{'<' if exclusive else '≤'} {shown(high)}"
    if low == high:
        return shown(low)
    joint = " to " if low < 0 else "–"
    return f"{shown(low)}{joint}{shown(high)}{' exclusive' if exclusive else ''}"


def shown(value: Any) -> str:
    """A cell or a statistic as a reader would write it."""
    if isinstance(value, float):
        if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
            return f"{int(value):,}"
        return f"{value:.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, list | tuple):
        return "/".join(shown(cell) for cell in value)
    return str(value)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())
