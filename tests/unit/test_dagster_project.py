"""The Dagster project's own parts: errors as data, its configuration file, its graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetKey,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    MaterializeResult,
    asset,
    build_op_context,
    materialize,
)
from yanbao_dagster.check_events import verdict
from yanbao_dagster.command_line import COMMAND, COMMAND_LINE, STARTED_BY
from yanbao_dagster.failures import error_of, errors_as_data
from yanbao_dagster.history import KEEP_DAYS, old_runs, remove_runs
from yanbao_dagster.home import (
    CONFIGURATION,
    EARLIER,
    EARLIER_MODULES,
    EARLIER_STORAGE,
    dagster_home,
    dagster_instance,
)
from yanbao_dagster.lost_runs import end_runs_of_an_earlier_server, writer_name
from yanbao_dagster.raw_assets import RAW_CHECKS

from yanbao.base.check_result import Subject
from yanbao.base.errors import EXIT_FAILED, EXIT_GATE_BLOCKED, GateBlockedError, YanbaoError
from yanbao.base.lock import writer_lock
from yanbao.base.settings import Settings

ARROWS = GateBlockedError("a: b → c: d", where="x → y", hint="do → this")


def error_of_a_step_that_raises(error: Exception) -> YanbaoError:
    @asset
    def step() -> Iterator[MaterializeResult[Any]]:
        with errors_as_data():
            raise error
        yield MaterializeResult()

    result = materialize([step], raise_on_error=False)
    (failure,) = (event for event in result.all_events if event.is_step_failure)
    return error_of(failure)


def test_error_of_a_step_keeps_its_fields_whatever_its_words() -> None:
    found = error_of_a_step_that_raises(ARROWS)
    assert found.record() == {
        "kind": "GateBlockedError",
        "what": "a: b → c: d",
        "where": "x → y",
        "hint": "do → this",
        "exit_code": EXIT_GATE_BLOCKED,
    }
    assert found.line() == ARROWS.line()


def test_error_that_nobody_foresaw_names_its_step() -> None:
    found = error_of_a_step_that_raises(ValueError("a surprise"))
    assert (found.where, found.exit_code) == ("step step", EXIT_FAILED)
    assert "a surprise" in found.what


def test_folder_of_an_earlier_version_is_configured_anew_and_keeps_its_history(
    tmp_path: Path,
) -> None:
    @asset
    def counted() -> None: ...

    settings = Settings(tmp_path)
    with dagster_instance(settings) as instance:
        first = materialize([counted], instance=instance).run_id
    file = settings.dagster_home / "dagster.yaml"
    storages = [EARLIER_STORAGE.format(module=module) for module in EARLIER_MODULES]
    for storage in ("", *storages):
        file.write_text(EARLIER + storage, encoding="utf-8")
        with dagster_instance(settings) as instance:
            assert [run.run_id for run in instance.get_runs()] == [first]
        assert file.read_text(encoding="utf-8") == CONFIGURATION


def test_configuration_that_somebody_wrote_is_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.dagster_home.mkdir()
    file = settings.dagster_home / "dagster.yaml"
    own = EARLIER + EARLIER_STORAGE.format(module="ours.storage")
    file.write_text(own, encoding="utf-8")
    with dagster_home(settings):
        assert file.read_text(encoding="utf-8") == own


def test_runs_whose_process_is_gone_end_and_who_is_at_work_or_waits_stays(
    tmp_path: Path,
) -> None:
    def begun(status: DagsterRunStatus, **tags: str) -> DagsterRun:
        return instance.add_run(DagsterRun(job_name="nightly", status=status, tags=tags))

    def statuses() -> set[tuple[str, str]]:
        return {(run.run_id, run.status.name) for run in instance.get_runs()}

    settings = Settings(tmp_path)
    with DagsterInstance.ephemeral() as instance:
        killed, at_work = (begun(DagsterRunStatus.STARTED) for _ in range(2))
        waiting = begun(DagsterRunStatus.NOT_STARTED)
        by_command = begun(DagsterRunStatus.STARTED, **{STARTED_BY: COMMAND_LINE})
        with writer_lock(settings.work, writer_name(at_work)):
            end_runs_of_an_earlier_server(instance, settings)
        assert statuses() == {
            (killed.run_id, "FAILURE"),
            (at_work.run_id, "STARTED"),
            (waiting.run_id, "NOT_STARTED"),
            (by_command.run_id, "FAILURE"),
        }
        with writer_lock(settings.work, COMMAND):
            another = begun(DagsterRunStatus.STARTED, **{STARTED_BY: COMMAND_LINE})
            end_runs_of_an_earlier_server(instance, settings)
            assert (another.run_id, "STARTED") in statuses()


def test_runs_older_than_a_season_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asset
    def told() -> None: ...

    def files_of(run_id: str) -> list[Path]:
        return [path for path in tmp_path.rglob("*") if run_id in path.name]

    settings = Settings(tmp_path)
    with dagster_instance(settings) as instance:
        old, young = (materialize([told], instance=instance).run_id for _ in range(2))
        assert old_runs(instance) == []
        in_a_season = datetime.now(UTC) + timedelta(days=KEEP_DAYS + 1)
        monkeypatch.setenv("YANBAO_CLOCK", in_a_season.isoformat())
        assert {*old_runs(instance)} == {old, young}
        assert files_of(old)
        remove_runs(instance, settings.dagster_home, [old])
        assert [run.run_id for run in instance.get_runs()] == [young]
        assert instance.get_latest_materialization_event(AssetKey("told")) is not None
    assert not files_of(old)


def test_a_check_names_the_file_that_waits_before_the_rules_that_it_broke() -> None:
    subject = Subject("raw", "index_bars", "index_bars 2024-10-31")
    broken = [
        subject.result(f"scale({at})", "fail", observed="99", expected="1", hint="look" * 50)
        for at in range(8)
    ]
    reason = "; ".join(one.message for one in broken)
    spec = RAW_CHECKS["index_bars"]
    waiting = [f"held: bars.csv → yanbao hold list: {reason}"]
    said = verdict(build_op_context(), spec, broken, waiting=waiting, lets_through=True)
    assert str(said.description).startswith("held: bars.csv → yanbao hold list: index_bars")
    assert "\n" not in str(said.description)
    alone = str(verdict(build_op_context(), spec, broken).description)
    assert alone.endswith("and 3 more")
    assert len(alone) < 2000
