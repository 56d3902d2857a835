"""Asks each real upstream once and compares with the contract; run with ``-m live``.

That the suite is complete is tested without a network.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pytest_socket import enable_socket

from yanbao.base import clock
from yanbao.intake.backfill import quarter_ends
from yanbao.sources import SOURCES
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.call import Arguments, Fetch, Request

EXAMPLES = {
    "a_share_bars": ("600519.SH",),
    "etf_bars": ("510300.SH",),
    "fund_navs": ("005962.OF",),
    "fund_sizes": ("005962.OF",),
}
SEASON = timedelta(days=125)  # the year's statements are out by the end of April
SETTLED_DAYS = 125 + 184
WITNESS = ("finance.sina.com.cn", 443)


@pytest.fixture(scope="module")
def live_client(request: pytest.FixtureRequest) -> Iterator[AkshareClient]:
    """One polite worker for the module; skipped unless asked for and online."""
    if "live" not in request.config.getoption("-m"):
        pytest.skip("calls real upstreams; run with -m live")
    enable_socket()
    try:
        socket.create_connection(WITNESS, timeout=3).close()
    except OSError:
        pytest.skip("no network")
    with AkshareClient() as client:
        yield client


def one_call(fetch: Fetch, day: date) -> Arguments:
    """The first call of a fetch, whatever the season; the example where it needs a code."""
    settled = quarter_ends(day - timedelta(days=SETTLED_DAYS), day - SEASON)
    whole = Request(fetch.dataset, day, periods=settled[-1:], is_weekly=True)
    named = replace(whole, symbols=EXAMPLES.get(fetch.dataset, ()))
    return (*fetch.plan(whole), *fetch.plan(named))[0]


@pytest.mark.live
@pytest.mark.parametrize("fetch", SOURCES, ids=lambda fetch: f"{fetch.dataset}-{fetch.label}")
def test_upstream_still_has_its_contract(live_client: AkshareClient, fetch: Fetch) -> None:
    """Missing or changed columns raise; added ones fail here, to be looked at."""
    enable_socket()
    day = clock.today_in_beijing() - timedelta(days=1)
    reply = live_client.call(fetch, one_call(fetch, day))
    assert reply.warnings == ()


def test_live_suite_asks_every_source_function_once_on_any_day() -> None:
    (listed,) = (
        mark
        for mark in test_upstream_still_has_its_contract.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    )
    assert listed.args[1] == SOURCES
    days = [date(2024, month, 15) for month in range(1, 13)]
    for fetch in SOURCES:
        assert {type(one_call(fetch, day)) for day in days} == {Arguments}, fetch.label


def test_live_suite_asks_for_statements_of_a_settled_period() -> None:
    fetch = next(one for one in SOURCES if one.function == "stock_lrb_em")
    days = (date(2024, 1, 15), date(2024, 5, 15), date(2024, 11, 15))
    asked = [one_call(fetch, day).stamp["report_period"] for day in days]
    assert asked == ["2023-06-30", "2023-12-31", "2024-06-30"]
