"""No false alarm: files known to be good pass the raw gate, and spoilt ones do not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from gate_cases import TODAY, failing
from yanbao_gx.batch_suites import BatchContext

from yanbao.base.check_result import GateResult
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME
from yanbao.quality.raw_gate import check_batch

# The files in exports/ are vendors' layouts: a mapping brings them into the import format.
SAMPLE_FILES = [
    path
    for folder in ("made_up", "transcribed")
    for path in sorted((PROJECT_ROOT / "sample_data" / folder).glob("*.csv"))
]
REAL_FILES = PROJECT_ROOT.parent / "shared" / "data" / "import"
REAL_TODAY = date(2026, 11, 1)


def typed(path: Path) -> pd.DataFrame:
    """A file in the import format with the declared types, as staging would read it."""
    dataset = BY_NAME[path.stem]
    source = f"read_csv('{path}', all_varchar = true)"
    header = duckdb.sql(f"select * from {source} limit 0").columns
    fields = ", ".join(
        f'cast("{name}" as {dataset.column(name).sql_type}) as "{name}"'
        for name in header
        if name in dataset.column_names
    )
    return duckdb.sql(f"select {fields} from {source}").df()


def judge(name: str, frame: pd.DataFrame, **known) -> GateResult:
    context = BatchContext(**({"today": TODAY, "is_feed": False, "is_backfill": True} | known))
    return check_batch(BY_NAME[name], frame, context=context)


@pytest.mark.parametrize(
    "path", SAMPLE_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_sample_file_passes(path):
    gate = judge(path.stem, typed(path))
    assert gate.outcome == "pass", gate.failed
    assert gate.warnings == ()


def test_there_are_sample_files():
    assert len(SAMPLE_FILES) > 10


@pytest.fixture
def real_bars() -> pd.DataFrame:
    path = REAL_FILES / "index_bars.csv"
    if not path.exists():
        pytest.skip("the real public data are not beside the checkout")
    return typed(path)


@pytest.mark.real_data
def test_real_index_history_passes_as_a_file(real_bars):
    assert judge("index_bars", real_bars, today=REAL_TODAY).outcome == "pass"


@pytest.mark.real_data
def test_real_session_passes_as_a_feed_and_times_100_is_rejected(real_bars):
    days = sorted(real_bars["trade_date"][real_bars["index_code"] == "000300.SH"].unique())
    session = real_bars[real_bars["trade_date"] == days[-1]]
    before = real_bars[real_bars["trade_date"] == days[-2]]
    common = session[session["index_code"].isin(before["index_code"])]
    shared = before[before["index_code"].isin(common["index_code"])]
    known = {
        "today": REAL_TODAY,
        "is_feed": True,
        "previous": shared[["index_code", "close"]],
        "expected_day": pd.Timestamp(days[-1]).date(),
    }
    assert judge("index_bars", common, **known).outcome == "pass"
    prices = ["open", "high", "low", "close"]
    scaled = common.assign(**{name: common[name] * 100 for name in prices})
    assert failing(judge("index_bars", scaled, **known)) >= {"scale(close)"}
