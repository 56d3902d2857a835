"""What packs print of rows whose data end before they should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.reports.conftest import write_release
from tests.unit.reports.pack_rows import MARTS
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import parse_pack
from yanbao.reporting.printed.pack import PrintedPack, PrintedSentence
from yanbao.reporting.reading.freshness import Freshness

PACK = {
    "title": "x",
    "keys": {"index_changes": ["index_code"]},
    "sections": [
        {
            "title": "指数",
            "items": [
                {
                    "sentence": "本周{rising}个指数上涨。",
                    "mart": "index_changes",
                    "facts": {"rising": {"count_where": "change_this_week", "is": "> 0"}},
                },
                {
                    "table": "index_changes",
                    "title": "指数",
                    "columns": ["index_name", "change_this_week"],
                },
                {
                    "chart": "bar",
                    "mart": "index_changes",
                    "title": "本周",
                    "x": "index_name",
                    "y": "change_this_week",
                },
            ],
        }
    ],
}


def late(
    part: str, *, column: str = "index_code", dataset: str = "index_bars"
) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "dataset_label": "指数日线",
        "part": part,
        "part_column": column,
        "is_stale": True,
        "stale_reason": "数据截至 2024-10-16",
    }


def printed(folder: Path, *parts: dict[str, Any]) -> PrintedPack:
    rows = {"index_changes": MARTS["index_changes"](), "data_through": [*parts]}
    write_release(folder, rows)
    pair = {"mart": "index_changes", "dataset": "index_bars"}
    target = folder / "parquet" / "meta" / "lineage.parquet"
    pq.write_table(pa.Table.from_pylist([pair]), target)
    from yanbao.reporting.reading.release_reader import ReleaseReader

    return compose(parse_pack(PACK, "x"), ReleaseReader(folder))


def sentence(pack: PrintedPack) -> str:
    return next(item.text for item in pack.items if isinstance(item, PrintedSentence))


EVERY = ("SPX.GI", "IXIC.GI", "SOX.GI", "HXC.GI", "HSTECH.HI", "CI005027.WI")
REASON = "指数日线数据截至 2024-10-16"


def test_where_every_row_is_late_titles_say_so_and_no_sentence_is_made(
    tmp_path: Path,
) -> None:
    pack = printed(tmp_path, *(late(code) for code in EVERY))
    assert sentence(pack) == f"不作陈述：{REASON}。"
    assert pack.tables[0].title == f"指数【{REASON}】"
    assert pack.charts[0].title == f"本周【{REASON}】"
    assert f"* 数据未更新（{REASON}）：全表。" in pack.tables[0].notes


def test_one_late_index_is_marked_and_left_out_of_the_sentence(tmp_path: Path) -> None:
    pack = printed(tmp_path, late("HXC.GI"))
    assert sentence(pack) == f"本周1个指数上涨。（未计入：{REASON}）"
    marked = [row.cells[0].text for row in pack.tables[0].rows if row.cells[0].mark]
    assert marked == ["纳斯达克中国金龙指数"]
    assert pack.tables[0].title == "指数"
    assert f"数据未更新（{REASON}）：纳斯达克中国金龙指数。" in pack.charts[0].notes


def test_a_sentence_needs_most_of_its_rows(tmp_path: Path) -> None:
    pack = printed(tmp_path, *(late(code) for code in EVERY[:3]))
    assert sentence(pack) == f"不作陈述：{REASON}。"


def test_fresh_data_have_no_mark(tmp_path: Path) -> None:
    fresh = late("SPX.GI") | {"is_stale": False, "stale_reason": None}
    pack = printed(tmp_path, fresh)
    assert sentence(pack) == "本周2个指数上涨。"
    assert not any(row.cells[0].mark for row in pack.tables[0].rows)


LINEAGE = [
    {"mart": "peers", "dataset": "a_share_bars"},
    {"mart": "peers", "dataset": "income_statements"},
    {"mart": "quarter", "dataset": "income_statements"},
    {"mart": "quarter", "dataset": "index_constituents"},
]


@pytest.mark.parametrize(
    ("mart", "code", "is_late"),
    [("peers", "600000.SH", True), ("peers", "000001.SZ", False), ("peers", "NVDA.O", False)],
)
def test_an_exchange_concerns_the_rows_of_its_codes(
    mart: str, code: str, is_late: bool
) -> None:
    parts = [late("SH", column="code", dataset="a_share_bars")]
    found = Freshness(parts, LINEAGE).of(mart, ["code"])
    assert bool(found.reason({"code": code})) is is_late


def test_results_concern_every_row_of_a_quarter_and_stand_beside_prices() -> None:
    bars = late("SZ", column="code", dataset="a_share_bars") | {"is_stale": False}
    parts = [late("", column="", dataset="income_statements"), bars]
    freshness = Freshness(parts, LINEAGE)
    quarter = freshness.of("quarter", ["code"])
    assert quarter.reason({"code": "000001.SZ"}) == REASON
    assert quarter.are_results
    peers = freshness.of("peers", ["code"])
    assert (peers.reason({"code": "000001.SZ"}), peers.beside) == ("", (REASON,))


def test_a_total_is_late_where_a_part_of_it_is() -> None:
    parts = [late("SH", column="code", dataset="a_share_bars")]
    assert Freshness(parts, LINEAGE).of("peers", ["code"]).reason({"code": None})
