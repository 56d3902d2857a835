"""Work in a process of its own, which may be killed: a fork of this one, with all imports."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (-9 for a kill), what it printed and gave back."""

    code: int
    out: str
    err: str
    result: Any = None


def in_process(work: Callable[[], Any]) -> Ended:
    """Run work in a fork; what it returns comes back where it ends by itself.

    Its exit code is what it returns where that is a number, 1 behind a traceback.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with TemporaryDirectory() as folder:
        out, err, result = (Path(folder, name) for name in ("out", "err", "result"))
        child = os.fork()
        if child == 0:
            _end(work, out, err, result)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        given = pickle.loads(result.read_bytes()) if result.exists() else None  # noqa: S301
        return Ended(code, out.read_text("utf-8"), err.read_text("utf-8"), given)


def _end(work: Callable[[], Any], out: Path, err: Path, result: Path) -> None:
    code = 1
    try:
        for path, stream in ((out, 1), (err, 2)):
            os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND), stream)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        given = work()
        if isinstance(given, int):
            code = given
        else:
            code = 0
            result.write_bytes(pickle.dumps(given))
    except BaseException:  # noqa: BLE001 - the fork must end here, whatever happened
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
