"""A guard before Dagster's web server: only its own pages may ask it for anything.

The server asks for no password and takes GraphQL of any origin, also by GET: a page of any
site that a person has open could launch or delete runs at the server on loopback, by a form,
a picture, or a host name of its own that turns to 127.0.0.1. The guard listens at the known
address, looks at the head of each request, and passes what is allowed on to the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
NAMES = "YANBAO_UI_NAMES"  # host names of a proxy in front, with their ports: ui.example:443
LONGEST_HEAD = 1 << 16
ANYWHERE = ("none", "same-origin")  # of Sec-Fetch-Site: typed, or asked for by our own page


@dataclass(frozen=True)
class Asked:
    """The head of a request: its first line and its headers."""

    method: str
    target: str
    headers: Message

    @property
    def is_upgrade(self) -> bool:
        return "upgrade" in self.headers.get("Connection", "").lower()


def read_head(head: bytes) -> Asked | None:
    """None where it is no request of HTTP/1."""
    first, _, rest = head.partition(b"\r\n")
    words = first.decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    return Asked(words[0], words[1], BytesParser().parsebytes(rest, headersonly=True))


def refusal(asked: Asked | None, names: Sequence[str]) -> str | None:
    """Why a request is not passed on; None where it may pass."""
    if asked is None:
        return "this is no HTTP request"
    hosts = asked.headers.get_all("Host", [])
    if len(hosts) != 1 or hosts[0].lower() not in names:
        return f"the server is not known by that name; ask for {names[0]}, or set {NAMES}"
    origin = asked.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() not in names:
        return "the request comes from a page of another site"
    is_query = urlsplit(asked.target).path.rstrip("/").endswith("/graphql")
    if is_query and asked.method == "GET" and not asked.is_upgrade and "?" in asked.target:
        return "GraphQL is asked by POST"
    is_link = asked.method == "GET" and not is_query
    is_link &= asked.headers.get("Sec-Fetch-Mode") == "navigate"
    if asked.headers.get("Sec-Fetch-Site", "none") not in ANYWHERE and not is_link:
        return "the request comes from a page of another site"
    return None


class Guard:
    """Listens at one address and passes allowed requests on to another."""

    def __init__(self, names: Sequence[str], behind: tuple[str, int]) -> None:
        self.names = [name.lower() for name in names]
        self.behind = behind

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for one request: the next one brings its own head to look at."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.LimitOverrunError:
                head = b""
            asked = read_head(head)
            why = refusal(asked, self.names)
            if why is None and asked is not None:
                await self._pass_on(_for_one(head, asked), reader, writer)
            else:
                await _answer(writer, "403 Forbidden", f"yanbao: {why}\n")
        writer.close()

    async def _pass_on(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            replies, server = await asyncio.open_connection(*self.behind)
        except OSError:
            await _answer(writer, "503 Service Unavailable", "the web server is starting\n")
            return
        server.write(head)
        both = [
            asyncio.create_task(_copy(*ends)) for ends in ((reader, server), (replies, writer))
        ]
        # Where one side has gone, the other is told: a live log would be held for ever.
        _, other = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for copying in other:
            copying.cancel()
        server.close()


def _for_one(head: bytes, asked: Asked) -> bytes:
    """The head, asking the server to close the connection after its reply."""
    if asked.is_upgrade:
        return head
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while block := await source.read(LONGEST_HEAD):
            target.write(block)
            await target.drain()


async def _answer(writer: asyncio.StreamWriter, status: str, text: str) -> None:
    body = text.encode()
    writer.write(
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )
    await writer.drain()


def hidden_address() -> tuple[str, int]:
    """Where the server itself listens: an address that no page can guess.

    Linux answers at all of 127.0.0.0/8; elsewhere the port alone is by chance.
    """
    parts = (secrets.randbelow(254) + 1 for _ in range(3))
    host = ".".join(map(str, (127, *parts))) if sys.platform == "linux" else LOOPBACK
    with socket.socket() as probe:
        probe.bind((host, 0))
        return host, probe.getsockname()[1]


def names_of(port: int) -> list[str]:
    """How the server may be called: on this machine, and as the setting says."""
    known = [f"{host}:{port}" for host in (LOOPBACK, "localhost", "[::1]")]
    extra = os.environ.get(NAMES, "").replace(",", " ").split()
    return [*known, *extra, *(name.removesuffix(":443").removesuffix(":80") for name in extra)]


async def serve(
    words: Sequence[str], environment: Mapping[str, str], host: str, port: int
) -> int:
    """Run a server command behind the guard until it ends; returns its exit code.

    ``words`` is a command of Dagster that takes ``--host`` and ``--port``.
    """
    behind = hidden_address()
    guard = Guard(names_of(port), behind)
    listening = await asyncio.start_server(guard.meet, host, port, limit=LONGEST_HEAD)
    server = await asyncio.create_subprocess_exec(
        *words, "--host", behind[0], "--port", str(behind[1]), env=environment
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, server.send_signal, number)
    async with listening:
        return await server.wait()
