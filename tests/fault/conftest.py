"""A good live night, made once per session, for every test of a faulty upstream."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import MadeOnce
from yanbao.sources.akshare_library import Library
from yanbao.sources.traffic import Pace

from .live_nights import LiveNights, live_nights

GOOD_DAY = date(2024, 10, 29)


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
