"""What ``show`` and ``sql`` print, and what ``sql`` refuses to do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from yanbao.base.errors import EXIT_USAGE
from yanbao.cli.main import main

Out = Callable[..., str]
FORMULA = '=HYPERLINK("http://example.invalid")'


@pytest.fixture
def out(small_home: Path, capfd: pytest.CaptureFixture[str]) -> Out:
    def run(*words: str, code: int = 0) -> str:
        capfd.readouterr()
        assert main(["--home", str(small_home), *words]) == code
        printed, error = capfd.readouterr()
        # The capture is a file, and a file of CSV begins with a mark.
        return error if code else printed.removeprefix("\ufeff")

    return run


def test_json_holds_plain_values_under_the_columns_of_the_mart(out: Out) -> None:
    rows = json.loads(out("show", "small_list", "--format", "json", "--where", "is_new"))
    assert rows == [
        {
            "as_of_date": "2024-10-31",
            "known_at": None,
            "code": "000002.SZ",
            "name": "样例乙",
            "share": None,
            "amount": -1.0,
            "noted_on": "2024-10-31",
            "is_new": True,
        }
    ]


def test_json_numbers_of_decimal_columns_are_numbers(out: Out) -> None:
    query = "select cast(1.25 as decimal(9, 2)) as d, cast(7 as hugeint) as h"
    assert json.loads(out("sql", query, "--format", "json")) == [{"d": 1.25, "h": 7}]


def test_json_has_null_for_what_is_no_number(out: Out) -> None:
    query = "select 'nan'::double as a, 'inf'::double as b, null as c"
    rows = json.loads(out("sql", query, "--format", "json"))
    assert rows == [{"a": None, "b": None, "c": None}]


def test_csv_quotes_text_that_a_spreadsheet_would_run(out: Out) -> None:
    rows = list(csv.DictReader(io.StringIO(out("show", "small_list", "--format", "csv"))))
    by_code = {row["code"]: row for row in rows}
    assert by_code["000001.SZ"]["name"] == f"'{FORMULA}"
    assert by_code["000002.SZ"]["amount"] == "-1.0", "a negative number is no formula"
    assert by_code["000002.SZ"]["share"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_quotes_every_start_of_a_formula(out: Out, start: str) -> None:
    query = f"select chr({ord(start)}) || 'SUM(1)' as text"
    assert f"'{start}SUM(1)" in out("sql", query, "--format", "csv")


def test_table_shows_a_dash_for_null_and_counts_its_rows(out: Out) -> None:
    text = out("show", "small_list", "--where", "code = '000002.SZ'")
    assert "–" in text
    assert text.rstrip().endswith("1 rows")


def test_another_day_is_built_on_the_release(out: Out) -> None:
    rows = json.loads(out("show", "small_list", "--as-of", "2024-10-30", "--format", "json"))
    assert [(row["code"], row["is_new"]) for row in rows] == [("000001.SZ", True)]


def test_limit_of_zero_prints_no_rows(out: Out) -> None:
    assert json.loads(out("show", "small_list", "--limit", "0", "--format", "json")) == []


def test_core_and_meta_tables_are_shown_too(out: Out) -> None:
    assert len(json.loads(out("show", "notes", "--format", "json"))) == 2
    (release,) = json.loads(out("show", "releases", "--format", "json"))
    assert release["release_id"] == "r000001"


@pytest.mark.parametrize(
    "query",
    [
        "insert into core.notes select * from core.notes",
        "delete from core.notes",
        "update core.notes set share = 1",
        "drop table core.notes",
        "create table core.more as select 1 as n",
        "alter table core.notes add column n integer",
        "select * from read_csv('/etc/hostname')",
        "select * from read_text('/etc/hostname')",
        "select * from read_blob('/etc/hostname')",
        "select * from glob('/etc/*')",
        "select * from '/etc/hostname'",
        "copy core.notes to '{folder}/stolen.csv'",
        "copy core.notes from '/etc/hostname'",
        "export database '{folder}/stolen'",
        "attach '{folder}/other.duckdb' as other",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "pragma enable_external_access = true",
        "install httpfs",
        "load httpfs",
        "select 1; attach '{folder}/other.duckdb' as other",
    ],
)
def test_sql_refuses_to_write_and_to_leave_the_release(
    out: Out, tmp_path: Path, query: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    error = out("sql", query.format(folder=tmp_path), code=EXIT_USAGE)
    assert error.startswith("yanbao: ")
    assert "read-only" in error
    assert error.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_sql_reads_what_it_refuses_to_change(out: Out) -> None:
    rows = json.loads(out("sql", "select count(*) as n from core.notes", "--format", "json"))
    assert rows == [{"n": 2}]


@pytest.mark.parametrize(
    "where",
    [
        "code in (select content from read_text('/etc/hostname'))",
        "1 = 1); copy small_list to '{folder}/stolen.csv'; --",
    ],
)
def test_where_cannot_leave_the_release(out: Out, tmp_path: Path, where: str) -> None:
    before = sorted(tmp_path.rglob("*.csv"))
    condition = where.format(folder=tmp_path)
    error = out("show", "small_list", "--where", condition, code=EXIT_USAGE)
    assert "--where" in error
    assert sorted(tmp_path.rglob("*.csv")) == before
