"""The parse of the dbt project: kept outside the working folder, complete, made once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from yanbao.base.errors import SettingsError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.warehouse import dbt_parse
from yanbao.warehouse.dbt_command import first_lines

# As the first act of a process, beside one that does the same.
IMPORT = """
from yanbao_dagster.definitions import defs
print(len(defs.resolve_all_asset_specs()))
"""


def starts_at_once(count: int, cache: Path, folder: Path) -> list[tuple[int, str, str]]:
    home = folder / "home"
    env = {**os.environ, "XDG_CACHE_HOME": str(cache), "YANBAO_HOME": str(home)}
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", IMPORT],
            cwd=folder,
            env={**env, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    ended = [(process, *process.communicate()) for process in begun]
    return [(process.returncode, out, error) for process, out, error in ended]


@pytest.mark.slow
def test_two_processes_parse_once_and_write_nothing_into_the_working_folder(
    tmp_path: Path,
) -> None:
    cache, folder = tmp_path / "cache", tmp_path / "folder"
    folder.mkdir()
    ended = starts_at_once(2, cache, folder)
    assert [code for code, _, _ in ended] == [0, 0], ended
    assert ended[0][1] == ended[1][1]
    assert [*folder.iterdir()] == []
    (parsed,) = [place for place in (cache / "yanbao" / "dbt").iterdir() if place.is_dir()]
    logged = (parsed / "logs" / "dbt.log").read_text(encoding="utf-8")
    assert logged.count("Running with dbt=") == 1


def test_an_edit_asks_for_another_parse_that_begins_with_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dbt_project.yml", "profiles.yml", "models/one.sql"):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("name: small", encoding="utf-8")
    monkeypatch.setattr(dbt_parse, "PROJECT_ROOT", tmp_path / "project")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    began_with_another: list[bool] = []

    def parse(*words: str, target: Path, store: str) -> None:
        saved = target / dbt_parse.SAVED
        began_with_another.append(saved.exists())
        saved.write_text("parsed", encoding="utf-8")

    monkeypatch.setattr(dbt_parse, "run_dbt", parse)
    first = dbt_parse.parsed_project()
    assert dbt_parse.parsed_project() == first
    (tmp_path / "project" / "models" / "one.sql").write_text("select 1", encoding="utf-8")
    assert dbt_parse.parsed_project() != first
    assert began_with_another == [False, True]


def test_parse_names_no_state_folder() -> None:
    manifest = (dbt_parse.parsed_project() / "manifest.json").read_text(encoding="utf-8")
    relation = dbt_parse.dbt_manifest()["nodes"]["model.yanbao.pool"]["relation_name"]
    assert relation == '"warehouse"."report"."pool"'
    assert str(PROJECT_ROOT / "data") not in manifest


def test_cache_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(SettingsError, match="XDG_CACHE_HOME"):
        dbt_parse.parsed_project()


def test_message_of_a_broken_contract_names_the_column() -> None:
    told = """Compilation Error in model pool (models/marts/report/pool.sql)
      This model has an enforced contract that failed.
      Please ensure the name, data_type, and number of columns in your contract match the
      | column_name | definition_type | contract_type | mismatch_reason     |
      | ----------- | --------------- | ------------- | ------------------- |
      | extra       | INTEGER         |               | missing in contract |
    """
    assert first_lines(told).endswith("| extra | INTEGER | | missing in contract |")
