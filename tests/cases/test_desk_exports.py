"""Workbooks as a desk has them: what is proposed for them is right, or a TODO."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.desk import FILES, Desk, Taken
from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import FileRefusedError
from yanbao.scaffold.new_mapping import propose_mapping

EXPORTS = FILES / "desk_exports"
SNAPSHOT = EXPORTS / "万得_AI概念股涨跌幅_20241031.xlsx"
TRAFFIC = EXPORTS / "similarweb流量跟踪.xlsx"
ROUNDS = EXPORTS / "10月AI投融资.xlsx"


def proposed(desk: Desk, file: Path) -> str:
    """The path of the mapping that is proposed for a file."""
    text, _ = propose_mapping(file)
    path = desk.settings.home / f"{file.stem}.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def taken(desk: Desk, file: Path) -> Taken:
    return desk.take(file, mapping=proposed(desk, file))


def test_a_days_snapshot_is_read_with_its_close_and_the_price_before(desk: Desk) -> None:
    read = taken(desk, SNAPSHOT)
    assert read.status == "good"
    rows = {row["code"]: row for row in desk.core("daily_bars")}
    cambricon = rows["688256.SH"]
    assert len(rows) == 5
    assert (cambricon["close"], cambricon["reference_close"]) == (453.6, 440.1)
    assert (cambricon["adjustment"], cambricon["market_cap"]) == ("none", 189_358_000_000)
    assert (cambricon["volume_shares"], cambricon["amount"]) == (15_234_000, 6_810_000_000)
    for header in ("月涨跌幅", "年初至今", "市盈率PE(TTM)", "市销率PS(TTM)"):
        assert header in read.lines


def test_a_day_that_only_the_headers_name_is_read_from_them(desk: Desk, tmp_path: Path) -> None:
    header = ["证券代码"]
    for name, more in (("前收盘价", ""), ("收盘价", "\n[复权方式] 不复权"), ("涨跌幅", "")):
        unit = "%" if name == "涨跌幅" else "元"
        header.append(f"{name}\n[交易日期] 20241031{more}\n[单位] {unit}")
    file = tmp_path / "万得.xlsx"
    file.write_bytes(workbook([header, ["600001.SH", 10, 10.5, 5]]))
    (row,) = taken(desk, file).rows
    assert (row["trade_date"], row["close"], row["reference_close"]) == (
        "2024-10-31",
        "10.5",
        "10",
    )


def test_of_two_closes_the_unadjusted_one_is_proposed(tmp_path: Path) -> None:
    file = tmp_path / "行情.csv"
    header = "股票代码,交易日期,收盘价(元)(后复权),收盘价(元)(不复权)"
    file.write_text(f"{header}\n600001.SH,2024-10-31,20,11\n", encoding="utf-8")
    text, _ = propose_mapping(file)
    assert "收盘价(不复权): close\n" in text
    assert "# 收盘价(元)(后复权): not read" in text
    assert "TODO" not in text


@pytest.mark.parametrize(
    ("change", "is_loaded"),
    [
        (3.07, True),
        (3.06, True),
        ("3.07%", True),
        (3.2, False),
        (-3.07, False),
        (0.0307, False),
    ],
)
def test_a_printed_change_that_contradicts_the_prices_sets_the_row_aside(
    desk: Desk, tmp_path: Path, change: float | str, is_loaded: bool
) -> None:
    header = ["证券代码", "交易日期", "前收盘价", "收盘价", "涨跌幅(%)"]
    good = [[f"60000{n}.SH", 20241031, 10, 11, 10.0] for n in range(6)]
    rows = [header, *good, ["688256.SH", 20241031, 440.1, 453.6, change]]
    file = tmp_path / "行情.xlsx"
    file.write_bytes(workbook(rows))
    read = taken(desk, file)
    codes = {row["code"] for row in read.rows}
    assert ("688256.SH" in codes) == is_loaded
    assert len(codes) == 6 + is_loaded
    assert is_loaded or "453.6 ÷ 440.1 - 1 is +3.07%" in read.lines


def test_columns_that_were_taken_for_each_other_hold_the_file(
    desk: Desk, tmp_path: Path
) -> None:
    swapped = ["证券代码", "交易日期", "收盘价", "前收盘价", "涨跌幅"]
    rows = [swapped, *([f"60000{n}.SH", 20241031, 10, 11, 10.0] for n in range(6))]
    file = tmp_path / "行情.xlsx"
    file.write_bytes(workbook(rows))
    text, _ = propose_mapping(file)
    assert (
        "# TODO: 6 of 6 rows are bad (100%, more than 20%), most by rule printed_chan" in text
    )


def test_a_price_before_that_nothing_proves_is_a_question(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "行情.csv"
    file.write_text("代码,日期,昨收,收盘\n600001.SH,2024-10-31,10,11\n", encoding="utf-8")
    with pytest.raises(FileRefusedError, match="is 昨收 the exchange's reference price"):
        taken(desk, file)


def test_two_measures_of_two_weeks_are_rows_of_the_traffic_table(desk: Desk) -> None:
    read = taken(desk, TRAFFIC)
    assert read.status == "good"
    assert "summary_row in app, first in row 9 (A9): '合计'" in read.lines
    assert "注：Kimi 为 PC 端" in read.lines
    rows = {(r["app"], str(r["period_start"])): r for r in desk.core("web_traffic")}
    assert {app for app, _ in rows} == {"ChatGPT", "Bing", "Kimi", "文心一言", "Perplexity"}
    assert len(rows) == 9
    for key, visits, seconds in (
        (("ChatGPT", "2024-10-14"), 816_000_000, 371),
        (("Kimi", "2024-10-21"), 8_120_000, 191),
        (("文心一言", "2024-10-14"), 5_713_000, 182),
        (("Perplexity", "2024-10-21"), 19_700_000, 372),
    ):
        row = rows[key]
        assert (row["visits"], row["avg_visit_duration_seconds"]) == (visits, seconds)
        assert row["visits_wow_reported"] is None
    weeks = {(str(r["period_start"]), str(r["period_end"])) for r in rows.values()}
    assert weeks == {("2024-10-14", "2024-10-20"), ("2024-10-21", "2024-10-27")}


@pytest.mark.parametrize(
    "header",
    [
        [
            "应用",
            "2024-W42 访问量",
            "2024-W42 停留时长",
            "2024-W43 访问量",
            "2024-W43 停留时长",
        ],
        [
            "网站",
            *(f"{m} 2024年第{w}周" for w in (42, 43) for m in ("访问量（次）", "停留时长")),
        ],
    ],
)
def test_a_header_of_one_line_may_hold_week_and_measure(
    desk: Desk, tmp_path: Path, header: list[str]
) -> None:
    file = tmp_path / "流量.xlsx"
    file.write_bytes(workbook([header, ["样例", "1.5万", "1:05", "2万", "1:06"]]))
    read = taken(desk, file)
    assert [
        (r["period_start"], r["visits"], r["avg_visit_duration_seconds"]) for r in read.rows
    ] == [("2024-10-14", "15000", "65"), ("2024-10-21", "20000", "66")]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_header_of_two_lines_may_be_unmerged_or_a_csv(
    desk: Desk, tmp_path: Path, ending: str
) -> None:
    lines = [
        ["应用", "2024.10.14-10.20", None, "2024.10.21-10.27", None],
        [None, "访问量", "停留时长", "访问量", "停留时长"],
        ["样例", "1.5万", "1:05", "2万", "1:06"],
    ]
    file = tmp_path / f"流量.{ending}"
    text = "".join(",".join(cell or "" for cell in line) + "\n" for line in lines)
    file.write_bytes(workbook(lines) if ending == "xlsx" else text.encode())
    visits = [(r["period_end"], r["visits"]) for r in taken(desk, file).rows]
    assert visits == [("2024-10-20", "15000"), ("2024-10-27", "20000")]


def test_a_months_rounds_are_read_with_their_investors_and_remarks(desk: Desk) -> None:
    read = taken(desk, ROUNDS)
    assert (read.status, read.landed.stored.load.rows_in, len(read.rows)) == ("good", 11, 10)
    rows = {row["company"]: row for row in desk.core("funding_rounds")}
    abridge, star = rows["Abridge"], rows["星动纪元"]
    assert (abridge["investors"], abridge["lead_investors"]) == (
        "Elad Gil（领投）、IVP",
        "Elad Gil",
    )
    assert star["lead_investors"] == "清流资本"
    assert rows["玻色量子"]["lead_investors"] is None
    assert (abridge["valuation_text"], abridge["company_profile"]) == ("25亿美元", "转录")
    assert (abridge["amount_number"], abridge["amount_scale"], abridge["currency"]) == (
        2.5,
        "亿",
        "USD",
    )
    assert (rows["Terray"]["amount_number"], rows["Terray"]["amount_scale"]) == (12000, "万")
    printed = {r["company"]: r for r in desk.rows("funding_rounds_period", "2024-10-31")}
    assert printed["某海外公司"]["amount_as_printed"] == "500万欧元"
    assert printed["某海外公司"]["unrankable_reason"] == "no_fixing"
    assert printed["某公司"]["unrankable_reason"] == "no_number"
    assert printed["白鲸航线"]["is_rankable"]


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [
        ("10月AI投融资", ["2024-10-09", "10月18日"], "2024-10-18"),
        ("AI投融资2024年10月", ["10月18日", "10月9日"], "2024-10-18"),
        ("AI投融资_20241031", ["10/18", "10/9"], "2024-10-18"),
        ("2024年AI投融资", ["10月18日", "3月9日"], "2024-10-18"),
        ("10月AI投融资", ["10月9日", "10月18日"], None),
        ("AI投融资", ["2023-10-09", "2024-11-09", "10月18日"], None),
        ("AI投融资", ["2024-12-09", "1月3日"], None),
    ],
)
def test_a_day_without_a_year_is_of_the_month_that_the_file_is_about_or_a_question(
    desk: Desk, tmp_path: Path, name: str, days: list[str], expected: str | None
) -> None:
    header = ["融资方", "融资日期", "融资轮次", "融资金额"]
    rows = [[f"公司{n}", day, "A轮", "1亿元"] for n, day in enumerate(days)]
    file = tmp_path / f"{name}.xlsx"
    file.write_bytes(workbook([header, *rows]))
    if expected is None:
        with pytest.raises(FileRefusedError, match="TODO"):
            taken(desk, file)
    else:
        assert expected in {row["announced_on"] for row in taken(desk, file).rows}
