"""Number formats: what a person sees is what is read, or the cell is in doubt."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import FileRefusedError
from yanbao.inbox.number_formats import NumberFormat, Shown
from yanbao.inbox.reading import ReadFile
from yanbao.inbox.units import plain_text

Reader = Callable[..., ReadFile]
EPOCH = datetime(1899, 12, 30)
STEPS = '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0'
ACCOUNTS = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


def of(code: str, value: float | int) -> Shown:
    return NumberFormat(code).number_of(Decimal(repr(value)), EPOCH)


@pytest.mark.parametrize(
    ("code", "stored", "text"),
    [
        ("General", 5.5, "5.5"),
        ("", 5.5, "5.5"),
        ("@", 5, "5"),
        ("0.00", 1234.5678, "1234.5678"),
        ("#,##0.00_);(#,##0.00)", -5, "-5"),
        ("0.00E+00", 1234567, "1234567"),
        ("# ?/?", 0.5, "0.5"),
        ("[Red]#,##0", 5, "5"),
        ("[DBNum1][$-804]General", 5, "5"),
        ("0_", 5, "5"),
        ("0*", 5, "5"),
        ("0.0%", 0.052, "5.2%"),
        ('0.0"%"', 5.2, "5.2%"),
        ('0.0"万"', 123.4, "123.4万"),
        ('0.0"万', 123.4, "123.4万"),
        ("0.0\\万", 123.4, "123.4万"),
        ("0.0万", 123.4, "123.4万"),
        ('General"万"', 123.4, "123.4万"),
        ('G/通用格式"万"', 123.4, "123.4万"),
        ('0.0"(万元)"', 123.4, "123.4万元"),
        ('0.00"亿元"', 7.19, "7.19亿元"),
        ('0\\.0,"万"', 1234567, "123.4567万"),
        ('0!.0,"万"', 1234567, "123.4567万"),
        ('#"."#,"万"', 1234567, "123.4567万"),
        ('0"."0000"万"', 1234567, "123.4567万"),
        ('#,##0,"K"', 1234567, "1234.567K"),
        ('0.0,,"M"', 1234567, "1.234567M"),
        ('0.0,,"百万元"', 1234567, "1.234567百万元"),
        (STEPS, 1234567890, "12.3456789亿"),
        (STEPS, 1234567, "123.4567万"),
        (STEPS, 55, "55"),
        (STEPS, -55, "-55"),
        ("[$¥-804]#,##0.00", 5, "¥5"),
        ("[$¥-411]#,##0.00", 5, "¥[411]5"),
        ('"¥"#,##0;[Red]-"¥"#,##0', -5, "-¥5"),
        ("[红色]+0.00%;[绿色]-0.00%;0.00%", -0.05, "-5%"),
        ("[Red]0.00%;[Green]0.00%", -0.05, "-5%"),
        ('"▲"0.0%;"▼"0.0%', -0.05, "-5%"),
        (ACCOUNTS, -5.5, "-5.5"),
        (ACCOUNTS, 0, "0"),
        ("0.0;-0.0;-", 0, "0"),
        ('0.0;-0.0;"暂无"', 0, "暂无"),
        ('[=1]"是";[=0]"否";0', 1, "是"),
        ("000000", 42, "000042"),
        ('000000".SH"', 600519, "600519.SH"),
        ("0000\\-00\\-00", 20241031, "2024-10-31"),
        ('0"万"0000', 1234567, "123万4567"),
        ('"第"0"名"', 5, "第5名"),
        ("yyyy\\-mm\\-dd;@", 45596, "2024-10-31"),
        ('yyyy"年"m"月"', 45596, "2024-10-31"),
        ("[$-409]d-mmm-yy", 45596, "2024-10-31"),
        ("mmm", 45596, "2024-10-31"),
        ("[$-804]aaaa", 45596, "2024-10-31"),
        ("yyyy/m/d h:mm", 45596.5, "2024-10-31 12:00:00"),
        ("[h]:mm:ss", 1.5, "36:00:00"),
        ("h:mm AM/PM", 0.5, "12:00"),
        ("mm:ss", 371 / 86400, "6:11"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(code: str, stored: float, text: str) -> None:
    shown = of(code, stored)
    assert (shown.text, shown.doubt, shown.scale) == (text, "", 1)


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        ('0.0,"万"', 1234567),
        ('[>=10000]0.0,"万";0', 1234567),
        ('#,##0,"元"', 1234567),
        ('0.00,,"亿"', 1234567890),
        ("0.0;0.0", -5),
        ("-0.0", 5),
        ("(0.0)", 5),
        ('0.0"▼"', 5),
        ('@"万"', 5),
        (";;;", 5),
        ("0;-0;;@", 0),
        ("[>10]0", 5),
        ('0"万"0000', 1.5),
    ],
)
def test_a_number_whose_format_says_another_is_in_doubt(code: str, stored: float) -> None:
    assert of(code, stored).doubt


@pytest.mark.parametrize(("code", "scale"), [("0\\.0,", 4), ("#,##0,", 3), ("0,,", 6)])
def test_a_scale_without_a_unit_is_told(code: str, scale: int) -> None:
    shown = of(code, 1234567)
    assert (Decimal(shown.text) * 10**scale, shown.scale * 10**scale) == (1234567, 1)


def test_a_section_for_text_writes_its_words_around_text() -> None:
    assert NumberFormat('@"万"').text_of("123.4") == Shown("123.4万")
    assert NumberFormat('0;0;0;"约"@').text_of("5") == Shown("约5")
    assert NumberFormat('0.0"万"').text_of("123.4") == Shown("123.4")
    assert NumberFormat("0;0;0;").text_of("5").doubt


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**12), st.sampled_from(["万", "亿", "K", "M"]), st.booleans())
def test_a_scale_and_its_word_give_the_stored_number_back(
    stored: int, word: str, quoted: bool
) -> None:
    point = '"."' if quoted else "\\."
    code = {"万": f"0{point}0,", "亿": f"0{point}00,,", "K": "#,##0,", "M": "0.0,,"}[word]
    times = {"万": 10**4, "亿": 10**8, "K": 10**3, "M": 10**6}[word]
    shown = of(f'{code}"{word}"', stored)
    assert shown.is_plain
    assert Decimal(shown.text.removesuffix(word)) * times == stored


CODES = st.text(
    st.sampled_from('0#?.,%;@"\\!_*[]$-804<>=Ee+/()ymdhs万亿元¥ General'), max_size=12
)


@settings(max_examples=300, deadline=None)
@given(CODES, st.floats(-1e12, 1e12, allow_nan=False))
def test_no_code_stops_the_reader(code: str, stored: float) -> None:
    form = NumberFormat(code)
    assert isinstance(form.text_of("甲").text, str)
    # A day that no calendar has: the reader takes the number as it is stored.
    with contextlib.suppress(OverflowError):
        form.number_of(Decimal(repr(stored)), EPOCH)


def sheet_with(
    header: list[str], rows: list[list[Any]], column: int, codes: list[str]
) -> bytes:
    """A workbook whose cells of one column carry a number format each."""

    def more(book: Any, page: Any) -> None:
        for at, (row, code) in enumerate(zip(rows, codes, strict=True), start=1):
            page.write(at, column, row[column], book.add_format({"num_format": code}))

    return workbook([header, *rows], more=more)


def downloads(
    read: Reader, header: str, cells: list[tuple[float, str]], units: str
) -> ReadFile:
    rows = [[f"样例{n}", "2024-10-01", "样例商店", value] for n, (value, _) in enumerate(cells)]
    data = sheet_with(["应用", "月份", "商店", header], rows, 3, [code for _, code in cells])
    mapping = (
        "dataset: app_downloads\n"
        f"columns: {{应用: app, 月份: month, 商店: store, '{header}': downloads}}\n{units}"
    )
    return read("x.xlsx", data, mapping=mapping)


def test_each_cell_of_a_column_is_read_in_the_unit_that_it_shows(read: Reader) -> None:
    cells = [(1234567, STEPS), (1234567890, STEPS), (55, STEPS), (123.4, '0.0"万"')]
    result = downloads(read, "下载量", cells, "")
    assert result.quarantined == ()
    assert result.table.column("downloads").to_pylist() == [
        "1234567",
        "1234567890",
        "55",
        "1234000",
    ]


def test_a_scale_without_a_unit_is_read_where_the_columns_unit_undoes_it(
    read: Reader,
) -> None:
    units = "units: {downloads: 万}\n"
    for header in ("下载量", "下载量(万)"):
        result = downloads(read, header, [(1234567, "0\\.0,"), (123.4, "0.0")], units)
        assert result.table.column("downloads").to_pylist() == ["1234567", "1234000"]


@pytest.mark.parametrize("units", ["", "units: {downloads: 千}\n"])
def test_a_scale_that_no_unit_undoes_sets_the_row_aside_with_its_cell(
    read: Reader, units: str
) -> None:
    result = downloads(read, "下载量", [(1234567, "0\\.0,"), (5, "0")], units)
    (cell,) = result.quarantined
    assert (cell.row, cell.cell, cell.column, cell.rule) == (
        2,
        "D2",
        "downloads",
        "number_format",
    )
    assert "a 10,000th of what the cell holds" in cell.hint
    assert (result.rows_in, result.table.num_rows) == (2, 1)


def test_a_doubt_in_a_column_that_is_not_read_sets_nothing_aside(read: Reader) -> None:
    rows = [["USDCNY", "2024-10-31", 7.1, 5]]
    data = sheet_with(["pair", "fixing_date", "rate", "备注"], rows, 3, [";;;"])
    assert read("fx_fixings.xlsx", data).table.num_rows == 1


def test_a_doubt_in_a_wide_column_sets_its_row_aside(read: Reader) -> None:
    rows = [["甲", 1234567], ["乙", 1234567]]
    data = sheet_with(["应用", "2024-10"], rows, 1, ['0.0,"万"', '0\\.0,"万"'])
    mapping = (
        "dataset: app_downloads\ncolumns: {应用: app}\nconstants: {store: 样例商店}\n"
        "wide: {headers: '(?P<month>[0-9-]+)', value: downloads}\ndates: {month: '%Y-%m'}\n"
    )
    result = read("x.xlsx", data, mapping=mapping)
    assert [(c.row, c.cell, c.rule) for c in result.quarantined] == [(2, "B2", "number_format")]
    assert result.table.column("downloads").to_pylist() == ["1234567"]


@pytest.mark.parametrize(
    ("code", "good"),
    [('"¥"0.00', True), ("[$¥-804]0.00", True), ("[$$-409]0.00", False), ("[$¥-411]0", False)],
)
def test_a_currency_that_a_format_writes_has_to_be_the_columns(
    read: Reader, code: str, good: bool
) -> None:
    rows = [["600001.SH", "2024-10-31", 10.2]]
    data = sheet_with(["code", "trade_date", "close"], rows, 2, [code])
    result = read("a_share_bars.xlsx", data)
    assert (result.table.num_rows == 1) is good


def test_a_code_and_a_day_are_read_as_their_formats_write_them(read: Reader) -> None:
    rows = [[600001, 20241031, 10.2]]

    def more(book: Any, page: Any) -> None:
        page.write(1, 0, 600001, book.add_format({"num_format": '000000".SH"'}))
        page.write(1, 1, 20241031, book.add_format({"num_format": "0000\\-00\\-00"}))

    data = workbook([["code", "trade_date", "close"], *rows], more=more)
    (row,) = read("a_share_bars.xlsx", data).table.to_pylist()
    assert (row["code"], row["trade_date"], row["close"]) == ("600001.SH", "2024-10-31", "10.2")


def test_a_bare_number_among_units_is_in_doubt_where_the_column_has_a_unit_too(
    read: Reader,
) -> None:
    cells = [(1234567, STEPS), (55, STEPS), (0, STEPS)]
    result = downloads(read, "下载量(万)", cells, "units: {downloads: 万}\n")
    assert [(cell.cell, cell.rule) for cell in result.quarantined] == [("D3", "number_format")]
    assert result.table.column("downloads").to_pylist() == ["1234567", "0"]


@pytest.mark.parametrize(
    ("code", "good"), [("#,##0.00;[Red]-#,##0.00", True), ("0!.0,", False)]
)
def test_a_condition_that_shows_other_numbers_refuses_the_sheet(
    read: Reader, code: str, good: bool
) -> None:
    def more(book: Any, page: Any) -> None:
        rule = {"type": "cell", "criteria": ">", "value": 5}
        page.conditional_format("C2:C9", {**rule, "format": book.add_format({"bold": True})})
        shown = book.add_format({"num_format": code})
        page.conditional_format("C2:C9", {**rule, "format": shown})

    rows = [["pair", "fixing_date", "rate"], ["USDCNY", "2024-10-31", 7.1]]
    data = workbook(rows, more=more)
    if good:
        assert read("fx_fixings.xlsx", data).table.num_rows == 1
    else:
        with pytest.raises(
            FileRefusedError, match=r"conditional formatting .* of C2:C9 as others"
        ):
            read("fx_fixings.xlsx", data)


@given(st.sampled_from(["", "General", "0", "0.0", "0.00", "0.0000", "#,##0", "#,##0.00"]),
       st.decimals(-(10**12), 10**12, places=3))  # fmt: skip
def test_a_plain_format_shows_every_number_as_it_is_stored(code: str, stored: Decimal) -> None:
    form = NumberFormat(code)
    assert form.is_plain
    assert form.number_of(stored, EPOCH) == Shown(plain_text(stored))
