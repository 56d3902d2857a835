"""The watched folder: nothing is read before it is stable, and nothing is ever lost."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, RunRequest, build_sensor_context
from openpyxl import load_workbook
from yanbao_dagster.definitions import defs
from yanbao_dagster.resources import StateFolderResource
from yanbao_dagster.sensors import inbox, inbox_sensor

from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import UsageError
from yanbao.base.lock import writer_lock
from yanbao.base.settings import Settings
from yanbao.intake import inbox_folder, landing
from yanbao.intake.inbox_folder import recover, take, watch
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone

HEADER = "pair,fixing_date,rate\n"
DAYS = [f"2024-{month:02}-{day:02}" for month in (7, 8, 9, 10) for day in range(1, 26)]
ROWS = [["USDCNY", day, f"7.1{at:02}"] for at, day in enumerate(DAYS)]


def content(rows: list[list[str]]) -> str:
    return HEADER + "".join(",".join(row) + "\n" for row in rows)


def with_three_bad() -> list[list[str]]:
    rows = [list(row) for row in ROWS]
    rows[10][2], rows[20][1], rows[99][0] = "about seven", "2024-13-01", ""
    return rows


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(tmp_path / "home")
    settings.make_folders()
    settings.claim_mode("import")
    return settings


@pytest.fixture
def drop(settings: Settings) -> Any:
    def write(name: str, text: str | bytes) -> Path:
        path = settings.inbox / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def loads(settings: Settings) -> list[StoredLoad]:
    return RawZone(settings.raw).loads()


def quarantined(settings: Settings, ending: str) -> list[Path]:
    return sorted(path for path in settings.quarantine.iterdir() if path.name.endswith(ending))


def test_a_file_that_is_still_copied_waits(settings: Settings, drop: Any) -> None:
    path = drop("fx_fixings.csv", HEADER)
    seen, ready = watch(settings, {}, 100.0)
    assert ready == []
    with path.open("a") as file:
        file.write("USDCNY,2024-10-31,7.1\n")
    seen, ready = watch(settings, seen, 106.0)
    assert ready == []  # it has grown: the five seconds begin again
    seen, ready = watch(settings, json.loads(json.dumps(seen)), 110.0)
    assert ready == []
    seen, ready = watch(settings, seen, 111.5)
    assert ready == ["fx_fixings.csv"]
    assert watch(settings, seen, 130.0)[1] == []  # asked for already
    assert watch(settings, seen, 800.0)[1] == ["fx_fixings.csv"]  # still there: asked again


def test_bytes_that_change_under_the_same_times_begin_the_wait_again(
    settings: Settings, drop: Any
) -> None:
    path = drop("fx_fixings.csv", content(ROWS))
    status = path.stat()
    seen, _ = watch(settings, {}, 100.0)
    with path.open("r+b") as file:
        file.seek(len(HEADER))
        file.write(b"EURCNY")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    seen, ready = watch(settings, seen, 106.0)
    assert ready == []
    assert watch(settings, seen, 112.0)[1] == ["fx_fixings.csv"]


@pytest.mark.parametrize("owner", ["~$fx_fixings.xlsx", ".~lock.fx_fixings.xlsx#"])
def test_a_file_open_in_a_spreadsheet_waits(settings: Settings, drop: Any, owner: str) -> None:
    drop("fx_fixings.xlsx", b"x")
    drop(owner, b"")
    assert watch(settings, {}, 100.0) == ({}, [])


def test_a_file_that_its_writer_has_locked_waits(settings: Settings, drop: Any) -> None:
    with drop("fx_fixings.csv", HEADER).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert watch(settings, {}, 100.0) == ({}, [])


def test_unfinished_downloads_and_hidden_files_are_left_in_place(
    settings: Settings, drop: Any
) -> None:
    for name in ("a.csv.part", "b.crdownload", ".hidden.csv", "c.tmp"):
        drop(name, b"x")
    assert watch(settings, {}, 100.0) == ({}, [])


def test_a_hundred_rows_with_three_bad_ones_give_97_and_3_and_corrected_100(
    settings: Settings, drop: Any
) -> None:
    drop("fx_fixings.csv", content(with_three_bad()))
    taken = take(settings, "fx_fixings.csv")
    assert taken.landed is not None
    load = taken.landed.stored.load
    assert (load.rows_in, load.rows, load.rows_quarantined) == (100, 97, 3)
    assert taken.kept.parent.parent == settings.inbox / "archive"
    assert list(settings.inbox.glob("*.csv")) == []
    (returned,) = quarantined(settings, ".bad_rows.csv")
    text = returned.read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 4

    drop("fx_fixings.csv", content(ROWS))
    again = take(settings, "fx_fixings.csv")
    assert again.landed is not None
    load = again.landed.stored.load
    assert (load.rows_in, load.rows, load.rows_quarantined) == (100, 100, 0)


def test_a_workbook_comes_back_with_its_bad_cells_marked_and_can_be_corrected(
    settings: Settings, drop: Any
) -> None:
    rows = [HEADER.strip().split(","), *with_three_bad()]
    data = workbook([[cell or None for cell in row] for row in rows])
    drop("fx_fixings.xlsx", data)
    taken = take(settings, "fx_fixings.xlsx")
    assert taken.landed is not None
    assert taken.landed.stored.load.rows_quarantined == 3
    (returned,) = quarantined(settings, ".marked.xlsx")
    book = load_workbook(returned)
    page = book.active
    marked = {cell.coordinate: cell for line in page for cell in line if cell.comment}
    assert set(marked) == {"C12", "B22", "A101"}
    assert "type: rate: write a number" in marked["C12"].comment.text
    assert marked["C12"].fill.start_color.rgb == "FFFFC7CE"
    assert page.max_row == 101

    page["C12"], page["B22"], page["A101"] = 7.11, ROWS[20][1], "USDCNY"
    book.save(settings.inbox / "fx_fixings.xlsx")
    again = take(settings, "fx_fixings.xlsx")
    assert again.landed is not None
    load = again.landed.stored.load
    assert (load.rows_in, load.rows, load.rows_quarantined) == (100, 100, 0)


def test_the_same_file_is_a_no_op_and_an_edited_one_a_new_version(
    settings: Settings, drop: Any
) -> None:
    for name, rows in (("a", ROWS), ("b", ROWS), ("c", [*ROWS[:-1], [*ROWS[-1][:2], "7.5"]])):
        drop(f"fx_fixings_{name}.csv", content(rows))
        assert take(settings, f"fx_fixings_{name}.csv").error == ""
    first, same, edited = loads(settings)
    assert (same.status, same.load.repeat_of) == ("repeat", first.load.load_id)
    assert not same.frame_path.exists()
    assert (edited.status, edited.load.rows) == ("ungated", 100)
    kept = [path.name for path in (settings.inbox / "archive").glob("*/*")]
    assert len(kept) == 3  # each drop is archived under its load


def test_a_refused_file_lies_in_quarantine_with_one_line_that_says_why(
    settings: Settings, drop: Any
) -> None:
    drop("fx_fixings.csv", "pair,rates\nx,1\n")
    taken = take(settings, "fx_fixings.csv")
    assert taken.landed is None
    assert "required columns of fx_fixings are missing" in taken.error
    assert taken.kept.read_text() == "pair,rates\nx,1\n"
    (why,) = quarantined(settings, ".why.txt")
    assert why.read_text().splitlines() == [taken.error]
    assert loads(settings) == []


def test_a_broken_mapping_of_the_desk_is_named_and_moves_no_file(
    settings: Settings, drop: Any
) -> None:
    (settings.mappings / "broken.yml").write_text("dataset: [\n")
    path = drop("fx_fixings.csv", content(ROWS))
    with pytest.raises(UsageError, match=r"^broken\.yml:2"):
        take(settings, "fx_fixings.csv")
    assert path.exists()


def test_a_link_is_refused_unread_and_its_target_stays(
    settings: Settings, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(content(ROWS))
    (settings.inbox / "fx_fixings.csv").symlink_to(secret)
    seen, _ = watch(settings, {}, 100.0)
    assert watch(settings, seen, 106.0)[1] == ["fx_fixings.csv"]
    taken = take(settings, "fx_fixings.csv")
    assert "symbolic links are not followed" in taken.error
    assert taken.kept.is_symlink()
    assert secret.read_text() == content(ROWS)
    assert loads(settings) == []


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "a/../../b.csv", "..", ""])
def test_a_name_is_never_used_as_a_path(settings: Settings, tmp_path: Path, name: str) -> None:
    outside = settings.home / "secret.csv"
    outside.write_text(content(ROWS))
    with pytest.raises(Exception, match="not a name of a file"):
        take(settings, name)
    assert outside.exists()


def test_a_wild_name_is_kept_under_a_tame_one(settings: Settings, drop: Any) -> None:
    wild = "fx_fixings $(rm -rf) \n'\"<b>.csv"
    drop(wild, content(ROWS))
    taken = take(settings, wild)
    assert taken.landed is not None
    assert "\n" not in taken.kept.name
    assert "$" not in taken.kept.name


def test_a_file_whose_taker_died_is_put_back(
    settings: Settings, drop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop("fx_fixings.csv", content(ROWS))

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(landing, "land_file", die)
    with pytest.raises(KeyboardInterrupt):
        take(settings, "fx_fixings.csv")
    monkeypatch.undo()
    assert not (settings.inbox / "fx_fixings.csv").exists()
    drop("fx_fixings.csv", content(ROWS[:50]))  # somebody drops another one meanwhile
    assert recover(settings) == 1
    lines = [len(path.read_text().splitlines()) for path in settings.inbox.glob("*.csv")]
    assert sorted(lines) == [51, 101]


def evaluated(settings: Settings, cursor: str | None, now: float) -> Any:
    """One tick of the sensor as Dagster's daemon evaluates it."""
    with DagsterInstance.ephemeral() as instance:
        context = build_sensor_context(
            instance=instance,
            cursor=cursor,
            definitions=defs,
            resources={"state": StateFolderResource(home=str(settings.home))},
        )
        return inbox_sensor.evaluate_tick(context)


