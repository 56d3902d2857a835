"""The progress of long commands: plain lines on stderr with the seconds since the start."""

from __future__ import annotations

import logging
import sys
import time


def show_progress(quiet: bool) -> None:
    """Our own lines on stderr; Dagster's own log stays in its run store."""
    started = time.monotonic()

    class Elapsed(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            return f"{time.monotonic() - started:6.1f} s  {record.getMessage()}"

    logger = logging.getLogger("yanbao")
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Elapsed())
    logger.handlers[:] = [handler]
    logger.propagate = False
