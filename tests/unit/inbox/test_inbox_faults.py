"""Faults of hand-made files, I1 to I11: each refused, quarantined or held; none silent."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from yanbao_gx.batch_suites import BatchContext

from tests.unit.inbox.workbooks import workbook
from yanbao.base.check_result import GateResult
from yanbao.base.errors import FileRefusedError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME
from yanbao.inbox.reading import ReadFile
from yanbao.quality.raw_gate import check_batch
from yanbao.quality.scale_checks import is_about_scale
from yanbao.raw.load import Load
from yanbao.raw.zone import RawZone

Reader = Callable[..., ReadFile]
FUNDS = "fund_code,fund_name\n"

# Every fault of the matrix and the test that provokes it; two tests below keep it honest.
PROVEN: dict[str, str] = {
    "I1 GBK bytes": "test_gb18030_is_read_and_recorded_and_other_bytes_cost_their_line",
    "I2 one bad value far down": "test_one_bad_value_in_line_50001_costs_one_row",
    "I3 file cut mid-line": "test_a_file_cut_inside_a_row_quarantines_that_row",
    "I4 leading zeros": "test_codes_stay_text_whatever_the_first_rows_look_like",
    "I5 formula injection": "test_formulas_are_text_and_flagged_and_inert_when_returned",
    "I6 bombs and endless files": "test_a_bomb_is_refused_at_once_in_little_memory",
    "I7 hand-made layouts": "test_a_layout_in_doubt_is_refused_with_the_cell",
    "I8 wrong unit": "test_a_scale_that_jumps_holds_the_file_for_a_person",
    "I9 half-copied and foreign files": "test_a_file_that_is_still_copied_waits",
    "I10 same file twice": "test_the_same_file_is_a_no_op_and_an_edited_one_a_new_version",
    "I11 empty or cut Parquet": "test_an_empty_or_cut_parquet_file_is_refused",
}
ELSEWHERE = ("tests/unit/test_inbox_folder.py",)


def test_every_fault_of_the_matrix_has_its_test() -> None:
    assert [name.split()[0] for name in PROVEN] == [f"I{n}" for n in range(1, 12)]
    files = [Path(__file__), *(PROJECT_ROOT / name for name in ELSEWHERE)]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    assert {test for test in PROVEN.values() if f"def {test}(" not in code} == set()


def test_gb18030_is_read_and_recorded_and_other_bytes_cost_their_line(read: Reader) -> None:
    text = FUNDS + "999001.OF,样例人工智能混合A\n999002.OF,样例基金\n"
    result = read("funds.csv", text.encode("gb18030"))
    assert (result.encoding, result.table.num_rows) == ("gb18030", 2)
    rows = [f"9990{n:02}.OF,样例{n}\n".encode() for n in range(20)]
    rows[3] = b"999003.OF,\xff\xfe\xff\n"
    (cell,) = read("funds.csv", FUNDS.encode() + b"".join(rows)).quarantined
    assert (cell.row, cell.rule) == (5, "undecodable")
    assert "byte" in cell.hint


def test_one_bad_value_in_line_50001_costs_one_row(read: Reader) -> None:
    rows = [f"{n:06}.OF,2024-10-31,1.5\n" for n in range(50_002)]
    rows[49_999] = "050000.OF,2024-10-31,about one\n"
    result = read("fund_navs.csv", "fund_code,nav_date,nav\n" + "".join(rows))
    assert (result.rows_in, result.table.num_rows) == (50_002, 50_001)
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [(50_001, "type")]


def test_a_file_cut_inside_a_row_quarantines_that_row(read: Reader) -> None:
    content = "pair,fixing_date,rate\n" + "USDCNY,2024-10-08,7.1\n" * 9 + "USDCNY,2024-1"
    result = read("fx_fixings.csv", content)
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [(11, "truncated")]
    assert result.rows_in == 10


def test_codes_stay_text_whatever_the_first_rows_look_like(read: Reader) -> None:
    rows = [["fund_code", "fund_name"], ["600519.OF", "样例"], ["000001.OF", "样例"]]
    codes = read("funds.xlsx", workbook(rows)).table.column("fund_code").to_pylist()
    assert codes == ["600519.OF", "000001.OF"]
    bare = [["fund_code", "fund_name"], [600519, "样例"], [1, "样例"]]
    result = read("funds.xlsx", workbook(bare))
    assert [cell.rule for cell in result.quarantined] == ["code_pattern"] * 2
    mapping = "dataset: funds\npad_codes: true\ncode_suffix: fund\n"
    mapped = read("funds.xlsx", workbook(bare), mapping=mapping).table.column("fund_code")
    assert mapped.to_pylist() == ["600519.OF", "000001.OF"]


def test_formulas_are_text_and_flagged_and_inert_when_returned(
    read: Reader, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    from yanbao.inbox.quarantine import write_quarantine

    rows = [["fund_code", "fund_name"], ["999001.OF", "=HYPERLINK(1)"], ["x", "@SUM(A1)"]]
    data = workbook(rows)
    result = read("funds.xlsx", data)
    assert result.table.column("fund_name").to_pylist() == ["=HYPERLINK(1)"]
    assert any("look like formulas" in warning for warning in result.warnings)
    write_quarantine(tmp_path / "q", "load-1", result, tmp_path / "funds.xlsx")
    page = load_workbook(tmp_path / "q" / "load-1.funds.marked.xlsx").active
    assert [cell.data_type for line in page.iter_rows() for cell in line] == ["s"] * 6


def zip_bomb() -> bytes:
    """A workbook whose sheet says that it unpacks to 3.9 GB, and does: zeros, flushed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    count = 3_900
    body = block * count + b"\x03\x00"
    name = b"xl/worksheets/sheet1.xml"
    sizes = struct.pack("<LLL", 0, len(body), count << 20)
    common = struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(name), 0)
    local = b"PK\x03\x04" + common + name
    central = b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local) + len(body), 0)
    return local + body + central + b"PK\x05\x06" + end


