"""Text of a mart never runs: not in the page, not in the workbook, not from a CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.unit.reports.pack_rows import MARTS
from yanbao.reporting.build import build_pack
from yanbao.reporting.pages.csv_out import inert
from yanbao.reporting.pages.render_html import script_hash
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import HouseStyle

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
    "+1",
    "-1+1",
    "\t=1+1",
)


# What our own formulas begin with: a stored value, a computed one, a sum, a count.
OUR_FORMULAS = re.compile(r"=('数据 |SUM\(|COUNTIFS?\(|ABS\(|\(?[A-Z]+\d+)")


@pytest.fixture(scope="module")
def attacked_release(module_release: Callable[..., ReleaseReader]) -> ReleaseReader:
    """A release whose names, notes and reasons are attacks, and may be passed on."""
    tables = {mart: rows() for mart, rows in MARTS.items()}
    numbers = count()
    for rows in tables.values():
        for row in rows:
            number = next(numbers)
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
    return module_release(tables, manifest=manifest, redistribution="allowed")


@pytest.fixture(scope="module")
def attacked(
    attacked_release: ReleaseReader, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The pack of that release."""
    return build_pack("galaxy-weekly", attacked_release, tmp_path_factory.mktemp("out"))


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


def test_names_that_look_like_formulas_are_text_in_the_workbook(
    attacked: dict[str, Path],
) -> None:
    """The live workbook has formulas of its own; no text of a mart is one of them."""
    workbook = openpyxl.load_workbook(attacked["xlsx"])
    found = set()
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                text = str(cell.value)
                if text.startswith(ATTACKS):
                    assert cell.data_type == "s", f"{sheet.title}!{cell.coordinate}"
                    found |= {attack for attack in ATTACKS if text.startswith(attack)}
                if cell.data_type == "f":
                    assert OUR_FORMULAS.match(text), f"{sheet.title}!{cell.coordinate} {text}"
    assert found == set(ATTACKS)


def test_the_workbook_for_outsiders_has_no_formula_at_all(
    attacked_release: ReleaseReader, tmp_path: Path
) -> None:
    files = build_pack(
        "galaxy-weekly",
        attacked_release,
        tmp_path,
        ("xlsx",),
        house=HouseStyle(audience="external"),
    )
    workbook = openpyxl.load_workbook(files["xlsx"])
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {cell.value for cell in cells} >= {"=1+1", "@SUM(1)"}


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
