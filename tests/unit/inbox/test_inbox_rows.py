"""Rows that cannot be split, and cells that break a rule, one by one."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.findings import BadCell
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
FX = "pair,fixing_date,rate\n"
GOOD = "USDCNY,2024-10-31,7.1\n"
STOCK = "code,trade_date,close\n"
ROUND = "company,announced_on,round,amount_text,investors\n"


def only(result: ReadFile) -> BadCell:
    (cell,) = result.quarantined
    return cell


@pytest.mark.parametrize("line", ["EURCNY,2024-10-31", "EURCNY,2024-10-31,7.7,8"])
def test_a_ragged_line_is_quarantined_and_the_next_is_read(read: Reader, line: str) -> None:
    result = read("fx_fixings.csv", f"{FX}{line}\n{GOOD}")
    cell = only(result)
    assert (cell.row, cell.rule, cell.value) == (2, "ragged", line)
    assert result.table.column("_row").to_pylist() == [3]


def test_a_file_cut_inside_its_last_line_loses_that_line_to_quarantine(
    read: Reader,
) -> None:
    result = read("fx_fixings.csv", FX + GOOD + "EURCNY,2024-10-31,7.7\nEURCNY,2024-1")
    assert (only(result).row, only(result).rule) == (4, "truncated")
    assert result.table.num_rows == 2
    quoted = read("fx_fixings.csv", FX + GOOD + 'EURCNY,2024-10-31,"7.7')
    assert (only(quoted).row, only(quoted).rule) == (3, "truncated")


def test_a_whole_last_line_without_line_end_is_accepted_with_a_warning(
    read: Reader,
) -> None:
    result = read("fx_fixings.csv", (FX + GOOD).rstrip())
    assert result.table.num_rows == 1
    assert result.warnings == (
        "the last line has no line end; make sure that the export was complete",
    )


def test_a_stray_quotation_mark_costs_one_line(read: Reader) -> None:
    later = "".join(f"USDCNY,2024-10-{day:02},7.1\n" for day in range(10, 20))
    for stray in ('USDCNY,2024-10-01,"7.1\n', '"USDCNY,2024-10-01,7.1\n', '"US"D,x,1\n'):
        result = read("fx_fixings.csv", FX + stray + later)
        assert (only(result).row, only(result).rule) == (2, "unreadable")
        assert result.table.num_rows == 10


def test_a_cell_with_line_breaks_stays_one_row_and_numbers_count_lines(
    read: Reader,
) -> None:
    content = ROUND + '样例科技,2024-10-01,A轮,1亿,"甲\n乙, 丙"\n样例智能,2024-10-02,B轮,—,丁\n'
    result = read("funding_rounds.csv", content)
    assert result.table.column("investors").to_pylist() == ["甲\n乙, 丙", "丁"]
    assert result.table.column("_row").to_pylist() == [2, 4]


def test_an_undecodable_line_inside_a_quoted_cell_loses_no_line(read: Reader) -> None:
    content = (ROUND + '样例,2024-10-01,A轮,1亿,"甲\n').encode() + b"\xff\xfe\n"
    content += '乙"\n样例智能,2024-10-02,B轮,—,丁\n'.encode()
    result = read("funding_rounds.csv", content)
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [
        (2, "unreadable"),
        (3, "undecodable"),
        (4, "ragged"),
    ]
    assert result.table.column("_row").to_pylist() == [5]


def test_a_runaway_cell_is_quarantined_and_shown_shortened(read: Reader) -> None:
    result = read("fx_fixings.csv", f"{FX}{'A' * 200_000},2024-10-31,7.1\n{GOOD}")
    cell = only(result)
    assert (cell.rule, cell.row) == ("unreadable", 2)
    assert len(cell.value) < 300


@pytest.mark.parametrize(
    ("value", "rule", "hint"),
    [
        ("七块一", "type", "write a number"),
        ("7,100.5", "type", "write 7100.5, without thousands separators"),
        ("7.1%", "type", "without the percent sign"),
        ("3亿", "type", "a mapping's units"),
        ("--", "type", "leave the cell empty"),
        ("1_000", "type", "write a number"),
        ("0x1F", "type", "write a number"),
        ("７.１", "type", "write a number"),
        ("NaN", "not_finite", "leave the cell empty"),
        ("-inf", "not_finite", "leave the cell empty"),
        ("1e999", "not_finite", "leave the cell empty"),
        ("0", "minimum", "the least that is plausible is 0.0001"),
        ("", "required", "fill the cell: Central parity."),
    ],
)
def test_what_is_not_a_plausible_number_is_quarantined(
    read: Reader, value: str, rule: str, hint: str
) -> None:
    result = read("fx_fixings.csv", f'{FX}{GOOD}EURCNY,2024-10-31,"{value}"\n')
    cell = only(result)
    assert (cell.row, cell.column, cell.value, cell.rule) == (3, "rate", value, rule)
    assert hint in cell.hint


@pytest.mark.parametrize("value", ["7", "+7.1", ".5", "5.", "7.1e0", "1E+2", "0007.10"])
def test_every_accepted_spelling_of_a_number_casts_in_the_warehouse(
    read: Reader, value: str
) -> None:
    result = read("fx_fixings.csv", f"{FX}EURCNY,2024-10-31,{value}\n")
    kept = result.table.column("rate").to_pylist()
    assert duckdb.execute("select cast(? as double)", kept).fetchone() == (float(value),)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("3.5", "type"),
        ("1e2", "type"),
        ("9" * 30, "type"),
        ("-1", "minimum"),
        ("nan", "not_finite"),
    ],
)
def test_what_is_not_a_whole_number_is_quarantined(read: Reader, value: str, rule: str) -> None:
    header = "gpu,platform,quoted_on,price_cny_per_hour,cpu_cores\n"
    rows = f"A100-80G,样例云,2024-10-31,30,{value}\nA100-80G,样例云,2024-10-31,30,16.0\n"
    cell = only(read("gpu_rentals.csv", header + rows))
    assert (cell.row, cell.column, cell.rule) == (2, "cpu_cores", rule)


@pytest.mark.parametrize(
    ("value", "rule", "hint"),
    [
        ("2024/10/31", "type", "date_format"),
        ("20241031", "type", "date_format"),
        ("2024-10-31 00:00:00", "type", "write the day alone: 2024-10-31"),
        ("2024-1-5", "type", "date_format"),
        ("2024-02-30", "type", "no such day"),
        ("45596", "type", "day number of a spreadsheet"),
        ("0024-10-31", "minimum", "check the year"),
        ("2024-11-02", "not_in_future", "has not come yet"),
    ],
)
def test_days_are_iso_days_that_have_come(
    read: Reader, value: str, rule: str, hint: str
) -> None:
    cell = only(read("fx_fixings.csv", f"{FX}{GOOD}EURCNY,{value},7.7\n"))
    assert (cell.row, cell.column, cell.rule) == (3, "fixing_date", rule)
    assert hint in cell.hint


def test_a_calendar_may_reach_into_the_future_but_an_announcement_may_not(
    read: Reader,
) -> None:
    assert read("trading_days.csv", "market,trade_date\nCN,2026-12-31\n").quarantined == ()
    header = "code,report_period,planned_on,announced_on\n"
    result = read(
        "disclosure_dates.csv", header + "600519.SH,2024-12-31,2025-04-01,2025-04-01\n"
    )
    assert (only(result).column, only(result).rule) == ("announced_on", "not_in_future")
    today = "600519.SH,2024-12-31,2025-04-01,2024-11-01\n"
    assert read("disclosure_dates.csv", header + today).quarantined == ()


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (
            "1",
            "codes lost their leading zeros; keep them as text",
        ),
        ("1.SZ", "codes lost their leading zeros"),
        ("600519", "add the exchange suffix, e.g. 600519.SH"),
        ("600519.sh", "write it as 600519.SH"),
        ("SH600519", "write it as 600519.SH"),
        ("茅台", "write the code as the dataset does"),
        ("600519.SH ;drop", "write the code as the dataset does"),
    ],
)
def test_a_code_that_is_not_one_says_how_to_write_it(
    read: Reader, value: str, hint: str
) -> None:
    content = f"{STOCK}{value},2024-10-31,10\n600519.SH,2024-10-31,1500\n"
    cell = only(read("a_share_bars.csv", content))
    assert (cell.row, cell.column, cell.value, cell.rule) == (
        2,
        "code",
        value,
        "code_pattern",
    )
    assert hint in cell.hint


def test_a_word_outside_the_vocabulary_is_quarantined_with_the_vocabulary(
    read: Reader,
) -> None:
    header = "code,trade_date,close,adjustment\n"
    rows = "600519.SH,2024-10-31,1,qfq\n600519.SH,2024-10-30,1,\n"
    cell = only(read("a_share_bars.csv", header + rows))
    assert (cell.row, cell.rule) == (2, "allowed")
    assert "forward_ratio" in cell.hint


def test_formula_looking_text_is_stored_and_reported_but_numbers_are_not(read: Reader) -> None:
    rows = [
        "甲,2024-10-01,A轮,=HYPERLINK(1),@SUM",
        "乙,2024-10-01,A轮,-5,+1.5",
        "丙,2024-10-01,A轮,-,1亿",
    ]
    result = read("funding_rounds.csv", ROUND + "\n".join(rows) + "\n")
    assert result.table.column("amount_text").to_pylist() == ["=HYPERLINK(1)", "-5", "-"]
    assert result.warnings == (
        "1 cells of amount_text look like formulas and are stored as text, the first in row 2",
        "1 cells of investors look like formulas and are stored as text, the first in row 2",
    )


def test_identical_rows_collapse_and_are_counted(read: Reader) -> None:
    content = FX + GOOD + "EURCNY,2024-10-31,7.70\n" + "EURCNY,2024-10-31,7.7\n" * 2
    result = read("fx_fixings.csv", content)
    assert (result.rows_in, result.table.num_rows, result.collapsed_rows) == (4, 2, 2)
    assert result.table.column("_row").to_pylist() == [2, 3]
    assert result.quarantined == ()


def test_one_key_with_two_values_quarantines_every_row_of_it(read: Reader) -> None:
    content = (
        FX + GOOD + "EURCNY,2024-10-31,7.7\nEURCNY,2024-10-31,7.8\nEURCNY,2024-10-31,7.7\n"
    )
    result = read("fx_fixings.csv", content)
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [
        (3, "duplicate_key"),
        (4, "duplicate_key"),
        (5, "duplicate_key"),
    ]
    first, second, _ = result.quarantined
    assert (first.column, first.value) == ("pair, fixing_date", "EURCNY, 2024-10-31")
    assert first.hint.startswith("row 4 has the same key")
    assert second.hint.startswith("row 3 has the same key")
    assert (result.table.num_rows, result.collapsed_rows) == (1, 0)


def test_empty_key_cells_are_equal_and_missing_key_columns_count_as_empty(
    read: Reader,
) -> None:
    header = "gpu,platform,quoted_on,price_cny_per_hour,data_disk_gb\n"
    row = "A100-80G,样例云,2024-10-31,{price},{disk}\n"
    content = header + "".join(
        row.format(price=p, disk=d) for p, d in ((30, ""), (31, ""), (32, 5))
    )
    result = read("gpu_rentals.csv", content)
    assert [cell.row for cell in result.quarantined] == [2, 3]
    assert "(empty)" in result.quarantined[0].value
    names = read("securities.csv", "code,name\n600519.SH,样例甲\n600519.SH,样例乙\n")
    assert [cell.rule for cell in names.quarantined] == ["duplicate_key"] * 2


def test_a_row_with_a_bad_cell_has_no_say_about_its_key(read: Reader) -> None:
    result = read("fx_fixings.csv", FX + GOOD + "USDCNY,2024-10-31,none\n")
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [(3, "type")]
    assert result.table.num_rows == 1


def test_more_than_a_fifth_of_bad_rows_holds_the_file(read: Reader) -> None:
    good = "".join(f"USDCNY,2024-10-{day:02},7.1\n" for day in range(1, 9))
    at_limit = read("fx_fixings.csv", FX + good + "EURCNY,2024-10-01,a\nEURCNY,x,b\n")
    assert (at_limit.quarantined_rows, len(at_limit.quarantined)) == (2, 3)
    assert at_limit.must_hold is None
    above = read("fx_fixings.csv", FX + good + "EURCNY,2024-10-01,a\n" * 3)
    assert above.must_hold is not None
    assert above.must_hold.startswith("3 of 11 rows are bad (27%")
    assert "type" in above.must_hold


@pytest.mark.parametrize(
    "header", ["pair,fixing_date,rate,rate", "pair, rate ,fixing_date,rate"]
)
def test_a_header_that_names_a_column_twice_is_refused(read: Reader, header: str) -> None:
    with pytest.raises(FileRefusedError, match="names column 'rate' 2 times"):
        read("fx_fixings.csv", f"{header}\nUSDCNY,2024-10-31,7.1,7.1\n")


def test_blank_rows_of_a_spreadsheet_are_skipped_and_counted(read: Reader) -> None:
    result = read("fx_fixings.csv", FX + "\n" + GOOD + ",,\n , ,\n")
    assert (result.rows_in, result.table.num_rows) == (1, 1)
    assert "3 blank rows were skipped" in result.warnings


STATEMENT = "code,report_period,announced_on,currency,revenue_ytd\n"


@pytest.mark.parametrize(
    "value", ["1e30", "-1e22", "1" * 25, "10000000000000001e1", "9" * 17 + ".5"]
)
def test_a_number_that_no_market_has_stops_at_the_door_not_in_a_cast(
    read: Reader, value: str
) -> None:
    result = read(
        "income_statements.csv",
        f"{STATEMENT}600519.SH,2024-03-31,2024-04-20,CNY,{value}\n"
        "600519.SH,2024-06-30,2024-08-20,CNY,9e15\n",
    )
    assert (only(result).rule, only(result).column) == ("magnitude", "revenue_ytd")
    assert result.table.num_rows == 1


@pytest.mark.parametrize(
    ("name", "content", "column"),
    [
        (
            "web_traffic.csv",
            "app,period_start,period_end,visits\n"
            "甲,2024-10-25,2024-10-21,1\n甲,2024-10-21,2024-10-21,1\n",
            "period_end",
        ),
        (
            "income_statements.csv",
            f"{STATEMENT}600519.SH,2024-06-30,2024-04-20,CNY,1\n"
            "600519.SH,2024-03-31,2024-04-20,CNY,1\n",
            "announced_on",
        ),
        (
            "securities.csv",
            "code,name,listed_on,delisted_on\n"
            "600001.SH,甲,2009-12-29,1998-01-22\n600002.SH,乙,1998-01-22,\n",
            "delisted_on",
        ),
    ],
)
def test_a_day_before_the_one_that_it_follows_is_quarantined(
    read: Reader, name: str, content: str, column: str
) -> None:
    result = read(name, content)
    cell = only(result)
    assert (cell.row, cell.rule, cell.column) == (2, "order", column)
    assert f"{column} lies before" in cell.hint
    assert result.table.num_rows == 1


def test_letters_that_a_page_wrote_by_number_are_themselves(read: Reader) -> None:
    names = {
        "&#20013;&#33337;": "中船",
        "&#x4e2d;信": "中信",
        "Nestl&eacute;": "Nestlé",
        "A&amp;B &#60;b&#62;": "A&amp;B &#60;b&#62;",  # core reads these, once
        "AT&T;": "AT&T;",
    }
    rows = "".join(f"{name},2024-10-18,A轮,1亿元,\n" for name in names)
    result = read("funding_rounds.csv", ROUND + rows)
    assert result.table.column("company").to_pylist() == [*names.values()]
