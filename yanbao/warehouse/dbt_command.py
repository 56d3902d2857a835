"""One dbt command in this process, through dbt's programmatic interface."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from yanbao.base.errors import GateBlockedError
from yanbao.base.settings import PROJECT_ROOT


class TransformError(GateBlockedError):
    """A model could not be built, which blocks the release as a failed check does."""


LOGGED = ("info", "warn", "error")
SILENT_SECONDS = 2.0  # between two lines about the nodes of one command


def run_dbt(
    *words: str,
    target: Path,
    store: str,
    threads: int = 1,
    profile_target: str = "nightly",
    manifest: Any = None,
    log: Callable[[str], object] = lambda _: None,
    progress: Callable[[str], object] = lambda _: None,
) -> Any:
    """What dbt's command results in; raises TransformError where it could not run at all.

    ``store`` is the database's path, and ``profile_target`` says which engine. With a
    ``manifest`` dbt does not parse the project.
    ``log`` takes each line that dbt would have printed; ``progress`` is told every few seconds
    at which node dbt is.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - costs 2.3 CPU s

    os.environ["YANBAO_WORK_STORE"] = store
    os.environ.setdefault("DO_NOT_TRACK", "1")
    options = (
        "--project-dir",
        str(PROJECT_ROOT),
        "--profiles-dir",
        str(PROJECT_ROOT),
        "--target",
        profile_target,
        "--target-path",
        str(target),
        "--log-path",
        str(target / "logs"),
        "--threads",
        str(threads),
        # Nothing on the console, not even errors: ours are one line, dbt's log has them whole.
        "--log-level",
        "none",
        # Statements stand in compiled/ and run/ beside it: each in the log as well costs an
        # eighth of a night's build.
        "--log-level-file",
        "info",
        "--no-print",
        "--no-use-colors",
    )

    def heard(event: Any) -> None:
        if event.info.level in LOGGED and event.info.msg.strip():
            log(event.info.msg)

    dbt = dbtRunner(manifest=manifest, callbacks=[heard, _telling(progress)])
    # In a thread of its own: dbt reads the source of every frame above it, and Dagster's are
    # many.
    with ThreadPoolExecutor(max_workers=1) as thread:
        done = thread.submit(dbt.invoke, [*words, *options]).result()
    if done.exception is not None:
        raise TransformError(
            f"dbt {words[0]} could not run: {first_lines(str(done.exception))}",
            hint="see work/dbt/logs/dbt.log; after editing models run make lint",
        )
    return done.result


def _telling(progress: Callable[[str], object]) -> Callable[[Any], None]:
    """What dbt calls with each of its events."""
    told_at = time.monotonic()

    def tell(event: Any) -> None:
        nonlocal told_at
        if event.info.name == "LogStartLine" and time.monotonic() - told_at >= SILENT_SECONDS:
            told_at = time.monotonic()
            node = event.data.node_info.node_name
            progress(f"dbt {event.data.index}/{event.data.total}: {node}")

    return tell


def first_lines(text: str) -> str:
    """The first lines of a message of dbt's, as one; of a contract, the columns that differ."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    differing = [line for line in lines if line.startswith("| ")][2:]
    told = [*lines[:2], *differing] if differing else lines[:3]
    return " ".join(" ".join(told).split())[:400] or "no message"
