"""Exports that were read right, or refused with what to do: they stay so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.cases.desk import FILES
from yanbao.base.errors import FileRefusedError
from yanbao.catalog import BY_NAME
from yanbao.inbox.known import known_mappings
from yanbao.inbox.reading import ReadFile, read_file

TODAY = date(2024, 11, 30)
CLOSES = {"600001.SH": 10.2, "600002.SH": 11.3}


def read(file: str, dataset: str | None = "a_share_bars") -> ReadFile:
    known = () if dataset else known_mappings()
    return read_file(
        FILES / file, BY_NAME[dataset] if dataset else None, today=TODAY, known=known
    )


def closes(result: ReadFile) -> dict[str, float]:
    return {row["code"]: float(row["close"]) for row in result.table.to_pylist()}


@pytest.mark.parametrize("file", ["wind_bars_bare_footer.csv", "tab_behind_code.csv"])
def test_a_terminals_export_is_recognised_and_loaded(file: str) -> None:
    result = read(file, None)
    rows: list[dict[str, Any]] = result.table.to_pylist()
    assert (result.mapping.name, result.quarantined) == ("wind_bars", ())
    assert [(row["close"], row["volume_shares"], row["amount_cny"]) for row in rows] == [
        ("10.2", "1200000", "12240000"),
        ("10.3", "1000000", "10260000"),
    ]


@pytest.mark.parametrize("file", ["pandas_categories.parquet", "decimal38.parquet"])
def test_a_table_of_another_library_is_loaded(file: str) -> None:
    assert (closes(read(file)), read(file).quarantined) == (CLOSES, ())


@pytest.mark.parametrize(
    ("file", "rule"),
    [("polars_views.parquet", "required"), ("nan_close.parquet", "not_finite")],
)
def test_a_price_that_is_none_sets_its_row_aside(file: str, rule: str) -> None:
    result = read(file)
    assert closes(result) == {"600001.SH": 10.2}
    assert [(cell.row, cell.column, cell.rule) for cell in result.quarantined] == [
        (2, "close", rule)
    ]


def test_hidden_rows_are_loaded_and_told() -> None:
    result = read("filtered_rows.xlsx")
    assert list(closes(result).values()) == [10, 11, 12, 13, 14]
    assert "3 hidden rows are read like the others, the first is row 3" in result.warnings


def test_characters_that_nobody_sees_are_left_out() -> None:
    result = read("zero_width.csv")
    assert closes(result) == {"600001.SH": 10.2, "600002.SH": 11.2, "600003.SH": 12.2}


@pytest.mark.parametrize(
    ("file", "dataset", "hint"),
    [
        ("pandas_datetimes.csv", "a_share_bars", "write the day alone: 2024-10-31"),
        ("excel_booleans.csv", "app_downloads", "use one of true, false"),
        ("serial_days.xlsx", "a_share_bars", "a day number of a spreadsheet"),
        ("full_width.xlsx", "a_share_bars", "write a number"),
        ("day_month.xlsx", "a_share_bars", "write days as 2024-10-31"),
        ("other_vendors_codes.csv", "a_share_bars", "600519.SH"),
    ],
)
def test_rows_in_another_form_are_set_aside_with_what_to_do(
    file: str, dataset: str, hint: str
) -> None:
    result = read(file, dataset)
    assert (result.table.num_rows, bool(result.must_hold)) == (0, True)
    assert any(hint in cell.hint for cell in result.quarantined)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("utf16_tabs.csv", "it is UTF-16 text, not CSV → save it as CSV UTF-8"),
        ("html_as_xls.xls", "it is a web page .* save it as .xlsx"),
        ("html_as_csv.csv", "it is a web page .* save it as .xlsx"),
        ("tab_text_as_xls.xls", "it is text under the ending of an old Excel file → open"),
        ("plugin_formula.xlsx", "cell C2 holds a formula without a stored result"),
        ("zoned_days.parquet", "trade_date holds timestamp.* store it as text"),
    ],
)
def test_a_file_in_another_form_is_refused_with_what_to_do(file: str, said: str) -> None:
    with pytest.raises(FileRefusedError, match=said):
        read(file)
