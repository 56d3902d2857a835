"""The page and the workbook as a reader meets them: banners, charts, links, fonts."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.unit.reports.conftest import SMALL_PACK
from tests.unit.reports.pack_rows import Tables
from yanbao.reporting.build import build_pack
from yanbao.reporting.charts.chart_layout import padded_domain
from yanbao.reporting.charts.draw import NARROW, WIDE, draw_svg
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.pages import render_html
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import DOWN, UP, has_cjk_font
from yanbao.reporting.workbook.render_xlsx import sheet_name

MakeRelease = Callable[..., ReleaseReader]
PACK = "galaxy-weekly"


def page_of(pack: str, release: ReleaseReader, folder: Path) -> str:
    return build_pack(pack, release, folder, ("html",))["html"].read_text(encoding="utf-8")


def test_sample_release_carries_a_banner_and_marks(
    make_release: MakeRelease, tables: Tables, tmp_path: Path, read_page: Callable[[Path], Any]
) -> None:
    release = make_release(tables, source_mode="sample")
    files = build_pack(PACK, release, tmp_path / "out", ("html", "xlsx"))
    page = read_page(files["html"])
    assert "样例：含虚构的样例数据" in page.text
    assert "表2 重点公司本周涨跌样例" in page.captions
    workbook = openpyxl.load_workbook(files["xlsx"])
    contents = [row[0] for row in workbook["目录"].iter_rows(values_only=True)]
    assert any(str(text).startswith("样例：含虚构") for text in contents)
    assert workbook["表2 重点公司"]["A1"].value == "表2 重点公司本周涨跌【样例】"


def test_release_of_real_rows_has_no_banner(
    make_release: MakeRelease, small_pack: str, tables: Tables, tmp_path: Path
) -> None:
    for rows in tables.values():
        for row in rows:
            row["source_note"] = "desk"
    text = page_of(small_pack, make_release(tables, source_mode="live"), tmp_path / "out")
    assert 'class="banner"' not in text
    assert 'class="sample"' not in text


def test_stale_datasets_of_the_manifest_are_named(
    make_release: MakeRelease, small_pack: str, tables: Tables, tmp_path: Path
) -> None:
    stale = [{"dataset": "fund_navs", "last_good": "2024-10-11", "reason": "batch rejected"}]
    text = page_of(
        small_pack, make_release(tables, manifest={"stale": stale}), tmp_path / "out"
    )
    assert "fund_navs：最近一次合格数据 2024-10-11（batch rejected）" in text


def test_footer_names_the_release_and_its_days(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    text = page_of(small_pack, release, tmp_path / "out")
    footer = text.partition("<footer>")[2]
    facts = (
        "2024-10-18",
        "全部已知信息",
        "20241018T200000-abc123",
        "本机导入",
        "2024-10-18 20:00（北京时间）",
        "交易日 2024-10-17 至 2024-10-18",
    )
    assert [fact for fact in facts if fact not in footer] == []


def test_every_chart_is_drawn_wide_and_narrow(release: ReleaseReader, tmp_path: Path) -> None:
    text = page_of(PACK, release, tmp_path / "out")
    charts = compose(load_pack(PACK), release).charts
    assert len(charts) >= 5
    assert text.count("<svg") == 2 * len(charts)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_bars_stand_in_the_order_of_the_table(release: ReleaseReader) -> None:
    chart = compose(load_pack(PACK), release).charts[0]
    svg = draw_svg(chart, WIDE, HouseStyle())
    drawn = [text for text in re.findall(r"<text[^>]*>([^<]+)</text>", svg)
             if text in chart.categories]  # fmt: skip
    heights = {
        text: float(y)
        for y, text in re.findall(r'<text [^>]*\by="([\d.]+)"[^>]*>([^<]+)</text>', svg)
        if text in chart.categories
    }
    assert set(drawn) == set(chart.categories)
    assert sorted(heights, key=heights.__getitem__) == list(chart.categories)


def test_rises_are_red_and_falls_are_green(release: ReleaseReader) -> None:
    svg = draw_svg(compose(load_pack(PACK), release).charts[0], WIDE, HouseStyle())
    assert svg.count(f'fill="{UP}"') == 2
    assert svg.count(f'fill="{DOWN}"') == 3


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_longest_negative_label_stays_clear_of_the_names(width: int) -> None:
    low, high = padded_domain([(-9.23, 45.0), (2.09, 45.0)], width)
    per_pixel = (high - low) / width
    assert -9.23 - 45.0 * per_pixel >= low - 1e-9
    assert 2.09 + 45.0 * per_pixel <= high + 1e-9


def test_domain_of_zeros_is_not_empty() -> None:
    low, high = padded_domain([(0.0, 30.0)], 300)
    assert high > low


KINDS = {
    "grouped bar": "x: index_name, y: [change_this_week, change_last_week]",
    "line": "x: session_on, series: index_name, y: change_this_week",
    "step": "x: session_on, series: index_name, y: close",
    "dot": "x: index_name, y: pe_ttm",
    "column": "x: index_name, y: [change_this_week, change_last_week]",
    "combo": "x: index_name, y: close, line: change_this_week",
    "arrows": "x: index_name, y: [change_last_week, change_this_week]",
}


@pytest.mark.parametrize("kind", KINDS)
def test_other_chart_kinds_are_drawn_in_both_outputs(
    make_pack: Callable[[str], PackSpec], release: ReleaseReader, tmp_path: Path, kind: str
) -> None:
    text = f"""
