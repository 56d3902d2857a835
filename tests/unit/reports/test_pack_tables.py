"""Tables and charts: headers from the dictionary, order, marks, notes, samples."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.reports.pack_rows import AS_OF, MARTS, Tables, dictionary
from yanbao.base.errors import PackError, ReleaseError
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.composing.context import PackContext
from yanbao.reporting.composing.found import Found
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.grammar.row_spec import Selection
from yanbao.reporting.printed.pack import (
    PrintedChart,
    PrintedPack,
    PrintedSentence,
    PrintedTable,
)
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.formatting import NumberStyle

MakeRelease = Callable[..., ReleaseReader]
MakePack = Callable[[str], PackSpec]


def weekly(release: ReleaseReader) -> PrintedPack:
    return compose(load_pack("galaxy-weekly"), release)


def table_of(pack: PrintedPack, mart: str) -> PrintedTable:
    return next(table for table in pack.tables if table.mart == mart)


def headers(table: PrintedTable) -> list[str]:
    return [header.text for header in table.headers]


def column(table: PrintedTable, name: str) -> list[str]:
    place = [header.column for header in table.headers].index(name)
    return [row.cells[place].text for row in table.rows]


def test_headers_come_from_label_unit_and_date(release: ReleaseReader) -> None:
    pack = weekly(release)
    assert headers(table_of(pack, "market_cap_moves"))[3:6] == [
        "期初市值 2024-10-11 (亿美元)", "期末市值 2024-10-17 (亿美元)", "市值变动 (亿美元)",
    ]  # fmt: skip
    assert headers(table_of(pack, "index_changes"))[2:4] == ["收盘点位", "本周涨跌幅 (%)"]
    # A label that names its unit does not get it twice.
    assert "每小时价格(元)" in headers(table_of(pack, "gpu_rental_week"))


def test_date_leaves_the_header_when_rows_differ(
    make_release: MakeRelease, tables: Tables
) -> None:
    tables["market_cap_moves"][0]["cap_on"] = AS_OF
    table = table_of(weekly(make_release(tables)), "market_cap_moves")
    assert headers(table)[4] == "期末市值 (亿美元)"
    assert "市值日逐行不同：2024-10-17 至 2024-10-18。" in table.notes


def test_amounts_in_two_currencies_never_share_a_unit(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    tables["market_cap_moves"][1]["currency"] = "HKD"
    pack = make_pack("""
keys: {market_cap_moves: [company, currency]}
items: [{table: market_cap_moves, title: 市值, columns: [company, market_cap]}]
""")
    (table,) = compose(pack, make_release(tables)).tables
    assert headers(table) == ["公司", "币种", "期末市值 (亿)"]
    assert column(table, "currency")[:2] == ["USD", "HKD"]


def test_chart_of_two_currencies_is_refused(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    tables["market_cap_moves"][1]["currency"] = "HKD"
    pack = make_pack("""
