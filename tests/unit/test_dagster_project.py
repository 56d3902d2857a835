"""The Dagster project's own parts: errors as data, its configuration file, its graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, MaterializeResult, asset, materialize
from yanbao_dagster.failures import error_of, errors_as_data
from yanbao_dagster.nightly_run import DAGSTER_YAML, OLD_MODULES, OLD_STORAGE, dagster_home

from yanbao.base.errors import EXIT_FAILED, EXIT_GATE_BLOCKED, GateBlockedError, YanbaoError
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


@pytest.mark.parametrize("module", OLD_MODULES)
def test_folder_whose_configuration_names_the_old_storage_keeps_its_history(
    tmp_path: Path, module: str
) -> None:
    @asset
    def counted() -> None: ...

    settings = Settings(tmp_path)
    with dagster_home(settings) as home, DagsterInstance.from_config(str(home)) as instance:
        first = materialize([counted], instance=instance).run_id
    file = settings.dagster_home / "dagster.yaml"
    file.write_text(DAGSTER_YAML + OLD_STORAGE.format(module=module), encoding="utf-8")
    with dagster_home(settings) as home, DagsterInstance.from_config(str(home)) as instance:
        assert [run.run_id for run in instance.get_runs()] == [first]
    assert file.read_text(encoding="utf-8") == DAGSTER_YAML


def test_configuration_that_somebody_wrote_is_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.dagster_home.mkdir()
    file = settings.dagster_home / "dagster.yaml"
    own = DAGSTER_YAML + OLD_STORAGE.format(module="ours.storage")
    file.write_text(own, encoding="utf-8")
    with dagster_home(settings):
        assert file.read_text(encoding="utf-8") == own
