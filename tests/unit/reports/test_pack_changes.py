"""Two printings of one pack: the cells, points and sentences that differ, by their places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.unit.reports.conftest import write_release
from tests.unit.reports.pack_rows import Tables
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.printed.pack_changes import PrintedChange, printed_changes


def changes(
    folder: Path, pack: str, tables: Tables, edit: Callable[[list[dict[str, Any]]], None]
) -> list[PrintedChange]:
    """What is printed otherwise once the rows of the index table are edited."""
    spec = load_pack(pack)
    before = compose(spec, write_release(folder / "before", tables))
    rows = [dict(row) for row in tables["index_changes"]]
    edit(rows)
    after = write_release(folder / "after", {**tables, "index_changes": rows})
    return [*printed_changes(before, compose(spec, after))]


def test_the_same_numbers_print_the_same(
    tmp_path: Path, small_pack: str, tables: Tables
) -> None:
    assert changes(tmp_path, small_pack, tables, lambda rows: None) == []
    assert changes(tmp_path, small_pack, tables, lambda rows: rows.reverse()) == []


def test_a_value_that_goes_is_named_in_its_table_and_its_chart(
    tmp_path: Path, small_pack: str, tables: Tables
) -> None:
    name = str(tables["index_changes"][0]["index_name"])

    def blank(rows: list[dict[str, Any]]) -> None:
        rows[0]["change_this_week"] = None

    found = changes(tmp_path, small_pack, tables, blank)
    assert {one.exhibit.split()[0] for one in found} == {"表1", "图1"}
    assert all(one.pack == "small" and name in one.cell for one in found)
    (cell,) = (one for one in found if one.exhibit.startswith("表1"))
    assert cell.before not in ("", cell.after)


def test_a_row_that_goes_is_named_by_each_of_its_cells(
    tmp_path: Path, small_pack: str, tables: Tables
) -> None:
    found = changes(tmp_path, small_pack, tables, lambda rows: rows.pop(0))
    gone = [one for one in found if one.exhibit.startswith("表1")]
    assert len(gone) == 5
    assert {one.after for one in gone} == {""}
