"""One night, or its last step alone, in a process that a fault point may kill.

Usage: ``python night_in_a_process.py HOME build|publish``. The steps and their order are
those of the asset graph, without the price of loading it; ``build`` leaves the evidence
that ``publish`` asks for, as the graph's steps do.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from orchestration.datasets import BY_NAME
from orchestration.evidence import read_built, read_checks, write_built, write_checks
from orchestration.gating import gate_pending
from orchestration.landing import land_sample
from orchestration.night import Night
from orchestration.settings import SAMPLE_AS_OF, Settings
from orchestration.warehouse.lock import writer_lock
from orchestration.warehouse.store import Parameters

RUN_ID = "fault-test"


def build(night: Night) -> None:
    """Everything up to the release gate; raw loads that are there already are repeats."""
    work = night.settings.work
    land_sample(night.settings, BY_NAME)
    is_rebuild = night.prepare_models()
    night.bring_core_up_to_gate()
    judged = gate_pending(night.zone, night.store, night.say)
    write_checks(work, RUN_ID, "raw", [record for one in judged for record in one.results])
    parameters = Parameters(date.fromisoformat(SAMPLE_AS_OF))
    built = night.transform(parameters, is_rebuild=is_rebuild)
    write_built(work, RUN_ID, built)
    write_checks(work, RUN_ID, "release", night.release_checks(built))


def publish(night: Night) -> None:
    work = night.settings.work
    checks = [*read_checks(work, RUN_ID, "raw"), *read_checks(work, RUN_ID, "release")]
    built = read_built(work, RUN_ID)
    night.publish(built, checks, night.stale(built.parameters.as_of), RUN_ID)


def main(home: str, step: str) -> None:
    night = Night(Settings(Path(home)), "sample")
    night.settings.claim_mode("sample")
    with writer_lock(night.settings.work, "a fault test"):
        night.recover()
        {"build": build, "publish": publish}[step](night)


if __name__ == "__main__":
    main(*sys.argv[1:])