def many_parts() -> bytes:
    """A directory of 2 MB, which alone takes long to read."""
    end = struct.pack("<HHHHLLH", 0, 0, 65_535, 65_535, 2 << 20, 0, 0)
    return b"PK\x03\x04" + bytes(2 << 20) + b"PK\x05\x06" + end


def endless_parquet() -> bytes:
    """A billion rows of one value: the runs make it small."""
    buffer = io.BytesIO()
    ones = pa.table({"rate": pa.array([1.0] * 1_000_000)})
    with pq.ParquetWriter(buffer, ones.schema) as writer:
        for _ in range(60):
            writer.write_table(ones)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "made", "message"),
    [
        ("fx_fixings.xlsx", zip_bomb, "at most 536,870,912 are read"),
        ("fx_fixings.xlsx", many_parts, "too many parts"),
        ("fx_fixings.csv", lambda: b"1\n" * 5_000_002, "more than 5,000,000 lines"),
        ("fx_fixings.csv", lambda: b"", "at most 1,073,741,824 are read"),
        ("fx_fixings.parquet", endless_parquet, "at most 50,000,000 are read"),
    ],
    ids=["bomb", "many parts", "many lines", "sparse 10^9 bytes", "many rows"],
)
def test_a_bomb_is_refused_at_once_in_little_memory(
    tmp_path: Path, name: str, made: Callable[[], bytes], message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(made())
    if not path.stat().st_size:
        os.truncate(path, 2 * 10**9)  # a hole: a billion empty lines' worth, and no bytes
    measured = json.loads(refusal_measured(path))
    assert message in measured["line"]
    assert measured["seconds"] < 1
    assert measured["peak_mb"] < 300


MEASURE = """
import json, sys, time
from datetime import date
from pathlib import Path
from yanbao.base.check_result import GateResult
from yanbao.base.errors import FileRefusedError
from yanbao.inbox.reading import read_file
started = time.process_time()
try:
    read_file(Path(sys.argv[1]), today=date(2024, 11, 1))
except FileRefusedError as error:
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    spent = time.process_time() - started
    print(json.dumps({"line": error.line(), "seconds": spent, "peak_mb": peak}))
"""


def refusal_measured(path: Path) -> str:
    """The refusal in a process of its own: line, CPU seconds and peak memory."""
    return subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=PROJECT_ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_a_layout_in_doubt_is_refused_with_the_cell(read: Reader) -> None:
    def merged(_: object, page: object) -> None:
        page.merge_range("A1:C1", "样例")  # type: ignore[attr-defined]

    header = ["pair", "fixing_date", "rate"]
    for data, address in (
        (workbook(more=merged), "A1:C1"),
        (workbook([[*header, None, "x"], ["USDCNY", "2024-10-31", 7.1, None, 1]]), "D1"),
    ):
        with pytest.raises(FileRefusedError, match=address):
            read("fx_fixings.xlsx", data)
    mapping = (
        "dataset: app_downloads\ncolumns: {下载量: downloads}\nunits: {downloads: header}\n"
    )
    with pytest.raises(
        FileRefusedError, match=r"names the unit '万元', which cannot be turned into downloads"
    ):
        read("x.xlsx", workbook([["app", "下载量(万元)"], ["x", 1]]), mapping=mapping)


WEEK = pd.DataFrame(
    {
        "app": [f"样例{n}" for n in range(20)],
        "period_start": pd.Timestamp("2024-10-14"),
        "period_end": pd.Timestamp("2024-10-18"),
        "visits": [1e6 * (n + 1) for n in range(20)],
    }
)


def judged(rows: pd.DataFrame) -> GateResult:
    context = BatchContext(today=date(2024, 11, 1), is_feed=False, previous=WEEK)
    return check_batch(BY_NAME["web_traffic"], rows, context=context)


def test_a_scale_that_jumps_holds_the_file_for_a_person(tmp_path: Path) -> None:
    later = WEEK.assign(
        period_start=pd.Timestamp("2024-10-21"), period_end=pd.Timestamp("2024-10-25")
    )
    assert judged(later).outcome == "pass"
    assert judged(later.assign(visits=later["visits"] * 3)).outcome == "pass"
    in_wan = later.assign(visits=later["visits"] / 10_000)
    assert {r.check for r in judged(in_wan).failed} == {
        "scale(visits)",
        "row_scale(visits)",
    }
    one = later.assign(visits=later["visits"].where(later.index > 0, later["visits"] / 10_000))
    assert {r.check for r in judged(one).failed} == {"row_scale(visits)"}
    # Nothing but scale is wrong, so the file waits; a person's word, with its reason, ends it.
    assert all(is_about_scale(result.check) for result in judged(in_wan).failed)
    zone = RawZone(tmp_path / "raw")
    load = Load("1", "inbox", "web_traffic", "read_file", "ok", "2024-11-01", "2024-11-01")
    zone.append(load, pa.table({"visits": ["1"]}))
    zone.record_verdict("1", {"outcome": "hold", "messages": ["scale"]})
    assert zone.load("1").status == "held"
    zone.record_decision("1", "accept", "the site moved")
    assert zone.load("1").status == "good"
    decided = zone.decision("1")
    assert decided is not None
    assert decided["reason"] == "the site moved"


def test_an_empty_or_cut_parquet_file_is_refused(read: Reader) -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"rate": [7.1] * 100}), buffer)
    whole = buffer.getvalue()
    for content, message in ((b"", "empty"), (whole[:-20], "truncated or damaged")):
        with pytest.raises(FileRefusedError, match=message):
            read("fx_fixings.parquet", content)
