"""``yanbao new mapping``: what is known is proposed, what is not is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import RunCli
from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import FileRefusedError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.inbox.reading import ReadFile, read_file
from yanbao.scaffold.new_mapping import propose_mapping

EXPORTS = PROJECT_ROOT / "sample_data" / "exports"
Write = Callable[[str, str | bytes], Path]
TRAFFIC = """\
AI 应用周度流量监测（样例）,,,,,
统计周期：每周,,,,,
产品,公司,周期,访问量(万次),平均停留时长,环比
样例聊天,样例科技,2024.10.14-10.20,"81,600.5",6:11,2.60%
样例搜索,样例软件,2024.10.14-10.20,"40,840",6:54,0.44%
数据来源：样例监测,,,,,
"""


def read_as_proposed(path: Path) -> tuple[str, ReadFile]:
    text, _ = propose_mapping(path)
    mapping = parse_mapping(text.replace("# TODO", "# settled"), "own", where="own.yml")
    return text, read_file(path, mapping=mapping, today=date(2024, 11, 1))


def test_an_unknown_export_is_read_by_its_proposed_mapping(write: Write) -> None:
    text, result = read_as_proposed(write("导出.csv", TRAFFIC))
    assert "TODO" not in text
    assert (result.dataset.name, result.quarantined) == ("web_traffic", ())
    assert result.table.to_pylist()[0] == {
        "app": "样例聊天",
        "owner": "样例科技",
        "visits": "816005000",
        "avg_visit_duration_seconds": "371",
        "visits_wow_reported": "0.026",
        "period_start": "2024-10-14",
        "period_end": "2024-10-20",
        "_row": 4,
    }


def test_a_workbook_of_months_is_proposed_as_wide(write: Write) -> None:
    rows = [["应用", "渠道", "2024-08", "2024-09"], ["样例甲", "安卓", "1.5万", "2万"]]
    _, result = read_as_proposed(write("x.xlsx", workbook(rows)))
    assert [(r["month"], r["downloads"]) for r in result.table.to_pylist()] == [
        ("2024-08-01", "15000"),
        ("2024-09-01", "20000"),
    ]


def test_codes_without_zeros_and_days_in_another_form_are_seen(write: Write) -> None:
    content = "基金代码,净值日期,单位净值\n5962,2024/10/31,1.52\n999001,2024/10/31,1.2\n"
    text, result = read_as_proposed(write("x.csv", content))
    assert "code_suffix: fund  # TODO" in text
    assert result.dataset.name == "fund_navs"
    codes = result.table.column("fund_code").to_pylist()
    assert codes == ["005962.OF", "999001.OF"]


def test_what_is_required_and_not_found_is_a_todo_and_refuses_the_file(write: Write) -> None:
    path = write("x.csv", "产品,访问量\n样例甲,12\n")
    text, dataset = propose_mapping(path, BY_NAME["web_traffic"])
    assert dataset.name == "web_traffic"
    assert "#   period_start:" in text
    mapping = parse_mapping(text, "own", where="own.yml")
    with pytest.raises(FileRefusedError, match="1 TODO open, the first in line 6: # TODO"):
        read_file(path, mapping=mapping, today=date(2024, 11, 1))
    settled = parse_mapping(text.replace("TODO", ""), "own", where="own.yml")
    with pytest.raises(FileRefusedError, match="period_start"):
        read_file(path, mapping=settled, today=date(2024, 11, 1))


def test_a_unit_that_does_not_fit_is_a_todo(write: Write) -> None:
    text, _ = propose_mapping(write("x.csv", "应用,月份,下载量(万元)\n甲,2024-10,1\n"))
    assert "# TODO units: downloads is in downloads, the file says 万元" in text


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
def test_a_proposal_for_any_export_is_a_mapping(path: Path) -> None:
    text, dataset = propose_mapping(path)
    assert parse_mapping(text, "own", where="own.yml").dataset == dataset


def test_a_file_without_a_header_is_refused(write: Write) -> None:
    with pytest.raises(FileRefusedError, match="no row looks like a header"):
        propose_mapping(write("x.csv", "1,2\n3,4\n"))


def test_the_command_writes_beside_the_state_and_never_over_a_mapping(
    home: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    path = tmp_path / "样例 导出.csv"
    path.write_text(TRAFFIC)
    made = run_cli("new", "mapping", str(path), home=home)
    assert made.code == 0, made.err
    assert (home / "mappings" / "样例_导出.yml").is_file()
    again = run_cli("new", "mapping", str(path), home=home)
    assert (again.code, len(again.err.splitlines())) == (2, 1)
    imported = run_cli("import", str(path), home=home)
    assert imported.code == 0, imported.err
    assert "2 loaded + 0 quarantined (utf-8, mapping 样例_导出)" in imported.out