def test_the_sensor_asks_for_a_run_that_lands_the_file(
    settings: Settings, drop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_folder, "STABLE_SECONDS", 0.0)
    empty = evaluated(settings, None, 0)
    assert (empty.run_requests, empty.skip_message) == ([], "nothing dropped")
    drop("fx_fixings.csv", content(with_three_bad()))
    drop("fx_wrong.csv", "a,b\n1,2\n")
    first = evaluated(settings, empty.cursor, 1)
    (request,) = first.run_requests
    assert isinstance(request, RunRequest)
    assert evaluated(settings, first.cursor, 2).run_requests == []  # asked for once

    done = inbox.execute_in_process(
        run_config=request.run_config,
        resources={"state": StateFolderResource(home=str(settings.home))},
        raise_on_error=False,
    )
    assert not done.success  # one of the two was refused, by name
    (failure,) = done.get_step_failure_events()
    assert "fx_wrong.csv" in str(failure.step_failure_data.user_failure_data.description)
    kinds = {event.event_type_value for event in done.all_events}
    assert "ASSET_MATERIALIZATION" not in kinds, "no gate has judged it yet"
    (event,) = [e for e in done.all_events if e.event_type_value == "ASSET_OBSERVATION"]
    seen = event.asset_observation_data.asset_observation
    assert seen.asset_key.path == ["raw", "fx_fixings"]
    assert seen.description == "fx_fixings.csv: the next run judges it"
    assert seen.metadata["rows quarantined"].value == 3
    (stored,) = loads(settings)
    assert (stored.load.rows, stored.load.rows_quarantined) == (97, 3)
    assert evaluated(settings, first.cursor, 3).skip_message == "nothing dropped"


