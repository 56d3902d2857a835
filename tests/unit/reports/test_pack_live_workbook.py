"""The workbook for the desk is live and shows the page's digits; outsiders get values."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.cell import range_boundaries  # type: ignore[import-untyped]

from tests.unit.reports.pack_rows import MARTS, dictionary
from tests.unit.reports.sheet_formulas import Calculator
from yanbao.base.errors import PackError
from yanbao.reporting.build import build_pack
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.item_spec import ChartKind
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import Colours, HouseStyle
from yanbao.reporting.workbook.formulas import load_formulas, parse_expression

PACK = "galaxy-weekly"
OUTSIDE = HouseStyle(audience="external")


@pytest.fixture(scope="module")
def release(module_release: Callable[..., ReleaseReader]) -> ReleaseReader:
    return module_release(redistribution="allowed")


@pytest.fixture(scope="module")
def printed(release: ReleaseReader) -> PrintedPack:
    return compose(load_pack(PACK), release)


@pytest.fixture(scope="module")
def book(release: ReleaseReader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_pack(PACK, release, tmp_path_factory.mktemp("live"), ("xlsx",))["xlsx"]


@pytest.fixture(scope="module")
def formulas(book: Path) -> Any:
    return openpyxl.load_workbook(book)


@pytest.fixture(scope="module")
def values(book: Path) -> Any:
    return openpyxl.load_workbook(book, data_only=True)


@pytest.fixture(scope="module")
def outside(release: ReleaseReader, tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("outside")
    files = build_pack(PACK, release, out, ("xlsx",), house=OUTSIDE)
    return openpyxl.load_workbook(files["xlsx"])


def cells_of(workbook: Any, kind: str) -> Iterator[Any]:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.data_type == kind)


def days(value: Any) -> Any:
    """A duration as its cell holds it."""
    return value / timedelta(days=1) if isinstance(value, timedelta) else value


def sheet_of(workbook: Any, start: str) -> Any:
    (name,) = [name for name in workbook.sheetnames if name.startswith(start)]
    return workbook[name]


def test_every_formula_recalculates_to_the_value_that_it_shows(
    formulas: Any, values: Any
) -> None:
    calculator, compared = Calculator(formulas), 0
    for cell in cells_of(formulas, "f"):
        shown = days(values[cell.parent.title][cell.coordinate].value)
        found = calculator.cell(cell.parent.title, cell.coordinate)
        where = f"{cell.parent.title}!{cell.coordinate} {cell.value}"
        if isinstance(found, bool):
            assert shown is found, where
        else:
            assert math.isclose(found, shown, rel_tol=1e-12, abs_tol=1e-12), where
        compared += 1
    assert compared > 250


def test_every_number_of_a_printed_table_is_a_formula(
    printed: PrintedPack, formulas: Any
) -> None:
    for table in printed.tables:
        sheet = sheet_of(formulas, f"表{table.number} ")
        for row, printed_row in enumerate(table.rows, start=5):
            for column, cell in enumerate(printed_row.cells, start=1):
                if cell.number is not None and cell.style.is_numeric:
                    assert sheet.cell(row, column).data_type == "f", (table.caption, row)


def test_changing_a_stored_value_changes_what_follows_from_it(
    printed: PrintedPack, book: Path
) -> None:
    workbook = openpyxl.load_workbook(book)
    calculator = Calculator(workbook)
    data = workbook["数据 market_cap_moves"]
    names = {data.cell(3, column).value: column for column in range(2, data.max_column + 1)}
    first = next(one for one in printed.tables if one.mart == "market_cap_moves")
    table = sheet_of(workbook, f"表{first.number} ")
    change = [header.column for header in first.headers].index("change_ratio") + 1
    before = calculator.cell(table.title, table.cell(5, change).coordinate)
    data.cell(5, names["market_cap"]).value *= 2
    after = calculator.cell(table.title, table.cell(5, change).coordinate)
    assert before != after


def test_totals_are_sums_of_the_cells_above(printed: PrintedPack, formulas: Any) -> None:
    (table,) = [
        table for table in printed.tables if any(row.is_total for row in table.rows)
        and table.mart == "market_cap_moves"
    ][:1]  # fmt: skip
    sheet = sheet_of(formulas, f"表{table.number} ")
    at = next(row for row, one in enumerate(table.rows, start=5) if one.is_total)
    found = [cell.value for cell in sheet[at] if cell.data_type == "f"]
    assert found
    assert all(re.fullmatch(r"=SUM\(([A-Z])5:\1\d+\)", text) for text in found)


def test_counts_of_sentences_are_counted(formulas: Any, values: Any) -> None:
    sheet, shown = formulas["正文数据"], values["正文数据"]
    counted = [
        (row, sheet.cell(row, 5).value)
        for row in range(5, sheet.max_row + 1)
        if str(sheet.cell(row, 5).value).startswith("=COUNTIF")
    ]
    assert counted
    for row, text in counted:
        printed = str(shown.cell(row, 6).value)
        if "/" not in text:
            assert int(printed) == shown.cell(row, 5).value


def test_the_outside_workbook_holds_values_alone(outside: Any) -> None:
    assert not list(cells_of(outside, "f"))
    assert not [name for name in outside.sheetnames if name.startswith(("数据 ", "正文数据"))]
    assert {sheet.sheet_state for sheet in outside.worksheets} == {"visible"}
    hidden = [
        dimension
        for sheet in outside.worksheets
        for dimensions in (sheet.row_dimensions, sheet.column_dimensions)
        for dimension in dimensions.values()
        if dimension.hidden
    ]
    assert not hidden
    assert "内部使用" not in str(outside["目录"]["A3"].value)


def test_both_workbooks_show_the_same_digits(printed: PrintedPack, outside: Any) -> None:
    for table in printed.tables:
        sheet = sheet_of(outside, f"表{table.number} ")
        for row, printed_row in enumerate(table.rows, start=5):
            for column, cell in enumerate(printed_row.cells, start=1):
                if cell.number is not None and cell.style.kind == "number":
                    found = Decimal(repr(sheet.cell(row, column).value))
                    assert cell.style.rounded(cell.raw) == cell.number.quantize(
                        Decimal(1).scaleb(-cell.style.decimals), "ROUND_HALF_UP"
                    )
                    assert found == pytest.approx(cell.number)


def test_a_name_says_for_whom_a_file_is(release: ReleaseReader, tmp_path: Path) -> None:
    for house, word in ((HouseStyle(), "internal"), (OUTSIDE, "external")):
        files = build_pack(PACK, release, tmp_path, ("xlsx", "csv"), house=house)
        assert files["xlsx"].name == f"{PACK}-2024-10-18-{word}.xlsx"
        assert files["csv"].name == f"{PACK}-2024-10-18-{word}-csv"


def paper(workbook: Any) -> list[dict[str, Any]]:
    rows = workbook["底稿"].iter_rows(values_only=True)
    header = [str(title) for title in next(rows)]
    return [dict(zip(header, row)) for row in rows]


def test_every_number_of_every_sheet_is_on_the_working_paper(values: Any) -> None:
    known = {line["单元格"] for line in paper(values)}
    for sheet in values.worksheets:
        if not sheet.title.startswith(("表", "节", "图表数据")):
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "n" and cell.value is not None:
                    assert f"{sheet.title}!{cell.coordinate}" in known


def test_the_working_paper_says_source_mode_and_loads(values: Any) -> None:
    lines = paper(values)
    for line in lines:
        assert line["来源"] == "inbox"
        assert line["来源方式"] == "本机导入"
        assert line["装载编号（按数据表）"] == f"load-{line['数据表']}"
        assert line["印出"]
    ways = {line["算法"].split()[0] for line in lines}
    assert {"引用", "计算", "合计", "计数"} <= ways


def test_links_lead_from_a_table_to_its_lines_and_back(formulas: Any) -> None:
    sheet = sheet_of(formulas, "表2 ")
    target = sheet["B3"].hyperlink.location
    assert target.startswith("'底稿'!A") or target.startswith("底稿!A")
    line = formulas["底稿"][target.rpartition("!")[2]]
    assert line.value.startswith(f"{sheet.title}!")
    assert line.hyperlink.location.endswith(line.value.rpartition("!")[2])


def test_the_sheet_of_sources_names_loads_and_keeps_file_names_inside(
    values: Any, outside: Any
) -> None:
    def text(workbook: Any) -> str:
        return " ".join(
            str(cell) for row in workbook["来源"].iter_rows(values_only=True) for cell in row
        )

    assert "load-index_changes" in text(values)
    assert "index_changes.csv" in text(values)
    assert "index_changes.csv" not in text(outside)
    assert "文件未声明" in text(values)
    assert "文件未声明" not in text(outside)
    assert "load-index_changes" in text(outside)


def test_series_of_native_charts_point_at_their_numbers(
    printed: PrintedPack, formulas: Any, values: Any
) -> None:
    charts = [chart for sheet in formulas.worksheets for chart in sheet._charts]
    drawn = [chart for chart in printed.charts if chart.points]
    assert len(charts) == len(drawn)
    data = values["图表数据"]
    for chart, native in zip(drawn, charts):
        found: list[float] = []
        for series in native.series:
            sheet, _, cells = series.val.numRef.f.partition("!")
            assert sheet.strip("'") == data.title
            left, top, right, bottom = range_boundaries(cells.replace("$", ""))
            assert left == right
            column = [data.cell(row, left).value for row in range(top, bottom + 1)]
            found += [value for value in column if isinstance(value, int | float)]
        expected = [float(point.number) for point in chart.points if point.number is not None]
        assert sorted(found) == pytest.approx(sorted(expected)), chart.caption


def test_notes_and_sources_of_a_chart_stand_under_it(printed: PrintedPack, values: Any) -> None:
    texts = [
        str(cell) for sheet in values.worksheets if sheet.title.startswith(("表", "节"))
        for row in sheet.iter_rows(values_only=True) for cell in row if cell
    ]  # fmt: skip
    for chart in printed.charts:
        if chart.points:
            assert f"来源：{chart.sources}" in texts, chart.caption
            assert set(chart.notes) <= set(texts), chart.caption


# What may be passed on.


@pytest.fixture(scope="module")
def closed(
    module_release: Callable[..., ReleaseReader], tmp_path_factory: pytest.TempPathFactory
) -> tuple[PrintedPack, dict[str, Path]]:
    """A pack for outsiders of which the funds and the traffic may not leave."""
    words = dict.fromkeys(MARTS, "allowed")
    words |= {"theme_fund_returns": "internal", "web_traffic_week": "ask"}
    release = module_release(redistribution=words)
    files = build_pack(PACK, release, tmp_path_factory.mktemp("closed"), house=OUTSIDE)
    return compose(load_pack(PACK), release, house=OUTSIDE), files


def test_a_closed_table_keeps_its_place_and_says_why(
    closed: tuple[PrintedPack, dict[str, Path]], printed: PrintedPack
) -> None:
    pack, _ = closed
    assert [table.number for table in pack.tables] == [t.number for t in printed.tables]
    (table,) = [one for one in pack.tables if one.mart == "theme_fund_returns"]
    assert table.rows == ()
    assert table.notes == ("来源不允许对外分发：theme_fund_returns。",)
    for chart in pack.charts:
        is_closed = chart.mart in ("theme_fund_returns", "web_traffic_week")
        assert bool(chart.points) is not is_closed


@pytest.mark.parametrize("name", ["ChatGPT", "Canva", "样例停更基金", "文心一言"])
def test_nothing_of_a_closed_source_is_in_any_output(
    closed: tuple[PrintedPack, dict[str, Path]], name: str
) -> None:
    _, files = closed
    texts = [files["html"].read_text(encoding="utf-8")]
    texts += [path.read_text(encoding="utf-8-sig") for path in files["csv"].iterdir()]
    workbook = openpyxl.load_workbook(files["xlsx"])
    texts += [
        str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True)
        for cell in row if cell is not None
    ]  # fmt: skip
    # Models of the leaderboard, which is open, are named after some of the apps.
    where = [text for text in texts if name in text and "ChatGPT-4o" not in text]
    assert not where


def test_a_release_that_says_nothing_of_its_sources_stays_inside(
    module_release: Callable[..., ReleaseReader],
) -> None:
    release = module_release(redistribution="allowed")
    for name in ("mart_sources", "loads"):
        (release.path / "parquet" / "meta" / f"{name}.parquet").unlink()
    pack = compose(load_pack(PACK), ReleaseReader(release.path), house=OUTSIDE)
    assert not any(table.rows for table in pack.tables)
    assert "发布未记录其来源的分发许可" in pack.tables[0].notes[0]


def test_the_desks_own_pack_prints_everything_and_says_for_whom(
    module_release: Callable[..., ReleaseReader],
) -> None:
    pack = compose(load_pack(PACK), module_release(redistribution="internal"))
    assert not [note for table in pack.tables for note in table.notes if "对外分发" in note]
    assert sum(bool(table.rows) for table in pack.tables) >= 10
    assert "分发范围 内部使用" in pack.footer.line


# Declared formulas.


def test_every_declared_formula_reads_columns_of_its_mart() -> None:
    known: dict[str, set[str]] = {}
    for row in dictionary():
        known.setdefault(row["mart"], set()).add(row["column_name"])
    for (mart, column), expression in load_formulas().items():
        assert {column, *expression.names} <= known[mart], (mart, column)


@pytest.mark.parametrize(
    "text",
    ["a ** b", "open('x')", "a.b", "a if b else c", "1 + 1", "a /", "'x' + a", "abs(a, b)"],
)
def test_a_formula_is_arithmetic_of_columns_and_nothing_else(text: str) -> None:
    with pytest.raises(PackError):
        parse_expression(text, "formulas.yml: m.c")


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_a_formula_has_the_value_of_its_sheet_form(a: float, b: float, c: float) -> None:
    expression = parse_expression("(a - b) / abs(c) - 2 * (a / (b * c))", "t")
    numbers = {"a": a, "b": b, "c": c}
    value = expression.value(numbers.get)
    text = expression.sheet({"a": "A1", "b": "B1", "c": "C1"}.__getitem__)
    workbook = openpyxl.Workbook()
    for name, number in numbers.items():
        workbook.active[f"{name.upper()}1"] = number
    if value is None:
        with pytest.raises(ZeroDivisionError):
            Calculator(workbook).formula("Sheet", f"={text}")
    else:
        assert Calculator(workbook).formula("Sheet", f"={text}") == value


KINDS = """
title: 图形
keys: {index_changes: [index_code], gpu_rental_week: [gpu, platform, cpu_cores, memory_gb]}
sections:
  - title: 各种图
    items:
      - {chart: bar, mart: index_changes, title: 条, x: index_name, y: change_this_week}
      - {chart: grouped bar, mart: index_changes, title: 分组, x: index_name,
         y: [change_this_week, change_last_week]}
      - {chart: column, mart: index_changes, title: 柱, x: index_name, y: close}
      - {chart: combo, mart: index_changes, title: 组合, x: index_name, y: close,
         line: change_this_week}
      - {chart: line, mart: index_changes, title: 线, x: session_on, y: close,
         series: index_name}
      - {chart: step, mart: index_changes, title: 阶梯, x: session_on, y: close,
         series: index_name}
      - {chart: dot, mart: index_changes, title: 点, x: index_name, y: close}
      - {chart: arrows, mart: index_changes, title: 箭, x: index_name,
         y: [change_last_week, change_this_week]}