keys: {market_cap_moves: [company, currency]}
items: [{chart: bar, mart: market_cap_moves, title: 市值, x: company, y: market_cap}]
""")
    with pytest.raises(PackError, match="several units or currencies"):
        compose(pack, make_release(tables))


def test_bars_are_ordered_by_unrounded_value(release: ReleaseReader) -> None:
    chart = weekly(release).charts[0]
    assert chart.categories == (
        "纳斯达克中国金龙指数", "恒生科技指数", "标普500指数", "纳斯达克指数",
        "费城半导体指数", "计算机",
    )  # fmt: skip
    assert [point.text for point in chart.points] == [
        "+2.09", "+1.01", "-3.05", "-5.52", "-9.23", "–",
    ]  # fmt: skip


def test_missing_value_is_a_dash_with_the_reason_of_the_mart(release: ReleaseReader) -> None:
    table = table_of(weekly(release), "theme_fund_returns")
    assert column(table, "return_3m")[-1] == "–"
    assert table.rows[-1].cells[0].mark == "*"
    assert "* 数据未更新（最后净值早于报告日十天以上）：样例停更基金。" in table.notes
    traffic = table_of(weekly(release), "web_traffic_week")
    assert "– 表示无可用数据。时长环比：无上期水平（文心一言）。" in traffic.notes


def test_basis_of_each_return_stands_below_its_table(
    make_release: MakeRelease, tables: Tables
) -> None:
    rows = tables["theme_fund_returns"]
    for row, basis in zip(
        rows, ("全收益：甲", "全收益：甲", "单位净值涨跌：乙", None), strict=True
    ):
        row["return_3m_basis"] = basis
    rows[0] |= {"return_3m": None, "return_3m_basis": None, "return_3m_reason": "疑为拆分"}
    notes = table_of(weekly(make_release(tables)), "theme_fund_returns").notes
    assert "全收益：甲：近3月（样例人工智能C）。" in notes
    assert "单位净值涨跌：乙：近3月（样例机器人A）。" in notes
    assert any("近3月：疑为拆分（样例人工智能A）" in note for note in notes)


def test_change_as_reported_is_marked(release: ReleaseReader) -> None:
    table = table_of(weekly(release), "web_traffic_week")
    place = [header.column for header in table.headers].index("visits_wow")
    assert {row.cells[place].mark for row in table.rows} == {"†"}
    assert any(note.startswith("† 采用来源所报数值") for note in table.notes)


def test_total_row_stays_last_and_blank_where_nothing_adds_up(
    release: ReleaseReader,
) -> None:
    table = table_of(weekly(release), "market_cap_moves")
    assert [row.is_total for row in table.rows] == [False, False, True]
    assert [cell.text for cell in table.rows[-1].cells][:2] == ["总计", ""]


def test_pool_is_counted_by_rule_with_a_total(release: ReleaseReader) -> None:
    table = table_of(weekly(release), "pool")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["计算机行业", "是", "申万一级行业成分", "4"],
        ["计算机行业", "否", "剔除：ST（有日期的名称）", "1"],
        ["计算机行业", "是", "另行加入", "1"],
        ["合计", "", "", "6"],
    ]


def test_leaderboard_shows_the_latest_overall_board_only(release: ReleaseReader) -> None:
    table = table_of(weekly(release), "llm_leaderboard")
    assert table.title == "大模型综合榜（榜单日 2024-10-16）"
    assert column(table, "arena_score") == ["1339", "1335", "1313", "1305"]
    assert column(table, "place") == ["1", "1", "3", "3"]


def test_unrankable_rounds_stand_apart(release: ReleaseReader) -> None:
    rankable, apart, month = (
        table for table in weekly(release).tables if table.mart == "funding_rounds_period"
    )
    assert month.title.startswith("2024年10月")
    assert column(rankable, "company") == ["Abridge", "星动纪元"]
    assert column(apart, "company") == ["玻色量子"]


def test_limit_says_how_many_rows_there_are(
    make_pack: MakePack, release: ReleaseReader
) -> None:
    pack = make_pack("""
keys: {index_changes: [index_code]}
items: [{table: index_changes, title: 指数, columns: [index_name], limit: 2}]
""")
    (table,) = compose(pack, release).tables
    assert len(table.rows) == 2
    assert "共 6 行，列出前 2 行。" in table.notes


def test_rows_of_a_sample_mark_the_caption(make_release: MakeRelease, tables: Tables) -> None:
    pack = weekly(make_release(tables))
    assert table_of(pack, "theme_fund_returns").sample == "样例"
    assert table_of(pack, "web_traffic_week").sample == ""
    assert pack.is_sample


def test_rows_without_a_note_are_a_sample_in_a_sample_release(
    make_release: MakeRelease, tables: Tables
) -> None:
    for row in tables["index_changes"][:2]:
        row["source_note"] = None
    pack = weekly(make_release(tables, source_mode="sample"))
    assert table_of(pack, "index_changes").sample == "含样例"


def test_real_rows_carry_no_sample_mark(make_release: MakeRelease, tables: Tables) -> None:
    for rows in tables.values():
        for row in rows:
            row["source_note"] = "desk"
    pack = weekly(make_release(tables, source_mode="live"))
    assert not pack.is_sample
    assert {table.sample for table in pack.tables} == {""}


def test_empty_mart_prints_that_there_is_nothing(
    make_release: MakeRelease, tables: Tables, release: ReleaseReader
) -> None:
    schema = release.table("funding_rounds_period").schema
    tables["funding_rounds_period"] = []
    emptied = make_release(tables, schemas={"funding_rounds_period": schema})
    pack = weekly(emptied)
    assert (
        table_of(pack, "funding_rounds_period").notes[0] == "本期无数据：本期窗口内没有记录。"
    )


def test_filter_that_leaves_no_row_is_named(
    release: ReleaseReader, make_pack: MakePack
) -> None:
    pack = make_pack("""
items:
  - {table: pool, title: 池, columns: [code], filter: {pool: electronics}}
  - {chart: bar, mart: index_changes, title: 图, x: index_name, y: change_this_week,
     filter: {market: JP}}
  - sentence: '{up}只上涨'
    mart: theme_fund_returns
    filter: {theme: robots}
    facts: {up: {count_where: return_3m, is: '> 0'}}
