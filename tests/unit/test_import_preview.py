"""The parts of a preview: the copy that it is tried on, and what is compared."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tests.conftest import RunCli
from yanbao.base.errors import LockedError, SettingsError
from yanbao.base.lock import writer_lock
from yanbao.base.settings import Settings
from yanbao.intake.landing import land_file
from yanbao.nightly.scratch import scratch_copy
from yanbao.raw.zone import RawZone
from yanbao.releases.mart_changes import CellChange, mart_changes
from yanbao.warehouse.core_changes import core_changes
from yanbao.warehouse.store import WorkStore

NAVS = "fund_code,nav_date,nav\n005962.OF,2024-10-31,1.5\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A state folder with one load, its verdict and a store."""
    settings = Settings(tmp_path / "home")
    settings.claim_mode("import")
    stored = land_file(settings, _file(tmp_path, NAVS)).stored
    RawZone(settings.raw).record_verdict(
        stored.load.load_id, {"outcome": "pass", "messages": []}
    )
    WorkStore(settings.work).prepare()
    return settings


def _file(folder: Path, text: str) -> Path:
    path = folder / "fund_navs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _tree(home: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(home.rglob("*"))
    }


def test_what_is_done_on_a_copy_never_reaches_the_original(
    settings: Settings, tmp_path: Path
) -> None:
    before = _tree(settings.home)
    with scratch_copy(settings) as scratch:
        zone = RawZone(scratch.raw)
        (first,) = zone.loads()
        assert (first.status, first.frame_path.exists()) == ("good", True)
        scratch.make_folders()
        new = land_file(scratch, _file(tmp_path, NAVS.replace("1.5", "1.6"))).stored
        zone.record_decision(first.load.load_id, "reject", "try")
        WorkStore(scratch.work).mark_built([("a", "b")], "v")
        assert new.load.load_id > first.load.load_id
        place = scratch.home
    assert _tree(settings.home) == before
    assert not place.exists()


def test_a_copy_of_an_empty_folder_makes_no_folder(tmp_path: Path) -> None:
    with scratch_copy(Settings(tmp_path / "none")) as scratch:
        assert RawZone(scratch.raw).loads() == []
    assert [*tmp_path.iterdir()] == []


def test_no_copy_is_made_while_a_run_writes(settings: Settings) -> None:
    with (
        writer_lock(settings.work, "yanbao run"),
        pytest.raises(LockedError, match="yanbao run is in progress"),
        scratch_copy(settings),
    ):
        pass


def test_a_copy_that_has_no_room_says_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(settings.home)._replace(free=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with (
        pytest.raises(SettingsError, match="a preview needs") as refused,
        scratch_copy(settings),
    ):
        pass
    assert "TMPDIR" in refused.value.hint


def test_core_changes_tell_new_keys_from_replaced_values() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("""
            create schema core;
            create table core.fund_navs as select * from (values
                ('005962.OF', date '2024-10-30', 1.4, null, 'a-fund_navs', 1),
                ('005962.OF', date '2024-10-31', 1.5, 2.5, 'a-fund_navs', 1),
                ('005962.OF', date '2024-10-31', 1.6, 2.5, 'b-fund_navs', 2),
                ('005962.OF', date '2024-10-31', 1.7, 2.5, 'c-fund_navs', 3),
                ('005962.OF', date '2024-11-01', 1.8, null, 'c-fund_navs', 1)
            ) as t(fund_code, nav_date, nav, nav_cumulative, load_id, version)
        """)
        (change,) = core_changes(connection, ["b-fund_navs", "c-fund_navs"])
    assert (change.table, change.new_keys, change.restated_keys) == ("fund_navs", 1, 1)
    (value,) = change.values
    assert (value.key, value.column) == ("005962.OF 2024-10-31", "nav")
    assert (float(value.stored), float(value.new)) == (1.5, 1.7)


def test_mart_changes_name_what_vanishes_moves_and_appears() -> None:
    def rows(*cells: tuple[str, float | None]) -> pa.Table:
        codes, changes = zip(*cells)
        names = {"code": codes, "change_week": changes}
        return pa.table({"as_of_date": [date(2024, 10, 31)] * len(cells), **names})

    before = rows(("600001.SH", 0.1), ("600002.SH", 0.2), ("600003.SH", None))
    after = rows(("600001.SH", None), ("600002.SH", 0.3), ("600003.SH", 0.4))
    found = {
        (one.column, one.before, one.after)
        for one in mart_changes({"company_changes": before}, {"company_changes": after})
    }
    assert found == {
        ("change_week", 0.1, None),
        ("change_week", 0.2, 0.3),
        ("change_week", None, 0.4),
    }
    assert CellChange("m", "k", "change_week", 1, None).is_return
    assert not CellChange("m", "k", "close", 1, None).is_return


def test_a_format_without_a_preview_is_refused(run_cli: RunCli, tmp_path: Path) -> None:
    done = run_cli("import", "x.csv", "--format", "json", home=tmp_path)
    assert (done.code, "add --preview" in done.err) == (2, True)
