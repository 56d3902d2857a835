"""The small font that is cut for the drawings of a pack changes their time, not their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.reports.test_chart_layout import CHARTS
from yanbao.reporting.charts import drawing_font
from yanbao.reporting.charts.charts_svg import NARROW, WIDE, draw_svg
from yanbao.reporting.charts.drawing_font import MANY_CHARTS, cut_font, in_small_font
from yanbao.reporting.charts.figures import drawing_of, rasterise
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house import House

HOUSE = House()
ALL = tuple(CHARTS.values())
# Each kind once: drawing without the small font is what takes long.
SOME = tuple({chart.kind: chart for chart in ALL}.values())


@pytest.fixture(autouse=True)
def _nothing_cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(drawing_font, "_cuts", [])
    draw_svg.cache_clear()
    yield
    draw_svg.cache_clear()


def drawn(chart: PrintedChart, width: int) -> str:
    draw_svg.cache_clear()
    return draw_svg(chart, width, HOUSE)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_kind_is_drawn_in_the_same_bytes(width: int) -> None:
    plain = [drawn(chart, width) for chart in SOME]
    cut_font(ALL, HOUSE)
    assert len(drawing_font._cuts) == 1
    assert [drawn(chart, width) for chart in SOME] == plain


def test_pictures_have_the_same_pixels() -> None:
    plain = drawing_of(SOME[0], HOUSE)
    cut_font(ALL, HOUSE)
    small = drawing_of(SOME[0], HOUSE)
    assert "YanbaoDrawing1" in small.svg
    assert "YanbaoDrawing" not in plain.svg
    assert rasterise(small.svg) == rasterise(plain.svg)


def test_a_drawing_with_another_letter_takes_the_whole_font() -> None:
    cut_font(ALL, HOUSE)
    known = drawn(SOME[0], WIDE)
    other = known.replace(SOME[0].categories[0], "龘")
    assert in_small_font(known, HOUSE) != known
    assert other != known
    assert in_small_font(other, HOUSE) == other


def test_a_font_is_cut_once_for_the_same_letters() -> None:
    cut_font(ALL, HOUSE)
    cut_font(ALL[:MANY_CHARTS], HOUSE)
    assert [cut.name for cut in drawing_font._cuts] == ["YanbaoDrawing1"]


def test_few_charts_are_drawn_without_a_cut() -> None:
    cut_font(ALL[: MANY_CHARTS - 1], HOUSE)
    assert drawing_font._cuts == []


def test_a_house_font_that_is_not_among_the_known_files_is_not_cut() -> None:
    cut_font(ALL, replace(HOUSE, fonts=("Some Other Font",)))
    assert drawing_font._cuts == []


def test_a_file_that_is_no_font_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "notosanscjk-broken.ttc"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(drawing_font, "cjk_font_files", lambda: iter([broken]))
    cut_font(ALL, HOUSE)
    assert drawing_font._cuts == []
