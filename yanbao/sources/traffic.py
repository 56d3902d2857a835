"""What happens on the wire while akshare works: pacing, time limits, tries, and counts.

akshare calls ``requests`` in about a thousand places, mostly without a timeout and
without looking at the status; a file or two it lets pandas open through ``urllib``. For the
duration of a call this layer stands before both, so that every request

- waits for its host's turn,
- has a connect and a read limit,
- is tried at most three times on network faults, with growing and jittered pauses,
- is refused when the answer is an error status or a web page in place of data,
- is counted, with the total that the upstream announced.

``urllib`` has a public place for it, the installed opener. ``requests`` has none: akshare makes
its sessions itself, so ``Session.send`` is replaced in the worker's process.

It cannot end a reply that drips for ever; the worker's deadline does (``worker``).
"""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests

RETRYABLE_STATUSES = {429, 500, 502, 503, 504}  # may be gone after a pause
EXCERPT = 80
KEPT_BODY = 4096
# requests, urllib and ssl all derive their network errors from OSError.
NETWORK_FAULTS: tuple[type[Exception], ...] = (OSError, http.client.HTTPException)
BANNED_STATUSES = {403, 418, 429, 456}

Send = Callable[[str], Any]


class WireError(Exception):
    """An exchange that gave no data, after all its tries.

    Deliberately not a ``requests`` error: akshare's own retry loops catch those and would
    multiply our three tries by theirs.
    """

    def __init__(self, host: str, why: str, *, banned: bool = False) -> None:
        self.banned = banned
        super().__init__(f"{host}: {why}")


@dataclass(frozen=True)
class Pace:
    """How politely hosts are asked. Seconds; ``jitter`` is added at random to a pause."""

    seconds: float = 1.0
    jitter: float = 0.5
    tries: int = 3
    backoff_seconds: float = 2.0
    connect_seconds: float = 10.0
    read_seconds: float = 30.0


@dataclass(frozen=True)
class Problem:
    """Why one try gave no data; ``retryable`` ones are worth another try."""

    why: str
    retryable: bool = True
    banned: bool = False


@dataclass
class Ledger:
    """What one call looks for on the wire, and what it did there."""

    announces: re.Pattern[bytes] | None = None
    reads_html: bool = False
    on_request: Callable[[int, str], None] | None = None
    requests: int = 0
    announced: int | None = None
    last_body: bytes = b""
    last_host: str = ""

    def begin(self, host: str) -> None:
        self.requests += 1
        self.last_host = host
        if self.on_request:
            self.on_request(self.requests, host)

    def judge(self, reply: Any) -> Problem | None:
        """Why a reply is not data, if it is not."""
        status = getattr(reply, "status_code", None) or getattr(reply, "status", None) or 200
        body = getattr(reply, "content", b"")
        if isinstance(body, bytes):  # urllib hands out a stream instead
            is_short = len(body) <= 2 * KEPT_BODY
            self.last_body = body if is_short else body[:KEPT_BODY] + body[-KEPT_BODY:]
        if status >= 400:
            return _refused(status)
        if self.last_body.lstrip()[:1] == b"<" and not self.reads_html:
            return Problem(f"not data: {excerpt(self.last_body)}", retryable=False)
        # The last announcement counts: a call may read a list before the data themselves.
        found = self.announces.search(self.last_body) if self.announces else None
        if found:
            self.announced = int(found.group(1))
        return None


def host_family(url_or_host: str) -> str:
    """The host to pace and to break: numbered subdomains lead to the same machines."""
    host = urlsplit(url_or_host).hostname or url_or_host
    return re.sub(r"^\d+\.(?=.*[a-z]$)", "", host)


