"""What happens on the wire while akshare works: pacing, time limits, tries, and counts.

akshare calls ``requests`` in about a thousand places, mostly without a timeout and
without looking at the status. This layer wraps the three HTTP clients that it uses
(requests, curl_cffi, urllib), so that every request of every function

- waits for its host's turn,
- has a connect and a read limit,
- is tried at most three times on network faults, with growing and jittered pauses,
- is refused when the answer is an error status or a web page in place of data,
- is counted, with the total that the upstream announced.

It cannot end a reply that drips for ever; the worker's deadline does (``worker``).
"""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests

RETRYABLE_STATUSES = {429, 500, 502, 503, 504}  # may be gone after a pause
EXCERPT = 80
KEPT_BODY = 4096
# requests, curl_cffi, urllib and ssl all derive their network errors from OSError.
NETWORK_FAULTS: tuple[type[Exception], ...] = (OSError, http.client.HTTPException)
BANNED_STATUSES = {403, 418, 429, 456}


class WireError(Exception):
    """An exchange that gave no data, after all its tries.

    Deliberately not a ``requests`` error: akshare's own retry loops catch those and would
    multiply our three tries by theirs.
    """

    def __init__(self, host: str, why: str, *, banned: bool = False) -> None:
        self.host, self.why, self.banned = host, why, banned
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
    """Why one try gave no data; ``passing`` ones are worth another try."""

    why: str
    retryable: bool = True
    banned: bool = False


@dataclass
class Ledger:
    """What one call did on the wire."""

    requests: int = 0
    by_host: Counter[str] = field(default_factory=Counter)
    announced: int | None = None
    last_body: bytes = b""
    last_host: str = ""


def host_family(url_or_host: str) -> str:
    """The host to pace and to break: numbered subdomains lead to the same machines."""
    host = urlsplit(url_or_host).hostname or url_or_host
    return re.sub(r"^\d+\.(?=.*[a-z]$)", "", host)


class Traffic:
    """The wrapped HTTP clients of one process. ``sleep`` and ``monotonic`` are injected."""

    def __init__(
        self,
        pace: Pace,
        *,
        sleep: Callable[[float], object] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        random: Random | None = None,
        route_to: str | None = None,
    ) -> None:
        self.pace = pace
        self.route_to = route_to
        self._sleep = sleep or _sleep
        self._monotonic = monotonic
        self._random = random or Random()  # noqa: S311 - jitter, not a secret
        self._last_end: dict[str, float] = {}

    @contextmanager
    def watching(
        self,
        *,
        announces: str | None = None,
        reads_html: bool = False,
        on_request: Callable[[int, str], None] | None = None,
    ) -> Iterator[Ledger]:
        """Wrap the HTTP clients for the duration of one call and keep its ledger."""
        ledger = Ledger()
        pattern = re.compile(announces.encode()) if announces else None

        def exchange(url: str, send: Callable[[], Any]) -> Any:
            host = urlsplit(url).hostname or url
            reply = self._with_tries(host, send, ledger, reads_html, on_request)
            _note_announced(ledger, pattern)
            return reply

        with _wrapped_clients(self, exchange):
            yield ledger

    def limits(self) -> tuple[float, float]:
        return (self.pace.connect_seconds, self.pace.read_seconds)

    def routed(self, url: str) -> str:
        """The same request at the local stand-in, if set; its path names the host."""
        if self.route_to is None:
            return url
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.route_to}/{parts.hostname}{parts.path}{query}"

    def _with_tries(
        self,
        host: str,
        send: Callable[[], Any],
        ledger: Ledger,
        reads_html: bool,
        on_request: Callable[[int, str], None] | None,
    ) -> Any:
        attempt, problem = 0, Problem("not asked")
        for attempt in range(1, self.pace.tries + 1):
            self._wait_turn(host)
            ledger.requests += 1
            ledger.by_host[host] += 1
            ledger.last_host = host
            if on_request:
                on_request(ledger.requests, host)
            try:
                reply = send()
            except NETWORK_FAULTS as fault:
                problem = _fault(fault)
            else:
                found = _judge(reply, ledger, reads_html)
                if found is None:
                    return reply
                problem = found
            finally:
                self._last_end[host_family(host)] = self._monotonic()
            if not problem.retryable:
                break
            if attempt < self.pace.tries:
                self._back_off(attempt)
        tries = "1 try" if attempt == 1 else f"{attempt} tries"
        raise WireError(host, f"{problem.why}, {tries}", banned=problem.banned)

    def _wait_turn(self, host: str) -> None:
        last = self._last_end.get(host_family(host))
        if last is None:
            return
        pause = self.pace.seconds + self._random.uniform(0, self.pace.jitter)
        left = last + pause - self._monotonic()
        if left > 0:
            self._sleep(left)

    def _back_off(self, attempt: int) -> None:
        base = self.pace.backoff_seconds * 2 ** (attempt - 1)
        self._sleep(base + self._random.uniform(0, base))


