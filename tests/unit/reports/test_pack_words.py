"""What packs print for their readers is in their language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.unit.reports.pack_rows import dictionary
from yanbao.reporting.grammar.item_spec import ChartSpec, TableSpec
from yanbao.reporting.grammar.pack_loader import load_pack, pack_names
from yanbao.reporting.grammar.row_spec import ColumnSpec

METRICS = {(row["mart"], row["column_name"]): row for row in dictionary()}
CJK = re.compile("[\u4e00-\u9fff]")


def printed_columns(pack: str) -> Iterator[tuple[str, ColumnSpec]]:
    for item in load_pack(pack).items:
        if isinstance(item, TableSpec):
            for column in (*item.columns, *((item.value,) if item.value else ())):
                yield item.selection.mart, column
        elif isinstance(item, ChartSpec):
            for column in item.y:
                yield item.selection.mart, column


@pytest.mark.parametrize("pack", pack_names())
def test_every_measure_of_a_pack_is_explained_in_chinese(pack: str) -> None:
    foreign = {
        f"{mart}.{column.name}"
        for mart, column in printed_columns(pack)
        if METRICS[mart, column.name]["display"] not in ("text", "date")
        and not CJK.search(str(METRICS[mart, column.name]["definition_zh"]))
    }
    assert foreign == set()
