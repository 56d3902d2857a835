"""Files that are refused as a whole, and files of unusual form that are read."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yanbao.base.errors import FileRefusedError
from yanbao.inbox import checks
from yanbao.inbox.intake import Limits
from yanbao.inbox.reading import ReadFile, read_file

Reader = Callable[..., ReadFile]
TODAY = date(2024, 11, 1)
FX = "pair,fixing_date,rate\n"


def parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def test_every_row_of_a_good_file_is_accepted_with_its_line_number(read: Reader) -> None:
    content = FX + "USDCNY,2024-10-30, 7.1390 \nUSDCNY,2024-10-31,7.1250\n"
    result = read("fx_fixings.csv", content)
    assert result.table.to_pydict() == {
        "pair": ["USDCNY", "USDCNY"],
        "fixing_date": ["2024-10-30", "2024-10-31"],
        "rate": ["7.1390", "7.1250"],
        "_row": [2, 3],
    }
    assert (result.rows_in, result.quarantined, result.warnings) == (2, (), ())
    assert result.content_sha256 == hashlib.sha256(content.encode()).hexdigest()
    assert result.size_bytes == len(content)


def test_an_empty_file_is_refused_in_one_line(read: Reader) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read("fx_fixings.csv", b"")
    assert refusal.value.line() == "fx_fixings.csv: the file is empty → export it again"


@pytest.mark.parametrize("content", [FX, FX + "\n\n", FX + ",,\n"])
def test_a_file_without_data_rows_is_refused(read: Reader, content: str) -> None:
    with pytest.raises(FileRefusedError, match="no data rows"):
        read("fx_fixings.csv", content)


def test_a_parquet_file_without_rows_is_refused(read: Reader) -> None:
    empty = pa.table({"pair": pa.array([], pa.string())})
    with pytest.raises(FileRefusedError, match="missing: fixing_date, rate"):
        read("fx_fixings.parquet", parquet(empty))
    names = ("pair", "fixing_date", "rate")
    with pytest.raises(FileRefusedError, match="no data rows"):
        read(
            "fx_fixings.parquet",
            parquet(pa.table({n: pa.array([], pa.string()) for n in names})),
        )


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(FX + "USDCNY,2024-10-31,7.1\n")
    link = tmp_path / "fx_fixings.csv"
    link.symlink_to(tmp_path / "real.csv")
    with pytest.raises(FileRefusedError, match="symbolic links are not followed"):
        read_file(link, today=TODAY)


def test_a_pipe_and_a_folder_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        with pytest.raises(FileRefusedError, match="not a file"):
            read_file(tmp_path / name, today=TODAY)


def test_a_missing_file_is_refused_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="cannot be opened") as refusal:
        read_file(tmp_path / "gone.csv", today=TODAY)
    assert str(tmp_path) not in refusal.value.line()


@pytest.mark.parametrize(
    ("name", "start", "message"),
    [
        ("fx_fixings.csv", b"PK\x03\x04rest", "Excel or ZIP"),
        ("fx_fixings.csv", b"PAR1rest", "Parquet file, not CSV"),
        ("fx_fixings.csv", "pair".encode("utf-16"), "UTF-16"),
        ("fx_fixings.xlsx", b"PK\x03\x04rest", "truncated or damaged"),
        ("fx_fixings.json", b"{}", "ending in .json"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_name(
    read: Reader, name: str, start: bytes, message: str
) -> None:
    with pytest.raises(FileRefusedError, match=message):
        read(name, start)


@pytest.mark.parametrize("kept", [4, 200, -1])
def test_a_truncated_parquet_file_is_refused_as_such(read: Reader, kept: int) -> None:
    table = pa.table({"pair": ["USDCNY"] * 50, "fixing_date": ["2024-10-31"] * 50})
    with pytest.raises(FileRefusedError, match="truncated or damaged") as refusal:
        read("fx_fixings.parquet", parquet(table)[:kept])
    assert "\n" not in refusal.value.line()


def test_a_damaged_page_refuses_the_parquet_file(read: Reader) -> None:
    days = [date(2020, 1, 1 + n % 28) for n in range(5000)]
    table = pa.table({"pair": ["USDCNY"] * 5000, "fixing_date": days, "rate": [7.0] * 5000})
    content = bytearray(parquet(table))
    content[4:40] = b"\xff" * 36
    with pytest.raises(FileRefusedError, match="truncated or damaged"):
        read("fx_fixings.parquet", bytes(content))


def test_caps_refuse_before_parsing(read: Reader) -> None:
    rows = FX + "USDCNY,2024-10-31,7.1\n" * 40
    packed = parquet(pa.table({"pair": ["USDCNY"] * 40, "rate": [1.0] * 40}))
    for name, content, cap, message in (
        ("fx_fixings.csv", rows, {"csv_bytes": 100}, "at most 100 are read"),
        ("fx_fixings.csv", rows, {"csv_lines": 39}, "more than 39 lines"),
        (
            "fx_fixings.csv",
            rows.replace("\n", "\r"),
            {"csv_lines": 39},
            "more than 39 lines",
        ),
        ("fx_fixings.csv", rows, {"columns": 2}, "3 columns; at most 2"),
        ("fx_fixings.parquet", packed, {"parquet_bytes": 10}, "at most 10 are read"),
        ("fx_fixings.parquet", packed, {"parquet_rows": 39}, "40 rows; at most 39"),
        ("fx_fixings.parquet", packed, {"columns": 1}, "2 columns; at most 1"),
        ("fx_fixings.parquet", packed, {"parquet_unpacked_bytes": 9}, "when unpacked"),
    ):
        with pytest.raises(FileRefusedError, match=message):
            read(name, content, **cap)


def test_ten_million_short_lines_are_refused(
    write: Callable[[str, bytes], Path],
) -> None:
    path = write("fx_fixings.csv", FX.encode() + b"1,2,3\n" * 10_000_000)
    with pytest.raises(FileRefusedError, match="more than 5,000,000 lines"):
        read_file(path, today=TODAY, limits=Limits())


def test_a_file_too_large_for_the_memory_is_refused(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(checks.ISOLATED, "memory_limit", "1MB")
    rows = "".join(
        f"USDCNY,{1990 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02},7.1\n"
        for n in range(9000)
    )
    with pytest.raises(FileRefusedError, match="needs more memory than there is"):
        read("fx_fixings.csv", FX + rows)


def test_more_bad_cells_than_a_person_can_read_refuse_the_file(read: Reader) -> None:
    bad = FX + "".join(f"USDCNY,2024-10-{day:02},none\n" for day in range(1, 31))
    with pytest.raises(FileRefusedError, match="more than 20 cells are bad") as refusal:
        read("fx_fixings.csv", bad, bad_cells=20)
    assert "row 2, rate: 'none' (type)" in refusal.value.line()
    ragged = FX + "USDCNY\n" * 30
    with pytest.raises(FileRefusedError, match="more than 20 lines cannot be read"):
        read("fx_fixings.csv", ragged, bad_cells=20)
    contradicting = FX + "".join(f"USDCNY,2024-10-01,{rate}\n" for rate in range(1, 31))
    with pytest.raises(FileRefusedError, match="more than 20 cells are bad"):
        read("fx_fixings.csv", contradicting, bad_cells=20)


def test_parquet_types_are_kept_as_received(read: Reader) -> None:
    table = pa.table(
        {
            "pair": pa.array(["USDCNY", " EURCNY "]).dictionary_encode(),
            "fixing_date": pa.array([datetime(2024, 10, 30), datetime(2024, 10, 31)]),
            "rate": pa.array([7.1, 7.7], pa.float32()),
            "source_note": pa.nulls(2),
        }
    )
    result = read("fx_fixings.parquet", parquet(table))
    assert result.encoding == "parquet"
    assert result.table.column("pair").to_pylist() == ["USDCNY", "EURCNY"]
    assert result.table.schema.field("fixing_date").type == pa.timestamp("us")
    assert result.table.schema.field("rate").type == pa.float32()
    assert result.table.column("_row").to_pylist() == [1, 2]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("rate", pa.array([True])),
        ("fixing_date", pa.array([20241031])),
        ("pair", pa.array([["USDCNY"]])),
        ("fixing_date", pa.array([datetime(2024, 10, 31)], pa.timestamp("us", "UTC"))),
    ],
)
def test_a_parquet_column_that_can_hold_no_valid_cell_refuses_the_file(
    read: Reader, column: str, values: pa.Array
) -> None:
    columns = {
        "pair": pa.array(["USDCNY"]),
        "fixing_date": pa.array([date(2024, 10, 31)]),
        "rate": pa.array([7.1]),
    } | {column: values}
    with pytest.raises(FileRefusedError, match=f"column {column} holds"):
        read("fx_fixings.parquet", parquet(pa.table(columns)))


def test_moments_within_a_day_and_whole_floats_are_judged_by_value(read: Reader) -> None:
    moments = pa.table(
        {
            "pair": ["USDCNY", "EURCNY"],
            "fixing_date": [datetime(2024, 10, 31, 9, 15), datetime(2024, 10, 31)],
            "rate": [7.1, 7.7],
        }
    )
    result = read("fx_fixings.parquet", parquet(moments))
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [(1, "type")]
    months = pa.table(
        {
            "code": ["NVDA.O"] * 3,
            "report_period": [date(2024, 7, 28)] * 3,
            "months": [3.0, 6.5, float("inf")],
            "announced_on": [date(2024, 8, 29)] * 3,
            "currency": ["USD"] * 3,
        }
    )
    result = read("overseas_income_statements.parquet", parquet(months))
    assert [(c.row, c.rule) for c in result.quarantined] == [(2, "type"), (3, "not_finite")]


def test_a_table_separated_by_tabs_is_read(read: Reader) -> None:
    result = read("fx_fixings.txt", "pair\tfixing_date\trate\nUSDCNY\t2024-10-31\t7.1\n")
    assert result.table.num_rows == 1
