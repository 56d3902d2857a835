"""A full disk is told in one line, leaves no draft behind, and the next try is whole."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from yanbao.base import disk
from yanbao.base.disk import DiskFullError, disk_full, require_room
from yanbao.cli import show
from yanbao.cli.main import main
from yanbao.raw import zone as raw_zone
from yanbao.raw.load import Load
from yanbao.raw.zone import RawZone

AT = "2024-10-31T10:00:00+00:00"
FULL = OSError(errno.ENOSPC, "No space left on device")


def no_room(*_: object, **__: object) -> None:
    raise FULL


def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(
        DiskFullError, match=r"a release needs \d+ MiB and the disk has \d+"
    ) as caught:
        require_room(tmp_path, 2**62, "a release")
    assert "yanbao gc" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (FULL, True),
        (OSError(errno.EDQUOT, "over the quota"), True),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), True),
        (sqlite3.OperationalError("database or disk is full"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (ValueError("a bug"), False),
    ],
)
def test_full_disk_is_known_behind_the_errors_of_libraries(
    tmp_path: Path, error: Exception, is_full: bool
) -> None:
    outer = RuntimeError("the step failed")
    outer.__cause__ = error
    assert (disk_full(outer, tmp_path) is not None) is is_full


@pytest.mark.parametrize("free", [2**20, 2**40])
def test_sqlite_names_a_full_disk_by_an_error_that_has_other_causes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    usage = disk.shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage)
    found = disk_full(sqlite3.OperationalError("disk I/O error"), tmp_path)
    assert (found is not None) is (free < disk.WORKING_ROOM)


def test_a_command_ends_with_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "handle", no_room)
    assert main(["show", "pool"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("yanbao: the disk is full")


def test_a_load_that_found_no_room_leaves_no_draft_and_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = RawZone(tmp_path / "raw")

    def land() -> None:
        load = Load(zone.new_load_id("funds"), "inbox", "funds", "read", "ok", AT, AT)
        zone.append(load, pa.table({"code": ["1"]}))

    write: Callable[..., None] = raw_zone.write_json
    monkeypatch.setattr(raw_zone, "write_json", no_room)
    with pytest.raises(OSError, match="No space left"):
        land()
    assert [*(zone.root / ".writing").iterdir()] == []
    monkeypatch.setattr(raw_zone, "write_json", write)
    land()
    assert len(zone.loads()) == 1