def test_a_file_that_waits_for_a_person_is_seen_and_fails_its_check(
    settings: Settings, drop: Any
) -> None:
    drop(
        "fx_fixings.csv",
        content([[*row[:2], "about seven"] if at % 2 else row for at, row in enumerate(ROWS)]),
    )
    with DagsterInstance.ephemeral() as instance:
        done = inbox.execute_in_process(
            run_config={"ops": {"take_inbox": {"config": {"names": ["fx_fixings.csv"]}}}},
            resources={"state": StateFolderResource(home=str(settings.home))},
            instance=instance,
        )
    kinds = [event.event_type_value for event in done.all_events]
    assert "ASSET_MATERIALIZATION" not in kinds
    assert "ASSET_OBSERVATION" in kinds
    (check,) = done.get_asset_check_evaluations()
    assert (check.asset_key.path, check.passed) == (["raw", "fx_fixings"], False)
    assert "yanbao hold list" in str(check.description)


def test_the_sensor_waits_for_the_writer_and_leaves_sample_folders_alone(
    settings: Settings, drop: Any, tmp_path: Path
) -> None:
    drop("fx_fixings.csv", content(ROWS))
    with writer_lock(settings.work, "a run"):
        context = evaluated(settings, None, 1)
    assert context.run_requests == []
    sample = Settings(tmp_path / "sample")
    sample.make_folders()
    sample.claim_mode("sample")
    skipped = evaluated(sample, None, 1)
    assert "sample data" in skipped.skip_message


