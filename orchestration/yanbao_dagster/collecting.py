"""How often a night's process looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Allocations between two looks. Libraries and dbt's project are millions of objects that live
# as long as the process; at Python's 700 a night spends a tenth of its CPU looking at them.
YOUNG = 50_000
MIDDLE, OLD = 20, 100


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for garbage seldom inside the block; frames of large loads are still let go."""
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
