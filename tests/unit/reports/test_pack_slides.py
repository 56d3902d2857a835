"""The slides, read back: native tables and charts, embedded data, a team's template."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import openpyxl  # type: ignore[import-untyped]
import pytest
from pptx import Presentation
from pptx.chart.axis import ValueAxis
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches

from tests.unit.reports.pack_rows import Tables
from tests.unit.reports.test_chart_layout import CHARTS
from yanbao.reporting.charts.native_charts import LEVELS, TIMELINES
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.item_spec import ChartKind
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.office.office_file import TemplateError
from yanbao.reporting.office.render_pptx import CONTINUED, render_pptx
from yanbao.reporting.printed.cell import cell_value
from yanbao.reporting.printed.pack import (
    PrintedChart,
    PrintedPack,
    PrintedSection,
    PrintedTable,
)
from yanbao.reporting.printed.text_fit import shown
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import Colours, Fonts, HouseStyle, Templates

Print = Callable[..., Any]


@pytest.fixture(scope="module")
def printed(module_release: Callable[..., ReleaseReader]) -> PrintedPack:
    return compose(load_pack("galaxy-weekly"), module_release())


@pytest.fixture(scope="module")
def deck(printed: PrintedPack, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("slides") / "pack.pptx"
    render_pptx(printed, path)
    return Presentation(str(path))


@pytest.fixture
def slides(tmp_path: Path) -> Print:
    """The deck of a printed pack, in a house style with these changes."""

    def write(printed: PrintedPack, **house: Any) -> Any:
        path = tmp_path / "pack.pptx"
        render_pptx(replace(printed, house=HouseStyle().model_copy(update=house)), path)
        return Presentation(str(path))

    return write


@pytest.fixture
def small(release: ReleaseReader, small_pack: str) -> PrintedPack:
    return compose(load_pack(small_pack), release)


def shapes(deck: Any) -> Iterator[Any]:
    for slide in deck.slides:
        yield from slide.shapes


def tables_of(deck: Any, number: int) -> list[list[list[str]]]:
    """The parts of one table, slide by slide."""
    found = [s for s in shapes(deck) if s.has_table and s.name == f"表{number}"]
    return [[[cell.text for cell in row.cells] for row in s.table.rows] for s in found]


def chart_of(deck: Any, number: int) -> Any:
    (found,) = [s for s in shapes(deck) if s.has_chart and s.name == f"图{number}"]
    return found.chart


def series_of(native: Any) -> list[Any]:
    """Of all plots, in the order of the sheet: a combo has two."""
    return [series for plot in native.plots for series in plot.series]


def charts(printed: PrintedPack) -> list[PrintedChart]:
    return [chart for chart in printed.charts if chart.points]


def slide_text(slide: Any) -> str:
    return "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)


def test_every_cell_holds_the_printed_text(printed: PrintedPack, deck: Any) -> None:
    for table in printed.tables:
        parts = tables_of(deck, table.number)
        header = [header.text for header in table.headers]
        assert all(part[0] == header for part in parts)
        rows = [[shown(cell) for cell in row.cells] for row in table.rows]
        assert [row for part in parts for row in part[1:]] == rows


def test_series_hold_the_values_of_the_points_in_printed_order(
    printed: PrintedPack, deck: Any
) -> None:
    assert charts(printed)
    for chart in charts(printed):
        native = chart_of(deck, chart.number)
        names = [str(name) for name in native.plots[0].categories]
        for category, name in zip(chart.categories, names, strict=True):
            assert name.startswith(category)
        for series, expected in zip(series_of(native), chart.series, strict=True):
            values = dict(zip(chart.categories, series.values))
            for point in (each for each in chart.points if each.series == expected):
                # A sheet keeps sixteen digits of a number.
                value = pytest.approx(cell_value(point.cell), rel=1e-14)
                assert values[point.category] == (None if point.number is None else value)


def test_embedded_sheet_holds_what_the_chart_shows(printed: PrintedPack, deck: Any) -> None:
    for chart in charts(printed):
        native = chart_of(deck, chart.number)
        blob = native.part.chart_workbook.xlsx_part.blob
        (sheet,) = openpyxl.load_workbook(io.BytesIO(blob)).worksheets
        rows = list(sheet.iter_rows(values_only=True))
        names = [series.name for series in series_of(native)]
        assert rows[0][1:] == (*names, *chart.extra_headers)
        assert [row[0] for row in rows[1:]] == list(native.plots[0].categories)
        for column, series in enumerate(series_of(native), start=1):
            expected = [v if v is None else pytest.approx(v, rel=1e-14) for v in series.values]
            assert [row[column] for row in rows[1:]] == expected


def test_first_bar_stands_at_the_top_with_its_label(printed: PrintedPack, deck: Any) -> None:
    for chart in charts(printed):
        if chart.kind != "bar":
            continue
        native = chart_of(deck, chart.number)
        assert native.category_axis.reverse_order
        labels = native.plots[0].series[0].data_labels
        assert labels.show_value
        assert native.value_axis.minimum_scale <= 0 <= native.value_axis.maximum_scale


def test_bars_of_a_change_are_red_above_and_green_below(
    printed: PrintedPack, deck: Any
) -> None:
    chart = printed.charts[0]
    series = chart_of(deck, chart.number).plots[0].series[0]
    tones = printed.house.colours.tones
    for place, point in enumerate(chart.points):
        if point.number is not None:
            colour = series.points[place].format.fill.fore_color.rgb
            assert str(colour) == tones[point.tone].lstrip("#").upper()


def test_interval_of_a_dot_is_drawn_from_its_distances(printed: PrintedPack, deck: Any) -> None:
    (chart,) = [chart for chart in printed.charts if chart.kind == "dot"]
    xml = chart_of(deck, chart.number)._chartSpace
    for tag, side in (("c:minus", 0), ("c:plus", 1)):
        values = [float(e.text) for e in xml.iter(qn("c:v")) if _inside(e, qn(tag))]
        assert values == [float(point.distances[side]) for point in chart.points]


def _inside(element: Any, tag: str) -> bool:
    return any(parent.tag == tag for parent in element.iterancestors())


def test_deck_is_wide_and_every_slide_has_title_footer_and_number(
    printed: PrintedPack, deck: Any
) -> None:
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        assert printed.footer.line in slide_text(slide)
        fields = [e.get("type") for e in slide.shapes._spTree.iter(qn("a:fld"))]
        assert fields == ["slidenum"]


def test_nothing_stands_outside_its_slide(deck: Any) -> None:
    for shape in shapes(deck):
        assert shape.left >= 0
        assert shape.top >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height


def test_sample_stands_on_every_slide(small: PrintedPack, slides: Print) -> None:
    made_up = slides(replace(small, is_sample=True))
    assert all("样例" in [s.name for s in slide.shapes] for slide in made_up.slides)
    real = slides(replace(small, is_sample=False))
    assert "样例" not in [shape.name for shape in shapes(real)]


def test_watermark_stands_behind_every_slide(small: PrintedPack, slides: Print) -> None:
    for slide in slides(small, watermark="草稿").slides:
        assert slide.shapes[0].text_frame.text == "草稿"


def test_sections_of_powerpoint_are_those_of_the_pack(printed: PrintedPack, deck: Any) -> None:
    listed = [e for e in deck.part._element.iter() if str(e.tag).endswith("}section")]
    headings = [f"{section.number} {section.title}" for section in printed.sections]
    assert [e.get("name") for e in listed] == ["封面", *headings, "附录"]
    ids = [e.get("id") for section in listed for e in section.iter() if "sldId}" not in e.tag]
    slide_ids = [str(slide.slide_id) for slide in deck.slides]
    assert [each for each in ids if each in slide_ids] == slide_ids


def test_dividers_hold_the_sentences(printed: PrintedPack, deck: Any) -> None:
    text = "\n".join(slide_text(slide) for slide in deck.slides)
    for item in printed.items:
        if not isinstance(item, PrintedTable | PrintedChart):
            assert item.text in text


def test_long_table_goes_on_with_its_header(small: PrintedPack, slides: Print) -> None:
    (table,) = small.tables
    rows = table.rows * 20
    (section,) = small.sections
    long = replace(section, items=(replace(table, rows=rows),))
    deck = slides(replace(small, sections=(long,)))
    parts = tables_of(deck, 1)
    assert len(parts) > 1
    assert {tuple(part[0]) for part in parts} == {tuple(h.text for h in table.headers)}
    assert sum(len(part) - 1 for part in parts) == len(rows)
    titles = [
        slide.shapes.title.text_frame.text
        for slide in deck.slides
        if any(shape.has_table for shape in slide.shapes)
    ]
    assert titles == ["1 指数", *[f"1 指数{CONTINUED}"] * (len(parts) - 1)]


def test_fonts_are_set_for_chinese_too(small: PrintedPack, slides: Print) -> None:
    deck = slides(small, fonts=Fonts(office="宋体"))
    theme = deck.slide_master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    ).blob.decode()
    fonts = theme.partition("<a:fontScheme")[2].partition("</a:fontScheme>")[0]
    assert fonts.count('<a:ea typeface="宋体"/>') == 2
    assert fonts.count('<a:latin typeface="宋体"/>') == 2
    texts = [text for slide in deck.slides for text in slide.element.iter(qn("a:latin"))]
    assert {text.getnext().get("typeface") for text in texts} == {"宋体"}


def test_titles_have_the_colour_of_the_house(small: PrintedPack, slides: Print) -> None:
    deck = slides(small, colours=Colours(header="#7a1f1f"))
    for layout in deck.slide_layouts:
        (title,) = [p for p in layout.placeholders if p.placeholder_format.idx == 0]
        assert 'val="7A1F1F"' in title.element.xml


def test_names_stay_text_on_slides_and_in_embedded_sheets(
    tables: Tables, make_release: Callable[..., ReleaseReader], small_pack: str, slides: Print
) -> None:
    attacks = ["=1+1", "@SUM(1)", "<script>alert(1)</script>", "</script>", "a\x00\x0b\x1fb"]
    for row, name in zip(tables["index_changes"], attacks):
        row["index_name"] = name
    deck = slides(compose(load_pack(small_pack), make_release(tables)))
    (part,) = tables_of(deck, 1)
    shown = [*attacks[:4], "a   b"]
    assert [row[0] for row in part[1:6]] == shown
    native = chart_of(deck, 1)
    assert list(native.plots[0].categories)[:5] == shown
    blob = native.part.chart_workbook.xlsx_part.blob
    (sheet,) = openpyxl.load_workbook(io.BytesIO(blob)).worksheets
    cells = [sheet.cell(row, 1) for row in range(2, 7)]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", name) for name in shown]


def test_same_pack_gives_the_same_bytes(small: PrintedPack, tmp_path: Path) -> None:
    for name in ("one", "two"):
        render_pptx(small, tmp_path / f"{name}.pptx")
    assert (tmp_path / "one.pptx").read_bytes() == (tmp_path / "two.pptx").read_bytes()


@pytest.fixture(scope="module")
def kinds(
    printed: PrintedPack, tmp_path_factory: pytest.TempPathFactory
) -> tuple[PrintedPack, Any]:
    """A deck of every kind of chart that a pack can hold."""
    charts = tuple(
        replace(chart, number=number, title=name)
        for number, (name, chart) in enumerate(CHARTS.items(), start=1)
    )
    pack = replace(printed, sections=(PrintedSection(1, "图", charts),))
    path = tmp_path_factory.mktemp("kinds") / "pack.pptx"
    render_pptx(pack, path)
    return pack, Presentation(str(path))


def test_every_kind_of_chart_is_native(kinds: tuple[PrintedPack, Any]) -> None:
    pack, deck = kinds
    assert {chart.kind for chart in pack.charts} == set(get_args(ChartKind)) - {"dot"}
    test_series_hold_the_values_of_the_points_in_printed_order(pack, deck)
    test_embedded_sheet_holds_what_the_chart_shows(pack, deck)


def test_combo_has_its_line_on_a_second_axis(kinds: tuple[PrintedPack, Any]) -> None:
    pack, deck = kinds
    (combo,) = [chart for chart in pack.charts if chart.title == "25 in two panels"]
    native = chart_of(deck, combo.number)
    columns, line = native.plots
    assert [series.name for series in columns.series] == list(combo.amount_series)
    assert [series.name for series in line.series] == [combo.line_series]
    titles = [axis.axis_title.text_frame.text for axis in _value_axes(native)]
    assert titles == [combo.heading, combo.line_heading]


def test_line_of_a_small_combo_runs_above_its_columns(kinds: tuple[PrintedPack, Any]) -> None:
    pack, deck = kinds
    (combo,) = [chart for chart in pack.charts if chart.title == "three quarters"]
    axes = _value_axes(chart_of(deck, combo.number))
    heights = []
    for axis, points in zip(axes, (combo.amounts, combo.line_points), strict=True):
        span = axis.maximum_scale - axis.minimum_scale
        numbers = [float(point.number) for point in points if point.number is not None]
        heights.append([(number - axis.minimum_scale) / span for number in numbers])
    columns, line = heights
    assert 0 <= min(columns) <= max(columns) < min(line) <= max(line) < 1


def _value_axes(native: Any) -> list[Any]:
    area = native._chartSpace.chart.plotArea
    return [ValueAxis(element) for element in area.findall(qn("c:valAx"))]


def test_columns_and_bars_start_at_zero(kinds: tuple[PrintedPack, Any]) -> None:
    pack, deck = kinds
    for chart in pack.charts:
        low = min((point.number or 0) for point in chart.amounts)
        if chart.kind not in LEVELS and low >= 0:
            assert _value_axes(chart_of(deck, chart.number))[0].minimum_scale == 0


def test_labels_at_the_ends_of_lines_have_room(kinds: tuple[PrintedPack, Any]) -> None:
    pack, deck = kinds
    shown = {}
    for chart in pack.charts:
        if chart.kind in TIMELINES:
            space = chart_of(deck, chart.number)._chartSpace
            labelled = len(space.findall(f".//{qn('c:dLbls')}")) * len(chart.categories)
            shown[chart.title] = labelled - len(space.findall(f".//{qn('c:delete')}[@val='1']"))
    assert shown["eight long lines"] == 0
    assert shown["one line of a year"] == 1


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """A team's deck: its own size and one slide; layouts may be taken away."""

    def make(*without: str) -> Path:
        deck = Presentation()
        deck.slide_width = Inches(12)
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "某某证券"
        for layout in list(deck.slide_layouts):
            if layout.name in without:
                deck.slide_layouts.remove(layout)
        path = tmp_path / "team.pptx"
        deck.save(str(path))
        return path

    return make


