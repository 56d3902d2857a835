"""The progress of long commands: plain lines on stderr with the seconds since the start."""

from __future__ import annotations

import logging
import sys
import time


def show_progress(quiet: bool) -> None:
    """Our own lines on stderr; what libraries log stays in their own files and stores."""
    started = time.monotonic()

    class Elapsed(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            return f"{time.monotonic() - started:6.1f} s  {record.getMessage()}"

    # A log that cannot be written, on a full disk for example, is no reason for a stack trace.
    logging.raiseExceptions = False
    # With a handler at the root, no library puts one there that writes on the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    logger = logging.getLogger("yanbao.progress")
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Elapsed())
    logger.handlers[:] = [handler]
    logger.propagate = False
