"""The command line in processes that need not import anything: forked from one that has.

A night imports dbt, Dagster and Great Expectations, which costs as much as its work on the
sample. A server process per test worker imports them once.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.limits import HANG_SECONDS

IMPORTED = (
    "dbt.adapters.duckdb",
    "dbt.cli.main",
    "yanbao.cli.run",
    "yanbao.reporting.nightly_pack",
    "yanbao_dagster.definitions",
    "yanbao_gx.batch_suites",
)
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload([*IMPORTED])


def run_warm(
    arguments: Sequence[str], env: Mapping[str, str], cwd: Path
) -> tuple[int, str, str]:
    """Exit code (negative: killed by that signal), output and errors of one ``yanbao``."""
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _server.Process(
            target=_command, args=([*arguments], {**env}, str(cwd), str(out), str(err))
        )
        process.start()
        process.join(HANG_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        assert process.exitcode is not None
        return process.exitcode, out.read_text("utf-8"), err.read_text("utf-8")


def _command(arguments: list[str], env: dict[str, str], cwd: str, out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
    sys.stdout = io.TextIOWrapper(
        io.FileIO(1, "w", closefd=False), "utf-8", line_buffering=True
    )
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), "utf-8", line_buffering=True
    )
    sys.argv = ["yanbao", *arguments]
    from yanbao.cli.main import main

    sys.exit(main())
