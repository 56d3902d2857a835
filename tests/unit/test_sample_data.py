"""The files of the embedded sample: declared, unique, and plain about what is made up."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.sample_files import SAMPLE, market, rows
from yanbao.catalog import BY_NAME, Column

CHECKOUT = Path(__file__).resolve().parents[2]
TABLES = CHECKOUT.parent / "shared" / "reference" / "report_tables"
# Exports stand in vendors' layouts; their mappings have tests of their own.
FILES = sorted(p for p in SAMPLE.glob("*/*.csv") if p.parent.name != "exports")
MADE_UP = "样例：虚构数据"
FACTUAL_NOTES = {"trading_days": "交易日历", "sw_industry_codes": "申万行业分类2021"}
NAME_COLUMNS = ("name", "fund_name", "company", "fund_company")
CODE_COLUMNS = ("code", "fund_code", "index_code", "listing_code")


def _rows_of(path: Path) -> tuple[dict[str, str], ...]:
    return rows(path.parent.name, path.stem)


def _file_id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _fault(column: Column, cell: str) -> str:
    """Why a cell does not satisfy its declaration; empty where it does."""
    if not cell:
        return "required" if column.required else ""
    numeric = column.kind in ("decimal", "integer")
    low, high = column.minimum, column.maximum
    faults = {
        "not allowed": column.allowed and cell not in column.allowed,
        "not the pattern": column.pattern and not re.fullmatch(column.pattern, cell),
        "not an ISO date": column.kind == "date"
        and date.fromisoformat(cell).isoformat() != cell,
        "not an integer": column.kind == "integer" and not re.fullmatch(r"-?\d+", cell),
        "too low": numeric and low is not None and float(cell) < low,
        "too high": numeric and high is not None and float(cell) > high,
    }
    return ", ".join(fault for fault, found in faults.items() if found)


@pytest.mark.parametrize("path", FILES, ids=_file_id)
def test_header_is_declared_and_holds_every_required_column(path: Path) -> None:
    header, dataset = set(_rows_of(path)[0]), BY_NAME[path.stem]
    assert header <= set(dataset.column_names)
    assert set(dataset.required_columns) | {"source_note"} <= header


@pytest.mark.parametrize("path", FILES, ids=_file_id)
def test_every_cell_satisfies_its_declaration(path: Path) -> None:
    faults = [
        (name, cell, fault)
        for row in _rows_of(path)
        for name, cell in row.items()
        if (fault := _fault(BY_NAME[path.stem].column(name), cell))
    ]
    assert faults == []


@pytest.mark.parametrize("path", FILES, ids=_file_id)
def test_keys_are_unique(path: Path) -> None:
    key = BY_NAME[path.stem].key
    counts = Counter(tuple(row.get(name, "") for name in key) for row in _rows_of(path))
    assert [found for found, times in counts.items() if times > 1] == []


def test_files_stay_small_enough_for_a_repository() -> None:
    assert max(path.stat().st_size for path in FILES) < 900_000
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*.*")) < 3_000_000


@pytest.mark.parametrize("path", sorted((SAMPLE / "made_up").glob("*.csv")), ids=_file_id)
def test_made_up_rows_say_so_and_carry_made_up_names(path: Path) -> None:
    note = FACTUAL_NOTES.get(path.stem, MADE_UP)
    assert {row["source_note"] for row in _rows_of(path)} == {note}
    names = {row[name] for row in _rows_of(path) for name in NAME_COLUMNS if row.get(name)}
    assert [name for name in names if not name.startswith(("样例", "ST样例"))] == []


@pytest.mark.parametrize("path", sorted((SAMPLE / "transcribed").glob("*.csv")), ids=_file_id)
def test_transcribed_rows_name_their_report_and_hold_nothing_made_up(path: Path) -> None:
    for row in _rows_of(path):
        assert re.match(r"00[0-4] \S", row["source_note"])
        assert not any("样例" in cell for cell in row.values())


def test_no_code_is_both_real_and_made_up() -> None:
    codes: dict[str, set[str]] = {"made_up": set(), "transcribed": set()}
    for path in FILES:
        codes[path.parent.name].update(
            row[name] for row in _rows_of(path) for name in CODE_COLUMNS if row.get(name)
        )
    assert codes["made_up"] & codes["transcribed"] == set()
    assert [code for code in codes["made_up"] if not re.match(r"999|ZZ", code)] == []


def test_regenerated_made_up_market_is_byte_identical(tmp_path: Path) -> None:
    market.write_all(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (SAMPLE / "made_up").iterdir()}
    assert made.keys() == kept.keys()
    assert [name for name in kept if kept[name] != made[name]] == []


@pytest.mark.real_data
def test_regenerated_transcription_is_byte_identical(tmp_path: Path) -> None:
    if not TABLES.is_dir():
        pytest.skip("the reports' tables are not beside the checkout")
    script = SAMPLE / "transcribe.py"
    subprocess.run([sys.executable, str(script), str(TABLES), str(tmp_path)], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (SAMPLE / "transcribed").iterdir()}
    assert made == kept


def test_transcribed_units_are_ours() -> None:
    traffic = {row["app"]: row for row in rows("transcribed", "web_traffic")}
    chatgpt = traffic["ChatGPT"]
    assert chatgpt["visits"] == "816000000"
    assert chatgpt["avg_visit_duration_seconds"] == "371"
    assert chatgpt["visits_wow_reported"] == "0.026"
    sizes = {row["fund_code"]: row for row in rows("transcribed", "fund_sizes")}
    assert sizes["159819.OF"]["fund_size_cny"] == "6574000000"


def test_transcribed_caps_fall_by_the_printed_total() -> None:
    caps = rows("transcribed", "market_caps")
    sums = Counter[str]()
    for row in caps:
        sums[row["trade_date"]] += int(row["market_cap"])
    change = Decimal(sums["2024-04-19"] - sums["2024-04-12"]) / 10**8
    assert abs(change - Decimal("-9661.66")) <= Decimal("0.04")


def test_transcribed_amount_in_words_alone_has_no_number() -> None:
    rounds = rows("transcribed", "funding_rounds")
    vague = [row for row in rounds if row["amount_qualifier"] in ("数", "数十")]
    assert len(vague) == 6
    assert {row["amount_number"] for row in vague} == {""}
    assert all(row["amount_number"] for row in rounds if row not in vague)


def test_transcribed_boards_keep_every_printed_row() -> None:
    boards = [row for row in rows("transcribed", "llm_scores") if row["board"] == "lmarena"]
    counts = Counter(row["category"] for row in boards)
    assert counts == {"overall": 15, "chinese": 14, "hard prompts": 14, "longer query": 15}


def test_transcribed_listed_funds_carry_their_exchange_code() -> None:
    listed = {row["listing_code"] for row in rows("transcribed", "funds")} - {""}
    assert listed == {
        "159702.SZ",
        "159819.SZ",
        "512930.SH",
        "515070.SH",
        "515980.SH",
        "517800.SH",
    }
