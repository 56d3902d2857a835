"""Text of a mart never runs: not in the page, not in the workbook, not from a CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from reports.build import build_pack
from reports.csv_out import inert
from reports.release_reader import ReleaseReader
from reports.render_html import script_hash
from tests.unit.reports.pack_rows import MARTS

TEMPLATE_WORDS = "{{ 7*7 }}{as_of}"
ATTACKS = (
    "=1+1",
    "@SUM(1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "http://example.invalid",
)


@pytest.fixture(scope="module")
def attacked(
    module_release: Callable[..., ReleaseReader], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A pack of a release whose names, notes and reasons are attacks."""
    tables = {mart: rows() for mart, rows in MARTS.items()}
    for rows in tables.values():
        for number, row in enumerate(rows):
            attack = ATTACKS[number % len(ATTACKS)]
            for column in (
                "index_name",
                "company",
                "fund_name",
                "app",
                "gpu",
                "model",
                "series",
                "name",
                "round",
                "stale_reason",
                "source_note",
            ):
                if column in row and row.get(column) is not None:
                    # The number keeps keys apart without changing the first letters.
                    row[column] = f"{attack} {number}"
    for number, attack in enumerate((*ATTACKS[:5], TEMPLATE_WORDS)):
        tables["index_changes"][number]["index_name"] = attack
    manifest = {
        "release_id": "<script>alert(2)</script>",
        "stale": [{"dataset": "<b>x</b>", "last_good": None, "reason": "=1+1"}],
    }
    release = module_release(tables, manifest=manifest)
    return build_pack("galaxy-weekly", release, tmp_path_factory.mktemp("out"))


def test_page_shows_attacks_as_text(
    attacked: dict[str, Path], read_page: Callable[[Path], Any]
) -> None:
    page = read_page(attacked["html"])
    names = [row[0] for row in page.tables[0][1:]]
    assert names[:5] == list(ATTACKS[:5])
    assert page.tags.count("script") == 1
    assert not {"img", "iframe", "b"} & set(page.tags)
    assert "<script>alert(2)</script>" in page.text
    assert "onload" not in {name for tag in page.tags for name in tag.split()}


def test_page_allows_only_its_own_script_and_no_network(attacked: dict[str, Path]) -> None:
    text = attacked["html"].read_text(encoding="utf-8")
    script = text.partition("<script>")[2].partition("</script>")[0]
    assert f"script-src '{script_hash(script)}'" in text.replace("&#39;", "'")
    assert "default-src 'none'" in text
    assert "src=" not in text.replace("img src=x", "").replace("script-src=", "")
    assert "@import" not in text
    assert "<link" not in text


def test_template_words_in_data_are_not_filled(
    attacked: dict[str, Path], read_page: Callable[[Path], Any]
) -> None:
    text = read_page(attacked["html"]).text
    assert TEMPLATE_WORDS in text
    assert "49{as_of}" not in text


def test_no_cell_of_the_workbook_is_a_formula(attacked: dict[str, Path]) -> None:
    workbook = openpyxl.load_workbook(attacked["xlsx"])
    found = set()
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{sheet.title}!{cell.coordinate}"
                if cell.value in ATTACKS:
                    assert cell.data_type == "s"
                    found.add(cell.value)
    assert {"=1+1", "@SUM(1)", "<script>alert(1)</script>"} <= found


def test_workbook_links_lead_nowhere_but_into_itself(attacked: dict[str, Path]) -> None:
    workbook = openpyxl.load_workbook(attacked["xlsx"])
    links = [
        cell.hyperlink
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    ]
    assert links
    assert {link.target for link in links} == {None}


def test_csv_quotes_what_a_spreadsheet_would_run(attacked: dict[str, Path]) -> None:
    (path,) = attacked["csv"].glob("table-01-*.csv")
    # Without the mark, spreadsheet programs read the file in the system's code page.
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:6]] == [
        "'=1+1", "'@SUM(1)", "'+cmd|' /C calc'!A0", "'-2+3", "<script>alert(1)</script>",
    ]  # fmt: skip
    assert rows[1][3] == "-3.05"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("-3.05", "-3.05"), ("+2.09", "+2.09"), ("-", "'-"), ("–", "–"), ("\tx", "'\tx"),
     ("\rx", "'\rx"), ("=A1", "'=A1"), ("1-2", "1-2"), ("-1,2", "'-1,2"), ("", "")],
)  # fmt: skip
def test_numbers_stay_numbers_and_nothing_else_runs(text: str, expected: str) -> None:
    assert inert(text) == expected
