"""Totals among the rows are no entities, whatever file they come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.inbox.reading import ReadFile, read_file
from yanbao.scaffold.new_mapping import propose_mapping

Reader = Callable[..., ReadFile]
Write = Callable[[str, str | bytes], Path]
HEADER = "app,store,month,downloads\n"
ROW = "样例甲,安卓,2024-08-01,12\n"
MAPPING = "dataset: app_downloads\ncolumns: {名: app, 店: store, 月: month, 数: downloads}\n"


@pytest.mark.parametrize("word", ["合计", "合　计", "总 计", "小计：", "Total", "SUBTOTAL"])
@pytest.mark.parametrize("column", ["app", "store"])
def test_a_total_in_a_name_of_the_key_is_quarantined(
    read: Reader, word: str, column: str
) -> None:
    total = ROW.replace("样例甲" if column == "app" else "安卓", word)
    result = read("app_downloads.csv", HEADER + ROW + total)
    found = [(cell.row, cell.column, cell.rule) for cell in result.quarantined]
    assert found == [(3, column, "summary_row")]
    assert "skip_where" in result.quarantined[0].hint


@pytest.mark.parametrize("name", ["合计算", "Total War", "小计划", "统计局"])
def test_a_name_that_only_begins_like_a_total_is_loaded(read: Reader, name: str) -> None:
    result = read("app_downloads.csv", HEADER + ROW.replace("样例甲", name))
    assert (result.quarantined, result.table.num_rows) == ((), 1)


@pytest.mark.parametrize(
    "values", ["values: {app: {Total: Total}}\n", "values: {app: {全部: Total}}\n"]
)
def test_a_total_that_the_mapping_itself_writes_is_a_name(read: Reader, values: str) -> None:
    word = "Total" if "{Total" in values else "全部"
    content = f"名,店,月,数\n{word},安卓,2024-08-01,12\n"
    assert read("x.csv", content, mapping=MAPPING + values).quarantined == ()


def proposed(path: Path) -> tuple[str, ReadFile]:
    text, _ = propose_mapping(path)
    mapping = parse_mapping(text, "own", where="own.yml")
    return text, read_file(path, mapping=mapping, today=date(2024, 11, 1))


def test_a_total_below_text_days_does_not_hide_that_they_are_days(write: Write) -> None:
    content = "月份,应用,渠道,下载量\n2024年8月,样例甲,安卓,12\n2024年9月,样例甲,安卓,15\n"
    text, result = proposed(write("x.csv", f"{content}合计,,,27\n注：样例,,,\n"))
    assert "month: '%Y年%m月'" in text or "month: %Y" in text
    assert (result.table.num_rows, result.quarantined) == (2, ())
    assert result.table.column("month").to_pylist() == ["2024-08-01", "2024-09-01"]


def test_a_proposal_leaves_a_total_in_a_name_of_the_key_to_the_checks(write: Write) -> None:
    rows = "2024-08,样例甲,安卓,12\n2024-08,样例乙,安卓,15\n" * 3
    total = "2024-08,合　计,安卓,27\n"
    text, result = proposed(write("x.csv", f"月份,应用,渠道,下载量\n{rows}{total}"))
    assert "skip" not in text
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [(8, "summary_row")]


def test_a_total_elsewhere_is_proposed_to_be_left_out(write: Write) -> None:
    rows = "样例甲,2024-08,安卓,12\n样例乙,2024-08,安卓,15\n样例乙,总计,安卓,27\n"
    text, result = proposed(write("x.csv", f"应用,月份,渠道,下载量\n{rows}"))
    assert "skip_where:\n  月份:" in text
    assert (result.table.num_rows, result.quarantined) == (2, ())


@pytest.mark.parametrize(
    "line", ["# TODO units: downloads is in 万元", "#TODO", "date_format: '%Y TODO'"]
)
def test_a_mapping_with_an_open_todo_reads_nothing_and_names_the_line(
    read: Reader, line: str
) -> None:
    content = "名,店,月,数\n样例甲,安卓,2024-08-01,12\n"
    with pytest.raises(FileRefusedError, match=f"own leaves 1 TODO open, .* line 3: {line}"):
        read("x.csv", content, mapping=f"{MAPPING}{line}\n")
