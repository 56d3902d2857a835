"""Workbooks: what a person sees is what is read, or the file is refused with an address."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.inbox.workbooks import edited, without_results, workbook
from yanbao.base.errors import FileRefusedError
from yanbao.inbox.reading import ReadFile
from yanbao.inbox.xlsx_cells import address, place, rows_of
from yanbao.inbox.xlsx_package import Package
from yanbao.inbox.xlsx_workbook import Workbook

Reader = Callable[..., ReadFile]
HEADER = ["pair", "fixing_date", "rate"]
GOOD = [HEADER, ["USDCNY", "2024-10-31", 7.1], ["USDCNY", "2024-10-30", 7.12]]
SHEET = "xl/worksheets/sheet1.xml"


def read_rows(read: Reader, data: bytes, **options: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read("fx_fixings.xlsx", data, **options).table.to_pylist()
    return rows


def test_a_sheet_is_read_as_text_with_the_rows_that_a_person_sees(read: Reader) -> None:
    rows = read_rows(read, workbook(GOOD))
    assert rows == [
        {"pair": "USDCNY", "fixing_date": "2024-10-31", "rate": "7.1", "_row": 2},
        {"pair": "USDCNY", "fixing_date": "2024-10-30", "rate": "7.12", "_row": 3},
    ]


def test_dates_percents_times_and_leading_zeros_are_read_as_shown(read: Reader) -> None:
    def more(book: Any, page: Any) -> None:
        for column, name in enumerate(["app", "period_start", "period_end", "visits"]):
            page.write(0, column, name)
        page.write(0, 4, "visits_wow_reported")
        page.write(0, 5, "source_note")
        page.write(0, 6, "时长")
        day = book.add_format({"num_format": "yyyy/m/d"})
        page.write_string(1, 0, "007")
        page.write_datetime(1, 1, datetime(2024, 10, 14), day)
        page.write_datetime(1, 2, datetime(2024, 10, 18), book.add_format({"num_format": 14}))
        page.write_number(1, 3, 816000000)
        page.write_number(1, 4, 0.026, book.add_format({"num_format": "0.00%"}))
        page.write_number(1, 5, 42, book.add_format({"num_format": "000000"}))
        page.write_number(1, 6, 371 / 86400, book.add_format({"num_format": "mm:ss"}))

    mapping = (
        "dataset: web_traffic\ncolumns: {时长: avg_visit_duration_seconds}\n"
        "units: {avg_visit_duration_seconds: 'm:ss'}\n"
    )
    (row,) = read("x.xlsx", workbook(more=more), mapping=mapping).table.to_pylist()
    assert row == {
        "app": "007",
        "period_start": "2024-10-14",
        "period_end": "2024-10-18",
        "visits": "816000000",
        "visits_wow_reported": "0.026",
        "source_note": "000042",
        "avg_visit_duration_seconds": "371",
        "_row": 2,
    }


def test_a_percent_cell_is_converted_once_even_where_the_mapping_says_percent(
    read: Reader,
) -> None:
    def more(book: Any, page: Any) -> None:
        page.write_number(1, 4, 0.026, book.add_format({"num_format": "0.0%"}))
        page.write_number(2, 4, 2.6)

    rows = [
        ["app", "period_start", "period_end", "visits", "环比%"],
        ["甲", "2024-10-14", "2024-10-18", 1],
        ["乙", "2024-10-14", "2024-10-18", 1],
    ]
    mapping = (
        "dataset: web_traffic\ncolumns: {环比: visits_wow_reported}\n"
        "units: {visits_wow_reported: header}\n"
    )
    result = read("x.xlsx", workbook(rows, more=more), mapping=mapping)
    assert result.table.column("visits_wow_reported").to_pylist() == ["0.026", "0.026"]


def test_a_bad_cell_is_named_by_its_address(read: Reader) -> None:
    rows = [*GOOD, ["USDCNY", "2024-13-01", 7.1], ["USDCNY", "2024-10-29", "#REF!"]]
    (day, number) = read("fx_fixings.xlsx", workbook(rows)).quarantined
    assert (day.row, day.cell, day.column, day.rule) == (4, "B4", "fixing_date", "type")
    assert (number.cell, number.value) == ("C5", "#REF!")


def test_a_stored_result_of_a_formula_is_read_and_reported_and_no_formula_is_run(
    read: Reader,
) -> None:
    def more(_: Any, page: Any) -> None:
        page.write_formula("C4", "=C2+1", None, 8.1)
        page.write_string("A4", "USDCNY")
        page.write_string("B4", "2024-10-29")

    data = workbook(GOOD, more=more)
    result = read("fx_fixings.xlsx", data)
    assert result.table.column("rate").to_pylist()[-1] == "8.1"
    assert any("1 cells hold formulas, the first C4" in warning for warning in result.warnings)
    with pytest.raises(FileRefusedError, match="cell C4 holds a formula without a stored"):
        read("fx_fixings.xlsx", without_results(data))


def test_text_that_looks_like_a_formula_is_text(read: Reader) -> None:
    rows = [[*HEADER, "source_note"], ["USDCNY", "2024-10-31", 7.1, '=HYPERLINK("x")']]
    result = read("fx_fixings.xlsx", workbook(rows))
    assert result.table.column("source_note").to_pylist() == ['=HYPERLINK("x")']
    assert any("look like formulas" in warning for warning in result.warnings)


def two_sheets(hidden: bool) -> bytes:
    def more(book: Any, _: Any) -> None:
        other = book.add_worksheet("其他")
        other.write(0, 0, "x")
        if hidden:
            other.hide()

    return workbook(GOOD, sheet="数据", more=more)


def test_several_sheets_are_refused_with_their_first_cells_and_one_can_be_named(
    read: Reader,
) -> None:
    with pytest.raises(FileRefusedError, match="several sheets have content: 数据!A1, 其他!A1"):
        read("fx_fixings.xlsx", two_sheets(hidden=False))
    mapping = "dataset: fx_fixings\nsheet: 数据\n"
    assert len(read_rows(read, two_sheets(hidden=False), mapping=mapping)) == 2
    with pytest.raises(FileRefusedError, match=r"no sheet '数'.*its sheets are: 数据, 其他"):
        read("x.xlsx", two_sheets(hidden=False), mapping="dataset: fx_fixings\nsheet: 数\n")


def test_a_hidden_sheet_is_not_read_but_reported(read: Reader) -> None:
    result = read("fx_fixings.xlsx", two_sheets(hidden=True))
    assert result.rows_in == 2
    assert "hidden sheets are not read: 其他" in result.warnings


def test_hidden_rows_and_columns_are_read_and_reported(read: Reader) -> None:
    def more(_: Any, page: Any) -> None:
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})

    result = read("fx_fixings.xlsx", workbook(GOOD, more=more))
    assert result.table.num_rows == 2
    assert any("1 hidden rows" in w and "row 2" in w for w in result.warnings)
    assert any("hidden columns" in warning for warning in result.warnings)


def merged_header(book: Any, page: Any) -> None:
    page.merge_range("A1:C1", "样例下载量（万）")
    page.merge_range("A2:A3", "应用")
    page.merge_range("B2:C2", "2024-10")
    for column, name in ((1, "苹果"), (2, "安卓")):
        page.write(2, column, name)
    for column, value in enumerate(["样例甲", 20, 30]):
        page.write(3, column, value)


def test_a_merged_header_is_refused_with_its_range_or_read_through_a_mapping(
    read: Reader,
) -> None:
    data = workbook(more=merged_header)
    with pytest.raises(FileRefusedError, match="merged cells A1:C1 stand in the header"):
        read("app_downloads.xlsx", data)
    mapping = (
        "dataset: app_downloads\nheader_row: 2-3\ncolumns: {应用: app}\n"
        "wide: {headers: '(?P<month>[0-9-]+) (?P<store>\\S+)', value: downloads}\n"
        "dates: {month: '%Y-%m'}\nunits: {downloads: 万}\n"
    )
    rows = read("x.xlsx", data, mapping=mapping).table.to_pylist()
    assert [(r["store"], r["month"], r["downloads"], r["_row"]) for r in rows] == [
        ("苹果", "2024-10-01", "200000", 4),
        ("安卓", "2024-10-01", "300000", 4),
    ]


def test_merged_cells_among_the_rows_are_refused_unless_they_are_a_note(read: Reader) -> None:
    def more(_: Any, page: Any) -> None:
        page.merge_range("A4:C4", "注：样例")

    data = workbook(GOOD, more=more)
    with pytest.raises(FileRefusedError, match="merged cells A4:C4 stand among the rows"):
        read("fx_fixings.xlsx", data)
    mapping = "dataset: fx_fixings\nskip_rows: ['^注']\n"
    assert len(read_rows(read, data, mapping=mapping)) == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [[*HEADER, None, "gpu"], ["USDCNY", "2024-10-31", 7.1, None, "A100"]],
            "the header is empty in D1",
        ),
        (
            [*GOOD, [], ["gpu", "platform", "price"], ["A100", "样例云", 28.6]],
            "a second table seems to begin in A5",
        ),
        ([["pair", "pair"], ["x", "y"]], r"names column 'pair' 2 times \(A1, B1\)"),
        ([HEADER], "a header and no data rows"),
        ([], "no visible sheet has content"),
    ],
)
def test_what_could_be_two_tables_or_none_is_refused_with_the_address(
    read: Reader, rows: list[list[Any]], message: str
) -> None:
    with pytest.raises(FileRefusedError, match=message):
        read("fx_fixings.xlsx", workbook(rows))


def test_the_first_of_two_tables_can_be_chosen_by_its_last_row(read: Reader) -> None:
    rows = [*GOOD, [], ["gpu", "platform", "price"], ["A100", "样例云", 28.6]]
    mapping = "dataset: fx_fixings\nlast_row: 3\n"
    result = read("x.xlsx", workbook(rows), mapping=mapping)
    assert result.rows_in == 2
    assert "2 rows below last_row were left out" in result.warnings


def test_a_cell_beyond_the_header_quarantines_its_row(read: Reader) -> None:
    rows = [*GOOD, ["USDCNY", "2024-10-29", 7.1, None, "?"]]
    (cell,) = read("fx_fixings.xlsx", workbook(rows)).quarantined
    assert (cell.row, cell.rule, cell.cell) == (4, "ragged", "E4")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("xl/vbaProject.bin", lambda _: b"x", "it holds macros"),
        ("xl/externalLinks/externalLink1.xml", lambda _: b"<x/>", "refers to other files"),
        ("xl/connections.xml", lambda _: b"<x/>", "connections to data elsewhere"),
        ("../../etc/passwd", lambda _: b"x", "named like a path"),
        (SHEET, lambda xml: xml[: len(xml) // 2], "truncated or damaged"),
        (SHEET, lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml, "truncated or damaged"),
        (SHEET, lambda xml: xml.replace(b'r="2"', b'r="999999999"'), "no row of a sheet"),
        (SHEET, lambda xml: xml.replace(b'r="A2"', b'r="ZZZ2"'), "out of place"),
        (SHEET, lambda xml: xml.replace(b"<v>3</v>", b"<v>99</v>"), "has no text"),
    ],
)
def test_a_workbook_with_more_than_values_or_less_than_a_sheet_is_refused(
    read: Reader, name: str, change: Callable[[bytes], bytes], message: str
) -> None:
    with pytest.raises(FileRefusedError, match=message):
        read("fx_fixings.xlsx", edited(workbook(GOOD), name, change))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.xlsm", b"PK", "workbooks with macros"),
        ("x.xls", b"x", "old Excel file"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "a password"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0", "old Excel file"),
        ("x.xlsx", b"pair,rate\n", "not an Excel workbook"),
        ("x.xlsx", workbook(GOOD)[:-30], "truncated or damaged"),
        ("x.csv", workbook(GOOD), "give it the ending .xlsx"),
    ],
)
def test_what_is_no_plain_workbook_is_refused(
    read: Reader, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(FileRefusedError, match=message):
        read(name, content, dataset="fx_fixings")


def test_an_address_and_its_place_are_one_to_one() -> None:
    assert [address(7, column) for column in (1, 26, 27, 702, 703, 16_384)] == [
        "A7",
        "Z7",
        "AA7",
        "ZZ7",
        "AAA7",
        "XFD7",
    ]
    assert all(place(address(9, column)) == (9, column) for column in range(1, 16_385, 97))


CELL = (
    st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF), min_size=1, max_size=8)
    | st.integers(-(10**12), 10**12)
    | st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 6))
    | st.booleans()
    | st.dates(date(1950, 1, 1), date(2050, 1, 1))
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=5))
def test_cells_are_those_that_another_reader_finds(rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    package = Package(buffer.getvalue())
    wb = Workbook(package)
    found = {
        (row.number, column): text
        for row in rows_of(package, wb, wb.sheets[0])
        for column, text in row.cells.items()
    }
    other = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).active
    wanted = {
        (cell.row, cell.column): as_text(cell.value)
        for line in other.iter_rows()
        for cell in line
        if cell.value is not None and as_text(cell.value)
    }
    assert found == wanted


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value).strip()
