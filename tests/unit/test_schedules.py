"""When the nightly schedule asks for a run, and of which partition."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from dagster import RunRequest, build_schedule_context
from yanbao_dagster.days import offered
from yanbao_dagster.home import dagster_instance
from yanbao_dagster.resources import StateFolderResource
from yanbao_dagster.schedules import nightly_schedule

from yanbao.base.clock import SHANGHAI
from yanbao.base.settings import Settings

SAMPLE_IS_OVER = "the sample ends on 2024-10-31: no day comes after it"


@pytest.mark.parametrize(
    ("mode", "day", "asked"),
    [
        ("sample", "2024-10-30", "2024-10-30"),
        ("live", "2024-11-04", "2024-11-04"),
        ("live", "2024-10-26", "2024-10-26"),  # a Saturday of results season
        ("live", "2024-11-02", "2024-11-02 is not a trading day"),
        ("sample", "2024-11-04", SAMPLE_IS_OVER),
    ],
)
def test_tick_asks_for_the_partition_of_its_day_or_says_why_not(
    home: Path, mode: str, day: str, asked: str
) -> None:
    """The folder has no calendar yet: weekdays are taken for sessions."""
    at = datetime.fromisoformat(f"{day}T18:30").replace(tzinfo=SHANGHAI)
    with (
        dagster_instance(Settings(home)) as instance,
        build_schedule_context(instance, scheduled_execution_time=at) as context,
    ):
        answer = nightly_schedule(context, state=StateFolderResource(mode=mode))
        if isinstance(answer, RunRequest):
            assert answer.partition_key == asked
            assert [one.isoformat() for one in offered(instance)] == [day]
        else:
            assert answer.skip_message == asked
            assert offered(instance) == []
