"""The index of the raw zone never says anything that its folders do not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanbao.base.settings import PROJECT_ROOT
from yanbao.raw import index
from yanbao.raw.index import FILE_NAME, RawIndex, index_of
from yanbao.raw.load import Load, StoredLoad
from yanbao.raw.zone import RawZone

AT = "2024-10-31T10:00:00+00:00"
VERDICTS = {"pass": "good", "hold": "held", "fail": "rejected"}
DECISIONS = {"accept": "good", "reject": "rejected"}
LIST = """
import sys
from pathlib import Path
from yanbao.raw.zone import RawZone
RawZone(Path(sys.argv[1])).loads()
"""
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("land"), st.sampled_from(["funds", "bonds"])),
        st.tuples(st.just("verdict"), st.sampled_from(sorted(VERDICTS))),
        st.tuples(st.just("decision"), st.sampled_from(sorted(DECISIONS))),
        st.tuples(st.just("new process"), st.just("")),
        st.tuples(st.just("index"), st.sampled_from(["lost", "torn", "foreign", "older"])),
    ),
    max_size=14,
)


def land(zone: RawZone, dataset: str = "funds", rows: int = 1) -> StoredLoad:
    load = Load(zone.new_load_id(dataset), "a", dataset, "read", "ok", AT, AT, {"rows": rows})
    return zone.append(load, pa.table({"code": ["1"] * rows}))


def seen(zone: RawZone) -> dict[str, tuple[str, str]]:
    return {one.load.load_id: (one.status, one.reason) for one in zone.loads()}


def a_process(root: Path) -> RawZone:
    """A zone as a process that starts now sees it."""
    index_of.cache_clear()
    return RawZone(root)


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of records that are read from now on."""
    names: list[str] = []
    read = Path.read_text

    def counting(path: Path, *arguments: str, **words: str) -> str:
        names.append(path.name)
        return read(path, *arguments, **words)

    monkeypatch.setattr(Path, "read_text", counting)
    return names


def damage(root: Path, how: str, older: bytes) -> None:
    file = root / FILE_NAME
    if how == "lost":
        file.unlink(missing_ok=True)
    elif how == "torn":
        file.write_bytes(file.read_bytes()[:-40] if file.exists() else b"12")
    elif how == "foreign":
        file.write_bytes(b'{"format": 1}')
    elif older:
        file.write_bytes(older)


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(steps=STEPS)
def test_two_processes_see_what_is_on_disk_after_every_step(
    steps: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("zone") / "raw"
    writer, reader = a_process(root), a_process(root)
    expected: dict[str, tuple[str, str]] = {}
    older = b""
    for number, (step, what) in enumerate(steps):
        last = max(expected, default="")
        if step == "land":
            expected[land(writer, what, number + 1).load.load_id] = ("ungated", "")
        elif step == "verdict" and expected.get(last, ("", ""))[0] == "ungated":
            writer.record_verdict(last, {"outcome": what, "messages": [f"{number}"]})
            expected[last] = VERDICTS[what], f"{number}"
        elif step == "decision" and last:
            writer.record_decision(last, what, f"{number}")
            expected[last] = DECISIONS[what], f"{number}"
        elif step == "new process":
            writer = a_process(root)
        elif step == "index" and root.exists():
            file = root / FILE_NAME
            older = older or (file.read_bytes() if file.exists() else b"")
            damage(root, what, older)
            reader = a_process(root)
        assert seen(writer) == seen(reader) == seen(a_process(root)) == expected


def test_index_spares_a_new_process_every_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = RawZone(tmp_path / "raw")
    ids = [land(zone, rows=number).load.load_id for number in (1, 2)]
    zone.record_verdict(ids[0], {"outcome": "pass", "messages": [], "quarantined": [1]})
    zone.record_decision(ids[1], "reject", "not ours")
    before = zone.loads()
    names = opened(monkeypatch)
    assert a_process(zone.root).loads() == before
    assert names == []
    (zone.root / FILE_NAME).unlink()
    assert a_process(zone.root).loads() == before
    assert sorted(names) == sorted([*["manifest.json"] * 2, *(f"{one}.json" for one in ids)])


def test_settled_folder_is_not_listed_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "SETTLED_SECONDS", 0.05)
    zone = RawZone(tmp_path / "raw")
    land(zone, rows=1)
    zone.loads()
    time.sleep(0.1)
    zone.loads()
    listed: list[Path] = []
    scandir = os.scandir
    monkeypatch.setattr(
        index.os, "scandir", lambda place: listed.append(place) or scandir(place)
    )
    assert len(zone.loads()) == 1
    assert zone.root / "loads/a/funds" not in listed
    other = RawIndex(zone.root)
    land(RawZone(zone.root), rows=2)
    assert len(zone.loads()) == len(other.loads(None, ())) == 2


def test_index_of_another_zone_is_not_believed(tmp_path: Path) -> None:
    """Two zones may hold loads of the same ids: a clock can be set back."""
    zone, other = RawZone(tmp_path / "raw"), RawZone(tmp_path / "other")
    load = Load("1-funds", "a", "funds", "read", "ok", AT, AT)
    for place, rows in ((zone, 1), (other, 2)):
        place.append(load, pa.table({"code": ["1"] * rows}))
        place.loads()
    shutil.copy(other.root / FILE_NAME, zone.root / FILE_NAME)
    assert [one.load.rows for one in a_process(zone.root).loads()] == [1]


def test_index_of_other_fields_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = RawZone(tmp_path / "raw")
    before = land(zone)
    zone.loads()
    monkeypatch.setattr(index, "FORMAT", [["load_id"]])
    names = opened(monkeypatch)
    assert a_process(zone.root).loads() == [before]
    assert names == ["manifest.json"]


def test_process_that_dies_while_it_writes_the_index_leaves_the_last_one(
    tmp_path: Path,
) -> None:
    zone = RawZone(tmp_path / "raw")
    first = land(zone, rows=1)
    zone.loads()
    kept = (zone.root / FILE_NAME).read_bytes()
    env = {**os.environ, "YANBAO_FAULT": "raw.before_index:1", "PYTHONPATH": str(PROJECT_ROOT)}
    second = land(zone, rows=2)
    died = subprocess.run([sys.executable, "-c", LIST, str(zone.root)], env=env, check=False)
    assert died.returncode == -signal.SIGKILL
    assert (zone.root / FILE_NAME).read_bytes() == kept
    assert [*zone.root.glob(index.DRAFTS)] != []
    assert zone.recover() == 0
    assert [*zone.root.glob(index.DRAFTS)] == []
    assert a_process(zone.root).loads() == [first, second]


def test_reader_without_the_right_to_write_lists_the_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = RawZone(tmp_path / "raw")
    stored = land(zone)

    def refuse(path: Path, content: bytes) -> int:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert a_process(zone.root).loads() == [stored]
    assert not (zone.root / FILE_NAME).exists()
