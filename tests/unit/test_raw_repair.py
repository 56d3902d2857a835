"""What is torn in the raw zone is written again, judged again, asked again or set aside."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from yanbao.raw.index import index_of
from yanbao.raw.load import Load, StoredLoad
from yanbao.raw.zone import RawZone

AT = "2024-10-31T10:00:00+00:00"


def land(zone: RawZone) -> StoredLoad:
    """One load of one row."""
    load = Load(zone.new_load_id("funds"), "inbox", "funds", "read", "ok", AT, AT)
    return zone.append(load, pa.table({"code": ["1"]}))


def a_process(root: Path) -> RawZone:
    """A zone as a process that starts now sees it, without an index."""
    index_of.cache_clear()
    (root / ".index.json").unlink(missing_ok=True)
    return RawZone(root)


def torn(path: Path) -> Path:
    """A file that a crash left empty."""
    path.chmod(0o644)
    path.write_bytes(b"")
    return path


def test_torn_manifest_is_written_again_from_its_frame(tmp_path: Path) -> None:
    zone = RawZone(tmp_path / "raw")
    stored = land(zone)
    manifest = stored.folder / "manifest.json"
    written = manifest.read_text(encoding="utf-8")
    torn(manifest)
    assert a_process(zone.root).loads() == []
    told = zone.mend()
    assert told == [
        f"the manifest of {stored.load.load_id} was torn: written again from its frame"
    ]
    assert manifest.read_text(encoding="utf-8") == written
    assert len(a_process(zone.root).loads()) == 1
    assert zone.mend() == []


def test_torn_load_without_a_frame_is_set_aside_and_loses_nothing(tmp_path: Path) -> None:
    zone = RawZone(tmp_path / "raw")
    stored = land(zone)
    torn(stored.folder / "manifest.json")
    torn(stored.folder / "frame.parquet")
    (line,) = zone.mend()
    kept = zone.root / "set_aside" / stored.load.load_id
    assert "import its original again" in line
    assert sorted(path.name for path in kept.iterdir()) == ["frame.parquet", "manifest.json"]
    assert a_process(zone.root).loads() == []


def test_load_behind_a_torn_decision_waits_for_a_person_again(tmp_path: Path) -> None:
    zone = RawZone(tmp_path / "raw")
    load_id = land(zone).load.load_id
    zone.record_verdict(load_id, {"outcome": "pass", "messages": []})
    zone.record_decision(load_id, "retract", "wrong file")
    torn(zone.root / "decisions" / f"{load_id}.json")
    assert [one.status for one in a_process(zone.root).loads()] == ["held"]
    zone.record_decision(load_id, "accept", "it was right")
    assert [one.status for one in a_process(zone.root).loads()] == ["good"]


def test_load_behind_a_torn_verdict_is_judged_again(tmp_path: Path) -> None:
    zone = RawZone(tmp_path / "raw")
    load_id = land(zone).load.load_id
    zone.record_verdict(load_id, {"outcome": "hold", "messages": ["a jump"]})
    torn(zone.root / "verdicts" / f"{load_id}.json")
    assert [one.status for one in a_process(zone.root).loads()] == ["ungated"]
    assert zone.mend() == [f"the verdict of {load_id} was torn: the gate judges it again"]


@pytest.mark.parametrize("damage", [b"", b"20", b"\xff\xfe", b"[]"])
def test_ids_go_on_behind_a_torn_counter(tmp_path: Path, damage: bytes) -> None:
    zone = RawZone(tmp_path / "raw")
    last = land(zone).load.load_id
    (zone.root / ".sequence").write_bytes(damage)
    assert zone.new_load_id("funds") > last