def test_template_keeps_its_slides_size_and_layouts(
    small: PrintedPack, slides: Print, template: Callable[..., Path]
) -> None:
    deck = slides(small, templates=Templates(pptx=template()))
    assert deck.slide_width == Inches(12)
    assert deck.slides[0].shapes.title.text_frame.text == "某某证券"
    used = {slide.slide_layout.name for slide in deck.slides}
    assert used == {"Title Slide", "Section Header", "Title Only"}
    assert len(deck.slide_layouts) == 11


def test_text_in_a_template_is_as_small_as_its_placeholder_needs(
    small: PrintedPack, slides: Print, template: Callable[..., Path]
) -> None:
    deck = slides(replace(small, is_sample=True), templates=Templates(pptx=template()))
    title = deck.slides[1]
    (body,) = [p for p in title.placeholders if p.placeholder_format.idx == 1]
    lines = [run.font.size.pt for p in body.text_frame.paragraphs for run in p.runs]
    assert lines
    assert max(lines) <= 18
    kinds = {each.placeholder_format.type: each for each in title.placeholders}
    (run,) = kinds[PP_PLACEHOLDER.FOOTER].text_frame.paragraphs[0].runs
    assert run.font.size.pt < 9


def test_template_without_a_layout_is_refused_by_name(
    small: PrintedPack, slides: Print, template: Callable[..., Path]
) -> None:
    with pytest.raises(TemplateError, match=r"no layout 'Section Header'.*it has: Title Slide"):
        slides(small, templates=Templates(pptx=template("Section Header")))


def test_template_that_is_no_deck_is_refused(
    small: PrintedPack, slides: Print, tmp_path: Path
) -> None:
    (tmp_path / "team.pptx").write_bytes(b"not a deck")
    with pytest.raises(TemplateError, match="cannot be opened"):
        slides(small, templates=Templates(pptx=tmp_path / "team.pptx"))
