"""A stand-in for every upstream: one HTTP server on loopback, which misbehaves on request.

The worker sends ``https://host/path?query`` to ``http://127.0.0.1:port/host/path?query``;
a handler answers by host and path. Waiting uses events, because tests replace
``time.sleep``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

Manner = Literal["plain", "hang", "drip", "reset"]
DRIP_SECONDS = 0.05


@dataclass(frozen=True)
class Asked:
    """One request as the upstream would see it; ``number`` counts from 1."""

    host: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    number: int


@dataclass(frozen=True)
class Response:
    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    manner: Manner = "plain"


@dataclass
class StandIn:
    """The running server: where it is, and everything that it was asked."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def hosts(self) -> list[str]:
        return [asked.host for asked in self.asked]


@contextmanager
def standing_in(handler: Callable[[Asked], Response]) -> Iterator[StandIn]:
    """Serve until the block ends; hanging replies are released then."""
    stand_in = StandIn()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            parts = urlsplit(self.path)
            host, _, path = parts.path.lstrip("/").partition("/")
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode(errors="replace")))
            with lock:
                number = len(stand_in.asked) + 1
                query = dict(parse_qsl(parts.query))
                asked = Asked(host, f"/{path}", query, form, number)
                stand_in.asked.append(asked)
            _send(self, handler(asked), stand_in.closing)

        do_GET = do_POST = answer  # noqa: N815 - named by the base class

        def log_message(self, *args: object) -> None:
            """The test's own record is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.closing.set()
        server.shutdown()
        server.server_close()


def _send(
    handler: BaseHTTPRequestHandler, response: Response, closing: threading.Event
) -> None:
    if response.manner == "reset":
        handler.connection.close()
        return
    if response.manner == "hang":
        closing.wait()
        return
    handler.send_response(response.status)
    handler.send_header("Content-Type", response.content_type)
    handler.send_header("Content-Length", str(len(response.body)))
    handler.end_headers()
    if response.manner == "plain":
        handler.wfile.write(response.body)
        return
    for place in range(len(response.body)):
        if closing.wait(DRIP_SECONDS):
            return
        handler.wfile.write(response.body[place : place + 1])
        handler.wfile.flush()
