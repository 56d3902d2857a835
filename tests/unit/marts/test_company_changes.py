"""Limit-up streaks by board and the summary of segments, worked by hand."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.marts.mart_harness import Harness, Row

DAYS = ("2024-10-14", "2024-10-15", "2024-10-16", "2024-10-17", "2024-10-18")
CENT = Decimal("0.01")


def limit(close: Decimal, ratio: str) -> Decimal:
    return (close * (1 + Decimal(ratio))).quantize(CENT, ROUND_HALF_UP)


def closes(start: str, ratios: list[str | None]) -> list[Decimal]:
    """A path from ``start``: at the limit of a ratio, or a cent below it for None at 10 %."""
    path = [Decimal(start)]
    for ratio in ratios:
        path.append(limit(path[-1], ratio) if ratio else limit(path[-1], "0.10") - CENT)
    return path


def bars(code: str, path: list[Decimal], **fields: Any) -> list[Row]:
    return [
        {
            "code": code,
            "trade_date": day,
            "market": "CN",
            "close": float(close),
            "adjustment": "none",
            "available_on": day,
            **fields,
        }
        for day, close in zip(DAYS, path, strict=False)
    ]


def security(code: str, name: str = "样例", **fields: Any) -> Row:
    return {"code": code, "name": name, "listed_on": "2015-06-01", "status": "L", **fields}


def streak(mart: Harness, code: str, path: list[Decimal], *names: Row, **fields: Any) -> Any:
    rows = bars(code, path, **fields)
    (row,) = mart(
        "company_changes",
        str(rows[-1]["trade_date"]),
        daily_bars=rows,
        securities=names or [security(code)],
    )
    return row["limit_up_streak"]


@pytest.mark.parametrize(
    ("code", "ratio"),
    [
        ("600001.SH", "0.10"),
        ("002001.SZ", "0.10"),
        ("300001.SZ", "0.20"),
        ("688001.SH", "0.20"),
        ("830001.BJ", "0.30"),
    ],
)
def test_streak_counts_sessions_at_the_limit_of_the_board(
    mart: Harness, code: str, ratio: str
) -> None:
    assert streak(mart, code, closes("10.45", [None, ratio, ratio, ratio])) == 3
    assert streak(mart, code, closes("10.45", [ratio, ratio, ratio, None])) == 0


@settings(max_examples=40)
@given(
    start=st.decimals("1.00", "300.00", places=2),
    steps=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_streak_is_the_number_of_limits_at_the_end(
    mart: Harness, start: Decimal, steps: list[bool]
) -> None:
    path = closes(str(start), ["0.10" if step else None for step in steps])
    at_the_end = next((n for n, step in enumerate(reversed(steps)) if not step), len(steps))
    # The first session has no close before it, so the streak starts after it.
    assert streak(mart, "600001.SH", path) == at_the_end


SEGMENTS: dict[str, list[Row]] = {
    "watch_segments": [
        {"code": "600001.SH", "company": "样例甲", "segment_cn": "样例板块"},
        {"code": "600002.SH", "company": "样例乙", "segment_cn": "样例板块"},
        {"code": "600003.SH", "company": "样例丙", "segment_cn": "样例板块"},
    ]
}


@pytest.mark.parametrize(("second", "rising"), [("10.60", 2), ("10.00", 1)])
def test_segment_counts_members_with_a_change_and_those_that_rose(
    mart: Harness, second: str, rising: int
) -> None:
    days = ("2024-10-11", "2024-10-18")
    rows = mart(
        "company_changes",
        "2024-10-18",
        daily_bars=[
            {**bar, "trade_date": day, "available_on": day}
            for code, end in (("600001.SH", "11.00"), ("600002.SH", second))
            for bar, day in zip(bars(code, [Decimal("10.00"), Decimal(end)]), days, strict=True)
        ],
        **SEGMENTS,
    )
    assert {(row["segment_members"], row["segment_rising"]) for row in rows} == {(2, rising)}
