"""An industry more is one row of pools.csv: its tables and its pack come without code."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.marts.mart_harness import Harness, Row, seed_rows
from tests.unit.marts.test_quarter_marts import AS_OF, both_years, code
from tests.unit.reports.conftest import write_release
from tests.unit.reports.pack_rows import seed_labels
from yanbao.catalog.marts import metric_rows, report_marts
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.warehouse.compiled_sql import relations_behind

NEW: Row = {
    "pool": "sw_78",
    "label_zh": "样例行业",
    "kind": "sw_industry",
    "selector": "78",
    "taxonomy": "sw_level2",
    "excludes_beijing": True,
    "excludes_st": True,
    "includes_unlisted": False,
}
# The last company stands in another level 1.
INDUSTRIES = dict(
    zip(map(code, range(4)), ("780101", "780101", "780201", "480301"), strict=True)
)
ROWS: dict[str, list[Row]] = {
    "pools": [*seed_rows("pools"), NEW],
    "pool_additions": [],
    "sw_industry_codes": [
        {"industry_code": f"78{number}00", "level1": "样例行业", "level2": name}
        for number, name in (("01", "样例甲"), ("02", "样例乙"))
    ],
    "sw_industry_membership": [
        {"code": one, "industry_code": industry, "effective_from": "2021-01-01"}
        for one, industry in INDUSTRIES.items()
    ],
    "securities": [
        {"code": one, "name": "样例", "listed_on": "2010-01-01"} for one in INDUSTRIES
    ],
    "income_statements": [
        row
        for number in range(len(INDUSTRIES))
        for row in both_years(number, (120, 30), (100, 20))
    ],
}


def test_31_industries_of_level_one_are_pools_that_are_named_by_their_digits() -> None:
    pools = [row for row in seed_rows("pools") if row["taxonomy"] == "sw_level2"]
    assert len(pools) == 31
    assert {row["pool"] for row in pools} == {f"sw_{row['selector']}" for row in pools}
    assert {(row["kind"], len(row["selector"])) for row in pools} == {("sw_industry", 2)}


@pytest.fixture
def printed(mart: Harness, tmp_path: Path) -> PrintedPack:
    """The pack of the new industry, from marts over four companies."""
    pack = load_pack("industry")
    tables = {}
    for name in dict.fromkeys(selection.mart for _, selection in pack.selections):
        reads = {table for _, table in relations_behind(mart.sql[name], mart.sql)}
        tables[name] = mart(name, AS_OF, **{k: v for k, v in ROWS.items() if k in reads})
    release = write_release(
        tmp_path / "release",
        tables,
        metrics=metric_rows(report_marts()),
        manifest={"as_of_date": AS_OF},
    )
    label = {"column_name": "pool", "value": NEW["pool"], "label_zh": NEW["label_zh"]}
    labels = release.path / "parquet" / "meta" / "value_labels.parquet"
    pq.write_table(pa.Table.from_pylist([*seed_labels(), label]), labels)
    return compose(pack, release, {"pool": NEW["pool"]})


def test_one_row_more_gives_the_pool_its_sums_its_level_two_and_its_pack(
    printed: PrintedPack,
) -> None:
    assert printed.title == "样例行业业绩季报"
    texts = {
        table.title: [[cell.text for cell in row.cells] for row in table.rows]
        for table in printed.tables
    }
    quarter, *_ = texts["样例行业各年同季业绩"]
    assert (quarter[:3], quarter[4], quarter[6:8]) == (
        ["2029Q3", "3", "3"],
        "+20.00",
        ["+50.00", "正增长"],
    )
    parts = texts["样例行业子行业营收与归母净利润（2029Q3 单季）"]
    assert {row[0]: row[1] for row in parts} == {"样例甲": "2", "样例乙": "1"}
    listed = texts["样例行业营业总收入居前公司（2029Q3 单季）"]
    assert [row[0] for row in listed] == [code(0), code(1), code(2)]
    assert [row[1:] for row in texts["样例行业股票池：纳入与剔除规则"]] == [
        ["申万一级行业成分", "3"]
    ]
