"""Publishing: what is in a release, what stops one, and what its hashes depend on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.unit.small_release import PASSED, SMALL_MART, small_contents
from yanbao.base.check_result import Outcome
from yanbao.base.errors import ReleaseError
from yanbao.nightly.release_gate import gate_error
from yanbao.releases.publish import publish
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.warehouse.content_hashes import refresh_partitions
from yanbao.warehouse.store import Parameters, WorkStore, begin_build


def test_release_holds_tables_parquet_sql_and_a_data_package(small_release: Release) -> None:
    files = {str(path) for path in small_release.manifest["files"]}
    assert {
        "warehouse.duckdb",
        "datapackage.json",
        "sql/report/small_list.sql",
        "parquet/report/small_list.parquet",
        "parquet/core/notes/all.parquet",
        "parquet/meta/check_results.parquet",
    } <= files
    on_disk = {str(p.relative_to(small_release.path)) for p in small_release.path.rglob("*.*")}
    assert on_disk == files | {"manifest.json"}


def test_parquet_of_a_mart_equals_its_table(small_release: Release) -> None:
    with duckdb.connect(str(small_release.warehouse), read_only=True) as connection:
        table = connection.execute(f"select * from report.{SMALL_MART}").to_arrow_table()
    parquet = small_release.path / "parquet" / "report" / f"{SMALL_MART}.parquet"
    assert pq.read_table(parquet).to_pylist() == table.to_pylist()


def test_release_holds_core_report_and_meta_and_nothing_of_the_work(
    small_release: Release,
) -> None:
    with duckdb.connect(str(small_release.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select distinct table_schema from information_schema.tables order by 1"
        ).fetchall()
    assert [row[0] for row in rows] == ["core", "meta", "report"]


def test_checks_are_written_down(small_release: Release) -> None:
    rows = pq.read_table(small_release.path / "parquet/meta/check_results.parquet").to_pylist()
    assert [(row["check_name"], row["outcome"]) for row in rows] == [("rows", "pass")]


def test_same_store_published_twice_has_the_same_hashes(
    small_store: WorkStore, store: ReleaseStore
) -> None:
    first = publish(store, small_store, small_contents())
    second = publish(store, small_store, small_contents(run_id="run-2"))
    assert (first.release_id, second.release_id) == ("r000001", "r000002")
    assert second.manifest["previous"] == "r000001"
    for part in ("core", "marts", "core_hash"):
        assert first.manifest[part] == second.manifest[part]


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_what_did_not_change_is_shared_with_the_release_before(
    small_store: WorkStore,
    store: ReleaseStore,
    monkeypatch: pytest.MonkeyPatch,
    links: bool,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Operation not supported")

    if not links:
        monkeypatch.setattr("os.link", refuse)
    made = [publish(store, small_store, small_contents(run_id=f"run-{n}")) for n in range(3)]
    shared = {"parquet/core/notes/all.parquet", "sql/report/small_list.sql"}
    _, second, third = ({name: (one.path / name).stat() for name in shared} for one in made)
    assert {name: one.st_ino for name, one in second.items()} == {
        name: one.st_ino for name, one in third.items()
    }
    own = "parquet/meta/releases.parquet"
    assert (made[1].path / own).stat().st_ino != (made[2].path / own).stat().st_ino
    for release in made:
        assert store.damaged_files(release) == []
        assert store.is_complete(release.release_id)


def test_order_of_rows_load_and_clock_do_not_change_the_hashes(
    small_store: WorkStore, store: ReleaseStore
) -> None:
    first = publish(store, small_store, small_contents())
    with small_store.connect() as connection:
        connection.execute("create table again as select * from core.notes order by code desc")
        connection.execute("delete from core.notes")
        connection.execute("insert into core.notes select * from again")
        connection.execute("update core.notes set load_id = 'other', first_seen_at = now()")
        connection.execute("drop table again")
        refresh_partitions(connection, None)
    second = publish(store, small_store, small_contents())
    assert first.core_hash == second.core_hash


@pytest.mark.parametrize(
    "change",
    [
        "update core.notes set amount = 3.6e9 where code = '000001.SZ'",
        "update core.notes set name = '' where code = '000001.SZ'",
        "update core.notes set share = 0 where share is null",
        "delete from core.notes where code = '000002.SZ'",
        "insert into core.notes select * from core.notes limit 1",
    ],
)
def test_any_change_of_a_business_column_changes_the_hash(
    small_store: WorkStore, store: ReleaseStore, change: str
) -> None:
    first = publish(store, small_store, small_contents())
    with small_store.connect() as connection:
        connection.execute(change)
        refresh_partitions(connection, None)
    second = publish(store, small_store, small_contents())
    assert first.core_hash != second.core_hash


def test_nothing_is_published_without_an_evaluated_check(
    small_store: WorkStore, store: ReleaseStore
) -> None:
    with pytest.raises(ReleaseError, match="no check was evaluated"):
        publish(store, small_store, small_contents(checks=[]))
    assert store.ids() == []


@pytest.mark.parametrize("outcome", ["fail", "could_not_run"])
def test_release_check_that_did_not_pass_stops_the_publication(
    small_store: WorkStore, store: ReleaseStore, outcome: Outcome
) -> None:
    with pytest.raises(ReleaseError):
        publish(
            store,
            small_store,
            small_contents(checks=[PASSED, replace(PASSED, outcome=outcome)]),
        )
    assert store.current_or_none() is None


def test_could_not_check_reads_differently_from_bad_data() -> None:
    bad = replace(PASSED, outcome="fail")
    unknown = replace(PASSED, outcome="could_not_run")
    assert "failed its check" in str(gate_error([PASSED, bad]))
    assert "could not be checked" in str(gate_error([bad, unknown]))
    assert gate_error([PASSED, replace(bad, severity="warn")]) is None


def test_manifest_says_day_knowledge_and_source(
    small_store: WorkStore, store: ReleaseStore
) -> None:
    parameters = Parameters(date(2024, 10, 31), date(2024, 11, 7), "seen")
    release = publish(store, small_store, small_contents(parameters=parameters))
    manifest = json.loads((release.path / "manifest.json").read_text(encoding="utf-8"))
    wanted = ("as_of_date", "known_at", "knowledge", "source_mode")
    assert [manifest[key] for key in wanted] == ["2024-10-31", "2024-11-07", "seen", "sample"]


def test_interrupted_build_is_taken_back_before_the_next(small_store: WorkStore) -> None:
    with small_store.connect() as connection:
        assert begin_build(connection, ["load-2", "load-3"]) is False
        connection.execute(
            "insert into core.notes select * replace ('load-2' as load_id, 2 as version)"
            " from core.notes"
        )
        assert begin_build(connection, ["load-2"]) is True
        rows = connection.execute("select distinct load_id from core.notes").fetchall()
    assert rows == [("load-1",)]


def test_finished_build_is_not_taken_back(small_store: WorkStore) -> None:
    with small_store.connect() as connection:
        begin_build(connection, ["load-1"])
    small_store.mark_built([("load-1", "notes")], "version")
    with small_store.connect() as connection:
        assert begin_build(connection, []) is False
        row = connection.execute("select count(*) from core.notes").fetchone()
    assert row == (2,)
    assert small_store.built_loads() == {"load-1"}
