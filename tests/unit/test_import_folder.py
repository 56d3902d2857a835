"""``yanbao import FOLDER``: its data are taken, what is none is passed over with a word."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from yanbao.cli.main import main
from yanbao.raw.zone import RawZone

FILES = Path(__file__).parents[1] / "cases" / "files"
ROWS = "pair,fixing_date,rate\nUSDCNY,2024-10-31,7.1\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def imported(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process: its exit code and both outputs."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        code = main(["--home", str(tmp_path / "home"), "import", *map(str, words)])
        return code, *capfd.readouterr()

    return run


def names(tmp_path: Path) -> list[str | None]:
    return [stored.load.original_name for stored in RawZone(tmp_path / "home" / "raw").loads()]


def test_of_a_desk_folder_the_data_are_loaded_and_the_rest_is_passed_over(
    imported: Run, tmp_path: Path
) -> None:
    code, out, err = imported(FILES / "desk_folder")
    assert (code, err, names(tmp_path)) == (0, "", ["a_share_bars.csv"])
    assert "readme.docx: passed over, .docx holds no table" in out
    assert not [word for word in ("DS_Store", "Thumbs", "MACOSX", "~$", "lock") if word in out]


def test_a_folder_in_a_folder_is_named_and_not_looked_into(
    imported: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    (folder / "2023").mkdir(parents=True)
    (folder / "2023" / "fx_fixings.csv").write_text(ROWS)
    code, out, _ = imported(folder)
    assert (code, names(tmp_path)) == (0, [])
    assert "2023: a folder, not looked into" in out
    assert "desk: no file to import" in out


def test_a_name_in_gbk_and_a_file_that_is_refused_stop_no_other(
    imported: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    gbk = os.fsdecode("fx_fixings_十月.csv".encode("gbk"))
    wrong = os.fsdecode("指数_十月.csv".encode("gbk"))
    for name, text in (
        (gbk, ROWS),
        (wrong, "..."),
        ("fx_fixings_z.csv", ROWS.replace("1", "2")),
    ):
        (folder / name).write_text(text)
    code, out, err = imported(folder)
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("yanbao: 指数_十月.csv: ")
    assert sorted(map(str, names(tmp_path))) == ["fx_fixings_z.csv", "fx_fixings_十月.csv"]
    assert "fx_fixings_十月.csv: fx_fixings: 1 rows in" in out


def test_what_a_shell_lists_of_a_folder_is_passed_over_too(
    imported: Run, tmp_path: Path
) -> None:
    folder = shutil.copytree(FILES / "desk_folder", tmp_path / "desk")
    (folder / "readme.docx").unlink()
    listed = [path for path in sorted(folder.iterdir()) if path.name[0] != "."]
    code, out, err = imported(*listed)
    assert (code, err, names(tmp_path)) == (0, "", ["a_share_bars.csv"])
    assert "Thumbs.db: passed over, a program keeps it for itself" in out


@pytest.mark.parametrize(
    ("name", "hint"),
    [("a.zip", "unpack it"), ("a.et", "save it as .xlsx"), ("a.docx", "use .csv, .xlsx or")],
)
def test_a_file_that_is_named_and_not_read_is_refused(
    imported: Run, tmp_path: Path, name: str, hint: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    code, _, err = imported(tmp_path / name)
    assert (code, hint in err, err.count("\n")) == (1, True, 1)
