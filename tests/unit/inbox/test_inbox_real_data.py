"""Real public files read without loss; their known oddity is found, not hidden."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yanbao.inbox.reading import read_file

IMPORT = Path(__file__).resolve().parents[4] / "shared" / "data" / "import"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not IMPORT.is_dir(), reason="no real data beside the checkout"),
]
TODAY = date(2026, 12, 31)


def test_bars_of_the_whole_market_are_accepted_to_the_last_row() -> None:
    result = read_file(IMPORT / "a_share_bars.parquet", today=TODAY)
    assert (result.rows_in, result.table.num_rows) == (929_652, 929_652)
    assert (result.quarantined, result.collapsed_rows, result.must_hold) == ((), 0, None)


def test_the_one_share_code_of_a_delisted_series_is_quarantined() -> None:
    result = read_file(IMPORT / "securities.csv", today=TODAY)
    assert [(cell.row, cell.value, cell.rule) for cell in result.quarantined] == [
        (5582, "TS0018.SH", "code_pattern")
    ]


@pytest.mark.parametrize(
    "name",
    [
        "fund_navs.csv",
        "fx_fixings.csv",
        "government_yields.csv",
        "hk_stock_bars.csv",
        "income_statements.parquet",
        "index_bars.csv",
        "llm_scores.csv",
        "sw_industry_codes.csv",
        "sw_industry_membership.csv",
        "trading_days.csv",
        "us_stock_bars.csv",
    ],
)
def test_a_real_file_has_no_bad_row(name: str) -> None:
    result = read_file(IMPORT / name, today=TODAY)
    assert result.quarantined == ()
    assert result.table.num_rows == result.rows_in
    assert result.warnings == ()
