"""Whatever happens to a file, every row is accepted, quarantined or collapsed."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import BY_NAME
from yanbao.inbox.reading import ReadFile, read_file

pytestmark = [pytest.mark.slow]

HEADER = b"pair,fixing_date,rate,source_note\n"
VALID = [f"USDCNY,2024-10-{day:02},7.1{day},样例\n".encode() for day in range(1, 21)]
HOSTILE = st.sampled_from(
    ["", "x", "nan", "2024-10-01", "USDCNY", "7,1", "=1", "-1", "9" * 40, "2030-01-01", "é"]
)


def read_bytes(content: bytes) -> ReadFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fx_fixings.csv"
        path.write_bytes(content)
        return read_file(path, BY_NAME["fx_fixings"], today=date(2024, 11, 1))


def accounted(result: ReadFile) -> int:
    accepted = set(result.table.column("_row").to_pylist())
    bad = {cell.row for cell in result.quarantined}
    assert len(accepted) == result.table.num_rows
    assert len(bad) == result.quarantined_rows
    assert result.bad_rows.keys() == bad
    assert not accepted & bad
    return len(accepted) + len(bad) + result.collapsed_rows


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 2), HOSTILE), min_size=1, max_size=8),
    st.lists(st.integers(0, 19), max_size=4),
)
def test_changed_and_repeated_cells_never_lose_a_row(
    changes: list[tuple[int, int, str]], repeats: list[int]
) -> None:
    rows = [line.decode().rstrip().split(",") for line in VALID]
    for row, column, value in changes:
        rows[row][column] = f'"{value}"'
    rows += [rows[row] for row in repeats]
    content = HEADER + "".join(",".join(row) + "\n" for row in rows).encode()
    result = read_bytes(content)
    assert result.rows_in == len(rows)
    assert accounted(result) == len(rows)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, sum(map(len, VALID)) - 1),
            st.integers(0, 4),
            st.binary(max_size=4) | st.sampled_from([b'"', b"\n", b",", b"\r", b'""', b"\xff"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_damaged_bytes_never_lose_a_row(damage: list[tuple[int, int, bytes]]) -> None:
    body = bytearray(b"".join(VALID))
    for position, length, replacement in damage:
        body[position : position + length] = replacement
    whole = {line for line in bytes(body).splitlines(keepends=True) if line in VALID}
    try:
        result = read_bytes(HEADER + bytes(body))
    except FileRefusedError:
        # Only a file in which nothing can be read may be refused as a whole.
        assert not whole
        return
    assert accounted(result) == result.rows_in
    accepted = set(result.table.column("rate").to_pylist())
    quarantined_text = "".join(",".join(cells) for cells in result.bad_rows.values())
    for line in whole:
        rate = line.decode().split(",")[2]
        assert rate in accepted or rate in quarantined_text
