"""Dagster's jobs beside the night (freshness, clean-up, audit), and alerts of its runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from dagster import (
    DagsterInstance,
    ExecuteInProcessResult,
    GraphDefinition,
    RunStatusSensorDefinition,
    build_run_status_sensor_context,
    op,
)
from yanbao_dagster.alert_sensors import alert_of_failure, alert_of_stale_data
from yanbao_dagster.command_line import COMMAND_LINE, STARTED_BY
from yanbao_dagster.definitions import defs
from yanbao_dagster.failures import error_of, errors_as_data
from yanbao_dagster.freshness import CHECK
from yanbao_dagster.resources import StateFolderResource

from yanbao.base.errors import GateBlockedError
from yanbao.base.settings import Settings
from yanbao.nightly import alerts
from yanbao.nightly.last_run import LastRun, write_last_run
from yanbao.nightly.steps import NightlySteps

Told = list[tuple[str, list[str]]]


@pytest.fixture(scope="module")
def folder(
    sample_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    """The sample night, which these tests read and clean up but do not build on."""
    place = tmp_path_factory.mktemp("upkeep") / "home"
    return Settings(copy_home(sample_home_template, place))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The alerts that would be sent."""
    sent: Told = []

    def send(_: Settings, subject: str, lines: list[str]) -> list[str]:
        sent.append((subject, lines))
        return []

    for module in ("alert_sensors", "freshness"):
        monkeypatch.setattr(f"yanbao_dagster.{module}.send", send)
    return sent


def run(name: str, settings: Settings) -> ExecuteInProcessResult:
    config = {"resources": {"state": {"config": {"home": str(settings.home)}}}}
    return defs.resolve_job_def(name).execute_in_process(config, raise_on_error=False)


def freshness_of(settings: Settings) -> dict[str, tuple[bool, str]]:
    done = run("data_freshness", settings)
    assert done.success
    return {
        one.asset_key.path[-1]: (one.passed, one.description or "")
        for one in done.get_asset_check_evaluations()
        if one.check_name == CHECK
    }


def test_sample_is_fresh_on_its_own_day(folder: Settings, told: Told) -> None:
    found = freshness_of(folder)
    assert {passed for passed, _ in found.values()} == {True}
    assert found["a_share_bars"][1] == "fresh on 2024-10-31"
    assert told == []


def test_live_folder_without_nights_grows_stale_and_is_told_of(
    folder: Settings, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nights that never ran: no run has failed, and still somebody has to know."""
    monkeypatch.setattr(Settings, "recorded_mode", lambda _: "live")
    monkeypatch.setenv("YANBAO_CLOCK", "2024-11-01T18:00:00")
    passed, words = freshness_of(folder)["a_share_bars"]
    assert not passed
    assert words.endswith("data to 2024-10-31 serve: due through 2024-11-01")
    assert told == [], "the allowance is not used up"
    monkeypatch.setenv("YANBAO_CLOCK", "2024-12-02T18:00:00")
    assert not freshness_of(folder)["a_share_bars"][0]
    ((subject, lines),) = told
    assert subject == "data are older than allowed on 2024-12-02"
    assert "a_share_bars: stale, data to 2024-10-31 serve: due through 2024-12-02" in lines


def test_audit_proves_what_a_night_has_built_and_shows_what_it_found_on_each_table(
    folder: Settings,
) -> None:
    sound = run("full_audit", folder)
    assert sound.success
    assert len([one for one in sound.get_asset_check_evaluations() if one.passed]) > 30
    with NightlySteps(folder, "sample").store.connect() as connection:
        connection.execute("insert into core.index_bars from core.index_bars limit 1")
    found = run("full_audit", folder)
    (failed,) = [one for one in found.get_asset_check_evaluations() if not one.passed]
    assert failed.asset_key.path == ["core", "index_bars"]
    (ended,) = [event for event in found.all_events if event.is_step_failure]
    assert "1 of " in error_of(ended).line()
    assert failed.check_name in error_of(ended).line()


def test_clean_up_removes_old_builds_and_releases_whose_packs_are_gone(
    folder: Settings,
) -> None:
    build = folder.work / "builds" / "old"
    build.mkdir(parents=True)
    os.utime(build, (0, 0))
    pins = (folder.releases / "pins.json").read_text(encoding="utf-8")
    assert "cited by reports/r000001" in pins, "the night pins what its pack cites"
    assert run("clean_up", folder).success
    assert not build.exists()
    assert (folder.releases / "pins.json").read_text(encoding="utf-8") == pins
    (folder.reports / "r000001").rename(folder.reports / "moved")
    assert run("clean_up", folder).success
    assert (folder.releases / "pins.json").read_text(encoding="utf-8").strip() == "{}"
    assert (folder.releases / "r000001").exists(), "the current release is never removed"


def evaluate(
    sensor: RunStatusSensorDefinition,
    name: str,
    error: Exception | None,
    home: Path,
    **tags: str,
) -> None:
    """What the daemon does after a run of a job of one step, which may fail."""

    @op
    def step() -> None:
        with errors_as_data():
            if error:
                raise error

    instance = DagsterInstance.ephemeral()
    job = GraphDefinition(name, node_defs=[step]).to_job()
    done = job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
    context = build_run_status_sensor_context(
        sensor.name,
        done.all_events[-1],
        instance,
        done.dagster_run,
        resources={"state": StateFolderResource(home=str(home))},
    )
    sensor(context.for_run_failure() if error else context)


def test_failed_run_of_the_daemon_is_told_of_and_one_of_the_command_line_is_not(
    home: Path, told: Told
) -> None:
    blocked = GateBlockedError("a check failed", hint="look at it")
    evaluate(alert_of_failure, "inbox", blocked, home)
    evaluate(alert_of_failure, "nightly", blocked, home, **{STARTED_BY: COMMAND_LINE})
    assert told == [("Dagster's job inbox ended with code 4", ["a check failed → look at it"])]


def test_published_stale_night_of_the_daemon_is_told_of_and_a_back_fill_is_not(
    home: Path, told: Told
) -> None:
    work = Settings(home).work
    work.mkdir()
    write_last_run(work, LastRun("run", "r000007", False, ("bars: stale",), {}))
    evaluate(alert_of_stale_data, "nightly", None, home)
    evaluate(alert_of_stale_data, "nightly", None, home, **{"dagster/backfill": "abcdefgh"})
    assert told == [alerts.of_stale("r000007", ["bars: stale"])]
