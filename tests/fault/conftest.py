"""A good live night, made once per session, for every test of a faulty upstream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import MadeOnce
from yanbao.base.settings import PROJECT_ROOT
from yanbao.sources.akshare_library import Library
from yanbao.sources.traffic import Pace

from .killed_nights import KILLED, RunNight
from .live_nights import LiveNights, live_nights

GOOD_DAY = date(2024, 10, 29)
NIGHTS = Path(__file__).with_name("nights_in_processes.py")


@pytest.fixture(scope="module")
def night() -> Iterator[RunNight]:
    """Runs a step of the night in a process of its own: ``night(home, step, fault=None)``.

    It gives the exit code, -9 for a kill. What imports the libraries is shared.
    """
    ours = ("YANBAO_", "DAGSTER")
    env = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    with subprocess.Popen(
        [sys.executable, str(NIGHTS)],
        env=env | {"PYTHONPATH": str(PROJECT_ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, told = process.stdin, process.stdout

        def run(home: Path, step: str, fault: str | None = None) -> int:
            asked.write(json.dumps([str(home), step, fault]) + "\n")
            asked.flush()
            code = int(told.readline())
            assert code in (0, KILLED), "its traceback is on standard error"
            return code

        yield run


@pytest.fixture(scope="session")
def library() -> Library:
    os.environ["TQDM_DISABLE"] = "1"  # read once, when akshare is imported
    return Library(Pace(seconds=0, jitter=0, backoff_seconds=0))


@pytest.fixture
def nights(library: Library) -> Iterator[LiveNights]:
    with live_nights(library) as opened:
        yield opened


@pytest.fixture(scope="session")
def live_home_template(library: Library, made_once: MadeOnce) -> Path:
    """A state folder after one good live night. Never change it: copy it."""

    def night(draft: Path) -> None:
        with live_nights(library) as nights:
            nights.evening_of(GOOD_DAY)
            _, stale = nights.whole(draft, GOOD_DAY)
        assert stale == []

    return made_once("live_home", night)


@pytest.fixture
def live_home(
    live_home_template: Path, copy_home: Callable[[Path, Path], Path], tmp_path: Path
) -> Path:
    return copy_home(live_home_template, tmp_path / "live_home")
