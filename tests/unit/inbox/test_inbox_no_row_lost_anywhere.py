"""Any random table, mutated at random, as CSV, XLSX and Parquet: no row gets lost."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import FileRefusedError
from yanbao.catalog import BY_NAME
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.inbox.reading import ReadFile, read_file

pytestmark = [pytest.mark.slow]

HEADER = ["pair", "fixing_date", "rate", "source_note"]
MAPPING = parse_mapping(
    "dataset: fx_fixings\nprinted_numbers: true\nempty: ['--']\ndate_format: '%Y/%m/%d'\n",
    "own",
    where="own.yml",
)
TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_characters="\x85"),
    max_size=6,
)
CELL = TEXT | st.sampled_from(
    ["USDCNY", "2024-10-08", "7.1", "--", "1,234", "3万", "2024/10/09", "nan", "=1+1", "#REF!"]
)
GOOD = st.tuples(
    st.sampled_from(["USDCNY", "EURCNY", "HKDCNY"]),
    st.dates(date(2024, 1, 1), date(2024, 10, 31)).map(date.isoformat),
    st.integers(1, 99).map(lambda n: f"7.{n:02}"),
    st.just("样例"),
).map(list)
# A good table, some of whose rows are made of anything, and some twice there.
ROWS = st.lists(GOOD | st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=12)
TABLE = ROWS.flatmap(
    lambda rows: st.lists(st.sampled_from(rows), max_size=4).map(lambda more: [*rows, *more])
)


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    def more(_: Any, page: Any) -> None:
        for number, row in enumerate([HEADER, *rows]):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(number, column, cell)

    return workbook(more=more)


def as_parquet(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    columns = {name: [row[at] for row in rows] for at, name in enumerate(HEADER)}
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


KINDS = {"csv": as_csv, "xlsx": as_xlsx, "parquet": as_parquet}


def read(kind: str, rows: list[list[str]], mapped: bool) -> ReadFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"fx_fixings.{kind}"
        path.write_bytes(KINDS[kind](rows))
        mapping = MAPPING if mapped else None
        return read_file(path, BY_NAME["fx_fixings"], mapping, today=date(2024, 11, 1))


@pytest.mark.parametrize("mapped", [False, True], ids=["plain", "mapped"])
@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=TABLE)
def test_rows_in_are_rows_loaded_and_quarantined_and_collapsed(
    kind: str, mapped: bool, rows: list[list[str]]
) -> None:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    try:
        result = read(kind, rows, mapped)
    except FileRefusedError as refused:
        # A word such as MONTHS below a number's header reads as its unit: nothing is loaded.
        cells = {cell.strip() for row in rows for cell in row}
        if not any(f"names the unit {cell!r}" in refused.what for cell in cells):
            raise
        return
    wanted = len(rows) if kind == "parquet" else len(filled)
    assert result.rows_in == wanted
    loaded = result.table.column("_row").to_pylist()
    bad = {cell.row for cell in result.quarantined}
    assert len(set(loaded)) == len(loaded)
    assert not set(loaded) & bad
    assert len(loaded) + len(bad) + result.collapsed_rows == wanted
    assert result.bad_rows.keys() == bad


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["甲", "乙", ""]), st.lists(CELL, min_size=3, max_size=3)),
        min_size=1,
        max_size=8,
    )
)
def test_cells_of_a_wide_table_are_rows_and_none_gets_lost(
    rows: list[tuple[str, list[str]]],
) -> None:
    mapping = parse_mapping(
        "dataset: app_downloads\ncolumns: {应用: app}\nconstants: {store: 样例}\n"
        "wide: {headers: '(?P<month>\\d{4}-\\d{2})', value: downloads}\n"
        "dates: {month: '%Y-%m'}\nprinted_numbers: true\n",
        "own",
        where="own.yml",
    )
    header = ["应用", "2024-07", "2024-08", "2024-09"]
    filled = [cell for _, cells in rows for cell in cells if cell.strip()]
    if not filled:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        path.write_bytes(workbook([header, *([app or None, *cells] for app, cells in rows)]))
        result = read_file(path, mapping=mapping, today=date(2024, 11, 1))
    assert result.rows_in == len(filled)
    accounted = result.table.num_rows + result.quarantined_rows + result.collapsed_rows
    assert accounted == len(filled)
