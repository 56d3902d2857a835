"""PDF and pictures beside the other formats: the same files, and failures that are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from yanbao.reporting import second_process
from yanbao.reporting.build import build_pack
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.second_process import Beside, divided


@pytest.mark.parametrize(
    ("formats", "beside"),
    [
        (("html", "xlsx"), ()),
        (("html", "pdf", "csv", "png"), ("pdf", "png")),
        (("docx", "png"), ("png",)),
        (("png", "pptx"), ()),
        (("pdf", "png"), ()),
    ],
)
def test_what_is_drawn_twice_is_printed_beside_the_rest(
    formats: Sequence[str], beside: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_process.os, "cpu_count", lambda: 2)
    assert divided(formats, 10)[1] == beside
    assert sorted((*divided(formats, 10)[0], *beside)) == sorted(formats)
    assert divided(formats, 1) == (tuple(formats), ())
    monkeypatch.setattr(second_process.os, "cpu_count", lambda: 1)
    assert divided(formats, 10) == (tuple(formats), ())


@pytest.mark.fonts
def test_two_processes_give_the_bytes_of_one(
    release: ReleaseReader, small_pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    formats = ("html", "png", "csv")
    monkeypatch.setattr(second_process, "FEW_CHARTS", 1)
    lines: list[str] = []
    printed = {}
    for count in (1, 2):
        monkeypatch.setattr(second_process.os, "cpu_count", lambda count=count: count)
        out = tmp_path / str(count)
        files = build_pack(small_pack, release, out, formats, progress=lines.append)
        assert tuple(files) == formats
        printed[count] = {
            str(path.relative_to(out)): path.read_bytes()
            for path in out.rglob("*")
            if path.is_file()
        }
    assert printed[1] == printed[2]
    assert lines.count("png: 图1 指数本周（%）") == 2


def test_process_that_ends_early_fails_its_formats(
    release: ReleaseReader, small_pack: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    printed = compose(load_pack(small_pack), release)
    with Beside(printed, tmp_path / "pack", ("no such format",), print) as other:
        other.finish()
    assert other.files == {}
    (failure,) = other.failures.values()
    assert str(failure) == "its process ended with code 1"
    assert "KeyError" in capfd.readouterr().err


def test_process_is_ended_with_the_block(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    printed = compose(load_pack(small_pack), release)
    with (
        pytest.raises(KeyboardInterrupt),
        Beside(printed, tmp_path / "pack", ("png",), print) as other,
    ):
        raise KeyboardInterrupt
    assert other._process.poll() is not None