keys: {{index_changes: [index_code]}}
items:
  - {{chart: {kind}, mart: index_changes, title: 图, {KINDS[kind]}}}
"""
    (chart,) = compose(make_pack(text), release).charts
    assert draw_svg(chart, WIDE, HouseStyle()).startswith("<svg")
    assert chart.kind == kind
    pack = tmp_path / "trial.yml"
    pack.write_text(
        "title: 试验\n" + text.replace("items:", "sections: [{title: 图, items:")
        .replace("  - {", "[{").rstrip() + "]}]\n",
        encoding="utf-8",
    )  # fmt: skip
    files = build_pack(str(pack), release, tmp_path / "out", ("xlsx",))
    workbook = openpyxl.load_workbook(files["xlsx"], data_only=True)
    (native,) = [one for sheet in workbook.worksheets for one in sheet._charts]
    series = [one for part in native._charts for one in part.series]
    for name, found in zip(chart.series, series, strict=True):
        cells = workbook["图表数据"][found.val.numRef.f.partition("!")[2].replace("$", "")]
        drawn = [float(one.number) for one in chart.points if one.series == name and one.number]
        held = [cell.value for (cell,) in cells if cell.value is not None]
        assert held == pytest.approx(drawn)


def test_arrow_stands_before_the_signed_digits_in_page_and_workbook(
    release: ReleaseReader, tmp_path: Path
) -> None:
    column = "{column: change_this_week, shown: arrow}]"
    pack = tmp_path / "arrow.yml"
    pack.write_text(SMALL_PACK.replace("change_this_week, pe_ttm]", column), encoding="utf-8")
    files = build_pack(str(pack), release, tmp_path / "out", ("html", "xlsx"))
    page = files["html"].read_text(encoding="utf-8")
    assert '<span class="arrow" aria-hidden="true">▼</span>-3.05' in page
    assert '<span class="arrow" aria-hidden="true">▲</span>+2.09' in page
    sheet = openpyxl.load_workbook(files["xlsx"])["表1 指数"]
    formats = {cell.number_format for (cell,) in sheet["D5:D9"]}
    assert formats == {'"▲ "+0.00;"▼ "-0.00;0.00'}


def test_workbook_has_native_charts_contents_links_and_frozen_headers(
    release: ReleaseReader, tmp_path: Path
) -> None:
    files = build_pack(PACK, release, tmp_path / "out", ("xlsx",))
    workbook = openpyxl.load_workbook(files["xlsx"])
    printed = compose(load_pack(PACK), release)
    assert sum(len(sheet._charts) for sheet in workbook.worksheets) == len(printed.charts)
    assert workbook.sheetnames[0] == "目录"
    assert workbook.sheetnames[-2:] == ["底稿", "来源"]
    for table in printed.tables:
        (name,) = [
            name for name in workbook.sheetnames if name.startswith(f"表{table.number} ")
        ]
        assert workbook[name].freeze_panes == "B5"
    targets = {
        cell.hyperlink.location.partition("!")[0].strip("'")
        for row in workbook["目录"].iter_rows()
        for cell in row
        if cell.hyperlink is not None
    }
    assert targets <= set(workbook.sheetnames)
    assert targets == set(workbook.sheetnames[1:])


def test_changes_are_coloured_by_the_rounded_number(
    release: ReleaseReader, tmp_path: Path
) -> None:
    files = build_pack(PACK, release, tmp_path / "out", ("xlsx",))
    sheet = openpyxl.load_workbook(files["xlsx"], data_only=True)["表1 指数涨跌"]
    rules = {
        (str(ranges.sqref), rule.operator, rule.formula[0], rule.dxf.font.color.rgb)
        for ranges, found in sheet.conditional_formatting._cf_rules.items()
        for rule in found
    }
    up, down = f"FF{UP[1:].upper()}", f"FF{DOWN[1:].upper()}"
    assert ("D5:D10", "greaterThanOrEqual", "0.005", up) in rules
    assert ("D5:D10", "lessThanOrEqual", "-0.005", down) in rules
    assert sheet["D5"].number_format == "+0.00;-0.00;0.00"
    assert sheet["D5"].value == pytest.approx(-3.05)


def test_each_native_bar_of_a_change_has_the_colour_of_its_direction(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    """Inverted colours of a series would be one colour in LibreOffice."""
    files = build_pack(small_pack, release, tmp_path / "out", ("xlsx",))
    (chart,) = openpyxl.load_workbook(files["xlsx"])["表1 指数"]._charts
    (series,) = chart.series
    colours = {one.idx: one.spPr.solidFill.srgbClr for one in series.dPt}
    (printed,) = compose(load_pack(small_pack), release).charts
    for place, point in enumerate(printed.points):
        if point.number:
            assert colours[place] == (UP if point.number > 0 else DOWN)[1:].upper()


def test_native_dots_carry_their_intervals(release: ReleaseReader, tmp_path: Path) -> None:
    files = build_pack(PACK, release, tmp_path / "out", ("xlsx",))
    workbook = openpyxl.load_workbook(files["xlsx"], data_only=True)
    (name,) = [name for name in workbook.sheetnames if name.endswith("大模型榜单")]
    (bars,) = [series.errBars for series in workbook[name]._charts[0].series]
    data = workbook["图表数据"]

    def values(source: Any) -> list[Any]:
        return [cell.value for (cell,) in data[source.numRef.f.partition("!")[2]]]

    assert values(bars.plus) == [4, 4, 4, 5]
    assert values(bars.minus) == [4, 5, 4, 4]


def test_sheet_names_suit_every_spreadsheet() -> None:
    assert sheet_name("表1 利率/汇率[周]: '甲'") == "表1 利率 汇率 周 甲"
    assert len(sheet_name("表1 " + "长" * 60)) == 31


def test_missing_cjk_font_is_said_and_not_hidden(
    release: ReleaseReader,
    small_pack: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(render_html, "has_cjk_font", lambda: False)
    with caplog.at_level(logging.WARNING):
        page_of(small_pack, release, tmp_path / "out")
    assert "no CJK font is installed" in caplog.text


def test_cjk_font_is_found_by_its_file_name(tmp_path: Path) -> None:
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "DejaVuSans.ttf").touch()
    assert not has_cjk_font([tmp_path])
    (tmp_path / "truetype" / "NotoSansCJK-Regular.ttc").touch()
    assert has_cjk_font([tmp_path])


def test_scaled_values_survive_in_the_sort_key() -> None:
    from yanbao.reporting.printed.cell import Cell
    from yanbao.reporting.styling.formatting import NumberStyle

    style = NumberStyle(kind="number", power=2, decimals=2)
    cell = Cell(text="1.00", style=style, number=Decimal("1.00412"))
    assert render_html.sort_value(cell) == "1.00412"
    assert render_html.sort_value(Cell(text="–", style=style)) == ""


def test_no_line_breaks_a_date_or_a_unit() -> None:
    assert render_html.header("市值 2024-10-31 (亿元)") == (
        "市值 <time>2024-10-31</time> <small>(亿元)</small>"
    )
    assert render_html.header("市值\n[单位] 亿元") == "市值\n<small>[单位] 亿元</small>"
    assert render_html.header("<b>(x) (亿元)") == "&lt;b&gt;(x) <small>(亿元)</small>"
    assert render_html.dated("至<i>2024-10-31") == "至&lt;i&gt;<time>2024-10-31</time>"
