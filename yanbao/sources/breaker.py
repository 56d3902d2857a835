"""A circuit breaker per host, so that no call goes to a banned or broken host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yanbao.base import clock
from yanbao.base.errors import SourceUnavailableError
from yanbao.sources.traffic import host_family

AFTER_FAILURES = 3
COOL_DOWN = timedelta(minutes=30)
BAN_COOL_DOWN = timedelta(hours=6)  # bans are reported to last hours to days


class CircuitOpenError(SourceUnavailableError):
    """The host failed before; no call was made, and none will be until its breaker closes."""


@dataclass
class Breaker:
    """Counts failed calls in a row per host; opens after three, or at once on a ban."""

    now: Callable[[], datetime] = clock.now
    _failures: dict[str, int] = field(default_factory=dict)
    _open_until: dict[str, datetime] = field(default_factory=dict)

    def open_until(self, host: str) -> datetime | None:
        """When the host may be asked again, or None where it may be asked now."""
        until = self._open_until.get(host_family(host))
        return until if until and until > self.now() else None

    def note_success(self, host: str) -> None:
        self._failures.pop(host_family(host), None)
        self._open_until.pop(host_family(host), None)

    def note_failure(self, host: str, *, banned: bool = False) -> None:
        """Count a failed call; after a pause one more failure opens the breaker again."""
        family = host_family(host)
        self._failures[family] = self._failures.get(family, 0) + 1
        if banned:
            self._open_until[family] = self.now() + BAN_COOL_DOWN
        elif self._failures[family] >= AFTER_FAILURES:
            self._open_until[family] = self.now() + COOL_DOWN
