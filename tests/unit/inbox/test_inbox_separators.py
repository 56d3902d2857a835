"""CSV as spreadsheets of all countries write it: separators, marks of text, decimal commas."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
ROWS = [["pair", "fixing_date", "rate"], ["USDCNY", "2024-10-31", "7.1"]]
GOOD = {"pair": "USDCNY", "fixing_date": "2024-10-31", "rate": "7.1"}


def written(mark: str, rows: list[list[str]] = ROWS) -> str:
    return "".join(mark.join(row) + "\n" for row in rows)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "said", ["", "sep={}\n", '"SEP={}"\r\n', "sep={},,\n", "\ufeffsep={}\n"]
)
def test_a_separator_is_found_or_said_in_the_first_line(
    read: Reader, mark: str, said: str
) -> None:
    result = read("fx_fixings.csv", said.format(mark) + written(mark))
    assert result.table.to_pylist() == [GOOD | {"_row": 3 if said else 2}]
    assert (result.quarantined, result.warnings) == ((), ())


def test_a_comma_in_a_name_does_not_separate(read: Reader) -> None:
    rows = [["pair", "fixing_date", "rate", "备注, 来源"], [*ROWS[1], "a,b"]]
    for mark in (";", "\t;", "|"):
        result = read("fx_fixings.csv", written(mark[-1], rows))
        assert result.table.num_rows == 1
    quoted = '"pair","fixing_date","rate","a;b;c;d;e"\n"USDCNY","2024-10-31","7.1","x"\n'
    assert read("fx_fixings.csv", quoted).table.num_rows == 1


def test_a_tab_behind_each_cell_does_not_separate(read: Reader) -> None:
    result = read("fx_fixings.csv", written("\t,") + "EURCNY\t,2024-10-31\t,7.7\t\n")
    assert result.table.column("rate").to_pylist() == ["7.1", "7.7"]


def test_the_separator_is_that_of_the_header_and_not_of_a_title(read: Reader) -> None:
    text = f"样例, 中间价, 单位\n{written(';')}"
    mapping = "dataset: fx_fixings\nheader_row: 2\n"
    assert read("x.csv", text, mapping=mapping).table.num_rows == 1


@pytest.mark.parametrize("cell", ['="{}"', '"=""{}"""', "'{}", ' ="{}" '])
def test_a_cell_that_is_marked_as_text_is_its_text(read: Reader, cell: str) -> None:
    row = [cell.format(text) for text in ("000001.SZ", "2024-10-31", "10.2")]
    result = read("a_share_bars.csv", written(",", [["code", "trade_date", "close"], row]))
    assert result.table.to_pylist() == [
        {"code": "000001.SZ", "trade_date": "2024-10-31", "close": "10.2", "_row": 2}
    ]


def test_zeros_of_a_marked_code_are_kept_for_a_mapping_to_complete(read: Reader) -> None:
    text = '="代码",trade_date,close\n="000001",2024-10-31,10.2\n'
    mapping = "dataset: a_share_bars\ncolumns: {代码: code}\ncode_suffix: a_share\n"
    assert read("x.csv", text, mapping=mapping).table.column("code").to_pylist() == [
        "000001.SZ"
    ]


def test_an_apostrophe_of_a_name_and_a_formula_are_kept(read: Reader) -> None:
    rows = [
        [*ROWS[0], "source_note"],
        [*ROWS[1], "'t Hooft"],
        [*ROWS[1][:1], "2024-10-30", "7", "=A1"],
    ]
    result = read("fx_fixings.csv", written(",", rows))
    assert result.table.column("source_note").to_pylist() == ["'t Hooft", "=A1"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["7,1"], "'7,1' has a decimal comma"),
        (["1.234,56"], "'1.234,56' has a decimal comma"),
        (["1.234.567"], "'1.234.567' has a decimal comma"),
        (["1.234", "7,12"], "line 3: rate '7,12' has a decimal comma"),
        (["7,123"], "'7,123' may have a decimal comma"),
    ],
)
@pytest.mark.parametrize("printed", ["", "printed_numbers: true\n"])
def test_a_decimal_comma_among_semicolons_refuses_the_file(
    read: Reader, cells: list[str], said: str, printed: str
) -> None:
    rows = [["USDCNY", f"2024-10-{day}", cell] for day, cell in enumerate(cells, start=10)]
    with pytest.raises(FileRefusedError, match=said.replace(".", r"\.")):
        read("x.csv", written(";", [ROWS[0], *rows]), mapping=f"dataset: fx_fixings\n{printed}")


def test_points_in_a_count_among_semicolons_refuse_the_file(read: Reader) -> None:
    rows = [["app", "month", "store", "downloads"], ["甲", "2024-10-01", "乙", "12.345"]]
    with pytest.raises(FileRefusedError, match=r"downloads '12\.345' has a decimal comma"):
        read("app_downloads.csv", written(";", rows))


def test_thousands_among_semicolons_are_read_where_a_cell_shows_that_they_are(
    read: Reader,
) -> None:
    rows = [["USDCNY", f"2024-10-{n}", c] for n, c in ((10, "1,234"), (11, "1,234.5"))]
    mapping = "dataset: fx_fixings\nprinted_numbers: true\n"
    result = read("x.csv", written(";", [ROWS[0], *rows]), mapping=mapping)
    assert result.table.column("rate").to_pylist() == ["1234", "1234.5"]


def test_a_decimal_comma_among_commas_gets_its_own_hint(read: Reader) -> None:
    rows = [ROWS[0], ["USDCNY", "2024-10-10", '"7,12"'], ["USDCNY", "2024-10-11", '"1,234"']]
    comma, thousands = read("fx_fixings.csv", written(",", rows)).quarantined
    assert comma.hint == "write a decimal point, and nothing between thousands: 1234.5"
    assert thousands.hint == "write 1234, without thousands separators"


def test_a_ragged_row_names_the_separator(read: Reader) -> None:
    result = read("fx_fixings.csv", written(";", [*ROWS, ["a", "b", "c", "d"]]))
    (cell,) = result.quarantined
    assert (cell.value, "quote cells that hold semicolons" in cell.hint) == ("a;b;c;d", True)