"""


def test_series_of_every_kind_of_chart_point_at_formulas_of_their_numbers(
    release: ReleaseReader, tmp_path: Path
) -> None:
    path = tmp_path / "kinds.yml"
    path.write_text(KINDS, encoding="utf-8")
    house = HouseStyle(colours=Colours(up="#aa0000", down="#00aa00", series=("#123456",)))
    book = build_pack(str(path), release, tmp_path, ("xlsx",), house=house)["xlsx"]
    chart_xml = ""
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            if name.startswith("xl/charts/"):
                chart_xml += archive.read(name).decode()
    assert {"AA0000", "00AA00", "123456"} <= set(re.findall(r'srgbClr val="(\w+)"', chart_xml))
    numbers = openpyxl.load_workbook(book)["图表数据"]
    values = openpyxl.load_workbook(book, data_only=True)["图表数据"]
    printed = compose(load_pack(str(path)), release)
    references = re.findall(r"<c:val><c:numRef><c:f>([^<]+)</c:f>", chart_xml)
    found: list[float] = []
    for reference in references:
        for (cell,) in numbers[reference.rpartition("!")[2]]:
            assert cell.value is None or cell.data_type == "f", cell.coordinate
            shown = values[cell.coordinate].value
            found += [shown] if shown is not None else []
    points = [point.number for chart in printed.charts for point in chart.points]
    expected = [float(number) for number in points if number is not None]
    assert sorted(found) == pytest.approx(sorted(expected))
    assert len({chart.kind for chart in printed.charts}) == len(get_args(ChartKind))


QUARTERS = """
title: 季度
keys: {index_changes: [index_code]}
sections:
  - title: 一
    items:
      - table: index_changes
        title: 表
        columns:
          - index_name
          - {column: session_on, shown: quarter}
          - {column: change_this_week, shown: arrow}
"""


def test_quarters_are_words_and_arrows_belong_to_the_format(
    release: ReleaseReader, tmp_path: Path
) -> None:
    path = tmp_path / "quarters.yml"
    path.write_text(QUARTERS, encoding="utf-8")
    book = build_pack(str(path), release, tmp_path, ("xlsx",))["xlsx"]
    sheet = sheet_of(openpyxl.load_workbook(book), "表1 ")
    assert sheet["B5"].value == "2024Q4"
    assert sheet["C5"].data_type == "f"
    assert "▲" in sheet["C5"].number_format
