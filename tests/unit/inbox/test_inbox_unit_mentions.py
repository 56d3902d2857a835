"""A unit that a title or a header names is given in the mapping too, or the file is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import FileRefusedError
from yanbao.inbox.reading import ReadFile
from yanbao.inbox.unit_mentions import title_units
from yanbao.scaffold.new_mapping import propose_mapping

Reader = Callable[..., ReadFile]
Write = Callable[[str, str | bytes], Path]
TITLED = [
    [None, "AI应用下载量(单位:万次)"],
    ["应用", "渠道", "2024年8月", "2024年9月"],
    ["样例甲", "安卓", "820.5", "900"],
]
WIDE = (
    "dataset: app_downloads\nheader_row: 2\ncolumns: {应用: app, 渠道: store}\n"
    "wide: {headers: '(?P<month>20\\d{2}年\\d{1,2}月)', value: downloads}\n"
    "dates: {month: '%Y年%m月'}\n"
)
RENTS = "dataset: gpu_rentals\ncolumns:\n  GPU: gpu\n  平台: platform\n  日期: quoted_on\n"


def rents(header: str, cell: str) -> str:
    return f"GPU,平台,日期,价格(元/小时),{header}\nA100-80G,样例云,2024-10-18,28.6,{cell}\n"


def test_a_title_that_names_a_unit_which_the_mapping_does_not_refuses_the_file(
    read: Reader,
) -> None:
    with pytest.raises(FileRefusedError, match=r"\(cell B1\) names the unit '万次', but downl"):
        read("x.xlsx", workbook(TITLED), mapping=WIDE)
    csv = "AI应用下载量(单位:万次),,\n应用,渠道,2024年8月\n样例甲,安卓,820.5\n"
    with pytest.raises(FileRefusedError, match=r"\(line 1\) names the unit '万次'"):
        read("x.csv", csv, mapping=WIDE)


@pytest.mark.parametrize(("units", "expected"), [("万次", "8205000"), ("1", "820.5")])
def test_what_the_mapping_says_of_the_unit_counts(
    read: Reader, units: str, expected: str
) -> None:
    result = read("x.xlsx", workbook(TITLED), mapping=f"{WIDE}units: {{downloads: {units}}}\n")
    assert result.table.column("downloads").to_pylist()[0] == expected


def test_the_unit_of_a_title_is_proposed(write: Write) -> None:
    text, dataset = propose_mapping(write("x.xlsx", workbook(TITLED)))
    assert (dataset.name, "units:\n  downloads: 万次\n" in text) == ("app_downloads", True)


def test_a_title_unit_that_fits_no_column_is_a_todo(write: Write) -> None:
    content = "下载量 单位：万元,,\n应用,月份,下载量\n样例甲,2024-10,1\n样例乙,2024-10,2\n"
    text, _ = propose_mapping(write("x.csv", content))
    assert "# TODO units: the title says 万元, which no column here can be in" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("单位：亿元，%", ("亿元", "%")),
        ("AI应用下载量(单位:万次)", ("万次",)),
        ("下载量（万次）", ("万次",)),
        ("流量监测（样例）", ()),
        ("统计周期：每周", ()),
    ],
)
def test_the_units_of_a_title_are_kept_apart_from_its_other_words(
    text: str, words: tuple[str, ...]
) -> None:
    assert title_units(text) == words


def test_a_percent_header_over_a_fraction_without_units_refuses_the_file(read: Reader) -> None:
    mapping = f"{RENTS}  价格(元/小时): price_cny_per_hour\n  周环比(%): price_wow_reported\n"
    with pytest.raises(FileRefusedError, match=r"'周环比\(%\)' \(line 1\) names the unit '%'"):
        read("x.csv", rents("周环比(%)", "-1.5"), mapping=mapping)
    settled = f"{mapping}units: {{price_wow_reported: '%'}}\n"
    result = read("x.csv", rents("周环比(%)", "-1.5"), mapping=settled)
    assert result.table.column("price_wow_reported").to_pylist() == ["-0.015"]


@pytest.mark.parametrize("unit", ["元/小时", "元每小时", "CNY/hour", "元"])
def test_a_rent_in_yuan_per_hour_is_read_by_its_header(read: Reader, unit: str) -> None:
    mapping = f"{RENTS}  价格: price_cny_per_hour\nunits: {{price_cny_per_hour: header}}\n"
    result = read("x.csv", rents("备注", "").replace("元/小时", unit), mapping=mapping)
    assert result.table.column("price_cny_per_hour").to_pylist() == ["28.6"]


@pytest.mark.parametrize("unit", ["美元/小时", "元/月", "万元/年"])
def test_a_rent_in_another_unit_is_refused(read: Reader, unit: str) -> None:
    mapping = f"{RENTS}  价格: price_cny_per_hour\nunits: {{price_cny_per_hour: header}}\n"
    with pytest.raises(FileRefusedError, match=f"{unit}'.*CNY"):
        read("x.csv", rents("备注", "").replace("元/小时", unit), mapping=mapping)


def test_units_that_agree_are_no_todo_and_another_currency_is_one(write: Write) -> None:
    header = "GPU,平台,日期,CPU(核),内存(GB),价格(元/小时),周环比(%)\n"
    row = "A100-80G,样例云,2024-10-18,16,96,28.6,-1.5\n"
    text, _ = propose_mapping(write("x.csv", header + row))
    assert "TODO" not in text
    assert "周环比: price_wow_reported" in text
    text, _ = propose_mapping(write("y.csv", header.replace("元/", "美元/") + row))
    assert (
        "# TODO units: price_cny_per_hour is in CNY per hour, the file says 美元/小时" in text
    )


def test_a_header_that_is_not_there_is_answered_with_the_nearest_or_all(read: Reader) -> None:
    mapping = f"{RENTS}  时价: price_cny_per_hour\n"
    with pytest.raises(FileRefusedError, match="its headers are GPU, 平台, 日期, 价格"):
        read("x.csv", rents("备注", ""), mapping=mapping)
    mapping = f"{RENTS}  价格(元/小時): price_cny_per_hour\n"
    with pytest.raises(FileRefusedError, match=r"did you mean '价格\(元/小时\)'"):
        read("x.csv", rents("备注", ""), mapping=mapping)


UNDER = "app,month,store,downloads,is_partial\n{},,,万次,\n甲,2024-10-01,样例商店,120,false\n"


@pytest.mark.parametrize("first", ["", "单位"])
def test_units_in_the_row_below_the_header_are_converted_or_refuse_the_file(
    read: Reader, first: str
) -> None:
    content = UNDER.format(first)
    said = r"line 2 below header 'downloads' names the unit '万次'"
    with pytest.raises(FileRefusedError, match=said):
        read("app_downloads.csv", content)
    mapping = "dataset: app_downloads\nunits: {downloads: 万次}\n"
    result = read("x.csv", content, mapping=mapping)
    assert result.table.column("downloads").to_pylist() == ["1200000"]
    assert [cell.row for cell in result.quarantined] == [2] * len(result.quarantined)


def test_a_row_of_plain_units_below_the_header_refuses_nothing(read: Reader) -> None:
    result = read("app_downloads.csv", UNDER.format("").replace("万次", "次"))
    assert result.table.column("downloads").to_pylist() == ["120"]
