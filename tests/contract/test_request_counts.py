"""What ``make bench-requests`` prints: counts against limits, and where they were spent."""

from __future__ import annotations

from collections import Counter

import pytest
from pytest_socket import enable_socket

from benchmarks.requests import Counted, measure, render, targets


@pytest.mark.slow
def test_nights_of_the_whole_market_hold_their_limits_and_a_re_run_costs_nothing() -> None:
    enable_socket()  # the stand-in is on loopback
    nights = measure(shares=5_500)
    assert [line for night in nights for line in night.missing] == []
    found = {
        target.figure: (target.requests, target.holds) for target in targets(nights, 5_500)
    }
    assert found == {
        "ordinary night": (142, True),
        "night in results season": (176, True),
        "weekly extras, once a week": (172, True),
        "the same night run again": (0, True),
    }


def test_count_over_its_limit_is_printed_as_one() -> None:
    over = Counted("ordinary", Counter({("nightly", "news_items", "example.com"): 4}))
    nights = [over, Counted("season"), Counted("again")]
    assert [target.holds for target in targets(nights, shares=100)] == [False, True, True, True]
    page = render(nights, shares=100)
    assert "| ordinary night | 4 | 0.0400 | 0.03 | **no** |" in page
    assert "| nightly | news_items | example.com | 4 | 0 | 0 |" in page


def test_request_more_on_a_re_run_breaks_the_limit() -> None:
    again = Counted("again", Counter({("weekly", "funds", "example.com"): 1}))
    last = targets([Counted("ordinary"), Counted("season"), again], shares=100)[-1]
    assert (last.figure, last.holds) == ("the same night run again", False)
