"""The shipped mappings: each reads its example, and each example is recognised alone."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.inbox.workbooks import workbook
from yanbao.base.errors import FileRefusedError, UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.inbox.known import SHIPPED, known_mappings, named_mapping
from yanbao.inbox.reading import ReadFile, read_file

Reader = Callable[..., ReadFile]
EXPORTS = PROJECT_ROOT / "sample_data" / "exports"
TODAY = date(2024, 11, 1)
# One row of each example as it has to come out; the other cells are as in the file.
EXPECTED: dict[str, tuple[int, dict[str, str]]] = {
    "similarweb_dates_sample.csv": (
        3,
        {
            "period_start": "2024-10-14",
            "period_end": "2024-10-20",
            "visits": "816000000",
            "avg_visit_duration_seconds": "371",
        },
    ),
    "similarweb_weeks_sample.csv": (
        2,
        {"period_start": "2024-10-14", "period_end": "2024-10-18", "visits": "816000000"},
    ),
    "qimai_downloads_sample.csv": (3, {"month": "2024-09-01", "downloads": "1234567"}),
    "diandian_downloads_sample.csv": (3, {"month": "2024-08-01", "downloads": "982000"}),
    "itjuzi_rounds_sample.csv": (
        3,
        {"announced_on": "2024-09-28", "amount_text": "超1亿人民币", "reported_by": "IT桔子"},
    ),
    "qichacha_rounds_sample.csv": (
        2,
        {"announced_on": "2024-10-12", "amount_text": "数千万人民币", "round": "A轮"},
    ),
    "crunchbase_rounds_sample.csv": (2, {"amount_text": "100000000", "currency": "USD"}),
    "lmarena_board_overall_2024-10-16.csv": (
        3,
        {
            "category": "overall",
            "as_of_date": "2024-10-16",
            "ci_plus": "4",
            "ci_minus": "4",
            "votes": "28488",
        },
    ),
    "keepa_prices_SAMPLE-H100-80GB.csv": (
        2,
        {"gpu": "SAMPLE-H100-80GB", "quoted_on": "2024-10-01", "price_new": "29999"},
    ),
    "wind_bars_sample.csv": (2, {"volume_shares": "12000000", "amount_cny": "122000000"}),
    "choice_bars_sample.csv": (1, {"volume_shares": "10505000", "amount_cny": "108000000"}),
    "ifind_bars_sample.csv": (2, {"trade_date": "2024-10-30", "volume_shares": "12000000"}),
    "wind_statements_sample.csv": (
        2,
        {
            "report_period": "2024-09-30",
            "announced_on": "2024-10-28",
            "revenue_ytd": "1234000000",
            "net_profit_attributable_ytd": "105000000",
        },
    ),
    "choice_statements_sample.csv": (
        2,
        {"report_period": "2024-09-30", "revenue_ytd": "1234000000"},
    ),
    "ifind_statements_sample.csv": (
        2,
        {"announced_on": "2024-10-28", "net_profit_attributable_ytd": "105000000"},
    ),
    "wind_funds_sample.csv": (
        2,
        {"fund_code": "999001.OF", "as_of_date": "2024-09-30", "fund_size_cny": "719000000"},
    ),
    "choice_funds_sample.csv": (2, {"fund_type": "偏股混合型"}),
    "ifind_funds_sample.csv": (2, {"nav_date": "2024-10-30", "nav": "1.52"}),
    "gpu_price_pages_sample.csv": (2, {"cpu_cores": "16", "price_cny_per_hour": "28.64"}),
}


def mapping_of(example: str) -> str:
    names = (path.stem for path in SHIPPED.glob("*.yml"))
    return max((name for name in names if example.startswith(name)), key=len)


def read_known(path: Path) -> ReadFile:
    return read_file(path, today=TODAY, known=known_mappings())


def checked(result: ReadFile, example: str) -> None:
    rows, first = EXPECTED[example]
    assert result.quarantined == ()
    assert (result.table.num_rows, result.mapping.name) == (rows, mapping_of(example))
    row = result.table.to_pylist()[0]
    assert {name: row[name] for name in first} == first


def test_every_shipped_mapping_has_an_example_that_is_marked_as_made_up() -> None:
    examples = sorted(path.name for path in EXPORTS.glob("*.csv"))
    assert examples == sorted(EXPECTED)
    assert {mapping_of(name) for name in examples} == {p.stem for p in SHIPPED.glob("*.yml")}
    for name in examples:
        assert "样例" in (EXPORTS / name).read_text() or "SAMPLE" in name


def test_every_shipped_mapping_says_what_is_not_certain_about_the_vendors_layout() -> None:
    own_layout = {"gpu_price_pages"}  # the team's own sheet
    silent = {
        path.stem
        for path in SHIPPED.glob("*.yml")
        if "Not certain" not in path.read_text(encoding="utf-8")
    }
    assert silent == own_layout


@pytest.mark.parametrize("example", sorted(EXPECTED))
def test_an_export_is_read_by_its_mapping(example: str) -> None:
    checked(read_known(EXPORTS / example), example)


NAMED_BY_FILE = ("lmarena_board_overall_2024-10-16.csv", "keepa_prices_SAMPLE-H100-80GB.csv")


@pytest.mark.parametrize("example", sorted(set(EXPECTED) - {*NAMED_BY_FILE}))
def test_an_export_of_any_name_is_recognised_by_its_headers(
    example: str, tmp_path: Path
) -> None:
    path = tmp_path / "导出.csv"
    shutil.copyfile(EXPORTS / example, path)
    checked(read_known(path), example)


@pytest.mark.parametrize("example", sorted(set(EXPECTED) - {*NAMED_BY_FILE}))
def test_the_same_export_as_a_workbook_is_read_alike(example: str, tmp_path: Path) -> None:
    with (EXPORTS / example).open(encoding="utf-8", newline="") as file:
        rows = [[cell or None for cell in row] for row in csv.reader(file)]
    path = tmp_path / "导出.xlsx"
    path.write_bytes(workbook(rows))
    checked(read_known(path), example)


def two_alike(folder: Path) -> Path:
    text = (SHIPPED / "keepa_prices.yml").read_text(encoding="utf-8")
    (folder / "own_prices.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_file_of_two_mappings_is_refused_and_names_them(tmp_path: Path) -> None:
    known = known_mappings(two_alike(tmp_path))
    path = tmp_path / "keepa_x.csv"
    path.write_text("date,new,used\n2024/10/01,1,1\n")
    with pytest.raises(FileRefusedError) as refusal:
        read_file(path, today=TODAY, known=known)
    assert "several mappings: keepa_prices, own_prices" in refusal.value.line()
    assert "--mapping NAME" in refusal.value.line()


def test_a_file_named_after_a_mapping_is_of_that_one(tmp_path: Path) -> None:
    known = known_mappings(two_alike(tmp_path))
    path = tmp_path / "keepa_prices_X.csv"
    path.write_text("date,new,used\n2024/10/01,1,1\n")
    assert read_file(path, today=TODAY, known=known).mapping.name == "keepa_prices"


def test_an_own_mapping_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "keepa_prices.yml").write_text("dataset: funds\ncolumns: {a: fund_code}\n")
    assert named_mapping("keepa_prices", tmp_path).dataset.name == "funds"
    assert named_mapping("keepa_prices").dataset.name == "gpu_prices"
    with pytest.raises(UsageError, match="did you mean keepa_prices"):
        named_mapping("keepa_price")


def test_a_file_in_the_import_format_needs_no_mapping(write: Any) -> None:
    path = write("fx_fixings.csv", "pair,fixing_date,rate\nUSDCNY,2024-10-31,7.1\n")
    assert read_known(path).mapping.name == ""


def test_a_file_of_no_mapping_is_refused_and_leads_to_a_new_one(write: Any) -> None:
    with pytest.raises(FileRefusedError, match="yanbao new mapping FILE"):
        read_known(write("x.csv", "甲,乙\n1,2\n"))
