"""What waits for a person: closed by a later good file, and never accepted without rows."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import RunCli
from yanbao.raw.zone import RawZone

HEADER = "app,store,month,downloads\n"
BAD = f"{HEADER}样例甲,安卓,2024-13-01,12\n"
GOOD = f"{HEADER}样例甲,安卓,2024-08-01,12\n"


def dropped(folder: Path, text: str) -> str:
    path = folder / "app_downloads.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_file_without_a_good_row_says_so_and_cannot_be_accepted(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    answer = run_cli("import", dropped(tmp_path, BAD), home=home)
    assert answer.code == 0
    assert "no row of the file can be loaded → correct the mapping or the file" in answer.out
    (held,) = RawZone(home / "raw").loads()
    refused = run_cli("hold", "accept", held.load.load_id, "--reason", "x", home=home)
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert "has no good row" in refused.err


def test_a_held_file_is_superseded_by_a_later_good_one_of_its_name(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    run_cli("import", dropped(tmp_path, BAD), home=home)
    assert "superseded" not in run_cli("hold", "list", home=home).out
    run_cli("import", dropped(tmp_path, GOOD), home=home)
    zone = RawZone(home / "raw")
    held, good = zone.loads()
    assert "superseded" not in run_cli("hold", "list", home=home).out, "it is not judged yet"
    zone.record_verdict(good.load.load_id, {"outcome": "pass", "messages": []})
    before = {file: file.read_bytes() for file in held.folder.iterdir()}
    listed = run_cli("hold", "list", "--format", "csv", home=home).out
    assert f"superseded by {good.load.load_id}" in listed
    assert ",superseded," in listed
    assert {file: file.read_bytes() for file in held.folder.iterdir()} == before


def test_a_file_of_another_name_supersedes_nothing(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    run_cli("import", dropped(tmp_path, BAD), home=home)
    other = tmp_path / "app_downloads_2.csv"
    other.write_text(GOOD, encoding="utf-8")
    run_cli("import", str(other), home=home)
    zone = RawZone(home / "raw")
    zone.record_verdict(zone.loads()[1].load.load_id, {"outcome": "pass", "messages": []})
    assert "superseded" not in run_cli("hold", "list", home=home).out


def test_the_calendar_that_the_docs_name_is_imported_whole(home: Path, run_cli: RunCli) -> None:
    answer = run_cli("import", "sample_data/made_up/trading_days.csv", home=home)
    assert "749 rows in = 749 loaded + 0 quarantined" in answer.out, answer.err


def test_old_bytes_after_a_newer_file_of_the_name_say_whose_values_stay(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    run_cli("import", dropped(tmp_path, GOOD), home=home)
    again = run_cli("import", dropped(tmp_path, GOOD), home=home).out
    assert "nothing to load" in again
    assert "stay" not in again
    run_cli("import", dropped(tmp_path, GOOD.replace(",12", ",13")), home=home)
    newer = RawZone(home / "raw").loads()[-1].load.load_id
    answer = run_cli("import", dropped(tmp_path, GOOD), home=home).out
    assert f"nothing to load; {newer} came later, and its values stay" in answer