def _sleep(seconds: float) -> None:
    """Looked up at each call, so that a test which replaces ``time.sleep`` takes effect."""
    time.sleep(seconds)


def _judge(reply: Any, ledger: Ledger, reads_html: bool) -> Problem | None:
    """Why a reply is not data, if it is not."""
    status = getattr(reply, "status_code", None) or getattr(reply, "status", None) or 200
    body = getattr(reply, "content", b"")
    if isinstance(body, bytes):  # urllib hands out a stream instead
        is_short = len(body) <= 2 * KEPT_BODY
        ledger.last_body = body if is_short else body[:KEPT_BODY] + body[-KEPT_BODY:]
    if status >= 400:
        return _refused(status)
    if ledger.last_body.lstrip()[:1] == b"<" and not reads_html:
        return Problem(f"not data: {excerpt(ledger.last_body)}", retryable=False)
    return None


def _refused(status: int) -> Problem:
    return Problem(
        f"status {status}",
        retryable=status in RETRYABLE_STATUSES,
        banned=status in BANNED_STATUSES,
    )


def _fault(fault: Exception) -> Problem:
    if isinstance(fault, urllib.error.HTTPError):
        return _refused(fault.code)
    return Problem(_describe(fault))


def _note_announced(ledger: Ledger, pattern: re.Pattern[bytes] | None) -> None:
    """The last announcement counts: a call may read a list before the data themselves."""
    found = pattern.search(ledger.last_body) if pattern else None
    if found:
        ledger.announced = int(found.group(1))


def excerpt(body: bytes) -> str:
    """The first 80 characters of a body on one line."""
    words = " ".join(body[: EXCERPT * 4].decode("utf-8", errors="replace").split())
    return words[:EXCERPT]


def _describe(fault: Exception) -> str:
    if isinstance(fault, requests.ReadTimeout | TimeoutError):
        return "read timed out"
    if isinstance(fault, requests.ConnectTimeout):
        return "connect timed out"
    cause = fault.args[0] if fault.args else fault
    reason = getattr(cause, "reason", cause)
    return f"{type(fault).__name__}: {str(reason)[:EXCERPT]}"


Exchange = Callable[[str, Callable[[], Any]], Any]


@contextmanager
def _wrapped_clients(traffic: Traffic, exchange: Exchange) -> Iterator[None]:
    """Replace the entry points of the three clients, and put them back."""
    import curl_cffi.requests as curl  # noqa: PLC0415 - only workers need it

    session_send = requests.Session.send
    curl_request = curl.Session.request
    open_url = urllib.request.urlopen

    def send(session: Any, request: Any, **options: Any) -> Any:
        url = str(request.url)
        request.url = traffic.routed(url)
        if options.get("timeout") is None:
            options["timeout"] = traffic.limits()
        return exchange(url, lambda: session_send(session, request, **options))

    def curl_send(session: Any, method: Any, url: str, *args: Any, **options: Any) -> Any:
        options.setdefault("timeout", traffic.pace.read_seconds)
        place = traffic.routed(url)
        return exchange(url, lambda: curl_request(session, method, place, *args, **options))

    def open_one(request: Any, *args: Any, **options: Any) -> Any:
        url = request if isinstance(request, str) else request.full_url
        if not args:
            options.setdefault("timeout", traffic.pace.read_seconds)
        if isinstance(request, str):
            place: Any = traffic.routed(url)
        else:
            request.full_url = traffic.routed(url)
            place = request
        return exchange(url, lambda: open_url(place, *args, **options))

    wrapped = (
        (requests.Session, "send", session_send, send),
        (curl.Session, "request", curl_request, curl_send),
        (urllib.request, "urlopen", open_url, open_one),
    )
    for owner, name, _, replacement in wrapped:
        setattr(owner, name, replacement)
    try:
        yield
    finally:
        for owner, name, original, _ in wrapped:
            setattr(owner, name, original)
