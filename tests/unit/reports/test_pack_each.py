"""Items that are printed for each value of a column, and filters on what is left."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date

import pytest

from tests.unit.reports.pack_rows import Tables
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.reading.release_reader import ReleaseReader

MakeRelease = Callable[..., ReleaseReader]
MakePack = Callable[[str], PackSpec]

ITEMS = """
items:
  - table: llm_benchmark
    title: '评测：{each}'
    each: published_in
    sort: [published_in, benchmark, model]
    columns: [model]
    across: [benchmark, setup]
    value: score_as_printed
"""


@pytest.fixture
def two_sources(tables: Tables) -> Tables:
    """A second table of scores, of one model in one benchmark."""
    other = deepcopy(tables["llm_benchmark"][0])
    other |= {"published_in": "001 图14", "tested_on": date(2024, 10, 16)}
    tables["llm_benchmark"].append(other)
    return tables


@pytest.fixture
def printed(make_release: MakeRelease, make_pack: MakePack, two_sources: Tables) -> PrintedPack:
    return compose(make_pack(ITEMS), make_release(two_sources))


def test_one_table_is_printed_for_each_value_in_order(printed: PrintedPack) -> None:
    assert [table.caption for table in printed.tables] == [
        "表1 评测：000 图4", "表2 评测：001 图14",
    ]  # fmt: skip
    assert [len(table.rows) for table in printed.tables] == [2, 1]


def test_each_without_rows_says_that_nothing_is_there(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    none = ITEMS.replace("    each:", "    filter: {benchmark: 没有}\n    each:")
    (table,) = compose(make_pack(none), make_release(tables)).tables
    assert table.rows == ()
    assert table.notes[0].startswith("本期无数据")


def test_among_narrows_what_latest_has_left(
    make_release: MakeRelease, make_pack: MakePack, tables: Tables
) -> None:
    """Claims of an earlier day are not printed as if they were of the latest."""
    newer = {**tables["llm_benchmark"][1], "model": "新模型", "model_id": "new"}
    newer["tested_on"] = date(2024, 10, 16)
    tables["llm_benchmark"].append(newer)
    pack = make_pack("""
items:
  - table: llm_benchmark
    title: 说法
    latest: tested_on
    among: {claim_holds: [true, false]}
    columns: [model, claim_holds]
""")
    (table,) = compose(pack, make_release(tables)).tables
    assert table.rows == ()
