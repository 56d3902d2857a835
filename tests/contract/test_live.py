"""Asks each real upstream once and compares with the contract; run with ``-m live``."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_socket import enable_socket

from orchestration import clock
from orchestration.sources import SOURCES
from orchestration.sources.akshare_client import AkshareClient
from orchestration.sources.call import Fetch, Request

EXAMPLES = {
    "a_share_bars": ("600519.SH",),
    "etf_bars": ("510300.SH",),
    "fund_navs": ("005962.OF",),
    "fund_sizes": ("005962.OF",),
}
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


@pytest.mark.live
@pytest.mark.parametrize("fetch", SOURCES, ids=lambda fetch: f"{fetch.dataset}-{fetch.label}")
def test_upstream_still_has_its_contract(live_client: AkshareClient, fetch: Fetch) -> None:
    """Missing or changed columns raise; added ones fail here, to be looked at."""
    enable_socket()
    day = clock.today_in_beijing() - timedelta(days=1)
    request = Request(fetch.dataset, day, is_weekly=True)
    plan = fetch.plan(request) or fetch.plan(
        Request(fetch.dataset, day, symbols=EXAMPLES.get(fetch.dataset, ()))
    )
    if not plan:
        pytest.skip("nothing is due today")
    reply = live_client.call(fetch, plan[0])
    assert reply.warnings == ()
