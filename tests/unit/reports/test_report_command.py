"""``yanbao report``: what it prints of formats that fail and houses that are wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from yanbao.base.errors import EXIT_FAILED, EXIT_USAGE
from yanbao.cli.main import main
from yanbao.reporting.pages import render_html as html

PACK = "{title: 试验, sections: [{title: 日期, items: [{sentence: '截至{as_of_cn}'}]}]}"


@pytest.fixture
def desk(small_home: Path, tmp_path: Path) -> Path:
    """A state folder of its own: a report pins the release that it cites."""
    return shutil.copytree(small_home, tmp_path / "desk", symlinks=True)


@pytest.fixture
def pack(tmp_path: Path) -> str:
    path = tmp_path / "trial.yml"
    path.write_text(PACK, encoding="utf-8")
    return str(path)


def test_format_that_fails_is_named_and_the_others_are_there(
    desk: Path,
    pack: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(html, "render_html", fail)
    words = ["report", pack, "--formats", "html,csv", "--out", str(tmp_path / "out")]
    assert main(["--home", str(desk), *words]) == EXIT_FAILED
    said, error = capsys.readouterr()
    assert said.split()[0] == "csv"
    assert Path(said.split()[1]).is_dir()
    *progress, last = error.splitlines()
    assert "trial: html (1 of 2)" in progress
    assert "trial: csv (2 of 2)" in progress
    assert last.startswith("yanbao: not printed: html: OSError: [Errno 28] No space left")
    assert last.endswith("; printed: csv")


def test_house_that_is_wrong_is_one_line_and_prints_nothing(
    desk: Path, pack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = tmp_path / "desk.yml"
    house.write_text("colours: {up: red}", encoding="utf-8")
    words = ["report", pack, "--house", str(house), "--out", str(tmp_path / "out"), "-q"]
    assert main(["--home", str(desk), *words]) == EXIT_USAGE
    said, error = capsys.readouterr()
    assert said == ""
    assert error == (
        "yanbao: desk.yml: colours.up: 'red' is no colour → write it as '#c8232c', in quotes\n"
    )
    assert not (tmp_path / "out").exists()


def test_house_of_the_state_folder_is_worn_unless_another_is_given(
    desk: Path, pack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "given.yml"
    given.write_text("watermark: 定稿", encoding="utf-8")
    (desk / "house.yml").write_text("watermark: 草稿", encoding="utf-8")
    words = ["report", pack, "--formats", "html", "--out", str(tmp_path / "out"), "-q"]
    for more, mark in (((), "草稿"), (("--house", str(given)), "定稿")):
        assert main(["--home", str(desk), *words, *more]) == 0
        page = Path(capsys.readouterr().out.split()[1]).read_text(encoding="utf-8")
        assert f'aria-hidden="true">{mark}</div>' in page
