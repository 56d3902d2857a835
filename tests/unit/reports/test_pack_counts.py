"""Charts of counts: how many rows have each value."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.reports.pack_rows import Tables
from yanbao.base.errors import PackError
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.reading.release_reader import ReleaseReader

MakeRelease = Callable[..., ReleaseReader]
MakePack = Callable[[str], PackSpec]

CHART = """
items:
  - chart: column
    mart: pool
    title: 规则
    sort: [code]
    count_by: [rule]
"""


@pytest.fixture
def chart(make_release: MakeRelease, make_pack: MakePack, tables: Tables) -> PrintedChart:
    (chart,) = compose(make_pack(CHART), make_release(tables)).charts
    return chart


def test_each_value_is_counted_in_the_order_of_the_sorted_rows(
    chart: PrintedChart, tables: Tables
) -> None:
    rules = [row["rule"] for row in sorted(tables["pool"], key=lambda row: str(row["code"]))]
    found = [point.cell.raw for point in chart.points]
    assert found == [rules.count(rule) for rule in dict.fromkeys(rules)]
    assert len(set(chart.categories)) == len(set(rules))
    assert chart.caption == "图1 规则（个）"


def test_counts_are_traced_to_the_rows_that_they_count(chart: PrintedChart) -> None:
    traces = [point.cell.trace for point in chart.points]
    assert [trace.row_key.startswith("count(") for trace in traces if trace] == [True] * len(
        chart.points
    )
    assert all(trace and trace.counted and trace.counted.where for trace in traces)


def test_a_column_that_the_mart_lacks_is_refused(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    pack = make_pack(CHART.replace("count_by: [rule]", "count_by: [ruel]"))
    with pytest.raises(PackError, match="pool has no column 'ruel'"):
        compose(pack, make_release(tables))


def test_without_rows_the_chart_says_that_nothing_is_there(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    none = CHART.replace("    sort:", "    filter: {rule: none}\n    sort:")
    (chart,) = compose(make_pack(none), make_release(tables)).charts
    assert chart.points == ()
    assert chart.notes[0].startswith("本期无数据")
