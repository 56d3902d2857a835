"""akshare in its own process: hangs, drips, resets and deaths, over real sockets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import enable_socket

from yanbao.base.errors import SourceUnavailableError
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.breaker import Breaker
from yanbao.sources.call import Arguments, Fetch
from yanbao.sources.traffic import Pace
from yanbao.sources.worker import WorkerProcess

from .replies import GOOD_KLINES as GOOD
from .stand_in import Asked, Response, StandIn, standing_in

HASTY = Pace(seconds=0, jitter=0, backoff_seconds=0.01, read_seconds=0.3, connect_seconds=0.3)


class Upstream:
    """The stand-in and a client whose worker talks to it; ``responses`` is set by each test."""

    def __init__(self, server: StandIn) -> None:
        self.server = server
        self.responses: list[Response] = []
        self.client = AkshareClient(runner=WorkerProcess(HASTY, server.url), breaker=Breaker())


@pytest.fixture(scope="module")
def served() -> Iterator[Upstream]:
    """One worker process for the whole module: starting one costs seconds."""
    enable_socket()
    responses: list[Response] = []

    def answer(asked: Asked) -> Response:
        return responses.pop(0) if len(responses) > 1 else responses[0]

    with standing_in(answer) as server:
        upstream = Upstream(server)
        upstream.responses = responses
        yield upstream
        upstream.client.close()


@pytest.fixture
def upstream(served: Upstream) -> Upstream:
    """The same worker with nothing remembered from the test before."""
    enable_socket()
    served.server.asked.clear()
    served.responses.clear()
    runner = served.client._runner
    served.client = AkshareClient(runner=runner, breaker=Breaker())
    return served


def test_good_reply_crosses_the_process_unchanged(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    upstream.responses.append(Response(GOOD))
    reply = upstream.client.call(index_fetch, arguments)
    assert reply.frame["close"].tolist() == [1005.0]
    assert reply.frame["date"].tolist() == ["2024-10-31"]
    assert reply.arguments["index_code"] == "930713.CSI"
    assert (reply.requests, upstream.client.requests) == (1, 1)
    assert reply.library_version.count(".") == 2


def test_hang_is_tried_three_times_and_given_up(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    upstream.responses.append(Response(manner="hang"))
    with pytest.raises(SourceUnavailableError, match="read timed out, 3 tries"):
        upstream.client.call(index_fetch, arguments)
    assert upstream.client.requests == 3


def test_reset_succeeds_on_the_second_try(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    upstream.responses.extend([Response(manner="reset"), Response(GOOD)])
    assert upstream.client.call(index_fetch, arguments).requests == 2


def test_slow_drip_ends_at_the_deadline_and_the_next_call_works(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    """Every byte arrives within the read limit, so only the deadline can end it."""
    upstream.responses.append(Response(GOOD, manner="drip"))
    runner = upstream.client._runner
    hurried = AkshareClient(runner=runner, breaker=Breaker(), deadline_seconds=1.0)
    with pytest.raises(SourceUnavailableError, match="no complete answer within 1 s"):
        hurried.call(index_fetch, arguments)
    assert hurried.requests == 1
    upstream.responses[:] = [Response(GOOD)]
    assert len(upstream.client.call(index_fetch, arguments).frame) == 1


def test_worker_that_dies_is_reported_and_replaced(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    runner = upstream.client._runner
    assert isinstance(runner, WorkerProcess)
    assert runner._process is not None
    upstream.responses.append(Response(GOOD))
    runner._process.kill()
    with pytest.raises(SourceUnavailableError, match="worker process ended"):
        upstream.client.call(index_fetch, arguments)
    assert len(upstream.client.call(index_fetch, arguments).frame) == 1


def test_worker_sees_no_secret_of_the_desk(
    monkeypatch: pytest.MonkeyPatch, upstream: Upstream
) -> None:
    """Some functions of the library evaluate text from the network."""
    monkeypatch.setenv("YANBAO_ALERT_WEBHOOK", "https://example.invalid/secret")
    runner = WorkerProcess(HASTY)
    runner._started()
    assert runner._process is not None
    seen = Path(f"/proc/{runner._process.pid}/environ").read_bytes()
    runner.close()
    assert b"example.invalid" not in seen
    assert b"TZ=Asia/Shanghai" in seen
    assert b"TQDM_DISABLE=1" in seen
    assert "YANBAO_ALERT_WEBHOOK" in os.environ


def test_worker_that_cannot_start_is_unavailable(
    index_fetch: Fetch, arguments: Arguments, monkeypatch: pytest.MonkeyPatch
) -> None:
    enable_socket()
    monkeypatch.setattr("sys.executable", "/bin/false")
    with (
        AkshareClient(runner=WorkerProcess(HASTY)) as client,
        pytest.raises(SourceUnavailableError, match=r"ended before the call \(code 1\)"),
    ):
        client.call(index_fetch, arguments)


def test_worker_is_replaced_after_many_calls(
    upstream: Upstream,
    index_fetch: Fetch,
    arguments: Arguments,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lists that the library memoises must not outlive a long back-fill."""
    monkeypatch.setattr("yanbao.sources.worker.CALLS_PER_PROCESS", 1)
    runner = upstream.client._runner
    assert isinstance(runner, WorkerProcess)
    upstream.responses.append(Response(GOOD))
    upstream.client.call(index_fetch, arguments)
    assert runner._process is not None
    first = runner._process.pid
    upstream.client.call(index_fetch, arguments)
    assert runner._process.pid != first
