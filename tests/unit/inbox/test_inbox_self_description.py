"""What a file's words say of its numbers fills what the mapping leaves open, or refuses it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import FileRefusedError
from yanbao.inbox.header_units import split_header
from yanbao.inbox.reading import ReadFile
from yanbao.inbox.stated import stated
from yanbao.inbox.unit_mentions import title_units

Reader = Callable[..., ReadFile]
BARS = "dataset: a_share_bars\ncolumns: {代码: code, 日期: trade_date, 收盘价: close}\n"
ROW = "600001.SH,2024-10-31,9.3\n"
STATEMENTS = "dataset: income_statements\ncolumns: {代码: code, 期: report_period}\n"
CAPS = (
    "dataset: market_caps\ncolumns: {代码: code, 公司: company, 日期: trade_date}\n"
    "constants: {cap_basis: all_classes"
)


def bars(title: str = "", footer: str = "", close: str = "收盘价") -> str:
    head = f"{title},,\n" if title else ""
    return f"{head}代码,日期,{close}\n{ROW}{footer}\n"


def only(result: ReadFile, column: str) -> Any:
    return set(result.table.column(column).to_pylist())


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("前复权（等比）", "forward_ratio"),
        ("等比前复权", "forward_ratio"),
        ("等差前复权", "forward_additive"),
        ("Forward adjusted (ratio)", "forward_ratio"),
        ("后复权", "backward_ratio"),
        ("HFQ", "backward_ratio"),
        ("不复权", "none"),
        ("Unadjusted", "none"),
    ],
)
def test_the_adjustment_that_a_file_states_is_used_wherever_it_stands(
    read: Reader, words: str, kind: str
) -> None:
    second = f"{BARS}header_row: 2\n"
    assert only(read("x.csv", bars(title=f"日线 {words}"), mapping=second), "adjustment") == {
        kind
    }
    header = BARS.replace("收盘价", f"'收盘价({words})'")
    content = bars(close=f"收盘价({words})")
    assert only(read("x.csv", content, mapping=header), "adjustment") == {kind}
    tagged = bars(close=f'"收盘价\n[单位]元\n[复权方式] {words}"')
    assert only(read("x.csv", tagged, mapping=BARS), "adjustment") == {kind}
    assert only(read(f"日线_{words}.csv", bars(), mapping=BARS), "adjustment") == {kind}
    page = workbook([["代码", "日期", "收盘价"], ROW.split(",")], sheet=words[:31])
    assert only(read("x.xlsx", page, mapping=BARS), "adjustment") == {kind}
    noted = bars(footer=f"注：价格为{words},,")
    assert only(read("x.csv", noted, mapping=f"{BARS}skip_rows: ['^注']\n"), "adjustment") == {
        kind
    }


def test_a_file_in_the_import_format_says_it_in_its_name_or_a_note(read: Reader) -> None:
    content = f"code,trade_date,close\n{ROW}"
    assert only(read("a_share_bars_后复权.csv", content), "adjustment") == {"backward_ratio"}
    assert only(read("a_share_bars.csv", f"{content}后复权\n"), "adjustment") == {
        "backward_ratio"
    }


@pytest.mark.parametrize("words", ["前复权", "QFQ", "Forward adjusted", "复权", "Adj Close"])
def test_an_adjustment_of_unknown_method_has_to_be_said(read: Reader, words: str) -> None:
    second = f"{BARS}header_row: 2\n"
    with pytest.raises(FileRefusedError, match=r"line 1 says .* which may be adjustment"):
        read("x.csv", bars(title=words), mapping=second)
    said = f"{second}constants: {{adjustment: forward_additive}}\n"
    result = read("x.csv", bars(title=words), mapping=said)
    assert only(result, "adjustment") == {"forward_additive"}


@pytest.mark.parametrize("words", ["定点复权", "等差后复权", "[复权方式] 特殊"])
def test_an_adjustment_that_has_no_place_here_is_refused(read: Reader, words: str) -> None:
    with pytest.raises(FileRefusedError, match="has no place for"):
        read("x.csv", bars(title=words), mapping=f"{BARS}header_row: 2\n")


def test_a_constant_that_the_file_contradicts_is_refused_with_both_places(
    read: Reader,
) -> None:
    mapping = f"{BARS}header_row: 2\nconstants: {{adjustment: none}}\n"
    expected = r"line 1 says '后复权', but mapping own gives adjustment: none \(line 4\)"
    with pytest.raises(FileRefusedError, match=expected):
        read("x.csv", bars(title="后复权"), mapping=mapping)


def test_each_column_is_read_by_its_own_words(read: Reader) -> None:
    headers = "代码,日期,收盘价(不复权),收盘价(后复权),开盘价(后复权)"
    content = f"{headers}\n600001.SH,2024-10-31,9.3,18.6,18\n"
    plain = BARS.replace("收盘价", "'收盘价(不复权)'")
    assert only(read("x.csv", content, mapping=plain), "adjustment") == {"none"}
    mixed = plain.replace("close}", "close, '开盘价(后复权)': open}")
    with pytest.raises(FileRefusedError, match=r"contradicts itself: .*不复权.*后复权"):
        read("x.csv", content, mapping=mixed)
    titled = f"行情（前复权）,,,,\n{content}"
    with pytest.raises(FileRefusedError, match=r"contradicts itself: .*不复权.*前复权"):
        read("x.csv", titled, mapping=f"{plain}header_row: 2\n")


def test_an_adjusted_value_is_no_unit_value_of_a_fund(read: Reader) -> None:
    columns = "{代码: fund_code, 日期: nav_date, 复权单位净值: nav}"
    mapping = f"dataset: fund_navs\ncolumns: {columns}\n"
    content = "代码,日期,复权单位净值\n005962.OF,2024-10-31,1.5\n"
    with pytest.raises(FileRefusedError, match="but nav of fund_navs is none"):
        read("x.csv", content, mapping=mapping)
    right = mapping.replace("复权单位净值: nav", "复权单位净值: nav_adjusted, 单位净值: nav")
    both = "代码,日期,复权单位净值,单位净值\n005962.OF,2024-10-31,1.5,1.2\n"
    assert only(read("x.csv", both, mapping=right), "nav") == {"1.2"}


@pytest.mark.parametrize(
    "words",
    [
        "母公司报表",
        "利润表（母公司）",
        "Parent",
        "Parent company, RMB",
        "合并报表（单季度）",
        "Single Quarter",
        "本季度营业总收入",
        "当季净利润（元）",
        "2024年第三季度营业收入",
        "24Q3归母净利润",
        "3Q24 revenue",
        "[报表类型] 合并报表(更正前)",
        "[报表类型] 模拟报表",
        "营业收入TTM",
        "币种：美元",
        "单位：亿美元",
    ],
)
def test_a_statement_that_is_not_ours_is_refused_where_it_says_so(
    read: Reader, words: str
) -> None:
    mapping = f"{STATEMENTS}constants: {{currency: CNY}}\nheader_row: 2\n"
    content = f"{words},,\n代码,期,revenue_ytd\n600001.SH,2024-09-30,12\n"
    with pytest.raises(FileRefusedError, match="line 1"):
        read("x.csv", content, mapping=mapping)


@pytest.mark.parametrize(
    "words",
    [
        "归属于母公司股东的净利润",
        "owners of the parent",
        "合并报表",
        "币种：原始币种",
        "2024年前三季度营业收入",
        "一至三季度归母净利润",
        "Q1-Q3营业收入",
        "2024年三季报 利润表",
        "第三季度报告",
        "本季度末在册的公司",
    ],
)
def test_words_of_a_consolidated_statement_refuse_nothing(read: Reader, words: str) -> None:
    mapping = f"{STATEMENTS}constants: {{currency: CNY}}\nheader_row: 2\n"
    content = f"{words},,\n代码,期,revenue_ytd\n600001.SH,2024-09-30,12\n"
    result = read("x.csv", content, mapping=mapping)
    kinds = {"original"} if words == "合并报表" else None
    assert "statement_kind" not in result.table.column_names or (
        only(result, "statement_kind") == kinds
    )


@pytest.mark.parametrize("words", ["合并报表(调整)", "利润表（追溯调整）", "Restated"])
def test_a_restated_statement_is_adjusted(read: Reader, words: str) -> None:
    content = f"{words},,\n代码,期,revenue_ytd\n600001.SH,2024-09-30,12\n"
    result = read("x.csv", content, mapping=f"{STATEMENTS}header_row: 2\n")
    assert only(result, "statement_kind") == {"adjusted"}
    said = f"{STATEMENTS}constants: {{statement_kind: original}}\nheader_row: 2\n"
    with pytest.raises(FileRefusedError, match="gives statement_kind: original"):
        read("x.csv", content, mapping=said)


@pytest.mark.parametrize(
    ("header", "cap", "currency"),
    [("市值(亿美元)", "300000000", "USD"), ("市值[单位]亿港元", "300000000", "HKD")],
)
def test_the_currency_of_a_header_is_that_of_the_rows(
    read: Reader, header: str, cap: str, currency: str
) -> None:
    mapping = f"{CAPS}}}\noptional_columns: {{市值: market_cap}}\n"
    mapping += "units: {market_cap: header}\n"
    content = f"代码,公司,日期,{header}\n0700.HK,腾讯,2024-10-31,3\n"
    result = read("x.csv", content, mapping=mapping)
    assert only(result, "market_cap") == {cap}
    assert only(result, "currency") == {currency}
    with pytest.raises(FileRefusedError, match="gives currency: CNY"):
        read("x.csv", content, mapping=mapping.replace("}\nopt", ", currency: CNY}\nopt"))


def test_a_unit_that_the_header_contradicts_is_refused_with_both_places(read: Reader) -> None:
    mapping = f"{BARS.replace('}', ', 成交额(亿元): amount_cny}')}units: {{amount_cny: 万元}}\n"
    content = f"代码,日期,收盘价,成交额(亿元)\n{ROW.strip()},5\n"
    with pytest.raises(FileRefusedError, match=r"'亿元', but .* the unit '万元' \(line 3\)"):
        read("x.csv", content, mapping=mapping)


@pytest.mark.parametrize("place", ["title", "note", "name"])
def test_a_unit_beside_the_table_is_refused_unless_the_mapping_says_it(
    read: Reader, place: str
) -> None:
    mapping = f"{BARS.replace('}', ', 成交额: amount_cny}')}skip_rows: ['^注']\nheader_row: 2\n"
    title, note = ("单位：万元", "") if place == "title" else ("行情", "")
    note = "注：金额单位：万元,,,\n" if place == "note" else note
    content = f"{title},,,\n代码,日期,收盘价,成交额\n{ROW.strip()},5\n{note}"
    name = "行情(万元).csv" if place == "name" else "x.csv"
    with pytest.raises(FileRefusedError, match="names the unit '万元', but amount_cny"):
        read(name, content, mapping=mapping)
    said = read(name, content, mapping=f"{mapping}units: {{amount_cny: 万元, close: 1}}\n")
    assert only(said, "amount_cny") == {"50000"}


def test_a_header_of_index_codes_is_no_column_of_shares(read: Reader) -> None:
    mapping = BARS.replace("代码", "指数代码")
    with pytest.raises(FileRefusedError, match=r"指数代码.* but code of a_share_bars is share"):
        read("x.csv", f"指数代码,日期,收盘价\n{ROW}", mapping=mapping)


@pytest.mark.parametrize(
    "text", ["复权因子", "USDCNY", "归母净利润", "AI 应用", "下载量(万次)", "Parental control"]
)
def test_words_that_state_nothing_are_passed_over(text: str) -> None:
    assert list(stated(text)) == []


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("成交额(万元)(不复权)", "万元"),
        ("成交额（万元，合并）", "万元"),
        ("成交额_万元", "万元"),
        ("成交额万元", "万元"),
        ("(万元)成交额", "万元"),
        ("成交额(万元) 2024年第42周", "万元"),
        ("成交额 [单位]万元 [复权方式]不复权", "万元"),
        ("Amount (RMB mn)", "RMB mn"),
        ("Amount in millions", "millions"),
        ("Amount, RMB'000", "RMB'000"),
        ("成交额（人民币百万元）", "人民币百万元"),
    ],
)
def test_a_unit_is_found_wherever_a_header_has_it(read: Reader, header: str, unit: str) -> None:
    assert split_header(header)[1] == unit
    mapping = BARS.replace("}", f', "{header}": amount_cny}}')
    content = f'代码,日期,收盘价,"{header}"\n{ROW.strip()},5\n'
    with pytest.raises(FileRefusedError, match=f"names the unit .{re.escape(unit)}"):
        read("x.csv", content, mapping=mapping)


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("金额单位人民币百万元", "人民币百万元"),
        ("Unit: RMB mn", "RMB mn"),
        ("(in thousands)", "thousands"),
        ("注：单位为亿元", "亿元"),
    ],
)
def test_a_unit_is_found_in_a_line_of_text(title: str, unit: str) -> None:
    assert title_units(title) == (unit,)


@pytest.mark.parametrize("header", ["Series B", "百万用户", "单位净值", "访问量 2024年10月"])
def test_a_name_that_only_looks_like_a_unit_is_none(header: str) -> None:
    assert split_header(header) == (header, None)
    assert title_units(header) == ()


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("复权方式", "前复权", "which may be adjustment"),
        ("单位", "万元", "names the unit '万元', but amount_cny"),
        ("币种", "美元", "but close of a_share_bars is CNY"),
    ],
)
def test_a_column_of_parameters_that_is_not_read_is_heeded(
    read: Reader, column: str, cell: str, message: str
) -> None:
    mapping = BARS.replace("}", ", 成交额: amount_cny}")
    content = f"代码,日期,收盘价,成交额,{column}\n{ROW.strip()},5,{cell}\n"
    with pytest.raises(FileRefusedError, match=message):
        read("x.csv", content, mapping=mapping)
    mixed = f"{content}{ROW.strip().replace('600001', '600002')},5,别的\n"
    with pytest.raises(FileRefusedError, match=f"column '{column}' is not read, and says"):
        read("x.csv", mixed, mapping=mapping)
    plain = content.replace(cell, {"复权方式": "不复权", "单位": "元", "币种": "CNY"}[column])
    assert read("x.csv", plain, mapping=mapping).table.num_rows == 1
