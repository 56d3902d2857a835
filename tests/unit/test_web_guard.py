"""The guard before Dagster's web server: whose requests pass, and how they are passed on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

import pytest
from yanbao_dagster.web_guard import (
    LOOPBACK,
    Guard,
    hidden_address,
    names_of,
    read_head,
    refusal,
)

OURS = "127.0.0.1:3000"
OF_OUR_PAGE = {"Origin": f"http://{OURS}", "Sec-Fetch-Site": "same-origin"}
ANOTHER = "the request comes from a page of another site"


def asked(first: str, host: str = OURS, **headers: str) -> str | None:
    lines = [
        first,
        f"Host: {host}",
        *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
    ]
    return refusal(read_head("\r\n".join([*lines, "", ""]).encode()), names_of(3000))


@pytest.mark.parametrize(
    ("first", "headers"),
    [
        ("GET / HTTP/1.1", {}),
        ("GET /runs?q=1 HTTP/1.1", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}),
        (
            "GET /runs/1 HTTP/1.1",
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        ),
        ("POST /graphql HTTP/1.1", OF_OUR_PAGE),
        ("POST /graphql HTTP/1.1", {}),
        ("GET /graphql HTTP/1.1", {"Connection": "Upgrade", **OF_OUR_PAGE}),
    ],
    ids=["page", "typed", "link from a chat", "query", "script", "live log"],
)
def test_requests_of_a_person_of_our_pages_and_of_scripts_pass(
    first: str, headers: dict[str, str]
) -> None:
    assert asked(first, **headers) is None


@pytest.mark.parametrize(
    ("first", "headers", "why"),
    [
        ("POST /graphql HTTP/1.1", {"Origin": "https://evil.example"}, ANOTHER),
        ("POST /graphql HTTP/1.1", {"Origin": "null"}, ANOTHER),
        ("POST /graphql?query=x HTTP/1.1", {"Sec-Fetch-Site": "same-site"}, ANOTHER),
        ("GET /graphql HTTP/1.1", {"Connection": "Upgrade", "Origin": "https://a.b"}, ANOTHER),
        ("GET /logs/1 HTTP/1.1", {"Sec-Fetch-Site": "cross-site"}, ANOTHER),
        ("GET /graphql?query=mutation HTTP/1.1", {}, "GraphQL is asked by POST"),
        ("nonsense", {}, "this is no HTTP request"),
    ],
    ids=["form", "sandbox", "another port", "socket", "script tag", "picture", "nonsense"],
)
def test_requests_of_pages_of_other_sites_are_refused(
    first: str, headers: dict[str, str], why: str
) -> None:
    assert asked(first, **headers) == why


def test_name_that_turns_to_loopback_is_refused_and_one_of_a_proxy_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "is not known by that name" in str(
        asked("POST /graphql HTTP/1.1", "evil.example:3000")
    )
    assert asked("GET / HTTP/1.1", "ui.example") is not None
    monkeypatch.setenv("YANBAO_UI_NAMES", "ui.example:443")
    assert asked("GET / HTTP/1.1", "ui.example") is None
    assert asked("POST /graphql HTTP/1.1", "ui.example", Origin="https://ui.example") is None


def through(
    guarded: Callable[[int], Awaitable[bytes]], read: list[bytes], *, is_live: bool = False
) -> bytes:
    """What a client gets through a guard; ``read`` takes what the server behind it has read."""

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        read.append(head + await reader.readexactly(4))
        if is_live:
            read.append(await reader.read())
        writer.write(b"HTTP/1.1 200 OK\r\n\r\ndone")
        await writer.drain()
        writer.close()

    async def run() -> bytes:
        behind = hidden_address()
        names: list[str] = []
        guard = Guard(names, behind)
        async with (
            await asyncio.start_server(server, *behind),
            await asyncio.start_server(guard.meet, LOOPBACK, 0) as listening,
        ):
            port = listening.sockets[0].getsockname()[1]
            guard.names = names_of(port)
            return await asyncio.wait_for(guarded(port), 30)

    return asyncio.run(run())


async def answer(port: int, *lines: str) -> bytes:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write("\r\n".join(lines).encode())
    found = await reader.read()
    writer.close()
    return found


def test_body_follows_its_head_and_the_server_closes_after_its_reply() -> None:
    head = ("POST /graphql HTTP/1.1", "Connection: keep-alive", "Content-Length: 4")
    read: list[bytes] = []
    reply = through(
        lambda port: answer(port, *head, f"Host: localhost:{port}", "", "body"), read
    )
    assert reply.endswith(b"done")
    (whole,) = read
    assert whole.endswith(b"\r\n\r\nbody")
    assert b"keep-alive" not in whole
    assert b"\r\nConnection: close\r\n" in whole


def test_server_is_told_that_a_client_of_a_live_log_has_gone() -> None:
    async def leave(port: int) -> bytes:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
        lines = ("GET /graphql HTTP/1.1", f"Host: {LOOPBACK}:{port}", "Connection: Upgrade")
        writer.write("\r\n".join([*lines, "", "open"]).encode())
        await writer.drain()
        writer.close()
        while len(read) < 2:
            await asyncio.sleep(0.01)
        return b""

    read: list[bytes] = []
    through(leave, read, is_live=True)
    assert read[1] == b"", "the end of the connection"


def test_refused_request_never_reaches_the_server() -> None:
    read: list[bytes] = []
    reply = through(lambda port: answer(port, "GET / HTTP/1.1", "Host: evil", "", ""), read)
    assert reply.startswith(b"HTTP/1.1 403 Forbidden")
    assert f"ask for {LOOPBACK}:".encode() in reply
    assert read == []


@pytest.mark.skipif(sys.platform != "linux", reason="one loopback address elsewhere")
def test_server_itself_listens_where_no_page_can_guess() -> None:
    hosts = {hidden_address()[0] for _ in range(5)}
    assert len(hosts) == 5
    assert {host.split(".")[0] for host in hosts} == {"127"}
