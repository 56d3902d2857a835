"""One number for one thing, in every pack: tables, charts, sentences and totals agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration.pack_checks import (
    Print,
    differing_marts,
    differing_prints,
    wrong_partitions,
    wrong_sentences,
    wrong_totals,
)
from yanbao.releases.release_store import ReleaseStore
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack, pack_names
from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import (
    PrintedChart,
    PrintedItem,
    PrintedSentence,
    PrintedTable,
)
from yanbao.reporting.reading.release_reader import ReleaseReader

pytestmark = [pytest.mark.slow]


@pytest.fixture(
    scope="module", params=["sample", pytest.param("real", marks=pytest.mark.real_data)]
)
def prints(request: pytest.FixtureRequest) -> list[Print]:
    """Every shipped pack, composed from the one release of the session."""
    fixture = {"sample": "sample_home_template", "real": "real_home"}[request.param]
    home = request.getfixturevalue(fixture)
    release = ReleaseReader(ReleaseStore(home / "releases").current().path)
    specs = [load_pack(name) for name in pack_names()]
    return [Print(spec, compose(spec, release)) for spec in specs]


def test_a_row_prints_one_number_wherever_it_occurs(prints: list[Print]) -> None:
    assert differing_prints(prints) == []


def test_a_company_index_or_fund_has_one_value_in_every_table(prints: list[Print]) -> None:
    assert differing_marts(prints) == []


def test_totals_are_the_sums_of_their_unrounded_rows(prints: list[Print]) -> None:
    found = [wrong_totals(one) for one in prints]
    assert [fault for faults, _ in found for fault in faults] == []
    assert sum(checked for _, checked in found) >= 3


def test_classes_add_up_to_their_pool(prints: list[Print]) -> None:
    found = [wrong_partitions(one) for one in prints]
    assert [fault for faults, _ in found for fault in faults] == []
    assert sum(checked for _, checked in found) >= 4


def test_sentences_follow_from_their_tables(prints: list[Print]) -> None:
    found = [wrong_sentences(one) for one in prints]
    assert [fault for faults, _ in found for fault in faults] == []
    assert sum(checked for _, checked in found) >= 27  # of results of 2023Q1 less is said


def test_what_has_no_rows_says_why(prints: list[Print]) -> None:
    items = [item for one in prints for item in one.pack.items]
    tables = [item for item in items if isinstance(item, PrintedTable) and not item.rows]
    charts = [item for item in items if isinstance(item, PrintedChart) and not item.points]
    assert tables
    assert charts
    for empty in (*tables, *charts):
        assert empty.notes[0].startswith("本期无数据："), empty.caption
        assert "–" not in empty.title


# Every check must be able to fail: one printed thing is changed, and the fault is named.


@pytest.fixture(scope="module")
def sample_prints(sample_home_template: Path) -> list[Print]:
    release = ReleaseReader(ReleaseStore(sample_home_template / "releases").current().path)
    return [Print(spec, compose(spec, release)) for spec in map(load_pack, pack_names())]


def changed(one: Print, old: PrintedItem, new: PrintedItem) -> Print:
    """The pack with one item in the place of another."""
    sections = tuple(
        replace(section, items=tuple(new if item is old else item for item in section.items))
        for section in one.pack.sections
    )
    pack = replace(one.pack, sections=sections)
    assert pack != one.pack
    return replace(one, pack=pack)


def with_cell(table: PrintedTable, row: int, place: int, cell: Cell) -> PrintedTable:
    cells = list(table.rows[row].cells)
    cells[place] = cell
    rows = list(table.rows)
    rows[row] = replace(rows[row], cells=tuple(cells))
    return replace(table, rows=tuple(rows))


def named(prints: list[Print], pack: str) -> Print:
    return next(one for one in prints if one.pack.name == pack)


def table_of(one: Print, mart: str) -> PrintedTable:
    return next(table for table in one.pack.tables if table.mart == mart and table.rows)


def place_of(table: PrintedTable, column: str) -> int:
    return [header.column for header in table.headers].index(column)


def test_a_chart_that_draws_another_number_than_the_table_is_caught(
    sample_prints: list[Print],
) -> None:
    weekly = named(sample_prints, "galaxy-weekly")
    chart = next(item for item in weekly.pack.items if isinstance(item, PrintedChart))
    first = replace(chart.points[0], cell=replace(chart.points[0].cell, text="+99.99"))
    other = changed(weekly, chart, replace(chart, points=(first, *chart.points[1:])))
    (fault,) = differing_prints([other])
    assert "99.99" in fault


def test_two_packs_with_two_values_of_one_row_are_caught(sample_prints: list[Print]) -> None:
    weekly, monthly = (named(sample_prints, f"galaxy-{name}") for name in ("weekly", "monthly"))
    table = table_of(monthly, "index_changes")
    place = place_of(table, "change_month")
    cell = replace(table.rows[0].cells[place], text="+77.77")
    other = changed(monthly, table, with_cell(table, 0, place, cell))
    assert any("77.77" in fault for fault in differing_prints([weekly, other]))


def test_two_marts_with_two_returns_of_one_company_are_caught(
    sample_prints: list[Print],
) -> None:
    monthly = named(sample_prints, "galaxy-monthly")
    table = table_of(monthly, "constituent_ranking")
    place = place_of(table, "close")
    cell = replace(table.rows[0].cells[place], text="1.11")
    other = changed(monthly, table, with_cell(table, 0, place, cell))
    assert any("1.11" in fault for fault in differing_marts([*sample_prints, other]))


@pytest.mark.parametrize("mart", ["pool", "market_cap_moves"])
def test_a_total_that_is_not_the_sum_is_caught(sample_prints: list[Print], mart: str) -> None:
    weekly = named(sample_prints, "galaxy-weekly")
    table = next(
        table
        for table in weekly.pack.tables
        if table.mart == mart and any(row.is_total for row in table.rows)
    )
    row = next(place for place, row in enumerate(table.rows) if row.is_total)
    cells = table.rows[row].cells
    place = next(place for place, cell in enumerate(cells) if cell.number is not None)
    wrong = replace(cells[place], number=(cells[place].number or Decimal(0)) + 1)
    other = changed(weekly, table, with_cell(table, row, place, wrong))
    faults, _ = wrong_totals(other)
    assert len(faults) == 1


def test_classes_that_miss_a_company_are_caught(sample_prints: list[Print]) -> None:
    monthly = named(sample_prints, "galaxy-monthly")
    table = table_of(monthly, "company_growth_distribution")
    place = place_of(table, "companies")
    cell = table.rows[0].cells[place]
    wrong = replace(cell, number=(cell.number or Decimal(0)) + 1)
    faults, _ = wrong_partitions(changed(monthly, table, with_cell(table, 0, place, wrong)))
    assert len(faults) == 1


@pytest.mark.parametrize(
    ("pack", "before", "after"),
    [
        ("galaxy-monthly", "9个可比子行业中9个", "9个可比子行业中8个"),
        ("galaxy-monthly", "3个指数上涨、3个下跌", "4个指数上涨、3个下跌"),
        ("galaxy-monthly", "智慧城市（+6.25%）、", "未分类（+6.25%）、"),
        ("huaxin-weekly", "访问量前三：ChatGPT（816.0百万次）、Bing（408.4百万次）",
         "访问量前三：Bing（408.4百万次）、ChatGPT（816.0百万次）"),
        ("huaxin-weekly", "5个配置租金环比持平", "4个配置租金环比持平"),
        ("galaxy-monthly", "扭亏：智能驾驶", "扭亏：工业软件"),
        ("galaxy-monthly", "营业总收入213.62亿元", "营业总收入213.63亿元"),
    ],
)  # fmt: skip
def test_a_sentence_that_its_table_refuses_is_caught(
    sample_prints: list[Print], pack: str, before: str, after: str
) -> None:
    one = named(sample_prints, pack)
    assert wrong_sentences(one)[0] == []
    sentence = next(
        item
        for item in one.pack.items
        if isinstance(item, PrintedSentence) and before in item.text
    )
    wrong = replace(sentence, text=sentence.text.replace(before, after))
    faults, _ = wrong_sentences(changed(one, sentence, wrong))
    assert faults