""")
    table, chart, sentence = compose(pack, release).items
    assert isinstance(table, PrintedTable)
    assert table.notes == ("本期无数据：没有股票池为 电子行业 的行。",)
    assert isinstance(chart, PrintedChart)
    assert chart.notes == ("本期无数据：没有市场为 JP 的行。",)
    assert isinstance(sentence, PrintedSentence)
    assert sentence.text == "本期无数据：没有主题为 robots 的行。"


def test_dataset_that_never_came_is_named(
    make_release: MakeRelease, tables: Tables, release: ReleaseReader
) -> None:
    schema = release.table("gpu_rental_week").schema
    tables["gpu_rental_week"] = []
    emptied = make_release(tables, schemas={"gpu_rental_week": schema})
    meta = emptied.path / "parquet" / "meta"
    lineage = [{"mart": "gpu_rental_week", "dataset": "gpu_rentals"}]
    pq.write_table(pa.Table.from_pylist(lineage), meta / "lineage.parquet")
    loads = [{"dataset": "pool", "rows": 7}, {"dataset": "gpu_rentals", "rows": 0}]
    pq.write_table(pa.Table.from_pylist(loads), meta / "loads.parquet")
    table = table_of(weekly(emptied), "gpu_rental_week")
    assert table.notes[0] == "本期无数据：未导入数据集 gpu_rentals。"


def test_same_period_keeps_the_day_of_each_year(
    make_release: MakeRelease, tables: Tables, make_pack: MakePack
) -> None:
    days = ("2022-09-30", "2023-09-30", "2023-12-31", "2024-06-30", "2024-09-30")
    (first, *_) = tables["theme_fund_returns"]
    tables["theme_fund_returns"] = [
        {**first, "fund_code": day, "nav_on": date.fromisoformat(day)} for day in days
    ]
    pack = make_pack("""
items:
  - {table: theme_fund_returns, title: 基金, same_period: nav_on, columns: [nav_on]}
""")
    (table,) = compose(pack, make_release(tables)).tables
    printed = [row.cells[0].text for row in table.rows]
    assert printed == ["2022-09-30", "2023-09-30", "2024-09-30"]


def test_class_is_looked_for_within_the_latest_date_and_not_on_its_own_latest(
    make_release: MakeRelease, tables: Tables, make_pack: MakePack
) -> None:
    (first, *_) = tables["theme_fund_returns"]
    tables["theme_fund_returns"] = [
        {**first, "fund_code": day, "fund_name": name, "nav_on": date.fromisoformat(day)}
        for day, name in (("2024-09-30", "旧"), ("2024-10-17", "新"))
    ]
    pack = make_pack("""
items:
  - sentence: '{old}，{new}'
    mart: theme_fund_returns
    latest: nav_on
    facts:
      old: {names_where: fund_name, by: nav, is: present, where: {fund_name: 旧}}
      new: {names_where: fund_name, by: nav, is: present, where: {fund_name: 新}}
""")
    (sentence,) = compose(pack, make_release(tables)).items
    assert isinstance(sentence, PrintedSentence)
    assert sentence.text == "无，新"


ACROSS = """
items:
  - table: llm_benchmark
    title: 得分
    columns: [model]
    across: [benchmark, setup]
    value: score_as_printed
