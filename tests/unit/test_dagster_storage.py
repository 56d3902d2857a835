"""Dagster's storage with kept connections is Dagster's storage: same files, same answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, MaterializeResult, asset, materialize
from sqlalchemy import text
from yanbao_dagster.dagster_storage import Engines, KeptEventLog
from yanbao_dagster.nightly_run import dagster_home

from yanbao.base.settings import Settings

STOCK = "storage:\n  sqlite:\n    base_dir:\n      env: DAGSTER_HOME\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with dagster_home(Settings(tmp_path)) as home:
        yield home


@asset
def counted() -> MaterializeResult[Any]:
    return MaterializeResult(metadata={"rows": 7})


def rows_of(instance: DagsterInstance) -> list[Any]:
    """The rows that each recorded materialization counted."""
    found = instance.fetch_materializations(counted.key, limit=10).records
    return [one.asset_materialization.metadata["rows"].value for one in found]  # type: ignore[union-attr]


def test_the_state_folder_s_instance_keeps_its_connections(folder: Path) -> None:
    with DagsterInstance.from_config(str(folder)) as instance:
        assert isinstance(instance.event_log_storage, KeptEventLog)
        assert materialize([counted], instance=instance).success
        assert rows_of(instance) == [7]


def test_dagster_s_own_storage_reads_what_was_written_and_the_other_way_round(
    folder: Path,
) -> None:
    with DagsterInstance.from_config(str(folder)) as instance:
        first = materialize([counted], instance=instance).run_id
    ours = (folder / "dagster.yaml").read_text(encoding="utf-8")
    (folder / "dagster.yaml").write_text(STOCK, encoding="utf-8")
    with DagsterInstance.from_config(str(folder)) as stock:
        assert not isinstance(stock.event_log_storage, KeptEventLog)
        assert rows_of(stock) == [7]
        second = materialize([counted], instance=stock).run_id
    (folder / "dagster.yaml").write_text(ours, encoding="utf-8")
    with DagsterInstance.from_config(str(folder)) as instance:
        assert rows_of(instance) == [7, 7]
        assert {run.run_id for run in instance.get_runs()} == {first, second}
        assert instance.all_logs(second)


def test_a_run_is_seen_at_once_by_an_instance_that_is_already_open(folder: Path) -> None:
    with (
        DagsterInstance.from_config(str(folder)) as server,
        DagsterInstance.from_config(str(folder)) as worker,
    ):
        assert rows_of(server) == []
        run_id = materialize([counted], instance=worker).run_id
        assert rows_of(server) == [7]
        assert len(server.all_logs(run_id)) == len(worker.all_logs(run_id))


def test_several_threads_write_through_one_engine_without_losing_a_row(tmp_path: Path) -> None:
    engines = Engines()
    address = f"sqlite:///{tmp_path / 'rows.db'}"
    with engines.get(address).begin() as connection:
        connection.execute(text("create table seen (number integer)"))

    def write(number: int) -> None:
        with engines.get(address).begin() as connection:
            connection.execute(text("insert into seen values (:n)"), {"n": number})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engines.get(address).begin() as connection:
        assert connection.execute(text("select count(*) from seen")).scalar() == 20
    engines.close()


def test_the_file_that_was_not_used_for_longest_is_closed(tmp_path: Path) -> None:
    engines = Engines(keep=2)
    addresses = [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two", "three")]
    first, second, _ = (engines.get(address) for address in addresses)
    assert engines.get(addresses[1]) is second
    assert engines.get(addresses[0]) is not first
