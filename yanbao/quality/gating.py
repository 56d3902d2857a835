"""The raw gate over every load that has not been judged yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from yanbao.base.check_result import GateResult
from yanbao.raw.zone import RawZone
from yanbao.warehouse.store import WorkStore


def gate_pending(
    zone: RawZone, store: WorkStore, progress: Callable[[str], None]
) -> list[GateResult]:
    """Judge every ungated load through its staging view; verdicts go beside the raw zone."""
    waiting = [s for s in zone.loads(known=store.built_loads()) if s.status == "ungated"]
    if not waiting:
        return []
    from yanbao.quality.load_gate import LoadGate  # noqa: PLC0415 - Great Expectations

    judged: list[GateResult] = []
    behind = Counter(stored.load.dataset for stored in waiting)
    with store.connect() as connection:
        gate = LoadGate(zone, connection)
        for number, stored in enumerate(waiting, start=1):
            progress(f"raw gate {number}/{len(waiting)}: {stored.load.dataset}")
            behind[stored.load.dataset] -= 1
            judged.append(gate.judge(stored, is_followed=behind[stored.load.dataset] > 0))
    return judged
