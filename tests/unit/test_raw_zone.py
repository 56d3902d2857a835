"""The raw zone: one load appears whole or not at all, never changes, and is never doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.limits import HANG_SECONDS
from yanbao.base.errors import UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.raw.frame import content_sha256
from yanbao.raw.load import BREAKS, Load
from yanbao.raw.zone import RawZone

FROZEN = "2024-10-31T18:00:00+08:00"
LAND_ONE = """
import sys
from pathlib import Path
import pyarrow as pa
from yanbao.raw.load import Load
from yanbao.raw.zone import RawZone
zone = RawZone(Path(sys.argv[1]))
load = Load(zone.new_load_id("funds"), "inbox", "funds", "read_file", "ok",
            "2024-10-31T10:00:00+00:00", "2024-10-31T10:00:00+00:00")
zone.append(load, pa.table({"fund_code": ["000001.OF"] * 3}))
"""


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RawZone:
    monkeypatch.setenv("YANBAO_CLOCK", FROZEN)
    return RawZone(tmp_path / "raw")


def a_load(zone: RawZone, **changes: object) -> Load:
    fields: dict[str, object] = {
        "load_id": zone.new_load_id("funds"),
        "source": "eastmoney_funds",
        "dataset": "funds",
        "function": "fund_name_em",
        "outcome": "ok",
        "started_at": "2024-10-31T10:00:00+00:00",
        "finished_at": "2024-10-31T10:00:01+00:00",
    }
    return Load(**{**fields, **changes})  # type: ignore[arg-type]


def table(*codes: str) -> pa.Table:
    return pa.table({"fund_code": list(codes), "size": pa.array(range(len(codes)), pa.int64())})


def land_in_a_process(root: Path, fault: str) -> int:
    """Land one load in a process that dies at a fault point; returns how it ended."""
    env = {**os.environ, "YANBAO_FAULT": fault, "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-c", LAND_ONE, str(root)]
    return subprocess.run(command, env=env, check=False, timeout=HANG_SECONDS).returncode


@pytest.mark.parametrize(
    ("point", "loads_seen", "drafts_dropped"),
    [("raw.before_manifest", 0, 1), ("raw.before_rename", 0, 1), ("raw.after_rename", 1, 0)],
)
def test_killed_load_is_absent_or_whole(
    zone: RawZone, point: str, loads_seen: int, drafts_dropped: int
) -> None:
    assert land_in_a_process(zone.root, f"{point}:1") == -signal.SIGKILL
    assert zone.recover() == drafts_dropped
    found = zone.loads()
    assert len(found) == loads_seen
    for stored in found:
        frame = pq.read_table(stored.frame_path)
        assert frame.num_rows == stored.load.rows == 3
        assert content_sha256(frame) == stored.load.sha256


def test_load_is_landed_again_after_a_kill(zone: RawZone) -> None:
    land_in_a_process(zone.root, "raw.before_rename:1")
    zone.recover()
    assert land_in_a_process(zone.root, "raw.never") == 0
    assert [stored.status for stored in zone.loads()] == ["ungated"]


def test_landing_twice_after_a_late_kill_is_a_repeat(zone: RawZone) -> None:
    land_in_a_process(zone.root, "raw.after_rename:1")
    land_in_a_process(zone.root, "raw.never")
    first, second = zone.loads()
    assert second.status == "repeat"
    assert second.load.repeat_of == first.load.load_id


def test_load_reads_back_as_it_was_written(zone: RawZone, tmp_path: Path) -> None:
    original = tmp_path / "基金.CSV"
    original.write_bytes("代码\n000001\n".encode("gb18030"))
    load = a_load(zone, arguments={"页": 1}, announced_total=2, rows_in=2)
    stored = zone.append(load, table("000001.OF", "000002.OF"), original)
    read = zone.load(load.load_id)
    assert read == stored
    assert (read.load.rows, read.load.announced_total) == (2, 2)
    assert (read.folder / "original.csv").read_bytes() == original.read_bytes()


def test_landing_columns_say_load_row_time_and_arguments(zone: RawZone) -> None:
    load = a_load(zone, arguments={"since": "2024-01-01"})
    stored = zone.append(load, table("000001.OF", "000002.OF"))
    rows = pq.read_table(stored.frame_path).to_pylist()
    assert [row["_row"] for row in rows] == [1, 2]
    assert {row["_load_id"] for row in rows} == {load.load_id}
    assert {row["_landed_at"] for row in rows} == {datetime(2024, 10, 31, 10, 0, 1)}
    assert {row["_arguments"] for row in rows} == {json.dumps({"since": "2024-01-01"})}


def test_row_numbers_of_a_file_are_kept(zone: RawZone) -> None:
    numbered = table("000001.OF", "000002.OF").append_column("_row", pa.array([7, 9]))
    stored = zone.append(a_load(zone), numbered)
    assert pq.read_table(stored.frame_path)["_row"].to_pylist() == [7, 9]


def test_files_of_a_load_are_read_only(zone: RawZone) -> None:
    stored = zone.append(a_load(zone), table("000001.OF"))
    modes = {file.name: file.stat().st_mode & 0o777 for file in stored.folder.iterdir()}
    assert modes == {"manifest.json": 0o444, "frame.parquet": 0o444}


def test_same_content_of_the_same_call_is_a_repeat_without_a_frame(zone: RawZone) -> None:
    first = zone.append(a_load(zone), table("000001.OF"))
    second = zone.append(a_load(zone), table("000001.OF"))
    assert (second.status, second.load.repeat_of) == ("repeat", first.load.load_id)
    assert not second.frame_path.exists()
    assert second.load.rows == 1


def test_repeats_point_at_the_first_load_and_not_at_each_other(zone: RawZone) -> None:
    first = zone.append(a_load(zone), table("000001.OF"))
    again = [zone.append(a_load(zone), table("000001.OF")) for _ in range(3)]
    assert {stored.load.repeat_of for stored in again} == {first.load.load_id}


@pytest.mark.parametrize(
    "changes",
    [
        {"arguments": {"page": 2}},
        {"function": "fund_purchase_em"},
        {"partition": "2024-10-30"},
        {"source": "sina_quotes"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_same_content_of_another_call_is_no_repeat(
    zone: RawZone, changes: dict[str, object]
) -> None:
    zone.append(a_load(zone), table("000001.OF"))
    assert zone.append(a_load(zone, **changes), table("000001.OF")).status == "ungated"


def test_other_content_of_the_same_call_is_no_repeat(zone: RawZone) -> None:
    zone.append(a_load(zone), table("000001.OF"))
    assert zone.append(a_load(zone), table("000001.OF", "000002.OF")).status == "ungated"


def test_file_repeats_by_its_content_whatever_it_is_called(zone: RawZone) -> None:
    zone.append(
        a_load(zone, original_name="a.csv", arguments={"file": "a.csv"}), table("000001.OF")
    )
    again = a_load(zone, original_name="b.csv", arguments={"file": "b.csv"})
    assert zone.append(again, table("000001.OF")).status == "repeat"


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("empty", "empty"),
        ("unavailable", "unavailable"),
        ("held", "held"),
        ("rejected", "rejected"),
        ("ok", "ungated"),
    ],
)
def test_outcome_decides_the_first_status(zone: RawZone, outcome: str, status: str) -> None:
    assert zone.append(a_load(zone, outcome=outcome)).status == status


@pytest.mark.parametrize(
    ("verdict", "status"), [("pass", "good"), ("hold", "held"), ("fail", "rejected")]
)
def test_verdict_decides_the_status(zone: RawZone, verdict: str, status: str) -> None:
    stored = zone.append(a_load(zone), table("000001.OF"))
    record = {"outcome": verdict, "messages": ["scale: 100", "unit: 3"]}
    zone.record_verdict(stored.load.load_id, record)
    judged = zone.load(stored.load.load_id)
    assert judged.status == status
    assert judged.reason == "scale: 100; unit: 3", "what a gate said is kept, warnings too"


def test_decision_of_a_person_outweighs_the_verdict_and_keeps_its_history(
    zone: RawZone,
) -> None:
    stored = zone.append(a_load(zone), table("000001.OF"))
    load_id = stored.load.load_id
    zone.record_verdict(load_id, {"outcome": "fail", "messages": ["scale"]})
    zone.record_decision(load_id, "accept", "the split is real")
    assert (zone.load(load_id).status, zone.load(load_id).reason) == (
        "good",
        "the split is real",
    )
    zone.record_decision(load_id, "reject", "it is not")
    assert zone.load(load_id).status == "rejected"
    decision = zone.decision(load_id)
    assert decision is not None
    assert [entry["decision"] for entry in decision["history"]] == ["accept", "reject"]


def test_a_load_that_broke_a_build_waits_until_a_person_speaks(zone: RawZone) -> None:
    load_id = zone.append(a_load(zone), table("000001.OF")).load.load_id
    zone.record_verdict(load_id, {"outcome": "pass", "messages": []})
    zone.record_decision(load_id, BREAKS, "model core.funds failed")
    waiting = zone.load(load_id)
    assert (waiting.status, waiting.decided_at) == ("held", None)
    zone.record_decision(load_id, "accept", "the model is mended")
    assert zone.load(load_id).status == "good"
    zone.record_decision(load_id, BREAKS, "model core.funds failed")
    assert zone.load(load_id).status == "held"


def test_decision_leaves_the_load_as_it_was(zone: RawZone) -> None:
    stored = zone.append(a_load(zone, outcome="held"), table("000001.OF"))
    before = {file.name: file.read_bytes() for file in stored.folder.iterdir()}
    zone.record_decision(stored.load.load_id, "accept", "checked by hand")
    assert {file.name: file.read_bytes() for file in stored.folder.iterdir()} == before


def test_unknown_load_is_refused_with_a_hint(zone: RawZone) -> None:
    with pytest.raises(UsageError, match="hold list"):
        zone.load("20240101T000000000000-0000-funds")


def test_ids_ascend_while_the_clock_stands_still(zone: RawZone) -> None:
    ids = [zone.new_load_id("funds") for _ in range(12)]
    assert ids == sorted(ids)
    assert len({*ids}) == len(ids)
    assert {load_id.split("-")[0] for load_id in ids} == {"20241031T100000000000"}


def test_ids_ascend_when_the_clock_goes_back(
    zone: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = zone.new_load_id("funds")
    monkeypatch.setenv("YANBAO_CLOCK", "2024-10-30T18:00:00+08:00")
    back = [zone.new_load_id("bonds") for _ in range(2)]
    monkeypatch.setenv("YANBAO_CLOCK", "2024-11-01T18:00:00+08:00")
    assert [before, *back] == sorted([before, *back])
    assert zone.new_load_id("funds") > back[-1]


def test_loads_come_in_order_of_arrival_and_without_the_known_ones(zone: RawZone) -> None:
    stored = [
        zone.append(a_load(zone, dataset=name), table(code))
        for name, code in [("funds", "1"), ("bonds", "2"), ("funds", "3")]
    ]
    ids = [one.load.load_id for one in stored]
    assert [one.load.load_id for one in zone.loads()] == ids
    assert [one.load.load_id for one in zone.loads(known=ids[:1])] == ids[1:]
    assert [one.load.load_id for one in zone.loads("funds")] == [ids[0], ids[2]]


@given(cuts=st.lists(st.integers(0, 40), max_size=6), landed=st.booleans())
def test_content_hash_is_independent_of_chunks_and_landing_columns(
    cuts: list[int], landed: bool
) -> None:
    whole = pa.table(
        {"代码": [f"{n:06d}" for n in range(40)], "值": pa.array([n / 7 for n in range(40)])}
    )
    edges = [0, *sorted(cuts), 40]
    pieces = [whole.slice(a, b - a) for a, b in pairwise(edges)]
    cut = pa.concat_tables(pieces).replace_schema_metadata({"written_by": "another library"})
    if landed:
        cut = cut.append_column("_load_id", pa.array(["x"] * 40))
    assert content_sha256(cut) == content_sha256(whole)


@pytest.mark.parametrize(
    "other",
    [
        pa.table({"a": [1, 2]}),
        pa.table({"a": [2, 1, 3]}),
        pa.table({"b": [1, 2, 3]}),
        pa.table({"a": ["1", "2", "3"]}),
        pa.table({"a": [1, 2, None]}),
    ],
    ids=["shorter", "reordered", "renamed", "as_text", "null"],
)
def test_content_hash_tells_other_content_apart(other: pa.Table) -> None:
    assert content_sha256(other) != content_sha256(pa.table({"a": [1, 2, 3]}))


def test_landing_time_is_utc(zone: RawZone) -> None:
    stored = zone.append(
        a_load(zone, finished_at="2024-11-01T01:30:00+08:00"), table("000001.OF")
    )
    (landed,) = {*pq.read_table(stored.frame_path)["_landed_at"].to_pylist()}
    assert landed.replace(tzinfo=UTC) == datetime(2024, 10, 31, 17, 30, tzinfo=UTC)
