"""Exports that do not have one row per row of the dataset."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yanbao.base.errors import FileRefusedError, UsageError
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
MONTHS = """\
dataset: app_downloads
header_row: 3
columns: {应用: app}
constants: {store: 样例商店}
wide: {headers: '(?P<month>\\d{4}-\\d{2})', value: downloads}
dates: {month: '%Y-%m'}
units: {downloads: 万}
printed_numbers: true
empty: ['--']
skip_rows: ['^数据来源', '^注']
"""
WIDE = (
    '样例下载量（万）\n\n应用,2024-09,2024-10\n样例甲,"1,234.5",20\n样例乙,--,\n'
    "样例丙,x,7\n注：样例\n数据来源：样例,,\n"
)


def test_one_column_per_month_becomes_one_row_per_month(read: Reader) -> None:
    result = read("导出.csv", WIDE, mapping=MONTHS)
    assert [
        (r["app"], r["month"], r["downloads"], r["_row"]) for r in result.table.to_pylist()
    ] == [
        ("样例甲", "2024-09-01", "12345000", 4),
        ("样例甲", "2024-10-01", "200000", 4),
        ("样例丙", "2024-10-01", "70000", 6),
    ]
    (bad,) = result.quarantined
    assert (bad.row, bad.column, bad.value, bad.rule) == (6, "downloads", "x", "type")
    assert "column '2024-09'" in bad.hint
    assert result.rows_in == 4 == result.table.num_rows + result.quarantined_rows
    assert result.bad_rows == {6: ("样例丙", "x", "7")}
    assert result.mapping.converted == {"downloads": "万"}
    assert "2 note rows were skipped (rows 7, 8)" in result.warnings
    assert any("2 empty cells" in warning for warning in result.warnings)


def test_a_header_of_two_rows_is_joined_and_its_groups_are_columns(read: Reader) -> None:
    mapping = (
        "dataset: app_downloads\nheader_row: 1-2\ncolumns: {应用: app}\n"
        "wide: {headers: '(?P<month>[0-9-]+) (?P<store>\\S+)', value: downloads}\n"
        "dates: {month: '%Y-%m'}\nvalues: {store: {苹果: App Store, 安卓: 安卓}}\n"
    )
    content = "应用,2024-09,,2024-10,\n,苹果,安卓,苹果,安卓\n样例甲,1,2,3,4\n"
    result = read("x.csv", content, mapping=mapping)
    assert [(r["month"], r["store"], r["downloads"]) for r in result.table.to_pylist()] == [
        ("2024-09-01", "App Store", "1"),
        ("2024-09-01", "安卓", "2"),
        ("2024-10-01", "App Store", "3"),
        ("2024-10-01", "安卓", "4"),
    ]


def test_a_contradiction_inside_a_wide_row_names_the_rows_of_the_file(read: Reader) -> None:
    content = "a\n\n应用,2024-09\n样例甲,1\n样例甲,2\n"
    result = read("x.csv", content, mapping=MONTHS)
    assert [(c.row, c.rule, c.hint.split(" has")[0]) for c in result.quarantined] == [
        (4, "duplicate_key", "row 5"),
        (5, "duplicate_key", "row 4"),
    ]


TRAFFIC = """\
dataset: web_traffic
columns: {网站: app, 访问量: visits, 停留: avg_visit_duration_seconds}
week: {header: 周, start: period_start, end: period_end}
units: {visits: header, avg_visit_duration_seconds: 'm:ss'}
"""


def test_weeks_durations_and_units_of_the_header_are_read(read: Reader) -> None:
    content = (
        "网站,周,访问量（百万次）,停留\n样例站,2024.10.14-10.18,816,6:11\n样例二,W42,1,6:11\n"
    )
    result = read("x.csv", content, mapping=TRAFFIC)
    (row,) = result.table.to_pylist()
    assert (row["period_start"], row["period_end"]) == ("2024-10-14", "2024-10-18")
    assert (row["visits"], row["avg_visit_duration_seconds"]) == ("816000000", "371")
    assert result.mapping.converted == {"visits": "百万次 (header)"}
    assert {(c.column, c.value) for c in result.quarantined} == {
        ("period_start", "W42"),
        ("period_end", "W42"),
    }


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("访问量", "names no unit"),
        ("访问量(万元)", "names the unit '万元', which cannot be turned into visits"),
        ("访问量(万),访问量(亿)", "both are '访问量'"),
    ],
)
def test_a_header_without_a_fitting_unit_is_refused(
    read: Reader, header: str, message: str
) -> None:
    with pytest.raises(FileRefusedError, match=message):
        read("x.csv", f"网站,周,停留,{header}\n", mapping=TRAFFIC)


def test_title_file_name_and_headers_give_constants(read: Reader) -> None:
    mapping = (
        "dataset: llm_scores\nheader_row: 2\ncolumns: {Model: model, Score: score}\n"
        "constants: {board: lmarena}\nfrom_title: '数据日期：(?P<as_of_date>\\S+)'\n"
        "from_file_name: 'lmarena_(?P<category>[a-z]+)'\ndates: {as_of_date: '%Y/%m/%d'}\n"
    )
    content = "数据日期：2024/10/16,\nModel,Score\n样例模型,1339\n"
    (row,) = read("lmarena_overall.csv", content, mapping=mapping).table.to_pylist()
    assert (row["as_of_date"], row["category"], row["board"]) == (
        "2024-10-16",
        "overall",
        "lmarena",
    )
    with pytest.raises(FileRefusedError, match="the file's name does not say category"):
        read("x.csv", content, mapping=mapping)


def test_a_day_inside_the_headers_is_one_day_or_the_file_is_refused(read: Reader) -> None:
    mapping = (
        "dataset: a_share_bars\ncolumns: {代码: code, '收盘价[交易日期] 20241031': close}\n"
        "from_headers: '\\[交易日期\\]\\s*(?P<trade_date>\\d{8})'\ndate_format: '%Y%m%d'\n"
    )
    content = "代码,收盘价[交易日期] 20241031\n600519.SH,1530\n"
    (row,) = read("x.csv", content, mapping=mapping).table.to_pylist()
    assert row["trade_date"] == "2024-10-31"
    two = "代码,收盘价[交易日期] 20241031,开盘价[交易日期] 20241030\n600519.SH,1,1\n"
    with pytest.raises(FileRefusedError, match="says both"):
        read("x.csv", two, mapping=mapping)


def test_headers_differ_in_width_case_and_line_breaks_only(read: Reader) -> None:
    mapping = "dataset: fx_fixings\ncolumns: {'Pair (code)': pair, Day: fixing_date}\n"
    content = '"PAIR\n（Code）",day,rate\nUSDCNY,2024-10-31,7.1\n'
    (row,) = read("x.csv", content, mapping=mapping).table.to_pylist()
    assert (row["pair"], row["fixing_date"]) == ("USDCNY", "2024-10-31")


def test_an_optional_column_may_be_absent(read: Reader) -> None:
    mapping = (
        "dataset: fx_fixings\ncolumns: {p: pair, d: fixing_date, r: rate}\n"
        "optional_columns: {来源: source_note, 备注: source_note}\n"
    )
    content = "p,d,r,备注\nUSDCNY,2024-10-31,7.1,样例\n"
    (row,) = read("x.csv", content, mapping=mapping).table.to_pylist()
    assert row["source_note"] == "样例"
    assert read("x.csv", content.replace(",备注", ",n"), mapping=mapping).table.num_rows == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dataset: web_traffic\nunits: {visits: 万元}\n", "no multiplier for visits"),
        ("dataset: web_traffic\nunits: {visits: 'm:ss'}\n", "is not in seconds"),
        ("dataset: web_traffic\nweek: {header: 周}\n", "week: the key 'start' is missing"),
        ("dataset: web_traffic\nwide: {headers: x, value: visits}\n", "names no column"),
        ("dataset: web_traffic\nfrom_title: '('\n", "no regular expression"),
        ("dataset: web_traffic\nfrom_title: '(?P<days>.)'\n", "no column of web_traffic"),
        ("dataset: web_traffic\ndates: {app: '%Y'}\n", "dates.app is not a day"),
        ("dataset: web_traffic\nheader_row: 5-2\n", "header_row: '5-2' is not a line number"),
        ("dataset: web_traffic\nempty: '--'\n", "empty: a list is expected, not '--'"),
        (
            "dataset: web_traffic\nvalues: {app: x}\n",
            "values.app: a mapping is expected",
        ),
        (
            "dataset: web_traffic\nconstants: {period_end: x}\n"
            "week: {header: 周, start: period_start, end: period_end}\n",
            "period_end is filled twice",
        ),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_mapping(text, "own", where="own.yml")


def test_rows_are_left_out_by_a_cell_and_named_by_number(read: Reader) -> None:
    mapping = "dataset: fx_fixings\nskip_where: {rate: '^-?$', pair: 合计}\n"
    content = "pair,fixing_date,rate\nUSDCNY,2024-10-30,7.1\nUSDCNY,2024-10-31,-\n"
    result = read("x.csv", content + "EURCNY,2024-10-31,\n合计,2024-10-31,7\n", mapping=mapping)
    assert [row["fixing_date"] for row in result.table.to_pylist()] == ["2024-10-30"]
    assert result.quarantined == ()
    assert "2 rows by rate were skipped (rows 3, 4)" in result.warnings
    assert "1 rows by pair were skipped (rows 5)" in result.warnings


def test_leaving_out_by_a_header_that_the_file_lacks_is_refused(read: Reader) -> None:
    mapping = "dataset: fx_fixings\nskip_where: {备注: '^-$'}\n"
    with pytest.raises(FileRefusedError, match="no column '备注'"):
        read("x.csv", "pair,fixing_date,rate\nUSDCNY,2024-10-30,7.1\n", mapping=mapping)
