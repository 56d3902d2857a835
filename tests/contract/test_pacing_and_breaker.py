"""Pauses, tries and the breaker, on injected clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from yanbao.base.errors import SourceSchemaError, SourceUnavailableError
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.akshare_library import Library
from yanbao.sources.breaker import BAN_COOL_DOWN, COOL_DOWN, Breaker
from yanbao.sources.call import Arguments, Fetch
from yanbao.sources.traffic import Pace, Traffic, WireError, host_family

from .case import KLINES
from .in_process import InProcess
from .replies import GOOD_KLINES as GOOD
from .replies import GOOD_ROW as ROW
from .replies import klines


class Clock:
    """Seconds that pass only by sleeping."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def monotonic(self) -> float:
        return self.at


def test_same_host_is_asked_at_most_once_a_second(
    library: Library,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    traffic = Traffic(Pace(), sleep=clock.sleep, monotonic=clock.monotonic)
    monkeypatch.setattr(library, "traffic", traffic)
    client = AkshareClient(runner=InProcess(library))
    wire.get(KLINES, body=GOOD)
    for _ in range(4):
        client.call(index_fetch, arguments)
    assert len(clock.slept) == 3
    assert all(1.0 <= pause <= 1.5 for pause in clock.slept)


def test_numbered_subdomains_share_one_turn() -> None:
    assert host_family("https://82.push2.eastmoney.com/api") == "push2.eastmoney.com"
    assert host_family("17.push2.eastmoney.com") == host_family("push2.eastmoney.com")
    assert host_family("https://www.szse.cn/x") == "www.szse.cn"
    assert host_family("127.0.0.1") == "127.0.0.1"


def test_pauses_between_tries_grow_with_jitter() -> None:
    clock = Clock()
    pace = Pace(seconds=0, jitter=0, backoff_seconds=2)
    traffic = Traffic(pace, sleep=clock.sleep, monotonic=clock.monotonic)
    asked = []

    def refuse(place: str) -> None:
        del place
        asked.append(1)
        raise ConnectionResetError("reset by peer")

    with traffic.watching() as ledger, pytest.raises(WireError, match="3 tries"):
        traffic.exchange("https://example.invalid", refuse, ledger)
    assert len(asked) == ledger.requests == 3
    first, second = clock.slept
    assert 2 <= first <= 4 <= second <= 8


def test_clients_are_put_back_after_a_call() -> None:
    before = requests.Session.send
    with Traffic(Pace()).watching():
        assert requests.Session.send is not before
    assert requests.Session.send is before


def failing_client(library: Library, moments: list[datetime]) -> AkshareClient:
    return AkshareClient(runner=InProcess(library), breaker=Breaker(now=lambda: moments[0]))


def test_breaker_opens_after_three_failed_calls_and_closes_after_its_pause(
    library: Library, wire: responses.RequestsMock, index_fetch: Fetch, arguments: Arguments
) -> None:
    moments = [datetime(2024, 10, 31, 12, tzinfo=UTC)]
    client = failing_client(library, moments)
    wire.get(KLINES, status=503, body="")
    for _ in range(3):
        with pytest.raises(SourceUnavailableError, match="status 503"):
            client.call(index_fetch, arguments)
    assert client.requests == 9
    with pytest.raises(SourceUnavailableError, match="until 2024-10-31 12:30 UTC"):
        client.call(index_fetch, arguments)
    assert client.requests == 9
    wire.upsert("GET", KLINES, body=GOOD)
    moments[0] += COOL_DOWN + timedelta(seconds=1)
    assert len(client.call(index_fetch, arguments).frame) == 1


def test_ban_opens_the_breaker_at_once_and_for_hours(
    library: Library, wire: responses.RequestsMock, index_fetch: Fetch, arguments: Arguments
) -> None:
    moments = [datetime(2024, 10, 31, 12, tzinfo=UTC)]
    client = failing_client(library, moments)
    wire.get(KLINES, status=403, body="")
    with pytest.raises(SourceUnavailableError, match="status 403"):
        client.call(index_fetch, arguments)
    moments[0] += BAN_COOL_DOWN - timedelta(seconds=1)
    with pytest.raises(SourceUnavailableError, match="is open until"):
        client.call(index_fetch, arguments)
    assert client.requests == 1


def test_schema_errors_do_not_open_the_breaker(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, body=klines("930713", "CS人工智", [f"{ROW},9.9"]))
    for _ in range(4):
        with pytest.raises(SourceSchemaError):
            client.call(index_fetch, arguments)
    assert client.requests == 4