GBK = os.fsdecode("fx_fixings_十月".encode("gbk") + b".csv")


@pytest.mark.parametrize("name", [GBK, os.fsdecode(b"fx_fixings_\xff\xfe\x80.csv")])
def test_a_name_of_any_bytes_is_taken_and_kept_under_one_that_people_read(
    settings: Settings, drop: Any, name: str
) -> None:
    drop(name, content(ROWS))
    taken = take(settings, name)
    assert taken.error == ""
    (stored,) = loads(settings)
    wanted = "fx_fixings_十月.csv" if name == GBK else r"fx_fixings_\xff\xfe\x80.csv"
    assert stored.load.original_name == taken.name == wanted
    assert taken.kept.name.encode().decode().startswith(stored.load.load_id)


def test_a_refused_file_of_any_name_goes_back_with_one_line(
    settings: Settings, drop: Any
) -> None:
    drop(GBK, "a,b\n1,2\n")
    taken = take(settings, GBK)
    assert taken.error.startswith("fx_fixings_十月.csv: required columns")
    (why,) = quarantined(settings, ".why.txt")
    assert why.read_text(encoding="utf-8").splitlines() == [taken.error]


def test_a_name_as_long_as_names_may_be_is_archived_or_given_back(
    settings: Settings, drop: Any
) -> None:
    good, bad = f"fx_fixings_{'长' * 80}.csv", f"{'长' * 83}.csv"
    drop(good, content(with_three_bad()))
    drop(bad, "a,b\n1,2\n")
    assert [bool(take(settings, name).error) for name in (good, bad)] == [False, True]
    assert len(quarantined(settings, ".bad_rows.csv")) == 1
    assert len(quarantined(settings, ".why.txt")) == 1


@pytest.mark.parametrize("error", [RecursionError("x"), MemoryError(), ValueError("a\nb")])
def test_a_file_that_breaks_its_reader_goes_back_and_the_rest_goes_on(
    settings: Settings, drop: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    reader = landing.land_file

    def land(settings: Settings, path: Path, **options: Any) -> landing.Landed:
        if "broken" in path.name:
            raise error
        return reader(settings, path, **options)

    monkeypatch.setattr(landing, "land_file", land)
    for name in ("broken.csv", "fx_fixings.csv"):
        drop(name, content(ROWS))
    broken, good = (take(settings, name) for name in ("broken.csv", "fx_fixings.csv"))
    assert broken.error.startswith(f"broken.csv: it cannot be read ({type(error).__name__}")
    assert "\n" not in broken.error
    assert broken.kept.exists()
    assert good.landed is not None


def test_what_systems_and_programs_keep_is_passed_over(settings: Settings, drop: Any) -> None:
    for name in (
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "~$a.xlsx",
        ".~lock.b.csv#",
        "Icon\r",
    ):
        drop(name, b"x")
    (settings.inbox / "__MACOSX").mkdir()
    drop("__MACOSX/._a.csv", b"x")
    assert watch(settings, {}, 100.0) == ({}, [])


def test_a_lock_that_a_program_left_behind_does_not_hold_a_file_for_ever(
    settings: Settings, drop: Any
) -> None:
    drop("fx_fixings.csv", content(ROWS))
    lock = drop(".~lock.fx_fixings.csv#", b"")
    assert watch(settings, {}, 100.0) == ({}, [])
    os.utime(lock, (1, 1))
    seen, _ = watch(settings, {}, 100.0)
    assert watch(settings, seen, 106.0)[1] == ["fx_fixings.csv"]


def test_the_sensor_takes_a_name_of_any_bytes_beside_others(
    settings: Settings, drop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_folder, "STABLE_SECONDS", 0.0)
    drop(GBK, content(ROWS))
    drop("fx_fixings_b.csv", content(ROWS[:50]))
    (request,) = evaluated(settings, None, 0).run_requests
    assert "fx_fixings_十月" in request.run_key
    done = inbox.execute_in_process(
        run_config=request.run_config,
        resources={"state": StateFolderResource(home=str(settings.home))},
    )
    assert done.success
    assert len(loads(settings)) == 2
