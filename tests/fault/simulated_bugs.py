"""Bugs that a simulation must find: each is planted in the process of a night, by a patch.

No code of the product knows of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plant = Callable[[Any], None]  # is given dbt's manifest


def fsync_skipped(manifest: Any) -> None:
    """The frame of a load is renamed into place without its bytes being synced."""
    from yanbao.raw import zone

    del manifest
    zone.fsync_file = lambda path: None


def retry_loads_twice(manifest: Any) -> None:
    """A retry knows neither what was answered before nor that an answer came before."""
    from yanbao.raw.zone import RawZone
    from yanbao.sources import gather

    del manifest
    gather.answered_before = lambda request, calls: frozenset()
    RawZone._same_content = lambda self, load: None  # type: ignore[method-assign]


def wrong_base_day(manifest: Any) -> None:
    """The base of a window may be its own first day: of a week the close of Monday."""
    macro = manifest.macros["macro.yanbao.in_base_of"]
    assert macro.macro_sql.count("trade_date < ") == 1
    macro.macro_sql = macro.macro_sql.replace("trade_date < ", "trade_date <= ")


def gate_ignored(manifest: Any) -> None:
    """Whatever the raw gate finds of a load, it passes."""
    from yanbao.quality import load_gate

    del manifest
    load_gate._verdict = lambda stored, result: "pass"


def clock_read_twice(manifest: Any) -> None:
    """The day of a night is asked for again when its tables are built."""
    from tests.fault.simulated_night import handler
    from yanbao.cli import run
    from yanbao.intake.days_held import last_closed_session

    del manifest
    run.handle = handler(published_day=last_closed_session)


PLANTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        fsync_skipped,
        retry_loads_twice,
        wrong_base_day,
        gate_ignored,
        clock_read_twice,
    )
}
