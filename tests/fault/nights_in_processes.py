"""Nights, or their last step alone, each in a process of its own that a fault point may kill.

Usage: ``python nights_in_processes.py``. A line of standard input is a request, as JSON: the
state folder, ``build``, ``publish`` or ``exchange`` (with the object store alone), and a fault
point or null. Every line of output is the
exit code, -9 for a kill. Libraries are imported once; a request is a fork, which knows nothing
of the ones before it. The steps and their order are those of the asset graph, without the price
of loading it; ``build`` leaves the evidence that ``publish`` asks for, as the graph's steps do.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from datetime import date
from pathlib import Path

import dbt.adapters.duckdb
import dbt.cli.main  # noqa: F401
import pyarrow.parquet  # noqa: F401
import yanbao_gx.run  # noqa: F401

from yanbao.base.lock import writer_lock
from yanbao.base.settings import SAMPLE_AS_OF, Settings
from yanbao.catalog import BY_NAME
from yanbao.intake.landing import land_sample
from yanbao.nightly.evidence import read_built, read_gate, write_gate, write_raw_gate
from yanbao.nightly.release import publish_release
from yanbao.nightly.release_gate import release_checks
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.gating import gate_pending
from yanbao.warehouse.store import Parameters

RUN_ID = "fault-test"
PARAMETERS = Parameters(date.fromisoformat(SAMPLE_AS_OF))


def build(night: NightlySteps) -> None:
    """Everything up to the release gate; raw loads that are there already are repeats."""
    work = night.settings.work
    land_sample(night.settings, BY_NAME)
    is_rebuild = night.prepare_models()
    night.seed_history_for_raw_gate()
    judged = gate_pending(night.zone, night.store, night.progress)
    write_raw_gate(work, [check for one in judged for check in one.results])
    built = night.transform(PARAMETERS, is_rebuild=is_rebuild)
    write_gate(work, built, release_checks(night, built))


def publish(night: NightlySteps) -> None:
    work = night.settings.work
    built = read_built(work, PARAMETERS)
    publish_release(
        night, built, read_gate(work, built), night.stale(built.parameters.as_of), RUN_ID
    )


def run(home: str, step: str) -> None:
    night = NightlySteps(Settings(Path(home)), "sample")
    night.settings.claim_mode("sample")
    with writer_lock(night.settings.work, "a fault test"):
        night.recover()
        night.take_over()
        {"build": build, "publish": publish, "exchange": lambda _: None}[step](night)
        night.hand_over()


def in_a_fork(home: str, step: str, fault: str | None) -> int:
    """The exit code of a step in a process of its own; its traceback goes to standard error."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if fault:
                os.environ["YANBAO_FAULT"] = fault
            run(home, step)
            code = 0
        except BaseException:  # noqa: BLE001 - the fork must end here, whatever happened
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(f"{in_a_fork(*json.loads(line))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
