"""What goes back to the person is complete, harmless, and there or not there."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from yanbao.inbox.quarantine import summarise, write_quarantine
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
ROUND = "company,announced_on,round,amount_text,investors\n"
CONTENT = (
    ROUND
    + "样例甲,2024-13-01,A轮,=1+1,@SUM(A1)\n"
    + "样例乙,2024/10/02,,-5,+丙\n"
    + "样例丙,2024-10-03,B轮\n"
    + "样例丁,2024-10-04,B轮,1亿,戊,己,庚\n"
    + "样例戊,2024-10-05,B轮,1亿,辛\n"
)


@pytest.fixture
def written(read: Reader, tmp_path: Path) -> tuple[ReadFile, Path]:
    result = read("funding_rounds.csv", CONTENT)
    findings = write_quarantine(
        tmp_path / "quarantine", "load-1", result, tmp_path / "funding_rounds.csv"
    )
    assert findings == tmp_path / "quarantine" / "load-1.jsonl"
    return result, findings


def test_every_finding_is_written_with_file_row_column_rule_and_hint(
    written: tuple[ReadFile, Path],
) -> None:
    result, findings = written
    entries = [json.loads(line) for line in findings.read_text().splitlines()]
    assert [(e["row"], e["column"], e["rule"]) for e in entries] == [
        (2, "announced_on", "type"),
        (3, "announced_on", "type"),
        (3, "round", "required"),
        (4, "", "ragged"),
        (5, "", "ragged"),
    ]
    assert {entry["file"] for entry in entries} == {"funding_rounds.csv"}
    assert all(entry["hint"] for entry in entries)
    assert len(entries) == len(result.quarantined)


def test_the_marked_up_copy_holds_the_bad_rows_and_runs_nothing(
    written: tuple[ReadFile, Path],
) -> None:
    _, findings = written
    copy = findings.with_name("load-1.funding_rounds.bad_rows.csv")
    assert copy.read_bytes().startswith(b"\xef\xbb\xbf")
    with copy.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["company"] for row in rows] == ["样例甲", "样例乙", "样例丙", "样例丁"]
    assert [row["_row"] for row in rows] == ["2", "3", "4", "5"]
    assert rows[0]["amount_text"] == "'=1+1"
    assert rows[0]["investors"] == "'@SUM(A1)"
    assert (rows[1]["amount_text"], rows[1]["investors"]) == ("-5", "'+丙")
    assert rows[1]["_rule"] == "type; required"
    assert "announced_on: write days as 2024-10-31" in rows[1]["_hint"]
    assert (rows[2]["amount_text"], rows[3]["_surplus"]) == ("", "己,庚")


def test_a_corrected_copy_can_be_dropped_again(
    written: tuple[ReadFile, Path], read: Reader
) -> None:
    _, findings = written
    text = findings.with_name("load-1.funding_rounds.bad_rows.csv").read_text("utf-8-sig")
    lines = text.splitlines(keepends=True)
    repaired = "".join(lines[:2]).replace("2024-13-01", "2024-10-01")
    again = read("load-1.funding_rounds.bad_rows.csv", repaired)
    assert again.dataset.name == "funding_rounds"
    assert (again.table.num_rows, again.quarantined) == (1, ())
    assert not any("ignored" in warning for warning in again.warnings)


def test_nothing_is_written_where_no_row_is_bad(read: Reader, tmp_path: Path) -> None:
    result = read("fx_fixings.csv", "pair,fixing_date,rate\nUSDCNY,2024-10-31,7.1\n")
    folder = tmp_path / "quarantine"
    assert write_quarantine(folder, "load-1", result, tmp_path / "fx_fixings.csv") is None
    assert not folder.exists()
    assert summarise(result) == []


def test_a_failed_write_leaves_no_findings_under_their_name(
    read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = read("funding_rounds.csv", CONTENT)

    def disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yanbao.base.durable.os.fsync", disk_full)
    with pytest.raises(OSError, match="No space left"):
        write_quarantine(tmp_path / "q", "load-1", result, tmp_path / "funding_rounds.csv")
    assert list((tmp_path / "q").iterdir()) == []


def test_a_wild_file_name_never_becomes_a_path(read: Reader, tmp_path: Path) -> None:
    result = read("funding_rounds.csv", CONTENT)
    wild = tmp_path / ("x" * 200 + "..\\名\n.csv")
    write_quarantine(tmp_path / "q", "load-1", result, wild)
    names = sorted(path.name for path in (tmp_path / "q").iterdir())
    assert names == ["load-1.jsonl", f"load-1.{'x' * 113}.._名_.bad_rows.csv"]


def test_the_summary_has_one_line_per_rule_and_column(
    written: tuple[ReadFile, Path],
) -> None:
    result, _ = written
    lines = summarise(result)
    assert len(lines) == 3
    assert lines[0].startswith("2 × ragged, first in row 4: '样例丙,2024-10-03,B轮' → 3 cells")
    assert lines[1].startswith("1 × required in round, first in row 3: '' → fill the cell")
    assert lines[2].startswith("2 × type in announced_on, first in row 2: '2024-13-01' →")
