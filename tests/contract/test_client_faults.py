"""Upstreams that hang, drip, break, refuse and change: one line each, never bad data."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import requests
import responses
from pytest_socket import enable_socket

from orchestration.errors import SourceSchemaError, SourceUnavailableError
from orchestration.sources import fetches_for
from orchestration.sources.akshare_client import AkshareClient, InProcess, Library
from orchestration.sources.breaker import BAN_COOL_DOWN, COOL_DOWN, Breaker
from orchestration.sources.call import (
    Arguments,
    Fetch,
    Reply,
    Request,
    day,
    number,
    text,
)
from orchestration.sources.frames import RejectedReplyError, check_contract, to_arrow
from orchestration.sources.traffic import Pace, Traffic, WireError, host_family
from orchestration.sources.worker import WorkerProcess

from .case import SESSION
from .replies import as_json, klines
from .stand_in import Asked, StandIn, Told, standing_in

KLINES = "https://push2his.eastmoney.com/api/qt/stock/kline/get"
ROW = "2024-10-31,1010.20,1005.00,1015.00,1000.00,113456,689012345.00,1.50"
GOOD = klines("930713", "CS人工智", [ROW])
HASTY = Pace(seconds=0, jitter=0, backoff_seconds=0.01, read_seconds=0.3, connect_seconds=0.3)


@pytest.fixture
def index_fetch() -> Fetch:
    return fetches_for("index_bars")[0]


@pytest.fixture
def arguments(index_fetch: Fetch) -> Arguments:
    request = Request("index_bars", SESSION, symbols=("930713.CSI",))
    (only,) = index_fetch.plan(request)
    return only


class Upstream:
    """The stand-in and a client whose worker talks to it; ``tell`` is set by each test."""

    def __init__(self, server: StandIn) -> None:
        self.server = server
        self.tell: list[Told] = []
        self.client = AkshareClient(pace=HASTY, route_to=server.url, breaker=Breaker())


@pytest.fixture(scope="module")
def served() -> Iterator[Upstream]:
    """One worker process for the whole module: starting one costs seconds."""
    enable_socket()
    told: list[Told] = []

    def answer(asked: Asked) -> Told:
        return told.pop(0) if len(told) > 1 else told[0]

    with standing_in(answer) as server:
        upstream = Upstream(server)
        upstream.tell = told
        yield upstream
        upstream.client.close()


@pytest.fixture
def upstream(served: Upstream) -> Upstream:
    """The same worker with nothing remembered from the test before."""
    enable_socket()
    served.server.asked.clear()
    served.tell.clear()
    runner = served.client._runner
    served.client = AkshareClient(runner=runner, breaker=Breaker())
    return served


def test_good_reply_crosses_the_process_unchanged(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    upstream.tell.append(Told(GOOD))
    reply = upstream.client.call(index_fetch, arguments)
    assert reply.frame["close"].tolist() == [1005.0]
    assert reply.frame["date"].tolist() == ["2024-10-31"]
    assert reply.arguments["index_code"] == "930713.CSI"
    assert (reply.requests, upstream.client.requests) == (1, 1)
    assert reply.library_version.count(".") == 2


def test_hang_is_tried_three_times_and_given_up(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    upstream.tell.append(Told(manner="hang"))
    with pytest.raises(SourceUnavailableError, match="read timed out, 3 tries"):
        upstream.client.call(index_fetch, arguments)
    assert upstream.client.requests == 3


def test_reset_heals_on_the_second_try(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    upstream.tell.extend([Told(manner="reset"), Told(GOOD)])
    assert upstream.client.call(index_fetch, arguments).requests == 2


def test_slow_drip_ends_at_the_deadline_and_the_next_call_works(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    """Every byte arrives within the read limit, so only the deadline can end it."""
    upstream.tell.append(Told(GOOD, manner="drip"))
    runner = upstream.client._runner
    hurried = AkshareClient(runner=runner, breaker=Breaker(), deadline_seconds=1.0)
    begun = time.monotonic()
    with pytest.raises(SourceUnavailableError, match="no complete answer within 1 s"):
        hurried.call(index_fetch, arguments)
    assert time.monotonic() - begun < 3
    assert hurried.requests == 1
    upstream.tell[:] = [Told(GOOD)]
    assert len(upstream.client.call(index_fetch, arguments).frame) == 1


def test_worker_that_dies_is_reported_and_replaced(
    upstream: Upstream, index_fetch: Fetch, arguments: Arguments
) -> None:
    runner = upstream.client._runner
    assert isinstance(runner, WorkerProcess)
    assert runner._process is not None
    upstream.tell.append(Told(GOOD))
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


@pytest.mark.parametrize("status", [403, 404])
def test_refusal_is_not_tried_again(
    status: int,
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, status=status, body="no")
    with pytest.raises(SourceUnavailableError, match=f"status {status}, 1 try"):
        client.call(index_fetch, arguments)
    assert client.requests == 1


def test_bad_gateway_is_tried_three_times(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, status=502, body="<html>bad gateway</html>")
    with pytest.raises(SourceUnavailableError, match="status 502, 3 tries"):
        client.call(index_fetch, arguments)
    assert client.requests == 3


def test_web_page_with_status_200_is_not_data(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    page = "\n<!DOCTYPE html><html><title>访问验证</title>" + "x" * 200
    wire.get(KLINES, body=page, content_type="text/html; charset=utf-8")
    with pytest.raises(SourceUnavailableError) as caught:
        client.call(index_fetch, arguments)
    assert "not data: <!DOCTYPE html><html><title>访问验证</title>xx" in caught.value.what
    shown = caught.value.what.split("not data: ")[1].split(", 1 try")[0]
    assert len(shown) == 80
    assert client.requests == 1


def test_empty_answer_is_unavailable_where_rows_are_due(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, body=klines("930713", "CS人工智", []))
    with pytest.raises(SourceUnavailableError, match="without any row"):
        client.call(index_fetch, arguments)


def test_null_data_is_the_upstream_refusing(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, body=as_json({"rc": 102, "data": None}))
    with pytest.raises(SourceUnavailableError, match="answered without data"):
        client.call(index_fetch, arguments)


def test_extra_field_of_a_positional_parser_is_a_schema_error(
    client: AkshareClient,
    wire: responses.RequestsMock,
    index_fetch: Fetch,
    arguments: Arguments,
) -> None:
    wire.get(KLINES, body=klines("930713", "CS人工智", [f"{ROW},9.9"]))
    with pytest.raises(SourceSchemaError, match=r"not fit the parser: .*Length mismatch"):
        client.call(index_fetch, arguments)
    assert client.requests == 1


def yields_reply(**renamed: str) -> bytes:
    fields = [
        "EMM00588704",
        "EMM00166462",
        "EMM00166466",
        "EMM00166469",
        "EMM01276014",
        "EMG00001306",
        "EMG00001308",
        "EMG00001310",
        "EMG00001312",
        "EMG01339436",
        "EMM00000024",
        "EMG00159635",
    ]
    row: dict[str, object] = {"SOLAR_DATE": "2024-10-17 00:00:00"}
    row |= {renamed.get(name, name): 2.5 for name in fields}
    result = {"pages": 1, "data": [row], "count": 1}
    return as_json({"result": result, "success": True})


YIELDS = "https://datacenter.eastmoney.com/api/data/get"


def test_added_column_warns_and_is_kept(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    """The library itself drops unknown fields here, so the contract forgets a column."""
    fetch = fetches_for("government_yields")[0]
    columns = tuple(column for column in fetch.columns if column.name != "中国GDP年增率")
    narrower = Fetch(**{**vars(fetch), "columns": columns})
    wire.get(YIELDS, body=yields_reply())
    reply = client.call(narrower, fetch.plan(Request("government_yields", SESSION))[0])
    assert reply.warnings == ("eastmoney_rates.bond_zh_us_rate: column 中国GDP年增率 is new",)
    assert "中国GDP年增率" in reply.frame.columns


def test_missing_column_names_the_nearest_and_keeps_the_reply(
    client: AkshareClient, wire: responses.RequestsMock
) -> None:
    fetch = fetches_for("government_yields")[0]
    columns = tuple(
        type(column)(column.name.replace("收益率10年", "收益率十年"), column.kind)
        for column in fetch.columns
    )
    wire.get(YIELDS, body=yields_reply())
    with pytest.raises(RejectedReplyError, match=r"中国国债收益率十年 \(nearest: ") as caught:
        client.call(
            Fetch(**{**vars(fetch), "columns": columns}),
            fetch.plan(Request("government_yields", SESSION))[0],
        )
    assert len(caught.value.reply.frame) == 1


def index_reply(**cells: object) -> Reply:
    row = {"date": "2024-10-31", "open": 1.0, "close": 1.0, "high": 1.0, "low": 1.0}
    frame = pd.DataFrame([row | {"volume": 1.0, "amount": 1.0} | cells])
    return Reply("eastmoney", "index_bars", "f", {}, frame, None, "1.0.0", "host", 1)


def test_number_column_that_turned_into_words_is_rejected(index_fetch: Fetch) -> None:
    assert check_contract(index_fetch, index_reply()).warnings == ()
    with pytest.raises(RejectedReplyError, match="column close is text, expected number"):
        check_contract(index_fetch, index_reply(close="-"))


def test_text_that_cannot_be_read_as_a_date_is_rejected(index_fetch: Fetch) -> None:
    with pytest.raises(RejectedReplyError, match="1 of 1 cells of date cannot be read"):
        check_contract(index_fetch, index_reply(date="昨天"))


def test_column_that_mixes_numbers_and_words_lands_as_text() -> None:
    table = to_arrow(pd.DataFrame({"昨收": [1.5, "-", None]}), ())
    assert table["昨收"].to_pylist() == ["1.5", "-", None]


def test_declared_column_without_values_lands_with_its_declared_type() -> None:
    frame = pd.DataFrame({"开盘": [None, None], "日期": [None, None], "名称": [None, None]})
    columns = (*number("开盘"), *day("日期"), *text("名称"))
    kinds = {field.name: str(field.type) for field in to_arrow(frame, columns).schema}
    assert kinds["开盘"] == "double"
    assert kinds["日期"].startswith("timestamp")
    assert kinds["名称"].endswith("string")


# --- pacing, tries and the breaker, on an injected clock


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

    def refuse() -> None:
        asked.append(1)
        raise ConnectionResetError("reset by peer")

    with traffic.watching() as ledger, pytest.raises(WireError, match="3 tries"):
        traffic._with_tries("example.invalid", refuse, ledger, False, None)
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
    with pytest.raises(SourceUnavailableError, match="left alone"):
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