class Traffic:
    """The way to the wire of one process. ``sleep`` and ``monotonic`` are injected.

    ``route_to`` is the address of a local stand-in that answers in place of all hosts.
    """

    def __init__(
        self,
        pace: Pace,
        *,
        sleep: Callable[[float], object] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        route_to: str | None = None,
    ) -> None:
        self.pace = pace
        self.route_to = route_to
        # Looked up at each call, so that a test which replaces time.sleep takes effect.
        self._sleep = sleep or (lambda seconds: time.sleep(seconds))  # noqa: PLW0108
        self._monotonic = monotonic
        self._random = Random()  # noqa: S311 - jitter, not a secret
        self._last_end: dict[str, float] = {}

    @contextmanager
    def watching(
        self,
        *,
        announces: str | None = None,
        reads_html: bool = False,
        on_request: Callable[[int, str], None] | None = None,
    ) -> Iterator[Ledger]:
        """Stand before the HTTP clients for the duration of one call and keep its ledger."""
        pattern = re.compile(announces.encode()) if announces else None
        ledger = Ledger(pattern, reads_html, on_request)
        session_send = requests.Session.send
        limits = (self.pace.connect_seconds, self.pace.read_seconds)

        def send(session: Any, request: Any, **options: Any) -> Any:
            def send_to(place: str) -> Any:
                request.url = place
                return session_send(session, request, **options)

            options["timeout"] = options.get("timeout") or limits
            return self.exchange(str(request.url), send_to, ledger)

        setattr(requests.Session, "send", send)  # noqa: B010 - see the top of this module
        urllib.request.install_opener(_Opener(self, ledger))
        try:
            yield ledger
        finally:
            setattr(requests.Session, "send", session_send)  # noqa: B010
            urllib.request.install_opener(urllib.request.build_opener())

    def exchange(self, url: str, send: Send, ledger: Ledger) -> Any:
        """One reply that is data, after at most as many tries as the pace allows."""
        host, place = urlsplit(url).hostname or url, self._routed(url)
        attempt, problem = 0, Problem("not asked")
        for attempt in range(1, self.pace.tries + 1):
            self._wait_turn(host)
            ledger.begin(host)
            try:
                reply = send(place)
            except NETWORK_FAULTS as fault:
                problem = _fault(fault)
            else:
                found = ledger.judge(reply)
                if found is None:
                    return reply
                problem = found
            finally:
                self._last_end[host_family(host)] = self._monotonic()
            if not problem.retryable:
                break
            if attempt < self.pace.tries:
                base = self.pace.backoff_seconds * 2 ** (attempt - 1)
                self._sleep(base + self._random.uniform(0, base))
        tries = "1 try" if attempt == 1 else f"{attempt} tries"
        raise WireError(host, f"{problem.why}, {tries}", banned=problem.banned)

    def _routed(self, url: str) -> str:
        """The same request at the local stand-in, if set; its path names the host."""
        if self.route_to is None:
            return url
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.route_to}/{parts.hostname}{parts.path}{query}"

    def _wait_turn(self, host: str) -> None:
        last = self._last_end.get(host_family(host))
        if last is None:
            return
        pause = self.pace.seconds + self._random.uniform(0, self.pace.jitter)
        left = last + pause - self._monotonic()
        if left > 0:
            self._sleep(left)


class _Opener(urllib.request.OpenerDirector):
    """What ``urllib.request.urlopen`` asks while it is installed."""

    def __init__(self, traffic: Traffic, ledger: Ledger) -> None:
        super().__init__()
        self._traffic, self._ledger = traffic, ledger
        self._direct = urllib.request.build_opener()

    def open(self, fullurl: Any, data: Any = None, timeout: Any = None) -> Any:
        del timeout  # urlopen always gives one
        is_text = isinstance(fullurl, str)
        request = urllib.request.Request(fullurl) if is_text else fullurl  # noqa: S310

        def send_to(place: str) -> Any:
            request.full_url = place
            return self._direct.open(request, data, self._traffic.pace.read_seconds)

        return self._traffic.exchange(request.full_url, send_to, self._ledger)


def _refused(status: int) -> Problem:
    return Problem(
        f"status {status}",
        retryable=status in RETRYABLE_STATUSES,
        banned=status in BANNED_STATUSES,
    )


def _fault(fault: Exception) -> Problem:
    if isinstance(fault, urllib.error.HTTPError):
        return _refused(fault.code)
    if isinstance(fault, requests.ReadTimeout | TimeoutError):
        return Problem("read timed out")
    if isinstance(fault, requests.ConnectTimeout):
        return Problem("connect timed out")
    cause = fault.args[0] if fault.args else fault
    reason = getattr(cause, "reason", cause)
    return Problem(f"{type(fault).__name__}: {str(reason)[:EXCERPT]}")


def excerpt(body: bytes) -> str:
    """The first 80 characters of a body on one line."""
    words = " ".join(body[: EXCERPT * 4].decode("utf-8", errors="replace").split())
    return words[:EXCERPT]
