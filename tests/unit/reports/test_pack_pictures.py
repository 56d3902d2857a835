"""Figures as pictures: names, size, what stands inside, and no picture without a font."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.reports.pack_rows import Tables
from yanbao.reporting.build import NotPrintedError, build_pack
from yanbao.reporting.charts import draw
from yanbao.reporting.charts.draw import FontMissingError
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.office.render_docx import render_docx
from yanbao.reporting.pages.render_png import framed, picture_name, render_png
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.reading.release_reader import ReleaseReader


@pytest.fixture
def small(release: ReleaseReader, small_pack: str) -> PrintedPack:
    return compose(load_pack(small_pack), release)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.fonts
def test_each_figure_is_a_file_in_the_order_of_the_pack(
    small: PrintedPack, tmp_path: Path
) -> None:
    render_png(small, tmp_path / "png")
    (path,) = (tmp_path / "png").iterdir()
    assert path.name == "图01 指数本周.png"
    width, height = size_of(path.read_bytes())
    assert width == 2 * (720 + 2 * 16)
    assert height > 2 * 100


def test_picture_says_itself_what_it_shows(small: PrintedPack) -> None:
    (chart,) = small.charts
    svg = framed(replace(chart, sample="含样例"), small)
    for words in (chart.caption, "（%）", "【含样例】", "来源：000 表1", "报告日 2024-10-18",
                  "发布编号 20241018T200000-abc123"):  # fmt: skip
        assert words in svg


def test_picture_closes_with_the_footer_of_every_output(small: PrintedPack) -> None:
    assert small.footer.line in framed(small.charts[0], small)


def test_draft_is_marked_in_the_picture(small: PrintedPack) -> None:
    draft = replace(small, house=small.house.model_copy(update={"watermark": "草稿"}))
    assert ">草稿</text>" in framed(small.charts[0], draft)


@pytest.mark.fonts
def test_names_in_a_picture_are_escaped(
    tables: Tables, make_release: Callable[..., ReleaseReader], small_pack: str, tmp_path: Path
) -> None:
    names = ("</svg><script>alert(1)</script>", "a\x00\x0b\ufffe", "&amp;")
    for row, name in zip(tables["index_changes"], names):
        row["index_name"] = row["source_note"] = name
    printed = compose(load_pack(small_pack), make_release(tables))
    svg = framed(printed.charts[0], printed)
    assert "<script" not in svg
    assert svg.count("</svg>") == 1
    render_png(printed, tmp_path / "png")
    assert len(list((tmp_path / "png").iterdir())) == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A/B: <涨跌>?", "图01 A B 涨跌.png"),
        ("..", "图01.png"),
        ("x" * 90, f"图01 {'x' * 60}.png"),
        ("a\x00b\n", "图01 a b.png"),
    ],
)
def test_file_names_are_fit_for_every_system(small: PrintedPack, title: str, name: str) -> None:
    assert picture_name(replace(small.charts[0], title=title)) == name


@pytest.mark.parametrize("render", [render_png, render_docx])
def test_without_a_chinese_font_figures_are_refused(
    small: PrintedPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    render: Callable[[PrintedPack, Path], None],
) -> None:  # fmt: skip
    monkeypatch.setattr(draw, "has_cjk_font", lambda: False)
    with pytest.raises(FontMissingError, match=r"no font with Chinese letters.*fonts-noto-cjk"):
        render(small, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_formats_without_figures_are_printed_without_a_font(
    release: ReleaseReader, small_pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "has_cjk_font", lambda: False)
    with pytest.raises(NotPrintedError, match=r"not printed: png: .*printed: pptx, csv"):
        build_pack(small_pack, release, tmp_path, ("png", "pptx", "csv"))
