"""A back-fill from the UI loses nothing to a kill or a cancel: it is launched again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import RunCli
from tests.integration.ui_backfill import days_before_the_last, hashes, interrupted_and_resumed
from yanbao.base.errors import EXIT_PUBLISHED_STALE

pytestmark = [pytest.mark.slow]


def test_back_fill_that_was_killed_and_canceled_and_launched_again_equals_runs_of_each_day(
    sample_home: Path,
    sample_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    run_cli: RunCli,
    tmp_path: Path,
) -> None:
    first, second, third = days = days_before_the_last(sample_home, 3)
    parts = interrupted_and_resumed(sample_home, days)
    assert first in parts["first"], "it was done before the kill"
    assert parts["killed"] == [second]
    assert parts["last"][0] == second
    assert first not in parts["last"], "what is done is not done again"
    never_interrupted = copy_home(sample_home_template, tmp_path / "never_interrupted")
    for day in days:
        done = run_cli("run", "-q", "--as-of", day, home=never_interrupted)
        assert done.code in (0, EXIT_PUBLISHED_STALE), done.err
    found, wanted = hashes(sample_home), hashes(never_interrupted)
    assert {day: found[day] for day in days} == {day: wanted[day] for day in days}
    assert third in found
