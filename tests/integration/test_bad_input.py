"""Bad files: one clear line each, nothing lost, the good rows loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import Ran, RunCli
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone

HEADER = "pair,fixing_date,rate\n"
GOOD = "".join(f"USDCNY,2024-10-{day:02d},7.{day:02d}\n" for day in range(8, 19))


def drop(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def only_load(home: Path) -> StoredLoad:
    (stored,) = RawZone(home / "raw").loads()
    return stored


def assert_nothing_lost(stored: StoredLoad, rows_in: int, bad: int) -> None:
    load = stored.load
    assert (load.rows_in, load.rows_quarantined) == (rows_in, bad)
    assert load.rows_in == load.rows + load.rows_quarantined + load.rows_collapsed
    assert pq.read_table(stored.frame_path).num_rows == load.rows


def assert_no_traceback(ran: Ran) -> None:
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("line", "rule", "hint"),
    [
        ("USDCNY,2024-10-21,about seven\n", "type", "number"),
        ("USDCNY,2999-01-01,7.1\n", "not_in_future", "2999-01-01"),
    ],
)
def test_a_bad_cell_is_quarantined_with_its_row_rule_and_hint(
    home: Path, run_cli: RunCli, tmp_path: Path, line: str, rule: str, hint: str
) -> None:
    path = drop(tmp_path, "fx_fixings.csv", (HEADER + GOOD + line).encode())
    ran = run_cli("import", str(path), home=home)
    assert ran.code == 0, ran.err
    assert_no_traceback(ran)
    (said,) = [text for text in ran.out.splitlines() if f"× {rule}" in text]
    assert "row 13" in said
    assert hint in said
    assert_nothing_lost(only_load(home), 12, 1)
    (kept,) = [
        json.loads(text)
        for file in (home / "quarantine").glob("*.jsonl")
        for text in file.read_text(encoding="utf-8").splitlines()
    ]
    assert kept["row"] == 13
    assert kept["rule"] == rule


def test_an_unknown_column_is_named_with_the_nearest_known_one(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    text = (HEADER + GOOD).replace("rate\n", "rate,source_notes\n", 1)
    text = text.replace("\n", ",x\n").replace("source_notes,x", "source_notes")
    ran = run_cli("import", str(drop(tmp_path, "fx_fixings.csv", text.encode())), home=home)
    assert ran.code == 0, ran.err
    assert "source_notes" in ran.out
    assert "source_note" in ran.out
    assert_nothing_lost(only_load(home), 11, 0)


def test_a_missing_required_column_refuses_the_file_in_one_line(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    text = (HEADER + GOOD).replace("rate", "rates", 1)
    ran = run_cli("import", str(drop(tmp_path, "fx_fixings.csv", text.encode())), home=home)
    assert ran.code == 1
    assert len(ran.err.strip().splitlines()) == 1
    assert "rates" in ran.err
    assert_no_traceback(ran)


def test_gb18030_is_detected_loaded_and_recorded(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    text = "fund_code,fund_name\n999001.OF,样例人工智能混合A\n999002.OF,样例人工智能混合C\n"
    path = drop(tmp_path, "funds.csv", text.encode("gb18030"))
    ran = run_cli("import", str(path), home=home)
    assert ran.code == 0, ran.err
    stored = only_load(home)
    assert stored.load.encoding == "gb18030"
    names = pq.read_table(stored.frame_path).column("fund_name").to_pylist()
    assert names == ["样例人工智能混合A", "样例人工智能混合C"]


def test_undecodable_bytes_cost_their_line_and_no_other(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    lines = [f"9990{n:02d}.OF,样例基金{n}\n".encode() for n in range(1, 21)]
    lines[4] = b"999005.OF,\xff\xfe\xff\n"
    path = drop(tmp_path, "funds.csv", b"fund_code,fund_name\n" + b"".join(lines))
    ran = run_cli("import", str(path), home=home)
    assert ran.code == 0, ran.err
    assert "undecodable" in ran.out
    assert_nothing_lost(only_load(home), 20, 1)


def test_codes_that_lost_their_zeros_are_named_and_can_be_mapped(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    head = "code,trade_date,close\n"
    good = "".join(f"60051{n}.SH,2024-10-31,10\n" for n in range(9))
    path = drop(tmp_path, "a_share_bars.csv", (head + good + "1,2024-10-31,11\n").encode())
    ran = run_cli("import", str(path), home=home)
    assert ran.code == 0, ran.err
    assert "zeros" in ran.out
    assert_nothing_lost(only_load(home), 10, 1)


def test_an_empty_file_is_refused_in_one_line(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    ran = run_cli("import", str(drop(tmp_path, "funds.csv", b"")), home=home)
    assert ran.code == 1
    assert len(ran.err.strip().splitlines()) == 1
    assert "empty" in ran.err
    assert RawZone(home / "raw").loads() == []


def test_a_file_mostly_bad_waits_for_a_person(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    bad = "".join(f"USDCNY,2024-10-{day:02d},x\n" for day in range(21, 26))
    path = drop(tmp_path, "fx_fixings.csv", (HEADER + GOOD + bad).encode())
    ran = run_cli("import", str(path), home=home)
    assert ran.code == 0, ran.err
    assert "hold accept" in ran.out
    assert only_load(home).status == "held"