"""


def test_values_stand_side_by_side_with_their_unit(
    release: ReleaseReader, make_pack: MakePack
) -> None:
    (table,) = compose(make_pack(ACROSS), release).tables
    assert headers(table) == ["模型", "MMLU 5-shot (%)", "GPQA 0-shot (%)"]
    printed = [[cell.text for cell in row.cells] for row in table.rows]
    assert printed == [
        ["Meta Llama 3 70B", "82.00", "39.50"],
        ["Gemini Pro 1.5", "81.90", "41.50"],
    ]


def test_side_by_side_a_gap_has_its_reason(
    make_release: MakeRelease, tables: Tables, make_pack: MakePack
) -> None:
    tables["llm_benchmark"] = tables["llm_benchmark"][:-1]
    (table,) = compose(make_pack(ACROSS), make_release(tables)).tables
    assert table.rows[0].cells[2].text == "–"
    assert "来源未列该项（Meta Llama 3 70B）" in table.notes[0]


def test_two_rows_for_one_place_are_refused(
    make_release: MakeRelease, tables: Tables, make_pack: MakePack
) -> None:
    (first, *_) = tables["llm_benchmark"]
    again = {**first, "tested_on": date(2024, 10, 17)}
    tables["llm_benchmark"].append(again)
    with pytest.raises(PackError, match=r"share the cell Meta Llama 3 70B × MMLU 5-shot"):
        compose(make_pack(ACROSS), make_release(tables))


def test_footer_dates_are_those_of_the_printed_rows(release: ReleaseReader) -> None:
    dates = dict(weekly(release).dates)
    assert dates["指数涨跌"] == "交易日 2024-10-17 至 2024-10-18"
    assert dates["主题基金"] == "规模日 2024-09-30；净值日 2024-06-28 至 2024-10-17"
    # The board of 30 September is in the mart but not printed.
    assert dates["大模型榜单"] == "榜单日 2024-10-16"


@pytest.mark.parametrize("mart", sorted(MARTS))
def test_pack_refuses_a_release_without_one_of_its_marts(
    make_release: MakeRelease, tables: Tables, mart: str
) -> None:
    del tables[mart]
    with pytest.raises(ReleaseError, match=rf"the release holds no report\.{mart}"):
        weekly(make_release(tables))


def test_unknown_column_offers_the_nearest_name(
    make_pack: MakePack, release: ReleaseReader
) -> None:
    pack = make_pack("""
keys: {pool: [pool, code]}
items: [{table: pool, title: 池, columns: [code, nam]}]
""")
    with pytest.raises(PackError, match=r"pool has no column 'nam'.*did you mean name"):
        compose(pack, release)


def test_key_that_names_two_rows_is_refused(
    make_pack: MakePack, release: ReleaseReader
) -> None:
    pack = make_pack("""
keys: {pool: [rule]}
items: [{table: pool, title: 池, columns: [code]}]
""")
    with pytest.raises(PackError, match=r"key rule of pool names 4 rows"):
        compose(pack, release)


def test_column_without_a_metric_is_refused(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    metrics = [row for row in dictionary() if row["column_name"] != "name"]
    pack = make_pack("""
keys: {pool: [pool, code]}
items: [{table: pool, title: 池, columns: [name]}]
""")
    with pytest.raises(ReleaseError, match=r"no entry for pool\.name"):
        compose(pack, make_release(tables, metrics=metrics))


def test_rows_of_another_as_of_date_are_refused(
    make_release: MakeRelease, tables: Tables
) -> None:
    moved = make_release(tables, manifest={"as_of_date": "2024-10-25"})
    with pytest.raises(
        ReleaseError, match="rows as of 2024-10-18, the manifest says 2024-10-25"
    ):
        weekly(moved)


def test_line_chart_has_its_dates_in_order(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    tables["index_changes"].reverse()
    pack = make_pack("""
keys: {index_changes: [index_code]}
items:
  - {chart: line, mart: index_changes, title: 线, x: session_on, y: pe_ttm, series: market}
""")
    (chart,) = compose(pack, make_release(tables)).charts
    assert isinstance(chart, PrintedChart)
    assert list(chart.categories) == sorted(chart.categories)
    assert set(chart.series) == {"美国", "香港", "沪深北"}


def test_a_fraction_stays_a_percentage_beside_a_unit_of_another_column(
    release: ReleaseReader,
) -> None:
    """score is a fraction of its own; score_unit is about the printed score."""
    percent = NumberStyle(kind="number", power=2, decimals=2, unit="%")
    found = Found(PackContext(release, {}), Selection("llm_benchmark"))
    assert found.row_style(percent, "score", {"score_unit": "pct"}) == percent
    by_row = NumberStyle(kind="number", decimals=2, unit="see change_unit")
    assert found.row_style(by_row, "change", {"change_unit": "bp"}).unit == "bp"


def test_date_prints_as_its_month_where_the_pack_asks_for_it(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    pack = make_pack("""
keys: {index_changes: [index_code]}
items:
  - table: index_changes
    title: 月
    columns: [index_name, {column: session_on, shown: month}]
""")
    (table,) = compose(pack, make_release(tables)).tables
    assert {row.cells[1].text for row in table.rows} == {"2024-10"}


def test_series_of_a_chart_print_their_quarter(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    pack = make_pack("""
keys: {index_changes: [index_code]}
items:
  - chart: column
    mart: index_changes
    title: 柱
    x: index_name
    y: pe_ttm
    series: {column: session_on, shown: quarter}
""")
    (chart,) = compose(pack, make_release(tables)).charts
    assert isinstance(chart, PrintedChart)
    assert chart.series == ("2024Q4",)
