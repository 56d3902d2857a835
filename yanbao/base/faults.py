"""Fault points for the kill tests: no-ops unless ``YANBAO_FAULT=<point>:<n>`` is set.

At the nth pass of the named point the process kills itself with SIGKILL, as a power cut
or an out-of-memory killer would.
"""

from __future__ import annotations

import os
import signal

_passes: dict[str, int] = {}


def fault_point(name: str) -> None:
    """Die here when the environment asks for it."""
    wanted = os.environ.get("YANBAO_FAULT")
    if not wanted:
        return
    point, _, number = wanted.partition(":")
    if point != name:
        return
    _passes[name] = _passes.get(name, 0) + 1
    if _passes[name] >= int(number or 1):
        os.kill(os.getpid(), signal.SIGKILL)
